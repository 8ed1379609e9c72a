"""Which files concern us: told from bytes before parsing, and from the tree after it."""

from __future__ import annotations

import re

from recoverable.read.nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node

#: Terraform's and OpenTofu's files: those that declare something, and those that give values to variables.
DECLARATIONS = (".tf", ".tf.json", ".tofu", ".tofu.json")
VALUES = (".tfvars", ".tfvars.json")
TERRAFORM = DECLARATIONS + VALUES

#: What stands in every template that can say something about a table, its backups, or who may touch them.
#: Included snippets and nested stacks are read by way of the template that names them.
MARKERS = (
    b"AWS::DynamoDB",
    b"AWS::Serverless",
    b"AWS::Backup",
    b"AWS::Organizations",
    b"AWS::KMS",
    b"AWS::IAM",
    b"AWS::SSO",
    b"AWS::CloudFormation",
    b"AWS::Include",
    b"AWS::LanguageExtensions",
    b"Fn::ForEach",
)
#: What stands in every policy document, and in what the command line answers with one in it.
POLICY_WORDS = (b"Statement", b"Effect", b"Action")
#: The lists in which IAM tells of all principals of an account.
DETAILS = (b'"RoleDetailList"', b'"UserDetailList"', b'"GroupDetailList"')
#: A transform of one's own can make tables out of anything, so its template concerns us whatever it holds.
_TRANSFORMED = (b"Transform", b"Resources")
#: How JSON and double-quoted YAML can write an ordinary letter so that no marker shows: \u0041, \x41, a broken line.
_ESCAPES = (b"\\u00", b"\\x", b"\\U0000", b"\\\n", b"\\\r")
_ESCAPE = rb"\\(?:u00|x|U000000)([0-9a-fA-F]{2})|\\(?:\r\n?|\n)[ \t]*+"

#: What stands in every plan or state that Terraform or OpenTofu writes as JSON, and what such a file is about.
_OF_TERRAFORM = b'"terraform_version"'
_OUTCOMES = (b'"resource_changes"', b'"planned_values"', b'"values"', b'"resources"', b'"configuration"')
_OF_TABLES = (
    b"aws_dynamodb", b"aws_backup", b"awscc_dynamodb", b"awscc_backup", b"aws_kms", b"BACKUP_POLICY",
    b"aws_iam_", b"awscc_iam_", b"aws_ssoadmin_", b"awscc_sso_", b"_organizations_policy",
)  # fmt: skip

# Fields of a file that does not parse. Only at the left edge or within JSON, so that no quotation of a template counts.
_OWNERS = rb"(?:AWS|Alexa|Custom)::"
_RESOURCE_TYPE = (
    rb"""^[ \t]*+["']?Type["']?[ \t]*+:[ \t]*+["']?"""
    + _OWNERS
    + rb"""|[{,]\s*+["']?Type["']?\s*+:\s*+["']?"""
    + _OWNERS
)
_RESOURCES = rb"""^["']?Resources["']?[ \t]*+:|[{,]\s*+"Resources"\s*+:"""
_VERSION = rb"""^["']?AWSTemplateFormatVersion["']?[ \t]*+:|[{,]\s*+"AWSTemplateFormatVersion"\s*+:"""
_TYPE_NAME = r"[A-Za-z0-9@_-]++(?:::[A-Za-z0-9@_-]++)+"


def concerns_us(data: bytes) -> bool:
    """Whether a file is worth parsing: a search for markers in its bytes. It may say yes in vain, never no.

    Marks of UTF-16 and UTF-32 and escaped letters are seen through.
    """
    # ASCII text in UTF-16 and UTF-32, either order, is itself with NULs in between; one is among the first four bytes.
    if b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\0", b"")
    if _marked(data):
        return True
    if b"\\" in data and any(escape in data for escape in _ESCAPES):
        return _marked(re.sub(_ESCAPE, _plain, data))
    return False


def _marked(data: bytes) -> bool:
    # Almost every marker begins so, and most files are not ours: one search instead of nine.
    if b"AWS::" in data and any(marker in data for marker in MARKERS):
        return True
    if b"Statement" in data and all(word in data for word in POLICY_WORDS):
        return True
    if b"Fn::ForEach" in data or (_TRANSFORMED[0] in data and _TRANSFORMED[1] in data):
        return True
    return _OF_TERRAFORM in data and len(outcome_signs(data)) == OUTCOME_SIGNS


#: How many signs a plan or state bears that concerns us.
OUTCOME_SIGNS = 3


def outcome_signs(data: bytes) -> set[str]:
    """Which signs of a plan or state that concerns us stand in a piece of a file."""
    found = {"version"} if _OF_TERRAFORM in data else set()
    if any(marker in data for marker in _OUTCOMES):
        found.add("parts")
    if any(marker in data for marker in _OF_TABLES):
        found.add("tables")
    return found


def mistaken_for_plan(data: bytes) -> tuple[str, str] | None:
    """What somebody took for a plan in JSON, and how to get one: the plan file itself, or the log of its making."""
    do = "write the plan in JSON: terraform plan -out=tfplan && terraform show -json tfplan > plan.json"
    if data.startswith(b"PK\x03\x04") and b"tfplan" in data and b"tfstate" in data:
        return "this is a plan in Terraform's own format, which only Terraform can read", do
    if data.lstrip().startswith(b'{"@level":') and b'"terraform":' in data:
        return "this is the log of `terraform plan -json`, which does not show what is planned", do
    return None


def looks_like_outcome(data: bytes) -> bool:
    """Whether a file may be a plan or state of Terraform in JSON."""
    if b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\0", b"")
    return _OF_TERRAFORM in data and any(marker in data for marker in _OUTCOMES)


def _plain(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 16)]) if escape[1] else b""


def looks_like_template(data: bytes) -> bool:
    """Whether a file that cannot be parsed was meant to be a template, so that its author should hear of it.

    A manifest, a workflow or a page that only quotes a template, indented or in a comment, was not.
    """
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        data = data.removeprefix(mark)
    if b"\r" in data:
        data = data.replace(b"\r", b"\n")
    if re.search(_VERSION, data, re.MULTILINE):
        return True
    return bool(re.search(_RESOURCES, data, re.MULTILINE) and re.search(_RESOURCE_TYPE, data, re.MULTILINE))


def kind(node: Node) -> str | None:
    """What a document is, by its content: `cloudformation` (SAM and CDK output too), `serverless`, or none of ours."""
    if not isinstance(node, Mapping):
        return None
    if _is_template(node):
        return "cloudformation"
    inner = node.get("resources")
    parts = inner.items if isinstance(inner, Sequence) else (inner,)
    if any(isinstance(part, Mapping) and isinstance(part.get("Resources"), Mapping) for part in parts):
        return "serverless"
    return None


def _is_template(node: Mapping) -> bool:
    if node.get("AWSTemplateFormatVersion") is not None:
        return True
    resources = node.get("Resources")
    if not isinstance(resources, Mapping):
        return False
    if node.get("Transform") is not None:
        return True
    return any(_is_resource(name, value) for name, value in resources.entries)


def _is_resource(name: Scalar, value: Node) -> bool:
    if name.text.startswith(("Fn::ForEach", "Fn::Transform")):
        return True
    of = value.get("Type") if isinstance(value, Mapping) else None
    return isinstance(of, Scalar) and re.fullmatch(_TYPE_NAME, of.text) is not None
