"""Policies that are resources of their own, those of streams, and those of an organization that limit its accounts.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-examples.html
"""

from __future__ import annotations

from recoverable.estate.documents import PolicyDocument
from recoverable.estate.guardrails import Guardrail
from recoverable.read.backup_lists import texts
from recoverable.read.cloudformation.attachments import MEMBERSHIP, TARGETS, document, written_policy
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.cloudformation.organization import POLICY
from recoverable.read.cloudformation.references import identity, items
from recoverable.read.cloudformation.tables import TYPES as TABLE_TYPES
from recoverable.read.data import find
from recoverable.read.policies import read_policy
from recoverable.source import Span
from recoverable.value import Entry, Unknown, Value, Variant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject
    from recoverable.policy.document import Policy
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.principals import Explored, Reader
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.cloudformation.world import World

#: The types of organization policies that limit what accounts may do, and what they are called.
GUARDRAILS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}


def read_documents(world: World, reader: Reader, explored: Explored) -> tuple[Entry[PolicyDocument], ...]:
    """The policies that are resources of their own, whether or not they hang on somebody, and those of streams."""

    def of_its_own(evaluation: Evaluation, resource: Resource) -> PolicyDocument:
        return _written(evaluation, resource, reader)

    entries: list[Entry[PolicyDocument]] = []
    for root in world.roots:
        for stack in root.within():
            for resource in stack.resources().values():
                if resource.type in TARGETS and resource.type != MEMBERSHIP:
                    entries.append(Entry(explored(stack, resource, of_its_own)))
                elif resource.type in TABLE_TYPES:
                    variants = explored(stack, resource, _streams)
                    keys = dict.fromkeys(key for variant in variants for key in variant.item or ())
                    entries.extend(
                        Entry(tuple(Variant(each.scenario, (each.item or {}).get(key)) for each in variants))
                        for key in keys
                    )
    return tuple(entry for entry in entries if any(variant.item is not None for variant in entry.variants))


def read_guardrails(world: World, explored: Explored) -> tuple[Entry[Guardrail], ...]:
    """The service and resource control policies."""
    entries = [
        Entry(explored(stack, resource, _guardrail))
        for root in world.roots
        for stack in root.within()
        for resource in stack.resources().values()
        if resource.type == POLICY
    ]
    return tuple(entry for entry in entries if any(variant.item is not None for variant in entry.variants))


def _written(evaluation: Evaluation, resource: Resource, reader: Reader) -> PolicyDocument:
    grant = written_policy(evaluation, resource)
    policy = grant.policy
    assert policy is not None
    named = [(kind, item) for kind, key in TARGETS[resource.type] for item in items(evaluation, resource, key)]
    strangers = dict.fromkeys(
        item.text.shown()
        for kind, item in named
        if item.identity not in reader.known and (kind, item.text.literal() or "") not in reader.named
    )
    key = "ManagedPolicyName" if grant.source == "managed" else "PolicyName"
    settings = evaluation.properties(resource)
    named_by_author = find(settings, resource.origin, key)
    name: Value[str] = (
        Value(key, Unknown("it gets its name when the stack is deployed", resource.origin))
        if named_by_author.datum is None
        else named_by_author.string("")
    )
    region: Value[str] = Value("Region", Unknown("IAM is the same in all Regions", resource.origin))
    return PolicyDocument(
        key=grant.document,
        kind="identity" if named else "unattached",
        subject=subject_of(evaluation, resource, "policy", name, region),
        policy=policy,
        holders_open=f"it hangs on {', '.join(strangers)}, which is not in what was read" if strangers else "",
    )


def _streams(evaluation: Evaluation, resource: Resource) -> dict[str, PolicyDocument] | None:
    """The policies on the streams of a table and of its replicas, by key."""
    settings = evaluation.properties(resource)
    found: dict[str, PolicyDocument] = {}
    own = find(settings, resource.origin, "StreamSpecification", "ResourcePolicy")
    listed = [("stream", own.datum)] if own.datum is not None else []
    replicas = find(settings, resource.origin, "Replicas").datum
    for number, replica in enumerate(replicas.list() if replicas is not None else (), 1):
        region = find(replica, replica.origin, "Region").string("").known() or f"#{number}"
        theirs = find(replica, replica.origin, "ReplicaStreamSpecification", "ResourcePolicy")
        if theirs.datum is not None:
            listed.append((f"{region} stream", theirs.datum))
    for part, datum in listed:
        policy = document(datum, datum.origin, "PolicyDocument")
        key = f"{identity(evaluation.stack, resource.logical_id)}|{part}"
        subject = _part(evaluation, resource, part, policy)
        found[key] = PolicyDocument(key, "stream", subject, policy)
    return found or None


def _part(evaluation: Evaluation, resource: Resource, part: str, policy: Policy) -> Subject:
    name = find(evaluation.properties(resource), resource.origin, "TableName").string("")
    subject = subject_of(evaluation, resource, "policy", name, pseudo_value(evaluation, "AWS::Region", resource))
    origin = policy.origin if isinstance(policy.origin, Span) else resource.origin
    return subject._replace(part=part, origin=origin, extent=origin)


def _guardrail(evaluation: Evaluation, resource: Resource) -> Guardrail | None:
    settings = evaluation.properties(resource)
    type_ = find(settings, resource.origin, "Type").string("").known()
    kind = GUARDRAILS.get(type_ or "")
    content = find(settings, resource.origin, "Content")
    if kind is None or content.datum is None:
        return None
    targets, opened = texts(find(settings, resource.origin, "TargetIds"))
    name = find(settings, resource.origin, "Name").string("")
    region: Value[str] = Value("Region", Unknown("it counts in all Regions", resource.origin))
    subject = subject_of(evaluation, resource, kind, name, region)
    return Guardrail(subject, kind, read_policy(content.datum), targets, opened)
