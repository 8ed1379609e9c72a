"""`external_coverage:`: backups that the configuration declares, and which tables they are of."""

from __future__ import annotations

import pytest

from coverage_cases import Case, by_hand
from recoverable.config import ConfigError, parse
from recoverable.estate.model import Declared
from recoverable.recovery.backups.coverage import Coverage, coverage, is_covered
from recoverable.scenario import Run
from recoverable.truth import Answer

POLICY = "external_coverage: [{by: the backup policy, match: {tag: backup=daily}, region: eu-west-1}]"


def _coverage(config: str, table: dict[str, object], **selection: object) -> Coverage:
    stack = {"region": "eu-west-1", "account": "111122223333"}
    case = Case("", selection, None, table, stack, None, "", open=False, expect="", says=())
    estate = by_hand(case)._replace(declared=Declared(external=parse(config).external)).in_run(Run())
    item = case.asked(estate)
    found = coverage(item, estate)

    assert is_covered(item, estate).answer is found.truth.answer
    return found


def test_a_table_that_fits_is_covered_and_the_finding_says_it_was_declared() -> None:
    found = _coverage(POLICY, {"Tags": {"backup": "daily"}}, Resources=["${Customers.Arn}"])

    assert found.truth.answer is Answer.YES
    assert found.truth.facts[0].text == "covered by the backup policy, as the configuration declares"
    assert [one.declared.by for one in found.by if one.declared is not None] == ["the backup policy"]


@pytest.mark.parametrize(
    "table",
    [
        {"Tags": {"backup": "weekly"}},
        {"Tags": {}},
        {
            "Replicas": [{"Region": "eu-west-1"}, {"Region": "us-east-1", "Tags": {"backup": "daily"}}],
            "asked": "us-east-1",
        },
    ],
)
def test_a_table_that_does_not_fit_is_not_covered(table: dict[str, object]) -> None:
    assert _coverage(POLICY, table, Resources=["${Customers.Arn}"]).truth.answer is Answer.NO


def test_a_tag_that_cannot_be_told_leaves_it_open() -> None:
    found = _coverage(POLICY, {"Tags": {"backup": "${Tier}"}}, Resources=["${Customers.Arn}"])

    assert found.truth.answer is Answer.UNKNOWN
    assert "whether the backup policy covers it" in found.truth.facts[0].text


def test_a_name_that_cannot_be_told_leaves_it_open() -> None:
    config = "external_coverage: [{by: another team, match: {name: shared-*}}]"

    assert _coverage(config, {"TableName": "${Name}"}, Resources=["${Customers.Arn}"]).truth.answer is Answer.UNKNOWN


@pytest.mark.parametrize("match", ["{address: Ord*}", "{path: '*.yaml'}", "{address: Orders, path: app.yaml}"])
def test_tables_may_be_meant_by_address_and_path(match: str) -> None:
    config = f"external_coverage: [{{by: another team, match: {match}}}]"

    assert _coverage(config, {}, Resources=["${Customers.Arn}"]).truth.answer is Answer.YES


def test_a_plan_that_covers_the_table_is_listed_beside_it() -> None:
    found = _coverage(POLICY, {"Tags": {"backup": "daily"}}, Resources=["${Orders.Arn}"])

    assert [(one.declared is not None, one.rule is not None) for one in found.by] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{by: x}", "match"),
        ("{match: {tag: a}}", "by"),
        ("{by: x, match: {}}", "match"),
        ("{by: x, match: {tag: a}, region: Ireland}", "region"),
        ("{by: x, match: {tag: a}, since: 2020}", "since"),
    ],
)
def test_mistakes_are_told(entry: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f"external_coverage: [{entry}]")

    assert said in str(caught.value) + caught.value.faults[0].do


def test_where_it_was_declared_is_kept() -> None:
    [outside] = parse(f"estate: complete\n{POLICY}\n", ".recoverable.yaml").external

    assert outside.origin is not None
    assert outside.origin.start() == ".recoverable.yaml:2:22"
