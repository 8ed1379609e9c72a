"""Who may act, said again in Terraform: CloudFormation writes into one resource what Terraform has in several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_writing import NoTwinError, Part, plain, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_writing import Writer

_KINDS = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
_NAMES = {"aws_iam_role": "RoleName", "aws_iam_user": "UserName", "aws_iam_group": "GroupName"}


def _document(writer: Writer, name: str, part: Part) -> None:
    writer.say(name, writer.shown(part) if isinstance(part.value, str) else f"jsonencode({writer.shown(part)})", part)


def _principal(writer: Writer, called: str, properties: Part, _metadata: Part) -> None:
    type_ = writer.lines[-1].partition('"')[2].partition('"')[0]
    name = _NAMES[type_]
    if name in properties.value:
        writer.tell({name: "name"}, properties)
    elif type_ != "aws_iam_role":
        # Only the names of roles are made up by the provider.
        writer.say("name", quoted(called))
    writer.tell({"Path": "path", "PermissionsBoundary": "permissions_boundary"}, properties)
    if "AssumeRolePolicyDocument" in properties.value:
        _document(writer, "assume_role_policy", properties.value["AssumeRolePolicyDocument"])
    if type_ == "aws_iam_role":
        writer.tell({"ManagedPolicyArns": "managed_policy_arns"}, properties)
        for policy in plain(properties.value.get("Policies", Part([], 0))).value:
            writer.block("inline_policy", policy.line)
            _policy(writer, policy)
            writer.end()


def _policy(writer: Writer, policy: Part) -> None:
    if plain(policy).value.keys() != {"PolicyName", "PolicyDocument"}:
        raise NoTwinError("a policy in part")
    writer.tell({"PolicyName": "name"}, policy)
    _document(writer, "policy", policy.value["PolicyDocument"])


def _managed(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    writer.tell({"ManagedPolicyName": "name", "Path": "path"}, properties)
    _document(writer, "policy", properties.value["PolicyDocument"])


def _of_a_role(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    if "RoleName" in properties.value:
        writer.tell({"RoleName": "role"}, properties)
    else:
        roles = plain(properties.value.get("Roles", Part([], 0))).value
        if len(roles) != 1 or {"Users", "Groups"} & properties.value.keys():
            raise NoTwinError("a policy of several")
        writer.say("role", writer.shown(roles[0]), roles[0].line)
    writer.tell({"PolicyName": "name"}, properties)
    _document(writer, "policy", properties.value["PolicyDocument"])


def _function(writer: Writer, called: str, properties: Part, _metadata: Part) -> None:
    if "FunctionName" not in properties.value:
        writer.say("function_name", quoted(called))
    writer.tell({"FunctionName": "function_name", "Role": "role"}, properties)


def _schedule(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    writer.tell({"Name": "name", "ScheduleExpression": "schedule_expression", "State": "state"}, properties)
    target = plain(properties.value["Target"])
    writer.block("target", target.line)
    writer.tell({"Arn": "arn", "RoleArn": "role_arn", "Input": "input"}, target)
    writer.end()


def beside(writer: Writer, type_: str, called: str, properties: Part) -> None:
    """What is a resource of its own in Terraform. Raises NoTwinError."""
    if type_ == "aws_cloudwatch_event_rule":
        for number, target in enumerate(plain(properties.value.get("Targets", Part([], 0))).value):
            writer.block(f'resource "aws_cloudwatch_event_target" "{called}_{number}"', target.line)
            writer.say("rule", f"aws_cloudwatch_event_rule.{called}.name")
            writer.tell({"Arn": "arn", "RoleArn": "role_arn"}, plain(target))
            writer.end()
    if type_ == "aws_iam_policy":
        for kind, key in (("role", "Roles"), ("user", "Users"), ("group", "Groups")):
            for number, target in enumerate(plain(properties.value.get(key, Part([], 0))).value):
                _attachment(writer, f"{called}_{number}", (kind, writer.shown(target)), f"aws_iam_policy.{called}.arn")
    if type_ in ("aws_iam_user", "aws_iam_group"):
        kind, own = _KINDS[type_], f"{type_}.{called}.name"
        for number, policy in enumerate(plain(properties.value.get("Policies", Part([], 0))).value):
            writer.block(f'resource "{type_}_policy" "{called}_{number}"', policy.line)
            writer.say(kind, own)
            _policy(writer, policy)
            writer.end()
        for number, arn in enumerate(plain(properties.value.get("ManagedPolicyArns", Part([], 0))).value):
            _attachment(writer, f"{called}_arn_{number}", (kind, own), writer.shown(arn), arn.line)
    if type_ == "aws_iam_user" and "Groups" in properties.value:
        writer.block(f'resource "aws_iam_user_group_membership" "{called}"')
        writer.say("user", f"{type_}.{called}.name")
        writer.tell({"Groups": "groups"}, properties)
        writer.end()


def _attachment(writer: Writer, called: str, target: tuple[str, str], arn: str, line: int = 0) -> None:
    kind, name = target
    writer.block(f'resource "aws_iam_{kind}_policy_attachment" "{called}"')
    writer.say(kind, name)
    writer.say("policy_arn", arn, line)
    writer.end()


WRITERS: dict[str, Callable[[Writer, str, Part, Part], None]] = {
    "aws_iam_role": _principal,
    "aws_iam_user": _principal,
    "aws_iam_group": _principal,
    "aws_iam_policy": _managed,
    "aws_iam_role_policy": _of_a_role,
    "aws_lambda_function": _function,
    "aws_scheduler_schedule": _schedule,
}
