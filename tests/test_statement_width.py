"""What a statement allows too much of: one cause is one finding, of the class that fits."""

from __future__ import annotations

from itertools import product

import pytest

from recoverable.policy.document import Statement
from recoverable.recovery.statements.statement_width import CLASSES, excess
from recoverable.text import Hole, Text
from recoverable.truth import Answer
from recoverable.value import Known, Value
from statements import PERMISSIONS, said, statement

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table"
VAULT = "arn:aws:backup:eu-west-1:111122223333:backup-vault"
POINTS = "arn:aws:backup:eu-west-1:111122223333:recovery-point:*"

ACTIONS = (
    "*", "*:*", "backup:*", "BACKUP:*", "dynamodb:*", "dynamodb:?*", "backup-storage:*", "*:Delete*", "backup:Delete*",
    "dynamodb:DeleteBacku?", "dynamodb:*Backup", "dynamodb:DeleteBackup", "backup:DeleteRecoveryPoint",
    "dynamodb:CreateBackup", "dynamodb:GetItem", "s3:*", "dynamodb:Restore*",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:*:*:*:*", "arn:aws:dynamodb:*:*:table/*", f"{TABLE}/*", f"{TABLE}/Orders*", f"{TABLE}/Orders",
    f"{TABLE}/Orders/*", f"{TABLE}/Orders/backup/*", f"{TABLE}/Orders/index/*", f"{VAULT}:*", f"{VAULT}:prod", POINTS,
    "arn:aws:backup:*:*:*", "arn:aws:s3:::reports/*",
)  # fmt: skip


def written(*texts: str) -> tuple[Text, ...]:
    return tuple(Text((Hole("nobody knows"),)) if text == "?" else Text((text,)) for text in texts)


def made(actions: tuple[str, ...], resources: tuple[str, ...], *, not_action: bool = False) -> Statement:
    effect = Value("Effect", Known("Allow", None))
    return Statement("", effect, (), False, written(*actions), not_action, written(*resources), False, (), None)


def classes(action: str, resource: str) -> dict[str, str]:
    found = {name: excess(name, made((action,), (resource,))).truth.answer for name in CLASSES}
    return {name: answer.value for name, answer in found.items() if answer is not Answer.NO}


def test_a_pair_of_patterns_is_in_one_class_at_most() -> None:
    for action, resource in product(ACTIONS, RESOURCES):
        assert len(classes(action, resource)) <= 1, (action, resource)


@pytest.mark.parametrize(
    ("action", "resource", "wanted"),
    [
        ("*", "*", "everything-allowed"),
        ("*:*", "arn:aws:*:*:*:*", "everything-allowed"),
        ("*", f"{TABLE}/*", "dynamodb-service-wildcard"),
        ("*", "arn:aws:backup:*:*:*", "backup-service-wildcard"),
        ("BACKUP:*", "*", "backup-service-wildcard"),
        ("backup:*", f"{VAULT}:prod", "backup-service-wildcard"),
        ("backup-storage:*", "*", "backup-service-wildcard"),
        ("dynamodb:?*", f"{TABLE}/*", "dynamodb-service-wildcard"),
        ("dynamodb:*", f"{TABLE}/Orders/*", "dynamodb-service-wildcard"),
        ("*:Delete*", "*", "delete-wildcard"),
        ("dynamodb:DeleteBacku?", f"{TABLE}/*", "delete-wildcard"),
        ("backup:Delete*", "arn:aws:backup:*:*:*", "delete-wildcard"),
        ("dynamodb:DeleteBackup", f"{TABLE}/*", "backup-actions-on-everything"),
        ("backup:DeleteBackupVault", f"{VAULT}:*", "backup-actions-on-everything"),
        ("dynamodb:CreateBackup", "arn:aws:dynamodb:*:*:table/*", "backup-actions-on-everything"),
        ("dynamodb:DeleteBackup", f"{TABLE}/Orders*", "pattern-reaches-backups"),
    ],
)
def test_a_pattern_is_in_the_class_that_fits(action: str, resource: str, wanted: str) -> None:
    assert classes(action, resource) == {wanted: "yes"}


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:*", f"{TABLE}/Orders"),
        ("dynamodb:*", f"{TABLE}/Orders/index/*"),
        ("dynamodb:*", f"{TABLE}/*/index/*"),
        ("dynamodb:*", f"{TABLE}/Orders/stream/*"),
        ("dynamodb:Delete*", f"{TABLE}/Orders"),
        ("dynamodb:CreateBackup", f"{TABLE}/*"),
        ("dynamodb:DeleteBackup", f"{TABLE}/Orders/backup/*"),
        ("backup:DeleteRecoveryPoint", POINTS),
        ("backup:DeleteRecoveryPoint", f"{VAULT}:*"),
        ("dynamodb:DescribeBackup", "*"),
        ("backup:List*", "*"),
        ("s3:*", "*"),
        ("*", "arn:aws:s3:::reports/*"),
    ],
)
def test_what_reaches_no_backup_or_is_as_narrow_as_can_be_is_in_none(action: str, resource: str) -> None:
    assert classes(action, resource) == {}


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in ("s3:*", "dynamodb:GetItem")])
def test_a_resource_that_is_not_known_leaves_open_what_it_could_be(action: str) -> None:
    possible = {name for resource in RESOURCES for name in classes(action, resource)}
    open_ = classes(action, "?")

    assert set(open_.values()) == {"unknown"}
    assert possible <= set(open_)


def test_not_action_is_one_finding_whatever_it_leaves() -> None:
    assert said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}) == {"allow-with-not-action": "wrong"}


def test_not_action_that_leaves_nothing_to_end_is_none() -> None:
    spared = ["backup:*", "backup-storage:*", "dynamodb:*", "organizations:*"]

    assert said({"Effect": "Allow", "NotAction": spared, "Resource": "*"}) == {}
    assert said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::reports/*"}) == {}


def test_everything_on_everything_is_one_finding() -> None:
    assert said(statement("*")) == {"everything-allowed": "wrong"}


def test_every_class_is_a_rule() -> None:
    assert set(CLASSES) <= {rule.name for rule in PERMISSIONS}


@pytest.mark.parametrize(
    "where", ["arn:aws:dynamodb:{0}:111122223333:table/*", "arn:aws:dynamodb:eu-west-1:{0}:table/*"]
)
def test_a_region_or_an_account_that_is_not_known_leaves_nothing_open(where: str) -> None:
    before, after = where.split("{0}")
    text = Text((before, Hole("it is a parameter"), after))
    one = made(("dynamodb:DeleteBackup",), ())._replace(resources=(text,))

    assert excess("backup-actions-on-everything", one).truth.answer is Answer.YES
    assert excess("pattern-reaches-backups", one).truth.answer is Answer.NO
