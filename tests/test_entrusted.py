"""Who is declared to hold a power is exempt from the rules about it, for their statements, too."""

from __future__ import annotations

from recoverable import config
from statements import LAMBDA, managed, report, role, statement

DECLARED = """\
principals:
  - principal: [Admin*, 'arn:aws:iam::111122223333:role/guardian']
    may: [everything-allowed, pass-role-too-wide]
    reason: kept under two keys
"""
ALL = statement("*")


def heaps(resources: dict[str, object], settings: str = DECLARED) -> tuple[list[str], list[str]]:
    made = report(resources, settings=config.parse(settings))
    return [f.rule.name for f in made.findings], [f.reason for f in made.exempt]


def test_the_statement_of_who_is_meant_to_have_it_is_exempt_with_the_reason() -> None:
    assert heaps({"Administrators": role(ALL)}) == ([], ["who has it is meant to have this power: kept under two keys"])


def test_a_policy_of_aws_that_hangs_on_them_is_exempt_as_well() -> None:
    attached = role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"], trust=LAMBDA)

    assert heaps({"Admin": attached})[0] == []


def test_others_and_other_rules_are_judged_as_before() -> None:
    assert heaps({"Ops": role(ALL)})[0] == ["everything-allowed"]
    assert heaps({"Admin": role(statement("backup:*"))})[0] == ["backup-service-wildcard"]


def test_all_who_have_a_policy_must_be_declared() -> None:
    shared: dict[str, object] = {"All": managed(ALL), "Admin": role(ManagedPolicyArns=[{"Ref": "All"}])}

    assert heaps(shared)[0] == []
    assert heaps({**shared, "Ops": role(ManagedPolicyArns=[{"Ref": "All"}])})[0] == ["everything-allowed"]


def test_a_policy_that_nobody_has_is_nobodys_power() -> None:
    assert heaps({"All": managed(ALL)})[0] == ["everything-allowed"]
