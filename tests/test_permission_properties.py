"""What holds of rules about statements whatever is written, over made-up policies."""

from __future__ import annotations

import copy
from collections import Counter
from random import Random
from typing import Any

import pytest

from recoverable.recovery.statements.statement_width import CLASSES
from statements import LAMBDA, PERMISSIONS, deny, managed, report, role

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
ACTIONS = (
    "*", "backup:*", "dynamodb:*", "dynamodb:Delete*", "dynamodb:DeleteBackup", "dynamodb:DeleteTable",
    "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "dynamodb:RestoreTableFromBackup",
    "dynamodb:RestoreTableToPointInTime", "dynamodb:*Item", "iam:PassRole", "dynamodb:ListBackups",
    "backup:PutBackupVaultAccessPolicy", "dynamodb:DeleteBackupp", "kms:Decrypt", "organizations:DetachPolicy",
    "s3:GetObject", "backup:StartRestoreJob",
)  # fmt: skip
RESOURCES = (
    "*", f"{TABLE}*", f"{TABLE}Orders", f"{TABLE}Orders*", f"{TABLE}Orders/backup/*", "arn:aws:dynamodb:*:*:table/*",
    "arn:aws:backup:eu-west-1:111122223333:recovery-point:*", "arn:aws:iam::111122223333:role/*",
    "arn:aws:iam::111122223333:role/backup", "arn:aws:backup:*:*:*", "arn:aws:s3:::reports",
)  # fmt: skip
CONDITIONS = (
    ("Bool", "aws:MultiFactorAuthPresent", ("true", "false")),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ("true", "false")),
    ("StringEquals", "iam:PassedToService", ("backup.amazonaws.com",)),
    ("NotIpAddress", "aws:SourceIp", ("203.0.113.0/24", "0.0.0.0/0")),
    ("IpAddress", "aws:SourceIp", ("203.0.113.0/24", "0.0.0.0/0")),
    ("Bool", "aws:ViaAWSService", ("false", "true")),
    ("StringLike", "aws:PrincipalTag/team", ("*", "a*")),
    ("StringEquals", "aws:PrincipalTag/team", ("a", "a*", "${aws:username}")),
    ("Null", "aws:PrincipalTag/team", ("true", "false")),
    ("StringEqualsIfExists", "aws:PrincipalTag/team", ("a",)),
    ("StringEquals", "organizations:PolicyType", ("BACKUP_POLICY", "TAG_POLICY")),
    ("StringEquals", "aws:ResourceTag/team", ("a",)),
)
BACKUP = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}

#: Rules about single statements or policies; those about principals have properties of their own.
OURS = tuple(rule.name for rule in PERMISSIONS if {"PolicyStatement", "PolicyDocument"} & set(rule.subjects))

Resources = dict[str, Any]


def made_statement(random: Random) -> dict[str, object]:
    conditions: dict[str, dict[str, str]] = {}
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        operator, key, values = random.choice(CONDITIONS)
        conditions.setdefault(operator, {})[key] = random.choice(values)
    return {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        "NotAction" if random.random() < 0.12 else "Action": random.sample(ACTIONS, random.randint(1, 2)),
        "NotResource" if random.random() < 0.1 else "Resource": random.sample(RESOURCES, random.randint(1, 2)),
        **({"Condition": conditions} if conditions else {}),
    }


def made(random: Random) -> Resources:
    """Somebody with a policy, and often another policy that hangs on them, limits them, or hangs on nobody."""
    kind = random.choice(("role", "user", "backup"))
    who: Any = role(
        *[made_statement(random) for _ in range(random.randint(1, 3))], trust=BACKUP if kind == "backup" else LAMBDA
    )
    if kind == "user":
        who = {"Type": "AWS::IAM::User", "Properties": {"Policies": who["Properties"]["Policies"]}}
    resources = {"Who": who}
    if random.random() < 0.5:
        resources["More"] = managed(*[made_statement(random) for _ in range(random.randint(1, 2))])
        how = random.choice(("attached", "attached", "boundary" if kind != "user" else "", ""))
        if how:
            name = "PermissionsBoundary" if how == "boundary" else "ManagedPolicyArns"
            who["Properties"][name] = {"Ref": "More"} if how == "boundary" else [{"Ref": "More"}]
    return resources


def verdicts(resources: Resources) -> dict[tuple[str, str, str], set[str]]:
    """What each rule says of each statement."""
    found = report(resources, rules=OURS)
    said: dict[tuple[str, str, str], set[str]] = {}
    for verdict, results in (("yes", found.findings), ("unknown", found.undetermined), ("spared", found.exempt)):
        for each in results:
            said.setdefault((each.rule.name, each.subject.address, each.subject.part), set()).add(verdict)
    return said


def texts(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the texts in statements stand."""
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in texts(value, (*path, key))]
    if isinstance(node, list):
        return [found for at, value in enumerate(node) for found in texts(value, (*path, at))]
    return [path] if "Statement" in path else []


def without(resources: Resources, path: tuple[Any, ...]) -> Resources:
    """The same with one text given by the deployment."""
    changed = copy.deepcopy(resources)
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = {"Ref": "Unknown"}
    return changed


@pytest.mark.parametrize("seed", range(40))
def test_what_is_made_unknown_never_flips_an_answer(seed: int) -> None:
    random = Random(seed)
    resources = made(random)
    before = verdicts(resources)
    for path in random.sample(texts(resources), 2):
        after = verdicts(without(resources, path))
        for key in before.keys() | after.keys():
            was, now = before.get(key, {"no"}), after.get(key, {"no"})
            assert now - {"unknown"} <= was, (key, path)
            assert not was - now or "unknown" in now, (key, path)


@pytest.mark.parametrize("seed", range(30))
def test_a_denial_more_makes_no_statement_allow_too_much(seed: int) -> None:
    random = Random(1000 + seed)
    resources = made(random)
    before = verdicts(resources)
    more = deny(random.choice(ACTIONS), random.choice(RESOURCES))
    resources["Who"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].append(more)
    for key, said in verdicts(resources).items():
        if key[0] in CLASSES or key[0].startswith("pass-role"):
            assert "yes" not in said or "yes" in before.get(key, ()), key


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_statements_does_not_matter(seed: int) -> None:
    random = Random(2000 + seed)
    resources = made(random)
    before = Counter((rule, verdict) for (rule, _, _), said in verdicts(resources).items() for verdict in said)
    resources["Who"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].reverse()
    after = Counter((rule, verdict) for (rule, _, _), said in verdicts(resources).items() for verdict in said)

    assert after == before
