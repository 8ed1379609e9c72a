"""Code on a schedule in Terraform: what starts it, as whom it runs, and what it can be seen to call."""

from __future__ import annotations

import pytest

from configurations import read
from recoverable.estate.principals import ScheduledCode

FUNCTION = """
resource "aws_iam_role" "ops" { name = "ops" }
resource "aws_lambda_function" "nightly" {
  function_name = "nightly"
  role          = aws_iam_role.ops.arn
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.nightly.function_name
  function_version = "1"
}
"""
RULE = """
resource "aws_cloudwatch_event_rule" "rule" {
  name                = "rule"
  schedule_expression = "rate(1 day)"
  %s
}
resource "aws_cloudwatch_event_rule" "other" {
  schedule_expression = "rate(1 hour)"
}
resource "aws_cloudwatch_event_target" "target" {
  rule = %s
  arn  = %s
}
"""


def _started(text: str) -> list[ScheduledCode]:
    return [variant.item for entry in read(text).scheduled for variant in entry.variants if variant.item is not None]


def _shown(code: ScheduledCode) -> tuple[str, str, str | None]:
    role = code.role.known()
    return code.subject.kind, code.subject.address, None if role is None else role.shown()


@pytest.mark.parametrize("rule", ["aws_cloudwatch_event_rule.rule.name", "aws_cloudwatch_event_rule.rule.id", '"rule"'])
@pytest.mark.parametrize(
    "arn",
    [
        "aws_lambda_function.nightly.arn",
        "aws_lambda_function.nightly.qualified_arn",
        "aws_lambda_alias.live.arn",
        '"arn:aws:lambda:eu-west-1:111122223333:function:nightly"',
        '"arn:aws:lambda:eu-west-1:${data.aws_caller_identity.me.account_id}:function:nightly:live"',
    ],
)
def test_a_rule_with_a_schedule_starts_the_function_that_it_names(rule: str, arn: str) -> None:
    (code,) = _started(f'data "aws_caller_identity" "me" {{}}\n{FUNCTION}{RULE % ("", rule, arn)}')

    assert _shown(code) == ("function", "aws_lambda_function.nightly", "${aws_iam_role.ops.Arn}")
    assert (code.schedule.known(), code.enabled.known(), code.trigger.start()) == ("rate(1 day)", True, "main.tf:16:3")


@pytest.mark.parametrize("off", ['state = "DISABLED"', "is_enabled = false"])
def test_a_disabled_rule_does_not_fire(off: str) -> None:
    (code,) = _started(FUNCTION + RULE % (off, '"rule"', "aws_lambda_function.nightly.arn"))

    assert code.enabled.known() is False


def test_a_rule_that_waits_for_events_is_no_schedule() -> None:
    rule = RULE.replace("schedule_expression", "event_pattern")

    assert _started(FUNCTION + rule % ("", '"rule"', "aws_lambda_function.nightly.arn")) == []


@pytest.mark.parametrize(
    ("arn", "calls"),
    [
        ('"arn:aws:scheduler:::aws-sdk:dynamodb:createBackup"', ["dynamodb:CreateBackup"]),
        ("var.anything", []),
    ],
)
def test_a_schedule_that_calls_aws_by_itself_is_its_own_code(arn: str, calls: list[str]) -> None:
    (code,) = _started(f"""
    variable "anything" {{}}
    resource "aws_scheduler_schedule" "s" {{
      name                = "s"
      schedule_expression = "rate(1 day)"
      target {{
        arn      = {arn}
        role_arn = "arn:aws:iam::111122223333:role/scheduler"
      }}
    }}
    """)

    assert _shown(code) == ("schedule", "aws_scheduler_schedule.s", "arn:aws:iam::111122223333:role/scheduler")
    assert [call.action for call in code.calls] == calls
    assert bool(code.open) is not bool(calls)


@pytest.mark.parametrize(
    "definition",
    [
        'jsonencode({ States = { A = { Resource = "arn:aws:states:::aws-sdk:dynamodb:createBackup" } } })',
        '"{\\"A\\":{\\"Resource\\":\\"arn:aws:states:::aws-sdk:dynamodb:createBackup\\"}}"',
        '"{\\"A\\":{\\"Resource\\":\\"arn:aws:states:::aws-sdk:dynamodb:createBackup\\",\\"B\\":\\"${var.x}\\"}}"',
    ],
)
def test_what_a_state_machine_calls_is_seen_in_its_definition(definition: str) -> None:
    (code,) = _started(
        f'variable "x" {{}}\nresource "aws_sfn_state_machine" "flow" {{\n  definition = {definition}\n}}\n'
        + RULE % ("", '"rule"', "aws_sfn_state_machine.flow.arn")
    )

    assert [call.action for call in code.calls] == ["dynamodb:CreateBackup"]


def test_what_a_state_machine_starts_is_started_through_it() -> None:
    definition = "jsonencode({ States = { A = { Resource = aws_lambda_function.nightly.arn } } })"
    found = _started(
        f'{FUNCTION}resource "aws_sfn_state_machine" "flow" {{\n  role_arn = "r"\n  definition = {definition}\n}}\n'
        + RULE % ("", '"rule"', "aws_sfn_state_machine.flow.arn")
    )

    assert [(code.subject.address, code.through) for code in found] == [
        ("aws_sfn_state_machine.flow", ""),
        ("aws_lambda_function.nightly", "aws_sfn_state_machine.flow"),
    ]


def test_the_provider_awscc_is_read_alike() -> None:
    (code,) = _started("""
    resource "awscc_lambda_function" "nightly" {
      function_name = "nightly"
      role          = "arn:aws:iam::111122223333:role/ops"
    }
    resource "awscc_events_rule" "rule" {
      schedule_expression = "rate(1 day)"
      targets = [{ id = "a", arn = awscc_lambda_function.nightly.arn }]
    }
    """)

    assert _shown(code) == ("function", "awscc_lambda_function.nightly", "arn:aws:iam::111122223333:role/ops")


def test_state_machines_that_start_each_other_end() -> None:
    machine = 'resource "aws_sfn_state_machine" "{0}" {{\n  definition = aws_sfn_state_machine.{1}.arn\n}}\n'
    found = _started(
        machine.format("a", "b") + machine.format("b", "a") + RULE % ("", '"rule"', "aws_sfn_state_machine.a.arn")
    )

    assert [code.subject.address for code in found] == ["aws_sfn_state_machine.a", "aws_sfn_state_machine.b"]
