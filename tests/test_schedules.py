"""Code on a schedule: what starts it, as whom it runs, and what it can be seen to call."""

from __future__ import annotations

import pytest

import recoverable
from recoverable.estate.principals import ScheduledCode
from templates import Templates, read, read_all, said, why

FUNCTION = (
    "Nightly:\n  Type: AWS::Lambda::Function\n  Properties: {Role: !GetAtt Ops.Arn}\nOps:\n  Type: AWS::IAM::Role\n"
)
RULE = "Rule:\n  Type: AWS::Events::Rule\n  Properties:\n    ScheduleExpression: rate(1 day)\n"


def _resources(text: str, rest: str = "") -> Templates:
    body = "\n".join("  " + line for line in text.strip("\n").splitlines())
    return read(f"Transform: AWS::Serverless-2016-10-31\n{rest}\nResources:\n{body}\n")


def _started(templates: Templates) -> list[ScheduledCode]:
    """What is started in every scenario."""
    return [
        variant.item for entry in templates.reading.scheduled for variant in entry.variants if variant.item is not None
    ]


def _addresses(templates: Templates) -> list[str]:
    return [code.subject.address for code in _started(templates)]


def _role(code: ScheduledCode) -> str:
    role = code.role.known()
    return "not known" if role is None else role.shown()


@pytest.mark.parametrize(
    "arn",
    [
        "!GetAtt Nightly.Arn",
        "!Sub '${Nightly.Arn}'",
        "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Nightly}'",
        "!Join [':', ['arn:aws:lambda', !Ref AWS::Region, !Ref AWS::AccountId, function, !Ref Nightly]]",
        "!Ref Live",
        "!Ref Version",
    ],
)
def test_a_rule_with_a_schedule_starts_the_function_that_it_names(arn: str) -> None:
    (code,) = _started(
        _resources(
            f"{FUNCTION}{RULE}    Targets:\n      - Id: a\n        Arn: {arn}\n"
            "Live:\n  Type: AWS::Lambda::Alias\n  Properties: {FunctionName: !Ref Nightly, Name: live}\n"
            "Version:\n  Type: AWS::Lambda::Version\n  Properties: {FunctionName: !Ref Nightly}"
        )
    )

    assert (code.subject.kind, code.subject.address, said(code.schedule), _role(code)) == (
        "function",
        "Nightly",
        "rate(1 day)",
        "${Ops.Arn}",
    )
    assert said(code.enabled) is True


def test_a_function_is_found_by_the_name_that_its_author_gave_it() -> None:
    templates = _resources(
        "Nightly:\n  Type: AWS::Lambda::Function\n  Properties: {FunctionName: nightly}\n"
        f"{RULE}    Targets:\n      - Id: a\n        Arn: arn:aws:lambda:eu-west-1:123456789012:function:nightly"
    )

    assert _addresses(templates) == ["Nightly"]


def test_a_rule_that_waits_for_events_is_no_schedule() -> None:
    templates = _resources(
        f"{FUNCTION}Rule:\n  Type: AWS::Events::Rule\n"
        "  Properties: {EventPattern: {source: [aws.s3]}, Targets: [{Id: a, Arn: !GetAtt Nightly.Arn}]}"
    )

    assert _addresses(templates) == []


def test_a_target_that_was_not_read_is_nobodys_code() -> None:
    templates = _resources(
        f"{RULE}    Targets: [{{Id: a, Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:elsewhere'}}]"
    )

    assert _addresses(templates) == []


def test_a_disabled_rule_does_not_fire() -> None:
    (code,) = _started(_resources(f"{FUNCTION}{RULE}    State: DISABLED\n    Targets: [{{Arn: !GetAtt Nightly.Arn}}]"))

    assert said(code.enabled) is False


def test_the_schedule_points_at_its_expression() -> None:
    (code,) = _started(_resources(f"{FUNCTION}{RULE}    Targets: [{{Id: a, Arn: !GetAtt Nightly.Arn}}]"))

    assert code.trigger.start() == "app.yaml:12:7"


def test_a_schedule_of_the_scheduler_starts_a_function() -> None:
    templates = _resources(
        f"{FUNCTION}S:\n  Type: AWS::Scheduler::Schedule\n  Properties:\n    ScheduleExpression: cron(0 5 * * ? *)\n"
        "    Target: {Arn: !GetAtt Nightly.Arn, RoleArn: x}"
    )

    assert [(code.subject.address, said(code.schedule)) for code in _started(templates)] == [
        ("Nightly", "cron(0 5 * * ? *)")
    ]


def test_a_schedule_that_calls_aws_by_itself_is_its_own_code() -> None:
    (code,) = _started(
        _resources(
            "Ops:\n  Type: AWS::IAM::Role\nS:\n  Type: AWS::Scheduler::Schedule\n  Properties:\n"
            "    ScheduleExpression: rate(1 day)\n"
            "    Target: {Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:createBackup', RoleArn: !GetAtt Ops.Arn}"
        )
    )

    assert (code.subject.kind, code.subject.address, _role(code)) == ("schedule", "S", "${Ops.Arn}")
    assert [call.action for call in code.calls] == ["dynamodb:CreateBackup"]


MACHINE = "Flow:\n  Type: AWS::StepFunctions::StateMachine\n  Properties:\n    RoleArn: !GetAtt Ops.Arn\n"
STARTS_FLOW = f"{RULE}    Targets: [{{Id: a, Arn: !Ref Flow}}]\n"


@pytest.mark.parametrize(
    "definition",
    [
        'DefinitionString: \'{"States":{"A":{"Resource":"arn:aws:states:::aws-sdk:dynamodb:createBackup"}}}\'',
        'DefinitionString: !Sub \'{"A":{"Resource":"arn:${AWS::Partition}:states:::aws-sdk:dynamodb:createBackup"}}\'',
        "Definition: {States: {A: {Resource: 'arn:aws:states:::aws-sdk:dynamodb:createBackup'}}}",
    ],
)
def test_what_a_state_machine_calls_is_seen_in_its_definition(definition: str) -> None:
    code, *_ = _started(_resources(f"{FUNCTION}{STARTS_FLOW}{MACHINE}    {definition}"))

    assert (code.subject.kind, [call.action for call in code.calls]) == ("state-machine", ["dynamodb:CreateBackup"])


def test_a_definition_in_a_file_of_its_own_is_read() -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n"
        "    Properties:\n      DefinitionUri: flow.asl.json\n"
        "      Events: {N: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}}\n"
    )
    definition = '{"States": {"A": {"Resource": "arn:aws:states:::aws-sdk:backup:startBackupJob"}}}'
    (code,) = _started(read_all({"app.yaml": template}, {"flow.asl.json": definition}))

    assert [call.action for call in code.calls] == ["backup:StartBackupJob"]


def test_a_function_that_a_scheduled_state_machine_starts_is_scheduled_through_it() -> None:
    templates = _resources(
        f"{FUNCTION}{STARTS_FLOW}{MACHINE}"
        '    DefinitionString: \'{"States":{"A":{"Resource":"${Function}"}}}\'\n'
        "    DefinitionSubstitutions: {Function: !GetAtt Nightly.Arn}"
    )

    assert [(code.subject.address, code.through) for code in _started(templates)] == [("Flow", ""), ("Nightly", "Flow")]


def test_state_machines_that_start_each_other_end() -> None:
    templates = _resources(
        f"{FUNCTION}{STARTS_FLOW}{MACHINE}    Definition: {{A: !Ref Other}}\n"
        "Other:\n  Type: AWS::StepFunctions::StateMachine\n  Properties: {Definition: {A: !Ref Flow}}"
    )

    assert _addresses(templates) == ["Flow", "Other"]


def test_a_version_or_alias_of_a_state_machine_leads_to_it() -> None:
    templates = _resources(
        f"{FUNCTION}{RULE}    Targets: [{{Id: a, Arn: !Ref Live}}]\n{MACHINE}"
        "One:\n  Type: AWS::StepFunctions::StateMachineVersion\n  Properties: {StateMachineArn: !Ref Flow}\n"
        "Live:\n  Type: AWS::StepFunctions::StateMachineAlias\n"
        "  Properties: {RoutingConfiguration: [{StateMachineVersionArn: !Ref One, Weight: 100}]}"
    )

    assert _addresses(templates) == ["Flow"]


@pytest.mark.parametrize(
    ("event", "schedule", "enabled"),
    [
        ("{Type: Schedule, Properties: {Schedule: rate(1 day)}}", "rate(1 day)", True),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}", "rate(1 day)", False),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day), State: DISABLED}}", "rate(1 day)", False),
        ("{Type: ScheduleV2, Properties: {ScheduleExpression: cron(0 5 * * ? *)}}", "cron(0 5 * * ? *)", True),
    ],
)
def test_an_event_of_sam_is_a_schedule(event: str, schedule: str, *, enabled: bool) -> None:
    (code,) = _started(
        _resources(f"Nightly:\n  Type: AWS::Serverless::Function\n  Properties:\n    Events:\n      E: {event}")
    )

    assert (said(code.schedule), said(code.enabled), _role(code)) == (schedule, enabled, "${NightlyRole.Arn}")


def test_a_function_with_two_schedules_is_told_twice() -> None:
    templates = _resources(
        "Nightly:\n  Type: AWS::Serverless::Function\n  Properties:\n    Events:\n"
        "      A: {Type: Schedule, Properties: {Schedule: rate(1 day)}}\n"
        "      B: {Type: Schedule, Properties: {Schedule: rate(7 days)}}\n"
        "      C: {Type: Api, Properties: {Path: /}}"
    )

    assert [said(code.schedule) for code in _started(templates)] == ["rate(1 day)", "rate(7 days)"]


def test_a_schedule_given_by_parameter_is_not_known() -> None:
    (code,) = _started(
        _resources(
            f"{FUNCTION}Rule:\n  Type: AWS::Events::Rule\n"
            "  Properties: {ScheduleExpression: !Ref When, Targets: [{Arn: !GetAtt Nightly.Arn}]}",
            "Parameters: {When: {Type: String}}",
        )
    )

    assert "parameter When" in why(code.schedule)


def test_a_function_that_is_not_made_is_not_started() -> None:
    templates = _resources(
        "Nightly:\n  Type: AWS::Lambda::Function\n  Condition: IsProd\n"
        f"{RULE}    Targets: [{{Id: a, Arn: !GetAtt Nightly.Arn}}]",
        "Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}\n"
        "Conditions: {IsProd: !Equals [!Ref Stage, prod]}",
    )
    (entry,) = templates.reading.scheduled

    assert {str(one.scenario.circumstances[0]): one.item is not None for one in entry.variants} == {
        "IsProd is false": False,
        "IsProd is true": True,
    }


def test_a_role_that_is_left_out_is_not_known() -> None:
    (code,) = _started(
        _resources(f"Nightly:\n  Type: AWS::Lambda::Function\n{RULE}    Targets: [{{Arn: !GetAtt Nightly.Arn}}]")
    )

    assert why(code.role) == "it names no role"


def test_rule_authors_find_scheduled_code_beside_the_other_types() -> None:
    assert recoverable.ScheduledCode is ScheduledCode
