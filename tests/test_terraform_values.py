"""Where variables of Terraform get their values: files, the environment, workspaces, and whoever deploys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from configurations import read, scenarios
from recoverable.cli.main import run
from recoverable.read import terraform
from recoverable.read.terraform.sources import Given, Sources

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.estate import Table

TABLE = """
variable "on" {}
variable "size" {
  default = 7
}
resource "aws_dynamodb_table" "t" {
  name                        = "t"
  deletion_protection_enabled = var.on
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], dict[str, Any]]:
    """The exit code, what is found and in which scenario, and the report."""
    code = run(["check", "--format", "json", "--only", "deletion-protection-disabled", *words])
    report = json.loads(capsys.readouterr().out)
    said = [f"found {each['scenario'] or 'always'}" for each in report["findings"]]
    return code, said + [f"open {each['scenario'] or 'always'}" for each in report["undetermined"]], report


def test_named_files_win_over_all_others_and_later_ones_over_earlier(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(folder, {"app/main.tf": TABLE, "app/z.auto.tfvars": "on = true\n", "app/prod.tfvars": "on = true\n"})
    lay(folder, {"one.tfvars": "on = true\n", "two.tfvars": "on = false\n"})

    assert checked(capsys, "--var-file", "one.tfvars", "--var-file", "two.tfvars")[1] == ["found always"]
    assert checked(capsys, "--var-file", "two.tfvars", "--var-file", "one.tfvars")[:2] == (0, [])


def test_a_named_file_is_no_longer_one_of_several(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE, "prod.tfvars": "on = true\n", "dev.tfvars": "on = false\n"})

    assert checked(capsys)[1] == ["found when the variable file is dev.tfvars"]
    assert checked(capsys, "--var-file", "prod.tfvars")[:2] == (0, [])


def test_a_named_file_may_be_json_and_lie_beside_the_repository(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(folder, {"repository/main.tf": TABLE, "repository/.recoverable.yaml": "", "values.tfvars.json": '{"on": true}'})
    (folder / "repository" / ".git").mkdir()

    assert checked(capsys, "--var-file", "values.tfvars.json", "repository")[:2] == (0, [])


def test_parameters_win_over_a_named_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE, "values.tfvars": "on = true\n"})

    assert checked(capsys, "--var-file", "values.tfvars", "--parameters", "on=false")[1] == ["found always"]


def test_a_broken_file_of_values_is_told_with_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE, "values.tfvars": "size = 1\non = [ true\n"})

    code, said, report = checked(capsys, "--var-file", "values.tfvars")

    assert code == 2
    assert said == ["open always"]
    assert [(each["location"]["path"], each["location"]["line"]) for each in report["errors"]] == [("values.tfvars", 2)]


def test_a_missing_file_of_values_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, {"main.tf": TABLE})

    assert run(["check", "--var-file", "prod.tfvars"]) == 2
    assert "--var-file prod.tfvars: No such file or directory; give a file of values" in capsys.readouterr().err


def test_the_environment_counts_only_when_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(folder, {"main.tf": TABLE})
    monkeypatch.setenv("TF_VAR_on", "false")

    assert checked(capsys)[1] == ["open always"]
    assert checked(capsys, "--tf-vars-from-env")[1] == ["found always"]


def test_files_of_values_win_over_the_environment(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(folder, {"main.tf": TABLE, "terraform.tfvars": "on = true\n"})
    monkeypatch.setenv("TF_VAR_on", "false")

    assert checked(capsys, "--tf-vars-from-env")[:2] == (0, [])


def _found(files: dict[str, str] | str) -> dict[str, bool | None]:
    """Deletion protection of the only table, by the circumstances."""
    (entry,) = read(files).tables
    return {when: None if each is None else each.deletion_protection.known() for when, each in scenarios(entry).items()}


def _protected(expression: str, more: str = "") -> dict[str, bool | None]:
    return _found(f"""
        variable "stage" {{}}
        locals {{
          protected = {{ prod = true, dev = false }}
        }}
        resource "aws_dynamodb_table" "t" {{
          name                        = "t"
          deletion_protection_enabled = {expression}
        }}
        {more}
    """)


def test_a_map_is_looked_into_key_by_key() -> None:
    assert _protected("local.protected[var.stage]") == {"var.stage is dev": False, "var.stage is prod": True}


@pytest.mark.parametrize(
    "expression", ["lookup(local.protected, var.stage, true)", "try(local.protected[var.stage], true)"]
)
def test_what_is_no_key_takes_the_default(expression: str) -> None:
    assert _protected(expression) == {
        "var.stage is dev": False,
        "var.stage is prod": True,
        "var.stage is something else": True,
    }


def test_a_list_is_asked_for_each_of_its_items() -> None:
    assert _protected('contains(["prod", "live"], var.stage)') == {
        "var.stage is live": True,
        "var.stage is prod": True,
        "var.stage is something else": False,
    }


def test_all_that_a_variable_is_compared_with_in_a_root_is_one_choice() -> None:
    found = _protected(
        'var.stage == "prod"',
        """
        resource "aws_backup_vault" "v" {
          count = var.stage == "dev" ? 0 : 1
          name  = "v"
        }
        """,
    )

    assert found == {"var.stage is dev": False, "var.stage is prod": True, "var.stage is something else": False}


def test_a_variable_is_not_two_things_at_once() -> None:
    assert _protected('var.stage == "prod" && var.stage == "dev"') == {
        "var.stage is dev": False,
        "var.stage is prod": False,
        "var.stage is something else": False,
    }


@pytest.mark.parametrize("asked", ["var.stage == null", "var.stage != null ? false : true"])
def test_whether_a_variable_is_null_is_a_choice_of_its_own(asked: str) -> None:
    assert _protected(asked) == {"var.stage == null is true": True, "var.stage == null is false": False}


def test_two_variables_that_are_not_known_are_equal_or_not_and_no_choice() -> None:
    found = _protected("var.stage == var.other ? true : false", 'variable "other" {}')

    assert found == {"": None}


def test_null_for_a_variable_is_its_default_only_if_it_says_so() -> None:
    found = {
        nullable: _found({
            "main.tf": 'module "m" {\n  source = "./m"\n  on     = null\n}\n',
            "m/main.tf": f"""
                variable "on" {{
                  default = true
                  {nullable}
                }}
                resource "aws_dynamodb_table" "t" {{
                  name                        = "t"
                  deletion_protection_enabled = var.on == null ? false : var.on
                }}
            """,
        })
        for nullable in ("", "nullable = true", "nullable = false")
    }  # fmt: skip

    assert found == {"": {"": False}, "nullable = true": {"": False}, "nullable = false": {"": True}}


def test_a_large_map_is_not_looked_into_key_by_key() -> None:
    keys = ", ".join(f"k{number} = true" for number in range(40))

    assert _protected(f"{{ {keys} }}[var.stage]") == {"": None}


WORKSPACE = """
resource "aws_dynamodb_table" "t" {
  name                        = "t-${terraform.workspace}"
  deletion_protection_enabled = terraform.workspace == "prod"
}
"""


def _in_workspaces(*names: str, **files: str) -> dict[str, Table]:
    texts = {"main.tf": WORKSPACE.encode(), **{f"{name}.tfvars": text.encode() for name, text in files.items()}}

    def listing(folder: str) -> list[str]:
        return [] if folder else list(texts)

    given = Given(subfolders=lambda folder: names if folder == "terraform.tfstate.d" else ())
    sources = Sources(texts, texts.get, listing, given)
    (entry,) = terraform.read(sources, ("",), lambda _: {}).tables
    return {when: each for when, each in scenarios(entry).items() if each is not None}


def test_workspaces_with_a_state_are_the_scenarios() -> None:
    found = _in_workspaces("prod", "dev")

    assert {when: (each.subject.name.known(), each.deletion_protection.known()) for when, each in found.items()} == {
        "terraform.workspace is default": ("t-default", False),
        "terraform.workspace is dev": ("t-dev", False),
        "terraform.workspace is prod": ("t-prod", True),
    }


def test_a_file_of_values_that_is_called_after_a_workspace_is_used_in_it() -> None:
    found = _in_workspaces(prod="", dev="")

    assert {when: each.deletion_protection.known() for when, each in found.items()} == {
        "the variable file is dev.tfvars": False,
        "the variable file is prod.tfvars": True,
    }


def test_a_name_that_is_not_declared_may_be_in_what_cannot_be_read() -> None:
    found = _found({
        "main.tf": """
            resource "aws_dynamodb_table" "t" {
              name                        = "t"
              deletion_protection_enabled = try(local.protected, false)
            }
        """,
        "locals.tf": "locals {\n  protected = true\n",
    })  # fmt: skip

    assert found == {"": None}


def test_a_name_that_is_declared_nowhere_is_what_terraform_refuses() -> None:
    assert _protected("try(local.nowhere, false)") == {"": False}


@pytest.mark.parametrize(
    "block",
    [
        "moved {\n  from = aws_dynamodb_table.old\n  to   = aws_dynamodb_table.t\n}",
        "removed {\n  from = aws_dynamodb_table.old\n  lifecycle {\n    destroy = false\n  }\n}",
        'import {\n  to = aws_dynamodb_table.t\n  id = "t"\n}',
        'import {\n  for_each = toset(["t"])\n  to       = aws_dynamodb_table.t\n  id       = each.key\n}',
        'check "health" {\n  data "http" "site" {\n    url = "https://example.com"\n  }\n'
        '  assert {\n    condition     = data.http.site.status_code == 200\n    error_message = "down"\n  }\n}',
        'ephemeral "random_password" "p" {\n  length = 16\n}',
        'resource "aws_secretsmanager_secret_version" "v" {\n  secret_id         = "s"\n'
        "  secret_string_wo  = ephemeral.random_password.p.result\n  secret_string_wo_version = 1\n}",
        'variable "token" {\n  type      = string\n  ephemeral = true\n  sensitive = true\n  nullable  = false\n'
        '  validation {\n    condition     = length(var.token) > 3\n    error_message = "short"\n  }\n}',
        'output "t" {\n  value     = aws_dynamodb_table.t.arn\n  ephemeral = true\n'
        '  precondition {\n    condition     = true\n    error_message = "x"\n  }\n}',
        'terraform {\n  required_version = ">= 1.9"\n  backend "s3" {\n    bucket = "b"\n  }\n'
        '  cloud {\n    workspaces {\n      tags = ["a"]\n    }\n  }\n'
        '  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n'
        "      configuration_aliases = [aws.far]\n    }\n  }\n}",
        'action "aws_lambda_invoke" "a" {\n  config {\n    function_name = "f"\n  }\n}',
    ],
)
def test_other_blocks_of_the_language_do_no_harm(block: str) -> None:
    reading = read(
        'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  deletion_protection_enabled = true\n}\n' + block + "\n"
    )

    assert reading.faults == ()
    assert [variant.item and variant.item.deletion_protection.known() for variant in reading.tables[0].variants] == [
        True
    ]


def test_an_ephemeral_value_is_not_known() -> None:
    found = _found("""
        ephemeral "vault_kv" "k" {}
        resource "aws_dynamodb_table" "t" {
          name                        = "t"
          deletion_protection_enabled = try(ephemeral.vault_kv.k.on, true)
        }
    """)

    assert found == {"": None}


def test_what_terraform_has_is_overridden_by_what_opentofu_has() -> None:
    found = _found({
        "main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}\n',
        "main.tofu": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  deletion_protection_enabled = true\n}\n',
    })  # fmt: skip

    assert found == {"": True}


def test_a_file_is_an_override_by_the_end_of_its_name() -> None:
    found = _found({
        "main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}\n',
        "by.hand_override.tf": 'resource "aws_dynamodb_table" "t" {\n  deletion_protection_enabled = true\n}\n',
    })  # fmt: skip

    assert found == {"": True}
