"""The scenario engine against brute force: every assignment of the parameters, worked out by a few lines of their own.

Templates are generated as JSON. The oracle knows nothing of variants: it takes one assignment and computes what
CloudFormation would make of it. The reader's variants must cover every assignment exactly once, and agree.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from recoverable.value import Known
from templates import read_all

if TYPE_CHECKING:
    from recoverable.scenario import Scenario

LETTERS = ("a", "b", "true", "false")
FRESH = "something else"
NO_VALUE = {"Ref": "AWS::NoValue"}
MAPPING: dict[str, dict[str, Any]] = {
    "a": {"On": True},
    "b": {"On": "false"},
    "true": {"On": "true"},
    "false": {"On": False},
}


class Case(NamedTuple):
    template: dict[str, Any]
    #: By parameter, the values that it can have.
    values: dict[str, tuple[str, ...]]


def conditions(parameters: list[str], earlier: list[str], *, free: bool) -> st.SearchStrategy[Any]:
    references = st.sampled_from(parameters).map(lambda name: {"Ref": name})
    literals = st.sampled_from(LETTERS)
    sides = st.tuples(references, literals) if free else st.tuples(references, references | literals)
    equals = sides.map(lambda pair: {"Fn::Equals": list(pair)})
    named = st.sampled_from(earlier).map(lambda name: {"Condition": name}) if earlier else equals
    return st.recursive(
        equals | named,
        lambda inner: st.one_of(
            inner.map(lambda one: {"Fn::Not": [one]}),
            st.lists(inner, min_size=2, max_size=3).map(lambda several: {"Fn::And": several}),
            st.lists(inner, min_size=2, max_size=3).map(lambda several: {"Fn::Or": several}),
        ),
        max_leaves=4,
    )


def values(parameters: list[str], names: list[str]) -> st.SearchStrategy[Any]:
    leaves = st.one_of(
        st.sampled_from((True, False, "true", "false")),
        st.sampled_from(parameters).map(lambda name: {"Ref": name}),
        st.sampled_from(parameters).map(lambda name: {"Fn::FindInMap": ["M", {"Ref": name}, "On"]}),
        st.just(NO_VALUE),
    )
    return st.recursive(
        leaves,
        lambda inner: st.tuples(st.sampled_from(names), inner, inner).map(lambda branches: {"Fn::If": list(branches)}),
        max_leaves=5,
    )


@st.composite
def cases(draw: st.DrawFn, *, free: bool = False) -> Case:
    parameters = [f"P{index}" for index in range(draw(st.integers(1, 2 if free else 3)))]
    allowed = {
        name: tuple(draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=3, unique=True)))
        for name in parameters
    }
    written: dict[str, Any] = {}
    for name in parameters:
        written[name] = {"Type": "String"}
        if not free:
            written[name]["AllowedValues"] = list(allowed[name])
            if draw(st.booleans()):
                written[name]["Default"] = draw(st.sampled_from(allowed[name]))
    made: dict[str, Any] = {}
    for index in range(draw(st.integers(1, 4))):
        made[f"C{index}"] = draw(conditions(parameters, list(made), free=free))
    value = draw(values(parameters, list(made)))
    recovery: Any = {"PointInTimeRecoveryEnabled": value}
    if draw(st.booleans()):
        recovery = {"Fn::If": [draw(st.sampled_from(list(made))), recovery, NO_VALUE]}
    table: dict[str, Any] = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {"PointInTimeRecoverySpecification": recovery},
    }
    if draw(st.booleans()):
        table["Condition"] = draw(st.sampled_from(list(made)))
    sections = {"Parameters": written, "Mappings": {"M": MAPPING}, "Conditions": made, "Resources": {"Orders": table}}
    return Case(sections, dict.fromkeys(parameters, (*LETTERS, FRESH)) if free else allowed)


def holds(node: dict[str, Any], template: dict[str, Any], chosen: dict[str, str]) -> bool:
    argument: Any
    ((function, argument),) = node.items()
    if function == "Condition":
        return holds(template["Conditions"][argument], template, chosen)
    if function == "Fn::Equals":
        one, other = (chosen[side["Ref"]] if isinstance(side, dict) else side for side in argument)
        return bool(one == other)
    members = [holds(member, template, chosen) for member in argument]
    return {"Fn::Not": not members[0], "Fn::And": all(members), "Fn::Or": any(members)}[function]


def evaluated(node: Any, template: dict[str, Any], chosen: dict[str, str]) -> Any:  # noqa: ANN401 (JSON)
    """A value; None for what AWS::NoValue leaves, and `?` for what the service refuses."""
    if not isinstance(node, dict):
        return node
    argument: Any
    ((function, argument),) = node.items()
    if function == "Ref":
        return chosen.get(argument)
    if function == "Fn::FindInMap":
        row = MAPPING.get(chosen[argument[1]["Ref"]], {"On": "?"})
        return row["On"]
    if function == "Fn::If":
        name, yes, no = argument
        return evaluated(yes if holds(template["Conditions"][name], template, chosen) else no, template, chosen)
    return {key: evaluated(value, template, chosen) for key, value in node.items()}


def expected(template: dict[str, Any], chosen: dict[str, str]) -> object:
    table = template["Resources"]["Orders"]
    if "Condition" in table and not holds({"Condition": table["Condition"]}, template, chosen):
        return "-"
    recovery = evaluated(table["Properties"]["PointInTimeRecoverySpecification"], template, chosen)
    value = (recovery or {}).get("PointInTimeRecoveryEnabled")
    if value is None:
        return False
    return {True: True, False: False, "true": True, "false": False}.get(value, "?")


def agrees(scenario: Scenario, chosen: dict[str, str]) -> bool:
    return all(
        chosen[choice.name] == value or (value == "any other value" and chosen[choice.name] not in choice.domain)
        for choice, value in scenario.settled
    )


def assignments(case: Case) -> list[dict[str, str]]:
    return [dict(zip(case.values, row, strict=True)) for row in itertools.product(*case.values.values())]


def found(texts: dict[str, str], chosen: list[dict[str, str]]) -> list[object]:
    """What the one variant says that holds for each assignment."""
    templates = read_all(texts)
    assert set(templates.notes()) <= {"never-made"}
    answers: list[object] = []
    for one in chosen:
        entry = templates.reading.tables[0] if templates.reading.tables else None
        if entry is None:
            answers.append("-")
            continue
        fitting = [variant.item for variant in entry.variants if agrees(variant.scenario, one)]
        assert len(fitting) == 1, f"{one} is in {len(fitting)} scenarios"
        table = fitting[0]
        if table is None:
            answers.append("-")
        else:
            answers.append(table.pitr.state.value if isinstance(table.pitr.state, Known) else "?")
    return answers


@given(cases())
@settings(max_examples=80, deadline=None)
def test_variants_are_every_assignment_of_allowed_values_exactly_once(case: Case) -> None:
    chosen = assignments(case)

    assert found({"app.json": json.dumps(case.template)}, chosen) == [expected(case.template, one) for one in chosen]


@given(cases(free=True))
@settings(max_examples=50, deadline=None)
def test_a_parameter_without_allowed_values_is_followed_as_far_as_it_is_compared(case: Case) -> None:
    chosen = [one for one in assignments(case) if not _refused(case.template, one)]
    answers = found({"app.json": json.dumps(case.template)}, chosen)

    for one, answer in zip(chosen, answers, strict=True):
        # A value that is itself a parameter's stays unknown where nothing tells it apart; what is said must be right.
        assert answer == expected(case.template, one) or (answer == "?" and _uses_parameters(case.template))


@given(cases(), st.data())
@settings(max_examples=50, deadline=None)
def test_a_nested_stack_follows_the_choices_of_its_parent(case: Case, data: st.DataObject) -> None:
    above: dict[str, tuple[str, ...]] = {"Q0": ("a", "b"), "Q1": ("true", "false")}
    sources = st.one_of(st.sampled_from(sorted(above)).map(lambda name: {"Ref": name}), st.sampled_from(LETTERS))
    passed = {name: data.draw(sources) for name in case.values}
    parent = {
        "Parameters": {name: {"Type": "String", "AllowedValues": list(values)} for name, values in above.items()},
        "Resources": {
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "child.json", "Parameters": passed},
            }
        },
    }
    chosen = assignments(Case(parent, above))
    wanted = [
        expected(case.template, {name: evaluated(node, parent, one) for name, node in passed.items()}) for one in chosen
    ]

    assert found({"app.json": json.dumps(parent), "child.json": json.dumps(case.template)}, chosen) == wanted


def _uses_parameters(template: dict[str, Any]) -> bool:
    text = json.dumps(template["Resources"])
    return '"Ref": "P' in text


def _refused(template: dict[str, Any], chosen: dict[str, str]) -> bool:
    """Whether this deployment asks a mapping for what it does not hold, so that there is no answer to give."""
    return expected(template, chosen) == "?"
