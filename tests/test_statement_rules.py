"""Rules about single statements, where their documents do not show it all."""

from __future__ import annotations

import json

import pytest

from recoverable.config import Settings
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.source import Span
from statements import PACK, PERMISSIONS, deny, managed, report, role, said, statement

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
POINTS = "arn:aws:backup:eu-west-1:111122223333:recovery-point:*"

COPIED_TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/WebSeries"

#: The policy that is copied everywhere, as AWS's page has it but for the Resource.
COPIED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "dynamodb:CreateBackup", "dynamodb:RestoreTableFromBackup", "dynamodb:PutItem", "dynamodb:UpdateItem",
                "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchWriteItem",
            ],
            "Resource": COPIED_TABLE,
        }
    ],
}  # fmt: skip


def of_file(document: object) -> dict[str, int]:
    """The lines of what is found in a policy in a file of its own, by rule."""
    text = json.dumps(document, indent=2).encode()
    setup = Setup("", Settings(), PACK._replace(rules=PERMISSIONS))
    made = examine([("policy.json", text)], setup, Request(), Documents())
    assert made.faults == ()
    assert made.undetermined == ()
    return {f.rule.name: f.origin.line for f in made.findings if isinstance(f.origin, Span)}


def test_the_copied_policy_cannot_restore_and_is_found_at_its_action() -> None:
    line = json.dumps(COPIED, indent=2).split("\n").index('        "dynamodb:RestoreTableFromBackup",') + 1

    assert of_file(COPIED) == {"restore-grant-misses-backup-arn": line}


def test_what_to_write_instead_is_said_for_the_table_at_hand() -> None:
    made = report({"Ops": role(*COPIED["Statement"])})  # type: ignore[arg-type]
    (finding,) = made.findings

    assert "write instead: dynamodb:RestoreTableFromBackup on " + COPIED_TABLE + "/backup/*" in {
        fact.text for fact in finding.facts
    }


# What other tools pass: delete rights on all tables and vaults, ARNs of stars, NotAction, question marks.


@pytest.mark.parametrize(
    ("passed", "found"),
    [
        (statement("dynamodb:DeleteBackup", "arn:aws:dynamodb:*:*:table/*"), "backup-actions-on-everything"),
        (statement("backup:DeleteRecoveryPoint", "arn:aws:backup:*:*:*"), "backup-actions-on-everything"),
        (statement("backup:*", "arn:aws:backup:*:*:*"), "backup-service-wildcard"),
        (statement("iam:PassRole", "arn:aws:iam::*:role/*"), "pass-role-too-wide"),
        (statement("", NotAction="iam:*"), "allow-with-not-action"),
        (statement("dynamodb:DeleteBacku?", "arn:aws:dynamodb:*:*:table/*"), "delete-wildcard"),
        (statement("dynamodb:[D]eleteBackup"), "unknown-action"),
    ],
    ids=str,
)
def test_what_other_tools_pass_is_found(passed: dict[str, object], found: str) -> None:
    assert list(of_file({"Version": "2012-10-17", "Statement": [passed]})) == [found]


# Grants that are void.


def test_a_void_grant_of_one_holder_is_found_though_another_has_it_elsewhere() -> None:
    resources = {
        "Both": managed(statement("dynamodb:RestoreTableFromBackup", TABLE)),
        "One": role(
            statement("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*"), ManagedPolicyArns=[{"Ref": "Both"}]
        ),
        "Two": role(ManagedPolicyArns=[{"Ref": "Both"}]),
    }

    assert [f.rule.name for f in report(resources).findings] == ["restore-grant-misses-backup-arn"]
    assert report({name: resources[name] for name in ("Both", "One")}).findings == ()


def test_a_policy_that_was_not_read_leaves_a_void_grant_open_only_where_one_that_was_read_could_be_it() -> None:
    ops = role(statement("dynamodb:RestoreTableFromBackup", TABLE), ManagedPolicyArns=[{"Ref": "Unknown"}])
    good = managed(statement("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*"))

    assert [f.rule.name for f in report({"Ops": ops}).findings] == ["restore-grant-misses-backup-arn"]
    assert [f.rule.name for f in report({"Ops": ops, "Good": good}).undetermined] == ["restore-grant-misses-backup-arn"]


def test_a_policy_template_of_sam_is_not_the_authors_fault() -> None:
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"Policies": [{"DynamoDBBackupFullAccessPolicy": {"TableName": "orders"}}]},
    }

    made = report({"Nightly": function})
    assert (made.findings, made.undetermined) == ((), ())


# Roles that are passed on.


def test_a_condition_on_the_service_must_name_some() -> None:
    for operator, value, wanted in (
        ("StringEquals", "backup.amazonaws.com", {}),
        ("StringLike", "*.amazonaws.com", {}),
        ("StringLike", "*", {"pass-role-too-wide": "wrong"}),
        ("StringNotEquals", "ec2.amazonaws.com", {"pass-role-too-wide": "wrong"}),
        ("StringLike", {"Ref": "Unknown"}, {"pass-role-too-wide": "unknown"}),
    ):
        condition = {operator: {"iam:PassedToService": value}}
        assert said(statement("iam:PassRole", Condition=condition)) == wanted, (operator, value)


def test_passing_that_is_denied_again_is_exempt() -> None:
    assert said(statement("iam:PassRole"), deny("iam:*")) == {"pass-role-too-wide": "exempt"}


# Names of actions.


def test_a_suggestion_is_made_only_where_one_word_is_surely_the_other() -> None:
    made = report({"Ops": role(statement(["dynamodb:ListBackup", "kms:DeleteKey"]))}, rules=["unknown-action"])
    (finding,) = made.findings

    assert [fact.text for fact in finding.facts if "almost" in fact.text] == [
        "it is spelt almost like dynamodb:ListBackups"
    ]


def test_services_that_rules_are_not_about_have_any_action() -> None:
    assert said(statement(["docdb:Anything", "s3:NoSuchThing", "dax:GetItem"])) == {}


# One policy that destroys all.


def test_who_holds_such_a_policy_is_judged_where_tables_are_in_sight() -> None:
    ending = ["dynamodb:DeleteTable", "dynamodb:DeleteBackup", "backup:UpdateRecoveryPointLifecycle"]
    wipe = managed(statement(ending, [f"{TABLE}", f"{TABLE}/backup/*", POINTS]))
    holder = role(ManagedPolicyArns=[{"Ref": "Wipe"}])
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {}}

    def told(**resources: object) -> bool:
        made = report({"Wipe": wipe, **resources}, rules=["policy-destroys-table-and-backups"])
        return bool(made.findings)

    assert told()
    assert told(Ops=holder)
    assert not told(Ops=holder, Orders=table)


def test_what_a_service_wildcard_allows_is_told_as_that() -> None:
    whole = managed(statement(["dynamodb:*", "backup:*"]))

    assert sorted(f.rule.name for f in report({"Wipe": whole}).findings) == [
        "backup-service-wildcard",
        "dynamodb-service-wildcard",
    ]
