"""Conditions that restrict, and those that only look as if they did."""

from __future__ import annotations

import pytest

from statements import said, statement

GUARDS: list[dict[str, dict[str, object]]] = [
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
    {"Null": {"aws:MultiFactorAuthAge": "false"}},
    {"StringEquals": {"aws:PrincipalTag/team": "backup"}},
    {"StringEqualsIfExists": {"aws:PrincipalTag/team": "backup"}, "Null": {"aws:PrincipalTag/team": "false"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/guardian"}},
    {"Bool": {"aws:ViaAWSService": "true"}},
    {
        "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
        "DateLessThan": {"aws:CurrentTime": "2026-02-01T00:00:00Z"},
    },
    {"StringEquals": {"aws:ResourceTag/team": "backup"}},
    {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
]

NO_GUARDS: list[dict[str, dict[str, object]]] = [
    {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "guests"}},
    {"StringEqualsIfExists": {"aws:PrincipalTag/team": "backup"}},
    {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "backup"}},
    {"StringLike": {"aws:PrincipalTag/team": "*"}},
    {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:*:*:*:*"}},
    {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
    {"Null": {"aws:TokenIssueTime": "false"}},
    {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
]

OPEN: list[dict[str, dict[str, object]]] = [
    {"Bool": {"aws:MultiFactorAuthPresent": {"Ref": "Unknown"}}},
    {"StringLike": {"aws:PrincipalTag/team": {"Ref": "Unknown"}}},
    {"StringEqualsIfExists": {"aws:PrincipalTag/team": "a"}, "Null": {"aws:PrincipalTag/team": {"Ref": "Unknown"}}},
]


def verdict(condition: object) -> str:
    return said(statement("*", Condition=condition)).get("everything-allowed", "right")


@pytest.mark.parametrize("condition", GUARDS, ids=str)
def test_a_guard_makes_it_right(condition: object) -> None:
    assert verdict(condition) == "right"


@pytest.mark.parametrize("condition", NO_GUARDS, ids=str)
def test_a_condition_that_restricts_nothing_does_not(condition: object) -> None:
    assert verdict(condition) == "wrong"


@pytest.mark.parametrize("condition", OPEN, ids=str)
def test_a_condition_that_is_not_known_leaves_it_open(condition: object) -> None:
    assert verdict(condition) == "unknown"


def test_one_guard_among_others_is_enough() -> None:
    assert verdict({**NO_GUARDS[8], **GUARDS[0]}) == "right"
