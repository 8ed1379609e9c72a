"""AWS managed policies: what they say of the actions that are asked about is known."""

from __future__ import annotations

import pytest

from permissions import CAPABILITIES
from recoverable.policy.decision import decide
from recoverable.policy.layers import Attached, Layers
from recoverable.policy.published import actions, published
from recoverable.policy.request import Request, caller, context
from recoverable.text import Text
from recoverable.truth import Answer

HEAD = "arn:aws:iam::aws:policy/"


def test_everything_that_a_capability_takes_is_among_the_actions_that_are_known() -> None:
    asked = {
        action for one in CAPABILITIES.values() for mode in one.modes for need in mode.needs for action in need.actions
    }

    assert asked <= actions()


@pytest.mark.parametrize(
    ("name", "action", "expected"),
    [
        ("AdministratorAccess", "dynamodb:DeleteBackup", Answer.YES),
        ("PowerUserAccess", "dynamodb:DeleteBackup", Answer.YES),
        ("PowerUserAccess", "iam:PutRolePolicy", Answer.NO),
        ("ReadOnlyAccess", "dynamodb:GetItem", Answer.YES),
        ("ReadOnlyAccess", "dynamodb:DeleteTable", Answer.NO),
        ("service-role/AWSLambdaBasicExecutionRole", "dynamodb:GetItem", Answer.NO),
        ("AmazonDynamoDBFullAccess", "dynamodb:UpdateContinuousBackups", Answer.YES),
    ],
)
def test_a_managed_policy_answers(name: str, action: str, expected: Answer) -> None:
    known = published(HEAD + name)
    assert known is not None
    who = caller("arn:aws:iam::111122223333:role/x")
    table = Text(("arn:aws:dynamodb:eu-west-1:111122223333:table/orders",))
    request = Request(who, action, table, context({}))

    assert decide(request, Layers(identity=(Attached(known.policy),))).answer is expected


def test_a_policy_that_is_not_known_is_not_guessed_at() -> None:
    assert published(f"{HEAD}MadeUpYesterday") is None
    assert published("arn:aws:iam::111122223333:policy/own") is None
