"""Whom a resource policy lets in: everyone, which accounts, and which conditions keep strangers out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from recoverable.policy.document import Policy
from recoverable.policy.exposure import account_of, accounts_let_in, open_to_everyone
from recoverable.read.data import Datum
from recoverable.read.policies import read_policy
from recoverable.source import Span
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACE = Span("template.yaml", 1, 1, 1, 2)
LETS_ALL_IN = {"Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"}
SOMEBODY = Text((Hole("it comes from parameter Somebody, which has no default"),))


def policy(*statements: Mapping[str, object]) -> Policy:
    return read_policy(Datum(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), PLACE))


def with_hole(text: str, hole: Hole) -> Policy:
    """A policy in a text of which a part, written as @, is a hole."""
    before, _, after = text.partition("@")
    return read_policy(Datum(joined(before, hole, after), PLACE))


def guarded(operator: str, key: str, value: object) -> Answer:
    return open_to_everyone(policy({**LETS_ALL_IN, "Condition": {operator: {key: value}}})).answer


def denied(**denial: object) -> Answer:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*"} | denial
    return open_to_everyone(policy(LETS_ALL_IN, deny)).answer


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::111122223333:root", "*"]}])
def test_a_star_is_everyone(principal: object) -> None:
    assert open_to_everyone(policy({**LETS_ALL_IN, "Principal": principal})).answer is Answer.YES


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "111122223333"},
        {"AWS": "arn:aws:iam::111122223333:role/*"},
        {"Service": "backup.amazonaws.com"},
        {"Federated": "*"},
        {"AWS": []},
    ],
)
def test_a_named_principal_is_not_everyone(principal: object) -> None:
    assert open_to_everyone(policy({**LETS_ALL_IN, "Principal": principal})).answer is Answer.NO


def test_allowing_all_but_some_is_open() -> None:
    statement = {key: value for key, value in LETS_ALL_IN.items() if key != "Principal"}

    assert open_to_everyone(policy({**statement, "NotPrincipal": {"AWS": "111122223333"}})).answer is Answer.YES


def test_a_denial_alone_opens_nothing() -> None:
    assert open_to_everyone(policy({**LETS_ALL_IN, "Effect": "Deny"})).answer is Answer.NO


def test_the_finding_points_to_the_principal() -> None:
    truth = open_to_everyone(policy({**LETS_ALL_IN, "Sid": "Readers"}))

    assert truth.facts[0].text == "statement Readers lets in everyone (Principal *)"


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("stringequals", "AWS:PRINCIPALORGID", "o-a1b2c3d4e5"),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-1/"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*"),
        ("StringEquals", "aws:PrincipalAccount", ["111122223333", "444455556666"]),
        ("StringLike", "aws:PrincipalAccount", "111122223333"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"),
        ("ArnEquals", "aws:SourceArn", "arn:aws:events:eu-west-1:111122223333:rule/*"),
        ("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d"),
        ("StringLike", "aws:userid", "AROAEXAMPLEEXAMPLE123:*"),
        ("Bool", "aws:PrincipalIsAWSService", "true"),
        ("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"),
    ],
)
def test_a_condition_on_who_calls_keeps_strangers_out(operator: str, key: str, value: object) -> None:
    assert guarded(operator, key, value) is Answer.NO


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/"),
        ("StringNotEquals", "aws:PrincipalAccount", "111122223333"),
        ("StringLike", "aws:PrincipalOrgID", "o-*"),
        ("StringLike", "aws:PrincipalOrgPaths", "*/r-ab12/*"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"),
        ("ArnLike", "aws:PrincipalArn", "*"),
        ("StringLike", "aws:SourceVpce", "vpce-*"),
        ("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"),
        ("Bool", "aws:SecureTransport", "true"),
        ("Bool", "aws:PrincipalIsAWSService", "false"),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        ("StringEquals", "aws:PrincipalTag/team", "orders"),
        ("StringEquals", "dynamodb:LeadingKeys", "1"),
        ("Null", "aws:PrincipalOrgID", "false"),
        ("StringEquals", "aws:ResourceAccount", "111122223333"),
    ],
)
def test_a_condition_that_strangers_can_meet_keeps_nobody_out(operator: str, key: str, value: object) -> None:
    assert guarded(operator, key, value) is Answer.YES


def test_a_guard_that_strangers_pass_is_named_with_the_reason() -> None:
    condition = {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    facts = open_to_everyone(policy({**LETS_ALL_IN, "Condition": condition})).facts

    assert facts[-1].text == "StringEqualsIfExists on aws:PrincipalOrgID holds also for callers without that key"


def test_one_wide_value_among_narrow_ones_keeps_nobody_out() -> None:
    values = ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/admin"]

    assert guarded("ArnLike", "aws:PrincipalArn", values) is Answer.YES


def test_one_condition_that_restricts_is_enough() -> None:
    conditions = {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}

    assert open_to_everyone(policy({**LETS_ALL_IN, "Condition": conditions})).answer is Answer.NO


@pytest.mark.parametrize(
    "denial",
    [
        {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
        {"Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
        {"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}},
        {
            "Condition": {
                "StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            }
        },
        {"Action": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}},
        {"Action": "dynamodb:Get*"},
    ],
)
def test_a_denial_of_all_strangers_closes_the_policy(denial: dict[str, object]) -> None:
    assert denied(**denial) is Answer.NO


@pytest.mark.parametrize(
    "denial",
    [
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
        {"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}},
        {
            "Condition": {
                "StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                "Bool": {"aws:SecureTransport": "false"},
            }
        },
        {"Action": "dynamodb:PutItem"},
        {"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/other"},
        {"Principal": {"AWS": "444455556666"}},
    ],
)
def test_a_denial_of_something_else_leaves_the_policy_open(denial: dict[str, object]) -> None:
    assert denied(**denial) is Answer.YES


def test_a_principal_that_is_not_known_may_be_everyone() -> None:
    text = '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "@"}, "Action": "*", "Resource": "*"}}'

    assert open_to_everyone(with_hole(text, Hole("no default"))).answer is Answer.UNKNOWN
    assert open_to_everyone(with_hole(text, Hole("made at deployment", "Role.Arn"))).answer is Answer.NO


def test_an_organisation_that_is_not_known_is_still_one_organisation() -> None:
    text = json.dumps({"Statement": {**LETS_ALL_IN, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "@"}}}})

    assert open_to_everyone(with_hole(text, Hole("no default"))).answer is Answer.NO


def test_a_pattern_that_is_not_known_may_be_any() -> None:
    text = json.dumps({"Statement": {**LETS_ALL_IN, "Condition": {"StringLike": {"aws:PrincipalAccount": "@"}}}})

    assert open_to_everyone(with_hole(text, Hole("no default"))).answer is Answer.UNKNOWN


def test_the_stacks_own_account_in_a_pattern_is_somebody() -> None:
    arn = "arn:aws:iam::@:role/*"
    text = json.dumps({"Statement": {**LETS_ALL_IN, "Condition": {"ArnLike": {"aws:PrincipalArn": arn}}}})

    assert open_to_everyone(with_hole(text, Hole("at deployment", "AWS::AccountId"))).answer is Answer.NO


def test_a_policy_that_cannot_be_read_is_unknown() -> None:
    assert open_to_everyone(read_policy(Datum("{", PLACE))).answer is Answer.UNKNOWN


def test_an_open_statement_is_found_in_a_policy_that_may_hold_more() -> None:
    more = policy(LETS_ALL_IN)._replace(open="a macro may add to it")

    assert open_to_everyone(more).answer is Answer.YES


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("111122223333", "111122223333"),
        ("arn:aws:iam::111122223333:root", "111122223333"),
        ("arn:aws-cn:sts::111122223333:assumed-role/a/b", "111122223333"),
        ("AROAEXAMPLEEXAMPLE123", None),
        ("arn:aws:iam::cloudfront:user/x", None),
        ("arn:aws:iam::*:role/x", None),
        ("11112222333", None),
    ],
)
def test_the_account_of_a_name_is_read_from_it(name: str, account: str | None) -> None:
    found = account_of(joined(name))

    assert (found.literal() if found is not None else None) == account


def test_a_thing_of_the_stack_is_of_its_account() -> None:
    found = account_of(Text((Hole("made at deployment", "Reader.Arn"),)))

    assert found is not None
    assert found.stands_for() == "AWS::AccountId"


def test_an_arn_with_an_open_partition_still_tells_its_account() -> None:
    found = account_of(joined("arn:", Hole("at deployment", "AWS::Partition"), ":iam::111122223333:root"))

    assert found is not None
    assert found.literal() == "111122223333"


def test_the_accounts_in_conditions_count_for_callers_that_nobody_names() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}}
    service = policy({**LETS_ALL_IN, "Principal": {"Service": "x.amazonaws.com"}, "Condition": condition})
    named = policy({**LETS_ALL_IN, "Principal": {"AWS": "777788889999"}, "Condition": condition})

    assert [grantee.shown for grantee in accounts_let_in(service.statements[0])] == ["111122223333", "444455556666"]
    assert [grantee.shown for grantee in accounts_let_in(named.statements[0])] == ["777788889999"]
