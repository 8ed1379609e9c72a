"""Backup policies of an organization in a template: AWS::Organizations::Policy of type BACKUP_POLICY.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html
"""

from __future__ import annotations

from recoverable.read.backup_lists import texts
from recoverable.read.backup_policy import reach_of, read_policy_plans
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import Datum, Fields, Open, find
from recoverable.read.policies import parsed
from recoverable.read.policy_inheritance import effective

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Plan, Selection
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource

POLICY = "AWS::Organizations::Policy"


def read_backup_policy(
    evaluation: Evaluation, resource: Resource
) -> tuple[tuple[Plan, ...], tuple[Selection, ...]] | None:
    """The plans and selections of a backup policy; None for a policy of another type.

    Each policy is read by itself: how it meets others depends on where all of them are attached.
    """
    settings = evaluation.properties(resource)
    kind = find(settings, resource.origin, "Type").string("").known()
    content = find(settings, resource.origin, "Content")
    document = None if content.datum is None else parsed(content.datum)
    if kind is None:
        # Only a backup policy has plans.
        if document is None or document.fields().get("plans") is None:
            return None
    elif kind != "BACKUP_POLICY":
        return None
    name = find(settings, resource.origin, "Name").string("")
    subject = subject_of(evaluation, resource, "plan", name, pseudo_value(evaluation, "AWS::Region", resource))
    if document is None:
        document = Datum(Open(content.open) if content.open else Fields({}), resource.origin)
    reach = reach_of(*texts(find(settings, resource.origin, "TargetIds")), "the template")
    symbol = evaluation.stack.symbol(resource.logical_id, "Ref")
    return read_policy_plans(effective((document,), reach.inherits), subject, symbol, reach)
