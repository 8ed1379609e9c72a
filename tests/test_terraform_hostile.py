"""Configurations made to do harm: what explodes is given up, and nothing outside of the repository is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from configurations import read, table
from recoverable.cli.main import run
from recoverable.read.policies import MOST_STATEMENTS

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """
resource "aws_dynamodb_table" "t" {
  name = "t"
  %s
}
"""
POLICY = """
resource "aws_dynamodb_resource_policy" "p" {
  resource_arn = aws_dynamodb_table.t.arn
  policy       = %s
}
"""


def _open(policy: str, more: str = "") -> str:
    """Why the policy of a table may hold more than was read."""
    found = table(TABLE % "" + POLICY % policy + more).policy.known()
    assert found is not None
    return found.open


def test_documents_that_double_are_put_together_once_and_cut_off() -> None:
    chain = "".join(
        f"""
        data "aws_iam_policy_document" "d{number}" {{
          source_policy_documents = [
            data.aws_iam_policy_document.d{number - 1}.json, data.aws_iam_policy_document.d{number - 1}.json,
          ]
        }}
        """
        for number in range(1, 30)
    )
    first = 'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["a:b"]\n  }\n}\n'

    assert _open("data.aws_iam_policy_document.d29.json", chain + first) == f"more than {MOST_STATEMENTS} statements"


def test_a_document_made_of_itself_is_not_known() -> None:
    document = """
        data "aws_iam_policy_document" "d" {
          source_policy_documents = [data.aws_iam_policy_document.d.json]
        }
    """

    assert "made of itself" in _open("data.aws_iam_policy_document.d.json", document)


def test_a_policy_of_too_many_statements_is_cut_off() -> None:
    some = '[for i in range(1024) : { Effect = "Deny" }]'

    found = _open(f"jsonencode({{ Statement = concat({some}, {some}) }})")

    assert found == f"more than {MOST_STATEMENTS} statements"


def test_maps_in_maps_that_only_a_deployment_looks_into_are_followed_to_a_bound() -> None:
    inner = ", ".join(f"j{number} = true" for number in range(12))
    outer = "\n".join(f"k{number} = {{ {inner} }}" for number in range(12))
    names = "".join(f'variable "v{number}" {{}}\n' for number in range(6))
    asked = " && ".join(f"local.m[var.v{number}][var.v{number + 1}]" for number in range(5))

    reading = read(TABLE % f"deletion_protection_enabled = {asked}" + names + f"locals {{\n  m = {{\n{outer}\n}}\n}}\n")

    assert [note.kind for note in reading.notes] == ["too-many-scenarios"]
    assert all(
        variant.item is None or variant.item.deletion_protection.known() is not False
        for variant in reading.tables[0].variants
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository beside a folder with secrets: a module, a template, values."""
    outside, inside = tmp_path / "outside", tmp_path / "repository"
    (outside / "module").mkdir(parents=True)
    (outside / "module" / "main.tf").write_text(TABLE % "" + 'output "name" {\n  value = "secret"\n}\n')
    (outside / "secret.txt").write_text("secret")
    (outside / "secret.auto.tfvars").write_text('name = "secret"\n')
    (inside / ".git").mkdir(parents=True)
    monkeypatch.chdir(inside)
    return inside


def _checked(capsys: pytest.CaptureFixture[str]) -> tuple[list[str | None], dict[str, Any]]:
    """The names of all tables, and the report."""
    run(["check", "--format", "json"])
    printed = capsys.readouterr().out
    assert "secret" not in printed
    report = json.loads(printed)
    return [each["name"] for each in report["tables"]], report


@pytest.mark.parametrize(
    "name",
    [
        'file("${path.module}/link.txt")',
        'file("../outside/secret.txt")',
        'file("${path.root}/../outside/secret.txt")',
        'file(abspath("../outside/secret.txt"))',
        'templatefile("../outside/secret.txt", {})',
        'templatefile("${path.module}/link.txt", {})',
        'join("", fileset("../outside", "*"))',
        'join("", fileset("linked", "*"))',
        'join("", fileset(".", "linked/*"))',
        'filebase64("../outside/secret.txt")',
        'filemd5("link.txt")',
        "var.name",
    ],
)
def test_no_expression_reads_outside_of_the_repository(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    outside = folder.parent / "outside"
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside)
    (folder / "link.auto.tfvars").symlink_to(outside / "secret.auto.tfvars")
    (folder / "main.tf").write_text(
        f'variable "name" {{}}\nresource "aws_dynamodb_table" "t" {{\n  name = {name}\n}}\n'
    )

    names, _ = _checked(capsys)

    assert names in ([None], [""])


@pytest.mark.parametrize("source", ["../outside/module", "./link", "./link/../../outside/module", "acme/dynamodb/aws"])
@pytest.mark.parametrize("place", [".terraform/modules/t", "../outside/module", "link", "/outside/module"])
def test_no_module_is_read_outside_of_the_repository(
    folder: Path, capsys: pytest.CaptureFixture[str], source: str, place: str
) -> None:
    outside = folder.parent / "outside" / "module"
    (folder / "link").symlink_to(outside)
    (folder / ".terraform" / "modules").mkdir(parents=True)
    (folder / ".terraform" / "modules" / "t").symlink_to(outside)
    manifest = {"Modules": [{"Key": "t", "Source": source, "Dir": place}]}
    (folder / ".terraform" / "modules" / "modules.json").write_text(json.dumps(manifest))
    (folder / "main.tf").write_text(
        f'module "t" {{\n  source = "{source}"\n}}\n' + TABLE % "ttl {\n enabled = true\n }"
    )

    names, _ = _checked(capsys)

    assert names == ["t"]


def test_a_folder_of_states_outside_of_the_repository_names_no_workspaces(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "terraform.tfstate.d").symlink_to(folder.parent / "outside")
    (folder / "main.tf").write_text('resource "aws_dynamodb_table" "t" {\n  name = terraform.workspace\n}\n')

    names, _ = _checked(capsys)

    assert names == [None]


def test_a_file_of_values_that_is_too_large_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "main.tf").write_text(TABLE % "")
    (folder / "large.tfvars").write_text("# " + "x" * 1_000_000)

    assert run(["check", "--var-file", "large.tfvars"]) == 2
    assert "it is larger than" in capsys.readouterr().err
