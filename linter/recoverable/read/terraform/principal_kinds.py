"""Who may act and what hangs on them, in the words of the providers aws and awscc.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssoadmin_permission_set
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/iam_role
"""

from __future__ import annotations

from recoverable.typed import NamedTuple


class Kind(NamedTuple):
    """A type of principal: what it is, and what the provider calls its parts. Empty for what it does not have.

    `name` and `prefix` are its name and how a name begins that the provider makes up; `symbols` the attributes by which
    others refer to it. `inline` holds policies, each with `inline_name` and `inline_policy`; where it holds one policy
    itself, these are empty.
    """

    kind: str
    name: str
    prefix: str = ""
    path: str = "path"
    trust: str = ""
    inline: str = ""
    inline_name: str = ""
    inline_policy: str = ""
    managed: str = ""
    boundary: str = ""
    groups: str = ""
    symbols: tuple[str, ...] = ("arn", "id", "name", "unique_id")


ROLE, USER, GROUP = "aws_iam_role", "aws_iam_user", "aws_iam_group"
PERMISSION_SET = "aws_ssoadmin_permission_set"

_CLOUD_CONTROL = {"inline": "policies", "inline_name": "policy_name", "inline_policy": "policy_document"}

KINDS = {
    ROLE: Kind(
        "role", "name", "name_prefix", trust="assume_role_policy", inline="inline_policy", inline_name="name",
        inline_policy="policy", managed="managed_policy_arns", boundary="permissions_boundary",
    ),
    USER: Kind("user", "name", boundary="permissions_boundary"),
    GROUP: Kind("group", "name"),
    PERMISSION_SET: Kind("permission-set", "name", symbols=("arn", "id")),
    "awscc_iam_role": Kind(
        "role", "role_name", trust="assume_role_policy_document", managed="managed_policy_arns",
        boundary="permissions_boundary", symbols=("arn", "id", "role_name", "role_id"), **_CLOUD_CONTROL,
    ),
    "awscc_iam_user": Kind(
        "user", "user_name", managed="managed_policy_arns", boundary="permissions_boundary", groups="groups",
        symbols=("arn", "id", "user_name"), **_CLOUD_CONTROL,
    ),
    "awscc_iam_group": Kind(
        "group", "group_name", managed="managed_policy_arns", symbols=("arn", "id", "group_name"), **_CLOUD_CONTROL
    ),
    "awscc_sso_permission_set": Kind(
        "permission-set", "name", inline="inline_policy", managed="managed_policies", boundary="permissions_boundary",
        symbols=("permission_set_arn", "id"),
    ),
}  # fmt: skip


class Attaching(NamedTuple):
    """A type that hangs something on principals.

    `targets` are, for each kind of principal, the attribute that names them. `policy` is the document that it holds
    itself, `managed` the ARN of a policy or of several, `reference` a block that names one. `groups` are the groups
    that it puts users into. `boundary`: what it hangs limits, and gives nothing.
    """

    targets: tuple[tuple[str, str], ...]
    policy: str = ""
    name: str = ""
    managed: str = ""
    reference: str = ""
    groups: str = ""
    boundary: str = ""


_SEVERAL = (("role", "roles"), ("user", "users"), ("group", "groups"))
_SET = (("permission-set", "permission_set_arn"),)

ATTACHING = {
    "aws_iam_role_policy": Attaching((("role", "role"),), policy="policy", name="name"),
    "aws_iam_user_policy": Attaching((("user", "user"),), policy="policy", name="name"),
    "aws_iam_group_policy": Attaching((("group", "group"),), policy="policy", name="name"),
    "aws_iam_role_policy_attachment": Attaching((("role", "role"),), managed="policy_arn"),
    "aws_iam_user_policy_attachment": Attaching((("user", "user"),), managed="policy_arn"),
    "aws_iam_group_policy_attachment": Attaching((("group", "group"),), managed="policy_arn"),
    "aws_iam_policy_attachment": Attaching(_SEVERAL, managed="policy_arn"),
    # These attach what they name, and take everything else away.
    "aws_iam_role_policy_attachments_exclusive": Attaching((("role", "role_name"),), managed="policy_arns"),
    "aws_iam_user_policy_attachments_exclusive": Attaching((("user", "user_name"),), managed="policy_arns"),
    "aws_iam_group_policy_attachments_exclusive": Attaching((("group", "group_name"),), managed="policy_arns"),
    "aws_iam_user_group_membership": Attaching((("user", "user"),), groups="groups"),
    "aws_iam_group_membership": Attaching((("user", "users"),), groups="group"),
    "aws_ssoadmin_permission_set_inline_policy": Attaching(_SET, policy="inline_policy"),
    "aws_ssoadmin_managed_policy_attachment": Attaching(_SET, managed="managed_policy_arn"),
    "aws_ssoadmin_managed_policy_attachments_exclusive": Attaching(_SET, managed="managed_policy_arns"),
    "aws_ssoadmin_customer_managed_policy_attachment": Attaching(_SET, reference="customer_managed_policy_reference"),
    "aws_ssoadmin_customer_managed_policy_attachments_exclusive": Attaching(
        _SET, reference="customer_managed_policy_reference"
    ),
    "aws_ssoadmin_permissions_boundary_attachment": Attaching(_SET, boundary="permissions_boundary"),
    "awscc_iam_role_policy": Attaching((("role", "role_name"),), policy="policy_document", name="policy_name"),
    "awscc_iam_user_policy": Attaching((("user", "user_name"),), policy="policy_document", name="policy_name"),
    "awscc_iam_group_policy": Attaching((("group", "group_name"),), policy="policy_document", name="policy_name"),
    "awscc_iam_policy": Attaching(_SEVERAL, policy="policy_document", name="policy_name"),
    "awscc_iam_managed_policy": Attaching(_SEVERAL, policy="policy_document", name="managed_policy_name"),
    "awscc_iam_user_to_group_addition": Attaching((("user", "users"),), groups="group_name"),
}


class Managed(NamedTuple):
    """A type of managed policy: its document, and the attributes by which others refer to it."""

    name: str
    policy: str
    symbols: tuple[str, ...]


MANAGED = {
    "aws_iam_policy": Managed("name", "policy", ("arn", "id")),
    "awscc_iam_managed_policy": Managed("managed_policy_name", "policy_document", ("policy_arn", "id")),
}

#: How a document looks whose managed policy is attached by name alone.
REFERENCE = ("name", "path")

#: All types that have to do with who may act.
TYPES = frozenset((*KINDS, *ATTACHING, *MANAGED))
