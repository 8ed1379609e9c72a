"""How few principals can destroy a table with every copy of it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permissions import estate
from recoverable.cli.main import run
from recoverable.estate import Estate
from recoverable.recovery.access.blast_radius import Copy, Destroyer, blast_radii, smallest_set
from recoverable.truth import Answer, Truth
from test_can import STORY

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.recovery.access.blast_radius import BlastRadius

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

ESTATE = """\
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: orders}
      Vault:
        Type: AWS::Backup::BackupVault
        Properties:
          BackupVaultName: main
          %(vault)s
      Plan:
        Type: AWS::Backup::BackupPlan
        Properties:
          BackupPlan:
            BackupPlanName: daily
            BackupPlanRule:
              - RuleName: nightly
                TargetBackupVault: !Ref Vault
                %(copies)s
      Selection:
        Type: AWS::Backup::BackupSelection
        Properties:
          BackupPlanId: !Ref Plan
          BackupSelection:
            SelectionName: all
            IamRoleArn: arn:aws:iam::123456789012:role/backup
            Resources: [!GetAtt Orders.Arn]
"""

ROLE = """\
      %(name)s:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: %(trust)s}, Action: sts:AssumeRole}]
          Policies:
            - PolicyName: own
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: [%(actions)s], Resource: "*"}]
"""


def role(name: str, *actions: str, trust: str = "lambda.amazonaws.com") -> str:
    return ROLE % {"name": name, "actions": ", ".join(f'"{action}"' for action in actions), "trust": trust}


def radius(folder: Path, *roles: str, vault: str = "", copies: str = "") -> BlastRadius:
    read = estate(folder, app=ESTATE % {"vault": vault, "copies": copies} + "".join(roles))
    (found,) = blast_radii(read.tables.present(), read)
    return found


ADMIN = role("Admin", "*")


def test_an_administrator_alone_destroys_everything(tmp_path: Path) -> None:
    found = radius(tmp_path, ADMIN, role("Reader", "dynamodb:GetItem"))

    assert (found.smallest.size, found.smallest.who) == (1, (("Admin",),))
    assert [destroyer.title for destroyer in found.destroyers] == ["Admin"]


def test_two_roles_that_keep_duties_apart_are_two(tmp_path: Path) -> None:
    found = radius(tmp_path, role("Tables", "dynamodb:*"), role("Backups", "backup:*"))

    assert found.smallest.size == 2
    assert set(found.smallest.who[0]) == {"Tables", "Backups"}


def test_a_lock_that_is_final_keeps_a_copy_from_everybody(tmp_path: Path) -> None:
    lock = "LockConfiguration: {MinRetentionDays: 7, ChangeableForDays: 3}"
    found = radius(tmp_path, ADMIN, vault=lock)

    assert found.smallest.size is None
    assert [copy.name for copy in found.smallest.survives] == ["vault main"]


def test_a_lock_that_can_be_taken_off_keeps_nothing(tmp_path: Path) -> None:
    found = radius(tmp_path, ADMIN, vault="LockConfiguration: {MinRetentionDays: 7}")

    assert found.smallest.size == 1
    assert found.destroyers[0].by[1] == ("unlock-vault",)


def test_whoever_deletes_the_key_destroys_what_the_lock_keeps(tmp_path: Path) -> None:
    key = """\
      Key:
        Type: AWS::KMS::Key
        Properties:
          KeyPolicy:
            Statement:
              - Effect: Allow
                Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                Action: kms:*
                Resource: "*"
"""
    lock = "LockConfiguration: {MinRetentionDays: 7, ChangeableForDays: 3}\n          EncryptionKeyArn: !GetAtt Key.Arn"
    found = radius(tmp_path, ADMIN, key, vault=lock)

    assert found.smallest.size == 1
    assert found.destroyers[0].by[1] == ("kill-key",)


def test_a_copy_in_another_account_is_out_of_reach(tmp_path: Path) -> None:
    copies = "CopyActions: [{DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:999988887777:backup-vault:far'}]"
    found = radius(tmp_path, ADMIN, copies=copies)

    assert found.smallest.size is None
    assert [copy.name for copy in found.smallest.survives] == ["vault far"]


def test_a_role_that_only_aws_backup_takes_on_is_no_thief(tmp_path: Path) -> None:
    found = radius(tmp_path, role("Service", "*", trust="backup.amazonaws.com"))

    assert found.destroyers == ()


def test_without_principals_nothing_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoverable.recovery.access.blast_radius.target_of", None)

    assert blast_radii((), Estate()) == ()


def test_the_picture_says_who_restores_and_how_few_destroy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    estate(tmp_path, app=STORY)
    monkeypatch.chdir(tmp_path)
    assert run(["posture"]) == 0

    printed = capsysbinary.readouterr().out.decode()
    assert "Orders: restored by Admin, Dev, Ops; smallest set that destroys every copy: 1 (Admin)" in printed


COPIES = tuple(Copy("vault", f"vault {at}", Truth(YES), Truth(NO), Truth(NO)) for at in range(5))
ANSWERS = st.lists(st.tuples(*[st.sampled_from((YES, NO, NO, UNKNOWN))] * 5), max_size=7)


def brute(destroyers: list[Destroyer], counted: tuple[Answer, ...]) -> int | None:
    for size in range(1, len(destroyers) + 1):
        for chosen in combinations(destroyers, size):
            if all(any(one.answers[at] in counted for one in chosen) for at in range(5)):
                return size
    return None


@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_the_smallest_set_is_what_trying_all_sets_finds(rows: list[tuple[Answer, ...]]) -> None:
    destroyers = [Destroyer(f"p{at}", row, ((),) * 5) for at, row in enumerate(rows)]

    assert smallest_set(destroyers, COPIES, perhaps=False).size == brute(destroyers, (YES,))
    assert smallest_set(destroyers, COPIES, perhaps=True).size == brute(destroyers, (YES, UNKNOWN))


def test_the_page_shows_principals_by_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    estate(tmp_path, app=STORY)
    monkeypatch.chdir(tmp_path)
    run(["posture", "--format", "html"])
    page = capsysbinary.readouterr().out.decode()

    part = page.partition('<section id="powers"')[2].partition("<section")[0]
    assert '<th scope="row">BreakGlass</th>' in part
    assert ">can <" in part
    assert "delete-points" in part


def test_a_page_without_principals_says_nothing_of_who_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    estate(tmp_path, app="Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n")
    monkeypatch.chdir(tmp_path)
    run(["posture", "--format", "html"])
    page = capsysbinary.readouterr().out.decode()

    assert 'id="powers"' not in page
    assert "Who may restore and who may destroy is not on this page." in page
