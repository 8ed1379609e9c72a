"""Runs over repositories with Terraform: which files are read, what is reported, and what is left alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from recoverable.cli.main import run
from recoverable.files import discover

if TYPE_CHECKING:
    from pathlib import Path

TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'
CALL = 'module "orders" {\n  source = "../modules/orders"\n}\n'
OTHER = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = run(["check", "--format", "json", "--only", "pitr-disabled", *words])
    return code, json.loads(capsys.readouterr().out)


def found(report: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [
        (each["subject"]["address"], each["location"]["path"], each["location"]["line"]) for each in report["findings"]
    ]


def test_a_table_is_found_and_reported_at_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"infra/tables.tf": "\n" + TABLE})

    code, report = checked(capsys)

    assert code == 1
    assert found(report) == [("aws_dynamodb_table.orders", "infra/tables.tf", 2)]


def test_only_folders_that_concern_tables_are_read_with_all_their_files(folder: Path) -> None:
    lay(folder, {
        "a/main.tf": TABLE, "a/variables.tf": OTHER, "a/terraform.tfvars": "x = 1\n",
        "b/main.tf": OTHER,
        "c/main.tf": CALL, "modules/orders/main.tf": TABLE,
    })  # fmt: skip

    looked = discover(["."], str(folder))

    assert [file.path for file in looked.files] == [
        "a/main.tf", "a/terraform.tfvars", "a/variables.tf", "c/main.tf", "modules/orders/main.tf",
    ]  # fmt: skip
    assert looked.other_count == 1


def test_a_named_file_is_read_with_the_files_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {
        "main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  point_in_time_recovery {\n'
        "    enabled = var.pitr\n  }\n}\n",
        "variables.tf": 'variable "pitr" {\n  default = false\n}\n',
    })  # fmt: skip

    code, report = checked(capsys, "main.tf")

    assert code == 1
    assert found(report) == [("aws_dynamodb_table.t", "main.tf", 4)]


def test_tables_of_one_address_in_two_roots_are_told_apart_by_the_call(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = TABLE.replace("  name", "  hash_key = var.key\n  name") + 'variable "key" {\n  default = "id"\n}\n'
    lay(folder, {"modules/orders/main.tf": module, "one/main.tf": CALL, "two/main.tf": "\n" + CALL})

    _, report = checked(capsys)

    assert [each["subject"]["address"] for each in report["findings"]] == [
        "module.orders.aws_dynamodb_table.orders"
    ] * 2
    calls = [fact["location"] for each in report["findings"] for fact in each["facts"] if "called here" in fact["text"]]
    assert [(place["path"], place["line"]) for place in calls] == [("one/main.tf", 1), ("two/main.tf", 2)]


def test_the_call_is_not_told_where_there_is_one_root(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"modules/orders/main.tf": TABLE, "one/main.tf": CALL})

    _, report = checked(capsys)

    assert not [fact for each in report["findings"] for fact in each["facts"] if "called here" in fact["text"]]


def test_with_an_estate_only_what_changed_is_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"a/main.tf": TABLE, "b/main.tf": TABLE})

    _, report = checked(capsys, "--estate", ".", "b/main.tf")

    assert [path for _, path, _ in found(report)] == ["b/main.tf"]


def test_a_broken_block_makes_the_answer_incomplete(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE + 'resource "aws_s3_bucket" "b" {\n  tags = {\n}\n'})

    code, report = checked(capsys)

    assert code == 2
    assert len(found(report)) == 1


def test_terraform_without_tables_is_something_to_examine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": OTHER})

    code, _ = checked(capsys)

    assert code == 0


BROKEN = {
    "an argument that nobody reads": 'resource "aws_s3_bucket" "b" {\n  bucket = upper("logs") + * 2\n}\n',
    "a local value that nobody uses": "locals {\n  unused = 1 +\n}\n",
    "an output": 'output "o" {\n  value = [for x in]\n}\n',
    "a default": 'variable "v" {\n  default = "${"\n}\n',
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_where_it_is_even_if_nobody_needs_the_value(
    folder: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    lay(folder, {"main.tf": TABLE, "other.tf": broken})

    code, report = checked(capsys)

    assert code == 2
    assert [(each["location"]["path"], each["location"]["line"] in {1, 2}) for each in report["errors"]] == [
        ("other.tf", True)
    ]
    assert found(report) == [("aws_dynamodb_table.orders", "main.tf", 1)]


def test_a_mistake_in_a_folder_without_tables_is_not_ours(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"a/main.tf": TABLE, "b/main.tf": BROKEN["an output"]})

    code, report = checked(capsys)

    assert (code, report["errors"]) == (1, [])


def test_a_mistake_in_an_installed_module_that_nobody_reads_is_not_ours(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = {"Modules": [{"Key": "t", "Source": "x/dynamodb/aws", "Dir": ".terraform/modules/t"}]}
    lay(folder, {
        "main.tf": 'module "t" {\n  source = "x/dynamodb/aws"\n}\n',
        ".terraform/modules/modules.json": json.dumps(manifest),
        ".terraform/modules/t/main.tf": TABLE + BROKEN["an output"],
    })  # fmt: skip

    code, report = checked(capsys)

    assert (code, report["errors"]) == (1, [])


VAULT = 'resource "aws_backup_vault" "main" {\n  name = "main"\n}\n'
LOCK = """\
resource "aws_backup_vault_lock_configuration" "main" {
  backup_vault_name   = aws_backup_vault.main.name
  max_retention_days  = 400
  changeable_for_days = 14
}
"""


@pytest.mark.parametrize("at", ['"main" {', "changeable_for_days = 14"])
def test_a_comment_at_what_stands_beside_a_vault_accepts_what_is_found_there(
    folder: Path, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    said = LOCK.replace(at, f"{at} # recoverable: accept[vault-lock-becomes-final] decided by the board", 1)
    lay(folder, {"vault.tf": VAULT, "lock.tf": said})

    run(["check", "--format", "json", "--only", "vault-lock-becomes-final"])

    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert [each["subject"]["address"] for each in report["accepted"]] == ["aws_backup_vault.main"]


def test_a_comment_at_one_lock_does_not_speak_of_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = (VAULT + LOCK).replace("main", "other")
    said = LOCK.replace('"main" {', '"main" { # recoverable: accept[vault-lock-becomes-final] decided by the board')
    lay(folder, {"main.tf": VAULT + said + others})

    run(["check", "--format", "json", "--only", "vault-lock-becomes-final"])

    report = json.loads(capsys.readouterr().out)
    assert [each["subject"]["address"] for each in report["findings"]] == ["aws_backup_vault.other"]


POLICIES = {
    "jsonencode": """  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Resource = "*" # here
      Action = "backup:CopyIntoBackupVault"
    }]
  })
}
""",
    "a heredoc": """\
  policy = <<-EOF
    {
      "Statement": [
        {"Effect": "Allow", "Resource": "${aws_backup_vault.main.arn}", "Action": "backup:CopyIntoBackupVault",
         "Principal": {
            "AWS": "*"
         }}
      ]
    }
  EOF
}
""",
    "a local value": """  policy = local.policy
}
locals {
  policy = jsonencode({ Statement = [
      { Effect = "Allow", Principal = "*", Resource = "*" # here
      Action = "backup:CopyIntoBackupVault" }
  ] })
}
""",
    "a data source": """  policy = data.aws_iam_policy_document.vault.json
}
data "aws_iam_policy_document" "vault" {

  statement {
    principals {
      type        = "*"
      identifiers = ["*"] # here
    }
    actions   = ["backup:CopyIntoBackupVault"]
    resources = ["*"]
  }
}
""",
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_statement_is_found_where_it_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], policy: str
) -> None:
    head = 'resource "aws_backup_vault_policy" "main" {\n  backup_vault_name = aws_backup_vault.main.name\n'
    lay(folder, {"main.tf": VAULT, "policy.tf": head + policy})

    run(["check", "--format", "json", "--only", "vault-policy-open"])

    report = json.loads(capsys.readouterr().out)
    wanted = (head + policy).partition('"AWS"' if "EOF" in policy else "# here")[0].count("\n") + 1
    assert [(each["location"]["path"], each["location"]["line"]) for each in report["findings"]] == [
        ("policy.tf", wanted)
    ]


def test_a_finding_is_accepted_by_a_comment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": "# recoverable: accept[pitr-disabled] rebuilt nightly\n" + TABLE})

    code, report = checked(capsys)

    assert code == 0
    assert [each["subject"]["address"] for each in report["accepted"]] == ["aws_dynamodb_table.orders"]


def test_parameters_fix_variables_and_the_region(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {
        "main.tf": 'variable "tables" {}\nresource "aws_dynamodb_table" "t" {\n  for_each = var.tables\n'
        "  name = each.key\n}\n",
    })  # fmt: skip

    _, report = checked(capsys, "--parameters", 'tables={"a" = 1}', "--parameters", "AWS::Region=eu-west-1")

    assert found(report) == [('aws_dynamodb_table.t["a"]', "main.tf", 2)]
    assert report["findings"][0]["subject"]["region"] == "eu-west-1"
    assert report["findings"][0]["scenario"] is None


def test_a_module_that_is_a_link_out_of_the_repository_is_not_read(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    lay(outside, {"main.tf": TABLE})
    lay(folder, {"app/main.tf": CALL + TABLE.replace("orders", "own")})
    (folder / "modules").mkdir()
    (folder / "modules" / "orders").symlink_to(outside)

    _, report = checked(capsys)

    assert [address for address, _, _ in found(report)] == ["aws_dynamodb_table.own"]


def test_coverage_by_a_module_that_is_not_read_is_unknown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE + 'module "safe" {\n  source = "acme/backup/aws"\n}\n'})

    run(["check", "--format", "json", "--only", "table-in-no-backup-plan"])
    report = json.loads(capsys.readouterr().out)

    assert report["findings"] == []
    assert [each["rule"] for each in report["undetermined"]] == ["table-in-no-backup-plan"]


def test_a_table_that_no_plan_selects_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE + 'resource "aws_backup_plan" "daily" {\n  name = "daily"\n}\n'})

    run(["check", "--format", "json", "--only", "table-in-no-backup-plan"])
    report = json.loads(capsys.readouterr().out)

    assert [each["rule"] for each in report["findings"]] == ["table-in-no-backup-plan"]
    assert report["undetermined"] == []


@pytest.mark.parametrize(
    "text",
    [
        'module "safe" {\n  source = "git::https://example.com/terraform-aws-backup.git"\n}\n',
        'resource "aws_organizations_policy" "p" {\n  type = "BACKUP_POLICY"\n  content = var.content\n}\n',
    ],
)
def test_a_folder_that_only_makes_backups_is_read(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"app/main.tf": TABLE, "safety/main.tf": text})

    run(["check", "--format", "json", "--only", "table-in-no-backup-plan"])
    report = json.loads(capsys.readouterr().out)

    assert report["findings"] == []
    assert [each["rule"] for each in report["undetermined"]] == ["table-in-no-backup-plan"]


@pytest.mark.parametrize(("state", "detail"), [("FAILED", []), ("COMPLETED", ["backup-failures-unnoticed"])])
def test_an_event_rule_waits_for_failed_backups(
    state: str, detail: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = f"""
resource "aws_backup_vault" "main" {{
  name = "main"
}}
resource "aws_cloudwatch_event_rule" "failed" {{
  event_pattern = jsonencode({{
    source      = ["aws.backup"]
    detail-type = ["Backup Job State Change"]
    detail      = {{ state = ["{state}"] }}
  }})
}}
"""
    lay(folder, {"main.tf": TABLE + rule})

    run(["check", "--format", "json", "--only", "backup-failures-unnoticed"])
    report = json.loads(capsys.readouterr().out)

    assert [each["rule"] for each in report["findings"]] == detail
