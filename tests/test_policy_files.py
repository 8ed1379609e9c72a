"""Policies in files of their own are known by what they hold, and are read to the line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from policies_seen import documents, guardrails, judged, may_delete_tables, statements
from recoverable import Principal, Severity, Truth, rule
from recoverable.pack import Pack
from recoverable.policy.document import Policy
from recoverable.scan import Documents, Request, prepare, scan
from recoverable.source import Span
from recoverable.truth import Answer

ROOT = Path(__file__).parents[1]
ACCOUNT = (ROOT / "fixtures" / "policies" / "account.json").read_text(encoding="utf-8")

BARE = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Wipe",
      "Effect": "Allow",
      "Action": [
        "dynamodb:CreateBackup",
        "dynamodb:DeleteTable"
      ],
      "Resource": "*"
    }
  ]
}
"""
BACKUP = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
WIPE = json.loads(BARE)
TRUST = {"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}}


def _principals(files: dict[str, str]) -> dict[str, Principal]:
    found: dict[str, Principal] = {}

    @rule(Severity.LOW)
    def seen(principal: Principal) -> Truth:
        found[principal.subject.address] = principal
        return Truth(Answer.NO)

    assert judged(seen, files).faults == ()
    return found


def _actions(policy: Policy | None) -> list[str]:
    return [] if policy is None else [action.shown() for one in policy.statements for action in one.actions]


def test_a_bare_policy_is_one_that_somebody_may_have() -> None:
    assert documents({"iam/ops.json": BARE}) == {"ops.json": "unattached: nobody"}
    assert statements({"iam/ops.json": BARE}) == {
        "ops.json statement Wipe": "Allow dynamodb:CreateBackup, dynamodb:DeleteTable"
    }


def test_a_finding_in_a_bare_policy_points_at_the_action() -> None:
    (finding,) = judged(may_delete_tables, {"iam/ops.json": BARE}).findings

    assert finding.origin == Span("iam/ops.json", 9, 9, 9, 31)


def test_a_bare_policy_may_be_yaml() -> None:
    text = "Statement:\n- Effect: Allow\n  Action: dynamodb:DeleteTable\n  Resource: '*'\n"

    (finding,) = judged(may_delete_tables, {"ops.yaml": text}).findings

    assert isinstance(finding.origin, Span)
    assert finding.origin.line == 3


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ({"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}, "trust"),
        ({"Principal": "*", "Action": "backup:CopyIntoBackupVault"}, "vault"),
        ({"Principal": "*", "Action": ["kms:Decrypt", "kms:*"]}, "key"),
        ({"Principal": "*", "Action": "dynamodb:GetItem"}, "table"),
        ({"Principal": "*", "Action": "s3:GetObject"}, "resource"),
        ({"NotPrincipal": {"AWS": "1"}, "Action": ["s3:GetObject", "kms:Decrypt"]}, "resource"),
        ({"Action": "s3:GetObject"}, "unattached"),
    ],
)
def test_what_a_bare_policy_hangs_on_shows_in_its_principals_and_actions(
    statement: dict[str, object], kind: str
) -> None:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})

    assert documents({"p.json": text}) == {"p.json": f"{kind}: nobody"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"PolicyVersion": {"Document": WIPE, "VersionId": "v1", "IsDefaultVersion": True}}, "unattached"),
        ({"PolicyVersion": {"Document": quote(BARE, safe=""), "VersionId": "v1"}}, "unattached"),
        ({"RoleName": "ops", "PolicyName": "wipe", "PolicyDocument": WIPE}, "unattached"),
        ({"UserName": "anna", "PolicyName": "wipe", "PolicyDocument": quote(json.dumps(WIPE))}, "unattached"),
        ({"Policy": json.dumps(WIPE)}, "unattached"),
        ({"BackupVaultName": "v", "BackupVaultArn": "arn:aws:backup:::v", "Policy": json.dumps(WIPE)}, "vault"),
        ({"Role": {"RoleName": "ops", "AssumeRolePolicyDocument": WIPE}}, "trust"),
    ],
)
def test_what_the_command_line_answers_with_is_read(answer: dict[str, object], kind: str) -> None:
    files = {"answer.json": json.dumps(answer)}

    assert documents(files) == {"answer.json": f"{kind}: nobody"}
    assert statements(files) == {"answer.json statement Wipe": "Allow dynamodb:CreateBackup, dynamodb:DeleteTable"}


def test_a_control_policy_is_known_by_its_answer_or_by_how_its_file_is_called() -> None:
    answer = {"Policy": {"PolicySummary": {"Type": "RESOURCE_CONTROL_POLICY", "Name": "x"}, "Content": BARE}}
    files = {"a.json": json.dumps(answer), "scps/full.json": BARE, "org/deny-scp.json": BARE, "escps/b.json": BARE}

    assert guardrails(files) == {
        "a.json": "rcp with 1 on nothing and perhaps more",
        "full.json": "scp with 1 on nothing and perhaps more",
        "deny-scp.json": "scp with 1 on nothing and perhaps more",
    }
    assert documents(files)["b.json"] == "unattached: nobody"


OTHERS = {
    "package.json": '{"name": "x", "scripts": {"Statement": "Effect Action"}}',
    "machine.asl.json": '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::x"}}}',
    "openapi.json": json.dumps({"openapi": "3.0.0", "x-amazon-apigateway-policy": WIPE}),
    "azure.json": '{"if": {"field": "type", "equals": "Action"}, "then": {"effect": "Deny"}, "Statement": "Effect"}',
    "opa.json": '{"Statement": [{"Effect": "permit", "Action": "read"}, "Effect", {"Effect": "Allow"}]}',
    "data.json": '{"Statement": {"Effect": ["Allow"], "Action": "x"}}',
    "tags.json": '{"Policy": {"PolicySummary": {"Type": "TAG_POLICY"}, "Content": "Statement Effect Action"}}',
    "list.json": '["Statement", {"Effect": "Allow", "Action": "x"}]',
    "text.json": '"Statement Effect Action"',
    "details.json": '{"RoleDetailList": "Statement Effect Action"}',
    "empty.json": '{"Statement": [], "x": "Effect Action"}',
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_only_looks_like_a_policy_is_none(name: str) -> None:
    report = judged(may_delete_tables, {name: OTHERS[name]})

    assert (report.examined, report.faults, report.findings, report.undetermined) == ((), (), (), ())


def test_a_broken_file_that_may_have_been_a_policy_is_nobodys_business() -> None:
    assert judged(may_delete_tables, {"x.json": BARE[:-3]}).faults == ()


def test_a_policy_with_a_key_twice_is_told() -> None:
    (fault,) = judged(may_delete_tables, {"x.json": BARE.replace('"Sid"', '"Resource": "a", "Sid"')}).faults

    assert (fault.kind, fault.origin.start()) == ("unparsable", "x.json:11:7")


def test_principals_of_an_account_too_large_to_be_read_are_missed_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "account.json").write_text(ACCOUNT)
    monkeypatch.setattr("recoverable.content.SIZE_LIMIT", 1000)

    setup = prepare(str(tmp_path))._replace(pack=Pack((may_delete_tables,)))
    scanned = scan(setup, [str(tmp_path)], Request(), Documents())

    assert [fault.kind for fault in scanned.report.faults] == ["too-large"]


def test_a_folder_with_a_bare_policy_alone_is_something_to_examine(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "ops.json").write_text(BARE)
    (tmp_path / "package.json").write_text(OTHERS["package.json"])

    setup = prepare(str(tmp_path))._replace(pack=Pack((may_delete_tables,)))
    scanned = scan(setup, [str(tmp_path)], Request(), Documents())

    assert (scanned.empty, scanned.report.examined, len(scanned.report.findings)) == (False, ("ops.json",), 1)


def test_a_piece_of_a_template_keeps_what_only_the_template_knows_open() -> None:
    text = '{"Statement": [{"Effect": "Allow", "Action": [{"Fn::Sub": "dynamodb:${X}"}, "a:b"], "Resource": "*"}]}'

    assert statements({"p.json": text}) == {"p.json statement #1": "Allow ${unknown}, a:b"}


def test_a_policy_that_terraform_reads_from_a_file_is_told_there_alone() -> None:
    files = {
        "main.tf": 'resource "aws_iam_policy" "p" {\n  name = "p"\n  policy = file("${path.module}/p.json")\n}\n',
        "p.json": BARE,
        "other.json": BARE,
    }
    assert documents(files) == {"aws_iam_policy.p": "unattached: nobody", "other.json": "unattached: nobody"}
    found = judged(may_delete_tables, files).findings
    assert [(one.subject.title(), one.origin) for one in found] == [
        ("other.json statement Wipe", Span("other.json", 9, 9, 9, 31)),
        ("aws_iam_policy.p statement Wipe", Span("p.json", 9, 9, 9, 31)),
    ]


def test_an_account_has_its_principals_with_all_that_hangs_on_them() -> None:
    found = _principals({"account.json": ACCOUNT})
    ops = found["arn:aws:iam::123456789012:role/team/ops"]
    # AWS's own policies are known without the answer, and better with it.
    known = next(_actions(grant.policy) for grant in ops.grants if grant.name.shown() == BACKUP)
    assert known[:2] == ["dynamodb:DescribeTable", "dynamodb:CreateBackup"]

    assert {grant.name.shown(): _actions(grant.policy) for grant in ops.grants} == {
        "own": ["backup:StartBackupJob"],
        "arn:aws:iam::123456789012:policy/wipe": ["dynamodb:DeleteTable", "dynamodb:DeleteBackup"],
        BACKUP: known,
    }
    boundary = ops.boundary.known()
    assert boundary is not None
    assert (_actions(boundary.policy), _actions(ops.trust.known())) == (["dynamodb:*"], ["sts:AssumeRole"])
    assert ops.tags is not None
    assert [(key, value.known()) for key, value in ops.tags.entries] == [("team", "data")]
    assert (ops.subject.account.known(), ops.subject.name.known(), ops.open) == ("123456789012", "ops", "")


def test_a_user_of_an_account_has_what_its_groups_have() -> None:
    anna = _principals({"account.json": ACCOUNT})["arn:aws:iam::123456789012:user/anna"]

    assert [(grant.name.shown(), grant.through.rpartition(":")[2]) for grant in anna.grants] == [
        ("mine", ""),
        ("all", "group/admins"),
        ("arn:aws:iam::123456789012:policy/wipe", "group/admins"),
    ]


def test_policies_of_an_account_are_documents_by_their_default_version() -> None:
    role, user, group = (f"arn:aws:iam::123456789012:{name}" for name in ("role/team/ops", "user/anna", "group/admins"))
    policy = "arn:aws:iam::123456789012:policy"

    assert documents({"account.json": ACCOUNT}) == {
        f"{policy}/wipe": f"identity: {group}, {role}, {user} through {group}",
        f"{policy}/limit": f"boundary: {role}",
        f"{policy}/team/spare": "unattached: nobody",
        f"{group} policy all": f"identity: {group}, {user} through {group}",
        f"{role} policy own": f"identity: {role}",
        f"{role} policy trust": f"trust: {role}",
        f"{user} policy mine": f"identity: {user}",
    }


def test_pages_of_an_account_are_put_together() -> None:
    whole = json.loads(ACCOUNT)
    pages = [{key: whole[key]} for key in ("UserDetailList", "GroupDetailList", "RoleDetailList")]
    pages[0]["IsTruncated"] = True
    pages[2]["Policies"] = whole["Policies"]

    assert documents({"pages.json": json.dumps(pages)}) == documents({"account.json": ACCOUNT})


def test_an_account_that_is_cut_short_is_told() -> None:
    (fault,) = judged(
        may_delete_tables, {"account.json": ACCOUNT.replace('"IsTruncated": false', '"IsTruncated": true')}
    ).faults

    assert (fault.kind, fault.message) == (
        "incomplete", "this is not all of the account: the last page says that there are more (IsTruncated)",
    )  # fmt: skip


def test_documents_of_an_account_may_be_encoded_as_in_a_url() -> None:
    whole = json.loads(ACCOUNT)
    role = whole["RoleDetailList"][0]
    role["AssumeRolePolicyDocument"] = quote(json.dumps(role["AssumeRolePolicyDocument"]), safe="")

    (ops,) = [one for one in _principals({"a.json": json.dumps(whole)}).values() if one.subject.kind == "role"]

    assert _actions(ops.trust.known()) == ["sts:AssumeRole"]


@pytest.mark.parametrize("key", ["UserPolicyList", "GroupList", "AttachedManagedPolicies", "PolicyVersionList", "Arn"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [None, 7, "x", {}], {"a": {"b": []}}])
def test_no_account_however_malformed_makes_the_reading_fail(key: str, value: object) -> None:
    def spoilt(node: object) -> object:
        if isinstance(node, dict):
            return {name: value if name == key else spoilt(inner) for name, inner in node.items()}
        return [spoilt(inner) for inner in node] if isinstance(node, list) else node

    report = judged(may_delete_tables, {"account.json": json.dumps(spoilt(json.loads(ACCOUNT)))})

    assert report.faults == ()


def test_a_run_without_policy_files_does_not_load_their_readers(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}')
    program = (
        "import sys; from recoverable.cli.main import run; run(['check', '--only', 'pitr-disabled', '.']); "
        "sys.exit(any(name in sys.modules for name in "
        "('recoverable.read.policy_files', 'recoverable.read.account_details')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT / "linter")}, capture_output=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0
