"""Coverage as templates make it: in which scenarios, by which rules, and where the facts point."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from recoverable import Estate, Listing
from recoverable.estate.model import Memo
from recoverable.recovery.backups import selection_index
from recoverable.recovery.backups.coverage import coverage, index_of, is_covered, selects_any
from recoverable.scenario import Run, explore
from recoverable.source import Span
from recoverable.truth import Answer
from templates import read_all

if TYPE_CHECKING:
    from recoverable import Table

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

TABLE = """\
Parameters: {Stage: {Type: String}, Other: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      Tags: [{Key: backup, Value: daily}]
"""
PLAN = """\
  Daily:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily-plan
        BackupPlanRule:
          - {RuleName: nightly, TargetBackupVault: Default}
          - {RuleName: monthly, TargetBackupVault: Default}
"""
CHOSEN = """\
  Chosen:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Daily
      BackupSelection:
        SelectionName: chosen
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        Resources:
          - !GetAtt Orders.Arn
"""


def _estate(text: str, *others: str, memo: bool = True) -> Estate:
    texts = {"app.yaml": text, **{f"other{at}.yaml": dedent(other) for at, other in enumerate(others)}}
    reading = read_all(texts).reading
    return Estate(
        tables=Listing(reading.tables),
        replicas=Listing(reading.replicas),
        plans=Listing(reading.plans),
        plan_rules=Listing(reading.plan_rules),
        selections=Listing(reading.selections),
        memo=Memo() if memo else None,
    )


def _orders(estate: Estate) -> Table:
    return next(one for one in estate.tables.present() if one.subject.address == "Orders")


def _by_scenario(estate: Estate) -> dict[str, Answer]:
    """Whether the table is covered, by scenario as described."""
    table = _orders(estate)
    walks = explore(lambda run: is_covered(table, estate.in_run(run)).answer)
    return {", ".join(map(str, scenario.circumstances)): answer for scenario, answer in walks}


def test_every_rule_of_the_plan_covers_the_table() -> None:
    estate = _estate(TABLE + PLAN + CHOSEN).in_run(Run())
    found = coverage(_orders(estate), estate)

    assert [one.rule.subject.part for one in found.by if one.rule is not None] == ["nightly", "monthly"]
    assert found.truth.facts[0].text == (
        "covered by plan daily-plan, rule nightly, because Resources names it: ${Orders.Arn}"
    )


def test_facts_point_at_the_entry_of_the_selection_and_at_the_rule() -> None:
    estate = _estate(TABLE + PLAN + CHOSEN).in_run(Run())
    [first, second] = coverage(_orders(estate), estate).by[0].truth.facts

    assert (first.origin, second.origin) == (Span("app.yaml", 25, 13, 25, 31), Span("app.yaml", 15, 14, 15, 22))


def test_a_tag_points_at_the_selection_and_at_the_table() -> None:
    tagged = CHOSEN.replace(
        "        Resources:\n          - !GetAtt Orders.Arn\n",
        "        ListOfTags:\n          - {ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}\n",
    )
    estate = _estate(TABLE + PLAN + tagged).in_run(Run())
    facts = {fact.text: fact.origin for fact in coverage(_orders(estate), estate).by[0].truth.facts}
    lines = {text: origin.line for text, origin in facts.items() if isinstance(origin, Span)}

    assert lines == {
        "covered by plan daily-plan, rule nightly, because tag backup is daily": 25,
        "Orders has the tag backup: daily": 8,
        "plan daily-plan, rule nightly": 15,
    }


def test_an_exclusion_points_at_its_entry() -> None:
    estate = _estate(TABLE + PLAN + CHOSEN + "        NotResources: [!GetAtt Orders.Arn]\n").in_run(Run())
    found = coverage(_orders(estate), estate)

    assert found.truth.answer is NO
    assert found.why_not[0].text == "not by plan daily-plan: excluded by NotResources: ${Orders.Arn}"
    assert isinstance(found.why_not[0].origin, Span)
    assert found.why_not[0].origin.line == 26


def test_a_selection_that_is_made_in_production_covers_in_production() -> None:
    chosen = CHOSEN.replace("    Properties", "    Condition: IsProd\n    Properties", 1)

    assert _by_scenario(_estate(TABLE + PLAN + chosen)) == {"IsProd is true": YES, "IsProd is false": NO}


def test_a_plan_that_is_made_in_production_covers_in_production() -> None:
    plan = PLAN.replace("    Properties", "    Condition: IsProd\n    Properties", 1)

    assert _by_scenario(_estate(TABLE + plan + CHOSEN)) == {"IsProd is true": YES, "IsProd is false": NO}


def test_what_does_not_matter_is_not_decided() -> None:
    second = CHOSEN.replace("Chosen", "Second").replace("    Properties", "    Condition: IsProd\n    Properties", 1)

    assert _by_scenario(_estate(TABLE + PLAN + CHOSEN + second)) == {"": YES}


def test_a_selection_of_other_resources_is_not_decided_either() -> None:
    second = CHOSEN.replace("Chosen", "Second").replace("    Properties", "    Condition: IsProd\n    Properties", 1)
    second = second.replace("!GetAtt Orders.Arn", "arn:aws:rds:*:*:db:*")
    estate = _estate(TABLE + PLAN + CHOSEN + second)
    run = Run()

    assert len(coverage(_orders(estate), estate.in_run(run)).by) == 2
    assert run.settled == {}


def test_one_rule_more_in_production_is_listed_there() -> None:
    more = PLAN + "          - !If [IsProd, {RuleName: hourly, TargetBackupVault: Default}, !Ref AWS::NoValue]\n"
    estate = _estate(TABLE + more + CHOSEN)
    walks = explore(lambda run: len(coverage(_orders(estate), estate.in_run(run)).by))

    assert {", ".join(map(str, scenario.circumstances)): count for scenario, count in walks} == {
        "IsProd is true": 3,
        "IsProd is false": 2,
    }


def test_a_tag_that_differs_in_production_is_covered_there() -> None:
    text = TABLE.replace("Value: daily", "Value: !If [IsProd, daily, none]")
    tagged = CHOSEN.replace(
        "        Resources:\n          - !GetAtt Orders.Arn\n",
        "        ListOfTags:\n          - {ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}\n",
    )
    estate = _estate(text + PLAN + tagged)
    answers = {
        variant.item.tags.entries[0][1].known(): is_covered(variant.item, estate).answer
        for variant in estate.tables.entries[0].variants
        if variant.item is not None
    }

    assert answers == {"daily": YES, "none": NO}


def test_a_plan_without_rules_covers_nothing() -> None:
    plan = PLAN.split("        BackupPlanRule:", maxsplit=1)[0] + "        BackupPlanRule: []\n"
    estate = _estate(TABLE + plan + CHOSEN).in_run(Run())
    found = coverage(_orders(estate), estate)

    assert found.truth.answer is NO
    assert "plan daily-plan selects it by Chosen, but has no rule" in [fact.text for fact in found.why_not]


def test_rules_that_are_not_known_may_cover() -> None:
    plan = PLAN.split("        BackupPlanRule:", maxsplit=1)[0] + "        BackupPlanRule: !Ref Other\n"
    estate = _estate(TABLE + plan + CHOSEN).in_run(Run())
    found = coverage(_orders(estate), estate)

    assert found.truth.answer is UNKNOWN
    assert "plan daily-plan may have more rules" in " ".join(fact.text for fact in found.truth.facts)


@pytest.mark.parametrize("plan", ["!ImportValue plan", "6c5ea5c6-1b2c-4f0e-9a37-000000000000", "!Ref Other"])
def test_the_plan_of_a_selection_may_be_elsewhere(plan: str) -> None:
    estate = _estate(TABLE + CHOSEN.replace("!Ref Daily", plan)).in_run(Run())
    found = coverage(_orders(estate), estate)

    assert found.truth.answer is UNKNOWN
    assert "is not in what was read" in found.truth.facts[0].text
    assert found.by[0].plan is None


def test_plans_of_other_templates_cover_by_tag() -> None:
    other = """\
        Resources:
          Weekly:
            Type: AWS::Backup::BackupPlan
            Properties: {BackupPlan: {BackupPlanName: w, BackupPlanRule: [{RuleName: r, TargetBackupVault: v}]}}
          Tagged:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: !Ref Weekly
              BackupSelection:
                SelectionName: tagged
                IamRoleArn: arn:aws:iam::111122223333:role/backup
                ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]
        """
    estate = _estate(TABLE + PLAN + CHOSEN, other).in_run(Run())
    found = coverage(_orders(estate), estate)

    assert [one.rule.subject.path for one in found.by if one.rule is not None] == [
        "app.yaml",
        "app.yaml",
        "other0.yaml",
    ]


def test_a_replica_is_listed_apart() -> None:
    text = TABLE.replace("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable").replace(
        "      Tags: [{Key: backup, Value: daily}]\n",
        "      Replicas: [{Region: !Ref AWS::Region}, {Region: us-east-2}]\n",
    )
    estate = _estate(text + PLAN + CHOSEN).in_run(Run())
    [replica] = estate.replicas.present()

    assert coverage(_orders(estate), estate).truth.answer is YES
    assert coverage(replica, estate).truth.answer is NO


def test_the_index_is_made_once_and_anew_for_other_selections() -> None:
    estate = _estate(TABLE + PLAN + CHOSEN)
    first = index_of(estate)

    assert index_of(estate.in_run(Run())) is first
    assert index_of(estate._replace(selections=Listing(()))) is not first
    assert coverage(_orders(estate), estate._replace(selections=Listing(()))).truth.answer is NO


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("!GetAtt Orders.Arn", YES),
        ("arn:aws:dynamodb:*:*:table/ord*", YES),
        ("arn:aws:dynamodb:*:*:table/gone", NO),
        ("arn:aws:rds:*:*:db:*", NO),
        ("!Ref Other", UNKNOWN),
        ("'*'", YES),
    ],
)
def test_whether_a_selection_selects_any_table_is_told(entry: str, expected: Answer) -> None:
    estate = _estate(TABLE + PLAN + CHOSEN.replace("!GetAtt Orders.Arn", entry)).in_run(Run())

    assert selects_any(estate.selections.present()[0], estate).answer is expected


def test_without_a_memo_the_answers_are_the_same() -> None:
    with_memo, without = _estate(TABLE + PLAN + CHOSEN), _estate(TABLE + PLAN + CHOSEN, memo=False)

    assert coverage(_orders(with_memo), with_memo) == coverage(_orders(without), without)


def _doubtful(*entries: str) -> Estate:
    listed = "".join(f"          - {entry}\n" for entry in entries)
    return _estate(TABLE + PLAN + CHOSEN.replace("          - !GetAtt Orders.Arn\n", listed)).in_run(Run())


def test_more_open_patterns_than_are_followed_leave_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = ["!Ref Other", "'*-a-*'", "'*-b-*'", "'*-c-*'", "!GetAtt Orders.Arn"]
    followed = _doubtful(*entries)

    assert coverage(_orders(followed), followed).truth.answer is YES

    monkeypatch.setattr(selection_index, "MOST_QUESTIONS", 4)
    estate = _doubtful(*entries)
    found = coverage(_orders(estate), estate)

    assert found.truth.answer is is_covered(_orders(estate), estate).answer is UNKNOWN
    assert "more selections with parts that are not known than are followed" in found.truth.facts[0].text


def test_small_selections_are_followed_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection_index, "MOST_QUESTIONS", 0)
    estate = _doubtful("'*'")

    assert coverage(_orders(estate), estate).truth.answer is YES
