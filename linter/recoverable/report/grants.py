"""A least-privilege policy as JSON, as a CloudFormation resource, or as Terraform."""

from __future__ import annotations

from recoverable.recovery.access.grants import document
from recoverable.recovery.access.standing import AWS_BACKUP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.recovery.access.grants import Grant


def render(format: str, grants: Sequence[Grant], name: str, *, of_role: bool = False) -> str:
    """`format` is json, cfn or terraform; `name` is what the resource is called. `of_role`: AWS Backup takes it on."""
    match format:
        case "cfn":
            return _cloudformation(grants, name, of_role=of_role)
        case "terraform":
            return _terraform(grants, name, of_role=of_role)
    return _json(document(grants)) + "\n"


def _cloudformation(grants: Sequence[Grant], name: str, *, of_role: bool) -> str:
    policy = document(grants)
    if of_role:
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": AWS_BACKUP}, "Action": "sts:AssumeRole"}],
        }
        properties: dict[str, object] = {
            "AssumeRolePolicyDocument": trust,
            "Policies": [{"PolicyName": name, "PolicyDocument": policy}],
        }
        resource = {"Type": "AWS::IAM::Role", "Properties": properties}
    else:
        resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}
    return _json({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {name: resource}}) + "\n"


def _terraform(grants: Iterable[Grant], name: str, *, of_role: bool) -> str:
    label = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    lines = [f'data "aws_iam_policy_document" "{label}" {{']
    for grant in grants:
        lines += [
            "  statement {",
            f"    sid       = {_hcl(grant.sid)}",
            f"    actions   = [{', '.join(map(_hcl, grant.actions))}]",
            f"    resources = [{', '.join(map(_hcl, grant.resources))}]",
        ]
        for operator, key, value in grant.conditions:
            lines += [
                "    condition {",
                f"      test     = {_hcl(operator)}",
                f"      variable = {_hcl(key)}",
                f"      values   = [{_hcl(value)}]",
                "    }",
            ]
        lines.append("  }")
    lines += ["}", ""]
    if of_role:
        lines += [
            f'resource "aws_iam_role" "{label}" {{',
            "  assume_role_policy = jsonencode({",
            '    Version   = "2012-10-17"',
            "    Statement = [{",
            '      Effect    = "Allow"',
            f'      Principal = {{ Service = "{AWS_BACKUP}" }}',
            '      Action    = "sts:AssumeRole"',
            "    }]",
            "  })",
            "}",
            "",
            f'resource "aws_iam_role_policy" "{label}" {{',
            f"  role   = aws_iam_role.{label}.id",
        ]
    else:
        lines.append(f'resource "aws_iam_policy" "{label}" {{')
    lines += [f"  policy = data.aws_iam_policy_document.{label}.json", "}"]
    return "\n".join(lines) + "\n"


def _hcl(text: str) -> str:
    """A text that Terraform reads as it is."""
    return _json(text).replace("${", "$${").replace("%{", "%%{")


def _json(made: object) -> str:
    import json  # noqa: PLC0415 (one format a run)

    from recoverable.report.characters import json_escaped  # noqa: PLC0415

    return json_escaped(json.dumps(made, ensure_ascii=False, indent=2))
