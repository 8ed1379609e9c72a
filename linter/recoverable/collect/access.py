"""The permissions that collecting takes, made of the table of calls: as a policy, and as a role that has it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html is why the role asks for an external id.
"""

from __future__ import annotations

import json

from recoverable.collect.calls import ACCOUNT, AGGREGATE, ITEM, ORGANIZATION, RECORD, REGION, calls
from recoverable.typed import Any

#: Entering the accounts of an organization; nothing of what is collected.
_ENTER = "sts:AssumeRole"

_ABOUT = "Reads what recoverable needs to know of tables, backups and permissions. Nothing can be changed by it."


def actions(*, organization: bool = False, recorded: bool = False) -> tuple[str, ...]:
    """The IAM actions that an account is read with, or those that its organization is read with.

    `recorded`: tables are read from records of AWS Config.
    """
    if organization:
        scopes = {ORGANIZATION, AGGREGATE} if recorded else {ORGANIZATION}
    else:
        scopes = {ACCOUNT, REGION, ITEM, RECORD} if recorded else {ACCOUNT, REGION, ITEM}
    return tuple(sorted({call.permission for call in calls().values() if call.scope in scopes} - {""}))


def policy(role: str, *, organization: bool = False, recorded: bool = False) -> dict[str, Any]:
    """The policy of the role in each account; with `organization` that of whoever starts from its management account.

    No action is narrowed to resources: all of them read lists, or everything in a list.
    """
    statements = [_statement("RecoverableReads", actions(recorded=recorded))]
    if organization:
        statements.append(_statement("RecoverableReadsOrganization", actions(organization=True, recorded=recorded)))
        statements.append(_statement("RecoverableEntersAccounts", (_ENTER,), f"arn:aws:iam::*:role/{role}"))
    return {"Version": "2012-10-17", "Statement": statements}


def as_json(role: str, *, organization: bool = False, recorded: bool = False) -> str:
    return f"{json.dumps(policy(role, organization=organization, recorded=recorded), indent=2)}\n"


def as_cloudformation(role: str, *, organization: bool = False, recorded: bool = False) -> str:
    """A template: the role, ready for a StackSet, or a managed policy for whoever looks at the organization."""
    document = policy(role, organization=organization, recorded=recorded)
    if organization:
        return _filled(_POLICY_TEMPLATE, ROLE=role, STATEMENTS=_yaml(document["Statement"], 10))
    return _filled(_ROLE_TEMPLATE, ROLE=role, STATEMENTS=_yaml(document["Statement"], 14))


def as_terraform(role: str, *, organization: bool = False, recorded: bool = False) -> str:
    """A configuration: the role, or a policy for whoever looks at the organization."""
    document = policy(role, organization=organization, recorded=recorded)
    return _filled(_POLICY_TF if organization else _ROLE_TF, ROLE=role, STATEMENTS=_hcl(document["Statement"]))


def _statement(sid: str, allowed: tuple[str, ...], resource: str = "*") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(allowed), "Resource": resource}


def _filled(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    return template.replace("@ABOUT@", _ABOUT)


def _yaml(statements: list[dict[str, Any]], indent: int) -> str:
    lines = []
    for each in statements:
        resource = each["Resource"]
        shown = '"*"' if resource == "*" else f"!Sub {resource.replace('arn:aws:', 'arn:${AWS::Partition}:')}"
        lines += [f"- Sid: {each['Sid']}", "  Effect: Allow", "  Action:"]
        lines += [f"    - {action}" for action in each["Action"]]
        lines.append(f"  Resource: {shown}")
    return "\n".join(" " * indent + line for line in lines)


def _hcl(statements: list[dict[str, Any]]) -> str:
    lines = []
    for each in statements:
        lines += ["{", f'  Sid    = "{each["Sid"]}"', '  Effect = "Allow"', "  Action = ["]
        lines += [f'    "{action}",' for action in each["Action"]]
        lines += ["  ]", f'  Resource = "{each["Resource"]}"', "},"]
    return "\n".join(f"      {line}" for line in lines)


_ROLE_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The role by which recoverable looks at this account. @ABOUT@
Parameters:
  TrustedPrincipal:
    Type: String
    Description: The ARN of who may assume the role, such as a role that runs the audit.
    AllowedPattern: arn:[^:]+:iam::[0-9]{12}:.+
  ExternalId:
    Type: String
    Default: ""
    Description: What has to be told when the role is assumed (--external-id); empty for nothing.
  RoleName:
    Type: String
    Default: @ROLE@
Conditions:
  AsksForExternalId: !Not [!Equals [!Ref ExternalId, ""]]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: @ABOUT@
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref TrustedPrincipal
            Action: sts:AssumeRole
            Condition: !If
              - AsksForExternalId
              - StringEquals:
                  sts:ExternalId: !Ref ExternalId
              - !Ref AWS::NoValue
      Policies:
        - PolicyName: recoverable
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
@STATEMENTS@
Outputs:
  RoleArn:
    Value: !GetAtt Role.Arn
"""

_POLICY_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The policy of whoever looks at the whole organization with recoverable, from its management account. @ABOUT@
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: @ROLE@-organization
      Description: @ABOUT@
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
@STATEMENTS@
Outputs:
  PolicyArn:
    Value: !Ref Policy
"""

_ROLE_TF = """\
# The role by which recoverable looks at this account.
# @ABOUT@

variable "trusted_principal" {
  description = "The ARN of who may assume the role, such as a role that runs the audit."
  type        = string
}

variable "external_id" {
  description = "What has to be told when the role is assumed (--external-id); empty for nothing."
  type        = string
  default     = ""
}

resource "aws_iam_role" "recoverable" {
  name        = "@ROLE@"
  description = "@ABOUT@"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge(
      {
        Effect    = "Allow"
        Principal = { AWS = var.trusted_principal }
        Action    = "sts:AssumeRole"
      },
      var.external_id == "" ? {} : { Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } },
    )]
  })
}

resource "aws_iam_role_policy" "recoverable" {
  name = "recoverable"
  role = aws_iam_role.recoverable.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
@STATEMENTS@
    ]
  })
}
"""

_POLICY_TF = """\
# The policy of whoever looks at the whole organization with recoverable, from its management account.
# @ABOUT@

resource "aws_iam_policy" "recoverable" {
  name        = "@ROLE@-organization"
  description = "@ABOUT@"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
@STATEMENTS@
    ]
  })
}
"""
