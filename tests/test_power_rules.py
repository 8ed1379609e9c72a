"""Rules about what principals can do: who is entrusted with it, and which finding says it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recoverable import config
from recoverable.config import ConfigError
from recoverable.scan import Documents, Request, prepare, scan
from test_blast_radius import ESTATE, role

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.check import Report

POWERS = (
    "can-destroy-table-and-backups", "single-point-of-destruction", "silent-delete", "unlock-then-delete",
    "may-delete-native-backups", "may-delete-recovery-points", "may-delete-table", "may-disable-pitr",
)  # fmt: skip


def judged(folder: Path, *roles: str, settings: str = "") -> Report:
    (folder / ".git").mkdir(exist_ok=True)
    text = ESTATE % {"vault": "", "copies": ""} + "".join(roles)
    (folder / "app.yaml").write_text("\n".join(line[4:] for line in text.splitlines()), encoding="utf-8")
    if settings:
        (folder / ".recoverable.yaml").write_text(settings, encoding="utf-8")
    report = scan(prepare(str(folder)), [str(folder)], Request(only=POWERS), Documents()).report
    assert report.faults == ()
    return report


def found(report: Report) -> set[tuple[str, str]]:
    return {(finding.rule.name, finding.subject.title()) for finding in report.findings}


def test_the_widest_power_says_it_all(tmp_path: Path) -> None:
    assert found(judged(tmp_path, role("Admin", "*"))) == {
        ("can-destroy-table-and-backups", "Admin"),
        ("single-point-of-destruction", "Orders"),
    }


def test_a_lesser_power_is_told_by_itself(tmp_path: Path) -> None:
    assert found(judged(tmp_path, role("Cleaner", "dynamodb:DeleteBackup"))) == {
        ("may-delete-native-backups", "Cleaner"),
    }


def test_who_is_entrusted_is_exempt_with_the_reason_and_others_are_not(tmp_path: Path) -> None:
    settings = """\
principals:
  - principal: Admi?
    may: [can-destroy-table-and-backups, single-point-of-destruction]
    reason: kept under two keys
"""
    report = judged(tmp_path, role("Admin", "*"), role("Cleaner", "dynamodb:DeleteBackup"), settings=settings)

    assert found(report) == {("may-delete-native-backups", "Cleaner")}
    assert [(one.rule.name, one.subject.title()) for one in report.exempt] == [
        ("can-destroy-table-and-backups", "Admin")
    ]
    assert "kept under two keys" in report.exempt[0].reason


def test_an_entrusted_power_must_be_a_rule(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    text = "principals: [{principal: Admin, may: may-delete-tables, reason: x}]\n"
    (tmp_path / ".recoverable.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        prepare(str(tmp_path))
    assert "may-delete-table" in caught.value.faults[0].do


def test_what_principals_are_meant_to_have_needs_a_reason() -> None:
    with pytest.raises(ConfigError):
        config.parse("principals: [{principal: Admin, may: may-delete-table}]\n")


GLOBAL = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      TableName: orders
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      Replicas: [{Region: eu-west-1}, {Region: us-east-1}, {Region: ap-south-1}]
  Ops:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [dynamodb:DeleteTable, dynamodb:DeleteTableReplica, dynamodb:PutResourcePolicy]
                Resource: "arn:aws:dynamodb:%s:*:table/orders"
"""
NEW = ("may-delete-replica", "may-share-table")


def judged_global(folder: Path, region: str, settings: str = "") -> Report:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "app.yaml").write_text(GLOBAL % region, encoding="utf-8")
    (folder / ".recoverable.yaml").write_text(settings or "{}", encoding="utf-8")
    return scan(prepare(str(folder)), [str(folder)], Request(only=NEW), Documents()).report


@pytest.mark.parametrize("region", ["us-east-1", "ap-south-1"])
def test_one_replica_of_several_is_enough(tmp_path: Path, region: str) -> None:
    assert ("may-delete-replica", "Ops") in found(judged_global(tmp_path, region))


def test_a_region_without_a_replica_gives_nothing(tmp_path: Path) -> None:
    report = judged_global(tmp_path, "sa-east-1")

    assert "may-delete-replica" not in {finding.rule.name for finding in (*report.findings, *report.undetermined)}


def test_who_may_share_tables_by_declaration_is_exempt_and_still_found_for_replicas(tmp_path: Path) -> None:
    settings = "principals: [{principal: Ops, may: [may-share-table], reason: deploys the tables}]"
    report = judged_global(tmp_path, "*", settings)

    assert found(report) == {("may-delete-replica", "Ops")}
    assert [(each.rule.name, each.reason) for each in report.exempt] == [
        ("may-share-table", "it is meant to have this power: deploys the tables")
    ]
