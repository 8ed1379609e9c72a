"""All capabilities of everybody at once: what is said of each pair is what is said when it is asked about by itself."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

import made_permissions
from permissions import CAPABILITIES, answer, ask_bare, estate, policy
from recoverable.recovery.access.capabilities import can
from recoverable.recovery.access.powers import Powers
from recoverable.recovery.access.scenes import Scene
from recoverable.recovery.access.standing import Standing
from recoverable.recovery.access.targets import foreign, target_of
from recoverable.truth import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.policy.decision import Decision
    from recoverable.policy.request import Context
    from recoverable.recovery.access.standing import Guarded
    from recoverable.text import Text


def differences(folder: Path, seed: int, tables: int = 2) -> list[str]:
    """Where the two disagree."""
    read = estate(folder, app=made_permissions.template(seed))
    scene = Scene(read)
    targets = [target_of(item, read) for item in read.tables.present()[:tables]]
    powers = Powers(targets, scene, tuple(CAPABILITIES.values()))
    found = []
    for standing in powers.standings:
        for name, capability in CAPABILITIES.items():
            together = powers.can(standing, name)
            for at, target in enumerate(targets):
                alone = can(standing, capability, target, scene).answer
                # A witness may settle by itself what is open for the usual name.
                if together[at] is not alone and (together[at], alone) != (Answer.UNKNOWN, Answer.YES):
                    found.append(f"{standing.title} {name} {target.name.shown()}: {together[at].value}, {alone.value}")
    return found


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_matrix_says_what_single_questions_say(tmp_path: Path, seed: int) -> None:
    assert differences(tmp_path, seed) == []


RANK = {"no": 0, "depends": 1, "yes": 2}


@pytest.mark.parametrize("seed", range(8))
def test_a_denial_more_never_allows_and_a_grant_more_never_denies(seed: int) -> None:
    dice = Random(seed)
    written = [made_permissions.statement(dice) for _ in range(6)]
    denial = {**made_permissions.statement(dice), "Effect": "Deny"}
    grant = {**made_permissions.statement(dice), "Effect": "Allow"}
    table = foreign("orders", made_permissions.REGION, made_permissions.ACCOUNT)

    for name in CAPABILITIES:
        before = RANK[answer(ask_bare(policy(*written), name, table=table))]
        assert RANK[answer(ask_bare(policy(*written, denial), name, table=table))] <= before
        assert RANK[answer(ask_bare(policy(*written, grant), name, table=table))] >= before
        assert RANK[answer(ask_bare(policy(*reversed(written)), name, table=table))] == before


PASSING = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders}
  Ada: {Type: AWS::IAM::User, Properties: &starts {Policies: [{PolicyName: p, PolicyDocument: {Statement: [
    {Effect: Allow, Action: ['backup:*', 'backup-storage:*', 'iam:PassRole', 'kms:*'], Resource: '*'}]}}]}}
  Ben: {Type: AWS::IAM::User, Properties: *starts}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [
        {Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}]}}]
"""


def test_the_part_of_a_role_is_decided_once_for_all_who_may_pass_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = estate(tmp_path, app=PASSING)
    scene = Scene(read)
    target = target_of(read.tables.present()[0], read)
    users = [scene.standing(each) for each in read.principals.present() if each.subject.kind == "user"]
    asked: list[tuple[str, str]] = []
    asks = Standing.asks

    def counted(self: Standing, action: str, resource: Text, context: Context, guarded: Guarded) -> Decision:
        asked.append((self.title, action))
        return asks(self, action, resource, context, guarded)

    monkeypatch.setattr(Standing, "asks", counted)
    for user in users:
        can(user, CAPABILITIES["back-up"], target, scene, "aws-backup")

    assert {"Ada", "Ben"} < {who for who, _ in asked}
    assert asked.count(("Worker", "dynamodb:StartAwsBackupJob")) == 1


def test_decisions_are_not_remembered_without_end(tmp_path: Path) -> None:
    read = estate(tmp_path, app=PASSING)
    scene = Scene(read)
    target = target_of(read.tables.present()[0], read)
    standing = scene.standing(read.principals.present()[0])
    first = scene.decided(standing, target)

    assert scene.decided(standing, target) is first
    for number in range(2000):
        scene.decided(standing._replace(title=str(number)), target)
    assert scene.decided(standing, target) is not first
