"""Parameters from the command line and from parameter files."""

from __future__ import annotations

import json

import pytest

from recoverable.parameters import of_document, pair
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError
from recoverable.read.yaml_nodes import read_yaml


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Env=prod", ("Env", "prod")),
        ("AWS::Region=eu-west-1", ("AWS::Region", "eu-west-1")),
        ("Env=", ("Env", "")),
        ("Query=a=b", ("Query", "a=b")),
        ("ParameterKey=Env,ParameterValue=a,b", ("Env", "a,b")),
        ("prod.json", None),
        ("parameters/prod.json", None),
        ("./Env=prod", None),
        ("=prod", None),
    ],
)
def test_a_word_is_a_pair_or_a_file(word: str, expected: tuple[str, str] | None) -> None:
    assert pair(word) == expected


@pytest.mark.parametrize(
    "content",
    [
        [{"ParameterKey": "Env", "ParameterValue": "prod"}, {"ParameterKey": "Zones", "ParameterValue": "a,b"}],
        ["Env=prod", "Zones=a,b"],
        {"Parameters": {"Env": "prod", "Zones": "a,b"}, "Tags": {"team": "shop"}},
        {"Env": "prod", "Zones": ["a", "b"]},
    ],
    ids=["cloudformation", "deploy", "codepipeline", "mapping"],
)
def test_every_shape_of_a_parameter_file_is_read(content: object) -> None:
    assert of_document(read_json(json.dumps(content), "p.json")) == {"Env": "prod", "Zones": "a,b"}


def test_values_are_the_texts_that_cloudformation_gets() -> None:
    node = read_yaml("Count: 007\nOn: true\nQuoted: 'yes'\nEmpty: ''\n", "p.yaml")

    assert node is not None
    assert of_document(node) == {"Count": "007", "On": "true", "Quoted": "yes", "Empty": ""}


def test_a_previous_value_stays_open() -> None:
    node = read_json('[{"ParameterKey": "Env", "UsePreviousValue": true}]', "p.json")

    assert of_document(node) == {}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("prod", 1, 1),
        ("- Env\n", 1, 3),
        ("- ParameterKey: Env\n", 1, 3),
        ("Env:\n  name: prod\n", 2, 3),
        ("Env: a\nZone:\n  - ~\n", 3, 5),
    ],
)
def test_what_is_no_parameter_is_an_error_at_its_place(text: str, line: int, column: int) -> None:
    node = read_yaml(text, "p.yaml")
    assert node is not None

    with pytest.raises(MalformedError) as error:
        of_document(node)

    assert (error.value.span.line, error.value.span.column) == (line, column)
