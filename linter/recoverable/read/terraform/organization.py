"""Backup policies of an organization in a configuration: aws_organizations_policy of type BACKUP_POLICY.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy_attachment
"""

from __future__ import annotations

from recoverable.estate.backup import Written
from recoverable.read.backup_policy import Reach, reach_of, read_policy_plans
from recoverable.read.data import Datum, Fields, Open, find
from recoverable.read.policies import parsed
from recoverable.read.policy_inheritance import effective
from recoverable.read.terraform.identity import subject_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Plan, Selection
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root

POLICY = "aws_organizations_policy"
ATTACHMENT = "aws_organizations_policy_attachment"
#: The same of the provider that is made of CloudFormation's types: it says itself what it is attached to.
CLOUD_POLICY = "awscc_organizations_policy"


def read_backup_policy(root: Root, instance: Instance) -> tuple[tuple[Plan, ...], tuple[Selection, ...]] | None:
    """The plans and selections of a backup policy; None for a policy of another type.

    Each policy is read by itself: how it meets others depends on where all of them are attached.
    """
    settings, at = instance.arguments, instance.resource.span
    kind = find(settings, at, "type").string("SERVICE_CONTROL_POLICY").known()
    content = find(settings, at, "content")
    document = None if content.datum is None else parsed(content.datum)
    if kind is None:
        # Only a backup policy has plans.
        if document is None or document.fields().get("plans") is None:
            return None
    elif kind != "BACKUP_POLICY":
        return None
    if document is None:
        document = Datum(Open(content.open) if content.open else Fields({}), at)
    subject = subject_of(instance, "plan", find(settings, at, "name").string(""))
    reach = _reach(root, instance)
    return read_policy_plans(effective((document,), reach.inherits), subject, instance.symbol("id"), reach)


def _reach(root: Root, policy: Instance) -> Reach:
    """The targets of its attachments."""
    targets: list[Written] = []
    opened = ""
    own = policy.arguments.fields().get("target_ids") if policy.resource.type == CLOUD_POLICY else None
    if own is not None:
        listed = own.list()
        targets.extend(Written(item.text(), item.origin) for item in listed)
        opened = listed.open
    for each in root.all_of(ATTACHMENT, policy.evaluation.walk):
        fields = each.arguments.fields()
        about, target = fields.get("policy_id"), fields.get("target_id")
        if about is None or target is None:
            continue
        whose = about.text().stands_for()
        if whose == policy.symbol("id"):
            targets.append(Written(target.text(), target.origin))
        elif not whose and about.text().literal() is None:
            opened = opened or f"{each.address} may attach it: {about.text().why_open()}"
    return reach_of(tuple(targets), opened, "the configuration")
