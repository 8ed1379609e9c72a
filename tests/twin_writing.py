"""Values and expressions of CloudFormation said again in Terraform, line by line with what stands behind each line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = " # <- here"

TYPES = {
    "AWS::Backup::BackupPlan": "aws_backup_plan",
    "AWS::Backup::BackupSelection": "aws_backup_selection",
    "AWS::Backup::BackupVault": "aws_backup_vault",
    "AWS::Backup::LogicallyAirGappedBackupVault": "aws_backup_logically_air_gapped_vault",
    "AWS::Backup::RestoreTestingPlan": "aws_backup_restore_testing_plan",
    "AWS::Backup::RestoreTestingSelection": "aws_backup_restore_testing_selection",
    "AWS::DynamoDB::Table": "aws_dynamodb_table",
    "AWS::KMS::Key": "aws_kms_key",
    "AWS::Organizations::Policy": "aws_organizations_policy",
    "AWS::SNS::Topic": "aws_sns_topic",
    "AWS::Events::Rule": "aws_cloudwatch_event_rule",
    "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::IAM::User": "aws_iam_user",
    "AWS::IAM::Group": "aws_iam_group",
    "AWS::IAM::ManagedPolicy": "aws_iam_policy",
    "AWS::IAM::Policy": "aws_iam_role_policy",
    "AWS::IAM::RolePolicy": "aws_iam_role_policy",
    "AWS::Lambda::Function": "aws_lambda_function",
    "AWS::Scheduler::Schedule": "aws_scheduler_schedule",
}

#: What `!Ref` of a resource gives; of any other it is its name.
REFS = {"aws_backup_plan": "id", "aws_kms_key": "key_id", "aws_sns_topic": "arn", "aws_organizations_policy": "id"}
REFS |= {"aws_iam_policy": "arn", "aws_lambda_function": "function_name"}


class NoTwinError(Exception):
    """There is no word for this in Terraform, or none is known here."""


class Part(NamedTuple):
    """A value of a template with its tag, and the line of its key or, in a list, its own."""

    value: Any
    line: int
    tag: str = ""


def part_of(node: yaml.Node, line: int = 1) -> Part:
    """A tree of YAML as values; `{"Fn::Sub": ...}` is read like `!Sub`."""
    tag = node.tag if node.tag.startswith("!") else ""
    if isinstance(node, yaml.MappingNode):
        entries = {key.value: part_of(value, key.start_mark.line + 1) for key, value in node.value}
        if len(entries) == 1 and next(iter(entries)).startswith("Fn::"):
            name, inside = next(iter(entries.items()))
            return inside._replace(tag="!" + name[4:])
        if list(entries) == ["Ref"]:
            return entries["Ref"]._replace(tag="!Ref")
        return Part(entries, line, tag)
    if isinstance(node, yaml.SequenceNode):
        return Part([part_of(item, item.start_mark.line + 1) for item in node.value], line, tag)
    if tag:
        return Part(node.value, line, tag)
    return Part(yaml.safe_load(node.value) if getattr(node, "style", "") is None and node.value else node.value, line)


def plain(part: Part) -> Part:
    """A value that stands there as it is, without a function around it."""
    if part.tag:
        raise NoTwinError(part.tag)
    return part


class Writer:
    """Writes one file of Terraform. `notes` are what follows a line of the template: marks and acceptances."""

    types = TYPES
    refs = REFS
    arns: Mapping[str, str] = {}

    def __init__(self, text: str, notes: dict[int, str]) -> None:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        assert root is not None
        self.template: dict[str, Part] = part_of(root).value
        self.notes = notes
        self.lines: list[str] = []
        self.depth = 0
        self.resources: dict[str, Part] = self.template["Resources"].value
        self.looked_up: dict[str, None] = {}

    # Lines

    def note(self, line: int) -> str:
        return self.notes.get(line, "")

    def note_of(self, part: Part) -> str:
        """What stands behind a key: in YAML a list or mapping begins where its first item or key does."""
        found = self.note(part.line)
        here = part
        while here.tag in {"", "jsonencode"} and isinstance(here.value, list | dict) and here.value:
            here = here.value[0] if isinstance(here.value, list) else next(iter(here.value.values()))
            found += "".join(re.findall(rf"{MARK}-\d+", self.note(here.line)))
        return found

    def block(self, head: str, line: int = 0) -> None:
        if self.depth == 0 and self.lines:
            self.lines.append("")
        self.lines.append(f"{'  ' * self.depth}{head} {{{self.note(line)}")
        self.depth += 1

    def end(self) -> None:
        self.depth -= 1
        self.lines.append("  " * self.depth + "}")

    def say(self, name: str, text: str, of: Part | int = 0) -> None:
        first, *rest = text.split("\n")
        note = self.note(of) if isinstance(of, int) else self.note_of(of)
        self.lines.append(f"{'  ' * self.depth}{name} = {first}{note}")
        self.lines.extend("  " * self.depth + each for each in rest)

    def tell(self, names: dict[str, str], part: Part) -> None:
        """The properties of a mapping that are arguments by another name."""
        for key, argument in names.items():
            if key in part.value:
                self.say(argument, self.shown(part.value[key]), part.value[key])

    def provider(self, region: str, account: str) -> None:
        self.block('provider "aws"')
        if region:
            self.say("region", quoted(region))
        if account:
            self.say("allowed_account_ids", f"[{quoted(account)}]")
        self.end()

    # Values

    def shown(self, part: Part) -> str:
        if part.tag.startswith("jsonencode"):
            return f"jsonencode({self.shown(part._replace(tag=part.tag.removeprefix('jsonencode')))})"
        match part.tag:
            case "!Ref":
                return self.ref(part.value)
            case "!GetAtt":
                written = ".".join(map(str, part.value)) if isinstance(part.value, list) else part.value
                name, _, attribute = written.partition(".")
                if attribute not in {"Arn", "BackupVaultArn", "BackupPlanArn"}:
                    raise NoTwinError(attribute)
                address = self.address(name)
                return f"{address}.{self.arns.get(address.partition('.')[0], 'arn')}"
            case "!Sub":
                if not isinstance(part.value, str):
                    raise NoTwinError("!Sub with values of its own")
                text = re.sub(r"\$\{([^}!]+)\}", lambda found: "${" + self.inside(found[1]) + "}", part.value)
                return f'"{text}"'
            case "!If":
                condition, first, second = part.value
                return f"{self.condition(condition.value)} ? {self.shown(first)} : {self.shown(second)}"
            case "":
                pass
            case _:
                raise NoTwinError(part.tag)
        match part.value:
            case dict():
                return self._mapping(part)
            case list():
                return self._list(part)
            case bool():
                return "true" if part.value else "false"
            case int():
                return str(part.value)
            case _:
                return quoted(str(part.value))

    def _opening(self, bracket: str, first: int) -> str:
        """A bracket on a line of its own. What YAML begins with its first entry may be marked there as well."""
        mark = self.note(first)
        return bracket + mark[mark.index(MARK) :] if MARK in mark else bracket

    def _mapping(self, part: Part) -> str:
        lines = [self._opening("{", min((value.line for value in part.value.values()), default=0))]
        for key, value in part.value.items():
            text = self.shown(value)
            first, *rest = text.split("\n")
            name = key if re.fullmatch(r"\w+", key) else quoted(key)
            lines += [f"  {name} = {first}{self.note_of(value)}", *("  " + each for each in rest)]
        return "\n".join([*lines, "}"]) if part.value else "{}"

    def _list(self, part: Part) -> str:
        shown = [self.shown(item) for item in part.value]
        apart = len({item.line for item in part.value}) > 1 or any("\n" in each for each in shown)
        apart = apart or any(item.line in self.notes and item.line != part.line for item in part.value)
        if not apart:
            return "[" + ", ".join(shown) + "]"
        lines = [self._opening("[", part.value[0].line if part.value[0].line != part.line else 0)]
        for item, text in zip(part.value, shown, strict=True):
            first, *rest = text.split("\n")
            if not rest:
                lines.append(f"  {first},{self.note(item.line)}")
                continue
            lines += [f"  {first}{self.note(item.line)}", *("  " + each for each in rest)]
            lines[-1] += ","
        return "\n".join([*lines, "]"])

    def ref(self, name: str) -> str:
        if name == "AWS::NoValue":
            return "null"
        if name.startswith("AWS::"):
            return self.inside(name)
        if name in self.resources:
            address = self.address(name)
            return f"{address}.{self.refs.get(address.partition('.')[0], 'name')}"
        return f"var.{snake(name)}"

    def inside(self, name: str) -> str:
        known = {
            "AWS::AccountId": ("aws_caller_identity", "account_id"),
            "AWS::Region": ("aws_region", "name"),
            "AWS::Partition": ("aws_partition", "partition"),
        }
        if name in known:
            kind, attribute = known[name]
            self.looked_up[kind] = None
            return f"data.{kind}.current.{attribute}"
        return self.shown(Part(name, 0, "!GetAtt" if "." in name else "!Ref"))

    def address(self, name: str) -> str:
        """The address of a resource, of its only instance where it may not be there."""
        resource = self.resources.get(name)
        if resource is None:
            raise NoTwinError(name)
        kind = resource.value["Type"].value
        if kind not in self.types:
            raise NoTwinError(kind)
        return f"{self.types[kind]}.{snake(name)}{'[0]' if 'Condition' in resource.value else ''}"

    def condition(self, name: str) -> str:
        written = self.template["Conditions"].value[name]
        if written.tag != "!Equals":
            raise NoTwinError(written.tag)
        one, other = written.value
        return f"{self.shown(one)} == {self.shown(other)}"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("\n", "\\n")
    return f'"{escaped}"'
