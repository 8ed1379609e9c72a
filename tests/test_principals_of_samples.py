"""Who may do what in samples that others wrote, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies_seen import documents, guardrails, judged, statements
from recoverable import Principal, Severity, Truth, rule
from recoverable.truth import Answer

DATA = Path(__file__).parent / "data" / "principals"


#: What the rest of a sample declares.
REST = 'variable "dynamodb_table" {}\nresource "aws_dynamodb_table" "dynamodb_request_table" {}\n'


def _file(name: str) -> dict[str, str]:
    rest = {"rest.tf": REST} if name.endswith(".tf") else {}
    return {name: (DATA / name).read_text(encoding="utf-8"), **rest}


@pytest.mark.parametrize(
    ("name", "expected", "said"),
    [
        (
            "restore-validation.yaml",
            {
                "AWSBackupRestoreTestValidationLambdaExecutionRole policy trust": "trust: "
                "AWSBackupRestoreTestValidationLambdaExecutionRole",
                "AWSBackupRestoreTestValidationLambdaExecutionRole policy LambdaExecutionPolicy": "identity: "
                "AWSBackupRestoreTestValidationLambdaExecutionRole",
            },
            {
                "Allow sts:AssumeRole",
                "Allow logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents, ec2:DescribeInstanceStatus, "
                "backup:PutRestoreValidationResult",
            },
        ),
        (
            "apigw-lambda-dynamodb.tf",
            {
                "aws_iam_role.lambda_exec policy trust": "trust: aws_iam_role.lambda_exec",
                "aws_iam_policy.lambda_exec_role": "identity: aws_iam_role.lambda_exec",
            },
            {
                "Allow sts:AssumeRole",
                "Allow dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem",
                "Allow logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents",
            },
        ),
        (
            "streams-lambda.tf",
            {
                "aws_iam_role.iam_for_lambda policy trust": "trust: aws_iam_role.iam_for_lambda",
                "aws_iam_role_policy.dynamodb_lambda_policy": "identity: aws_iam_role.iam_for_lambda",
            },
            {
                "Allow sts:AssumeRole",
                "Allow logs:*",
                "Allow lambda:InvokeFunction",
                "Allow dynamodb:GetRecords, dynamodb:GetShardIterator, dynamodb:DescribeStream, dynamodb:ListStreams",
            },
        ),
    ],
)
def test_who_may_do_what_in_a_sample(name: str, expected: dict[str, str], said: set[str]) -> None:
    assert documents(_file(name)) == expected
    assert set(statements(_file(name)).values()) == said


def test_the_tags_of_a_sample_make_no_scenarios_of_its_role() -> None:
    asked: list[str] = []

    @rule(Severity.LOW)
    def seen(principal: Principal) -> Truth:
        asked.append(principal.subject.address)
        return Truth(Answer.NO)

    judged(seen, _file("restore-validation.yaml"))

    assert asked == ["AWSBackupRestoreTestValidationLambdaExecutionRole"]


def test_a_control_policy_of_a_sample_hangs_where_its_parameter_says() -> None:
    assert guardrails(_file("copy-scp.yaml")) == {"BackupCopySCP": "scp with 1 on ${RootOrgId}"}
    assert statements(_file("copy-scp.yaml")) == {"BackupCopySCP statement #1": "Deny backup:CopyFromBackupVault"}
