"""`recoverable can`, `who-can` and `policy` as their users meet them."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from permissions import TABLE
from recoverable.cli.main import run
from test_can import STORY

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[bytes]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "app.yaml").write_text(dedent(STORY), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "first"),
    [
        (("ops", "restore", "orders"), 0, "yes: Ops can restore Orders"),
        (("Dev", "restore", "Orders"), 0, "yes: Dev can restore Orders through the role Ops"),
        (("guest", "restore", "orders"), 1, "no: Guest cannot restore Orders"),
        (("arn:aws:iam::111122223333:role/ops", "restore", "orders"), 0, "yes: Ops can restore Orders"),
    ],
)
def test_the_answer_stands_first(words: tuple[str, ...], code: int, first: str, capsysbinary: Capture) -> None:
    assert run(["can", *words]) == code
    assert capsysbinary.readouterr().out.decode().splitlines()[0] == first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("opps", "restore", "orders"), "did you mean ops?"),
        (("ops", "restore", "ordrs"), "did you mean orders?"),
        (("ops", "restor", "orders"), "did you mean restore?"),
        (("ops", "restore", "arn:aws:s3:::bucket"), "is not the ARN of a table"),
        (("ops", "restore", "orders", "--mode", "native"), "did you mean native-backup?"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(words: tuple[str, ...], said: str, capsysbinary: Capture) -> None:
    assert run(["can", *words]) == 2
    captured = capsysbinary.readouterr()
    assert said in captured.err.decode()
    assert captured.out == b""


def test_a_name_of_two_tables_must_be_told_apart(folder: Path, capsysbinary: Capture) -> None:
    (folder / "other.yaml").write_text(
        "Resources:\n  Second:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: orders}\n", encoding="utf-8"
    )

    assert run(["can", "ops", "restore", "orders"]) == 2
    assert "means 2 tables; say which: Orders, Second" in capsysbinary.readouterr().err.decode()


def test_a_condition_is_told_and_the_exit_code_is_2(folder: Path, capsysbinary: Capture) -> None:
    statement = {
        "Effect": "Allow", "Action": "dynamodb:CreateBackup", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    }  # fmt: skip
    (folder / "policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    assert run(["can", "policy.json", "back-up", TABLE]) == 2
    printed = capsysbinary.readouterr().out.decode()
    assert printed.startswith("depends: ")
    assert "Bool aws:MultiFactorAuthPresent true: only then it is allowed" in printed


def test_a_file_that_is_no_policy_is_told_with_its_place(folder: Path, capsysbinary: Capture) -> None:
    (folder / "policy.json").write_text('{"Resources": {}}')

    assert run(["can", "policy.json", "back-up", TABLE]) == 2
    assert "policy.json:1:1: this is no IAM policy" in capsysbinary.readouterr().err.decode()


def test_the_json_names_the_statements_and_what_to_add(capsysbinary: Capture) -> None:
    assert run(["can", "guest", "back-up", "orders", "--format", "json"]) == 1
    found = json.loads(capsysbinary.readouterr().out)

    assert (found["answer"], found["exit_code"]) == ("no", 1)
    (add,) = found["verdicts"][0]["add"]
    assert add["policy"]["Statement"][0]["Action"] == "dynamodb:CreateBackup"


def test_what_depends_on_a_choice_is_answered_for_each(folder: Path, capsysbinary: Capture) -> None:
    text = """\
        Parameters:
          Stage: {Type: String, AllowedValues: [dev, prod]}
        Conditions:
          IsProd: !Equals [!Ref Stage, prod]
        Resources:
          Carts:
            Type: AWS::DynamoDB::Table
            Properties: {TableName: carts}
          Keeper:
            Type: AWS::IAM::User
            Properties:
              UserName: keeper
              Policies:
                - PolicyName: own
                  PolicyDocument:
                    Statement:
                      - Effect: Allow
                        Action: dynamodb:CreateBackup
                        Resource: !If [IsProd, "*", !Sub "arn:aws:dynamodb:*:*:table/other"]
    """
    (folder / "app.yaml").write_text(dedent(text), encoding="utf-8")

    assert run(["can", "keeper", "back-up", "carts", "--mode", "native"]) == 2
    first = [line for line in capsysbinary.readouterr().out.decode().splitlines() if line[:1] in "yn" and line]
    assert sorted(first) == [
        "no: Keeper cannot back-up Carts, when IsProd is false",
        "yes: Keeper can back-up Carts, when IsProd is true",
    ]


def test_everybody_who_can_is_listed_and_the_others_are_counted(capsysbinary: Capture) -> None:
    assert run(["who-can", "destroy-backups", "orders"]) == 0
    printed = capsysbinary.readouterr().out.decode()

    assert "3 principals can destroy-backups Orders:" in printed
    assert "yes BreakGlass (delete-points)" in printed
    assert "3 principals cannot" in printed


def test_nobody_is_exit_code_1(capsysbinary: Capture) -> None:
    assert run(["who-can", "export", "Made", "--format", "json"]) == 1
    found = json.loads(capsysbinary.readouterr().out)["found"][0]

    assert (found["answer"], found["principals"], len(found["cannot"])) == ("no", [], 6)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("restore",), "needs --table=ARN"),
        (("restore", "--table", "no table"), "is no name of a table"),
        (("restore", "--table", TABLE, "--role", "arn:aws:s3:::x"), "is not the ARN of a role"),
        (("back-up", "--table", TABLE, "--actor", "role"), "takes nothing of the role"),
    ],
)
def test_a_policy_that_cannot_be_printed_is_refused(words: tuple[str, ...], said: str, capsysbinary: Capture) -> None:
    assert run(["policy", *words]) == 2
    assert said in capsysbinary.readouterr().err.decode()


def test_terraform_gets_a_policy_document(capsysbinary: Capture) -> None:
    assert run(["policy", "back-up", "--table", TABLE, "--format", "terraform"]) == 0
    printed = capsysbinary.readouterr().out.decode()

    assert 'data "aws_iam_policy_document" "back_up" {' in printed
    assert f'resources = ["{TABLE}"]' in printed
