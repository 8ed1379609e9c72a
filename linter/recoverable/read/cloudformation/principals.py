"""Roles, users, groups and permission sets of all stacks, with every policy that hangs on them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-permissionset.html
"""

from __future__ import annotations

from recoverable.estate.principals import Grant, Principal, keyed
from recoverable.read.cloudformation import sam
from recoverable.read.cloudformation.attachments import (
    MANAGED_POLICY,
    MEMBERSHIP,
    TARGETS,
    Attachment,
    Attachments,
    Holder,
    attachments_of,
    document,
    root_of,
)
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.identity import pseudo_text, subject_of
from recoverable.read.cloudformation.managed_policies import ManagedPolicies
from recoverable.read.cloudformation.references import Item, identity, items
from recoverable.read.cloudformation.sam_graphql import GRAPHQL_API, source_roles
from recoverable.read.cloudformation.tables import tags_of
from recoverable.read.cloudformation.walk import Settled, Walk
from recoverable.read.data import Datum, Fields, Open, find
from recoverable.read.policies import read_policy
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple
from recoverable.value import Entry, Known, Unknown, Value, Variant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol, TypeVar

    from recoverable.estate import Tags
    from recoverable.policy.document import Policy
    from recoverable.read.cloudformation.stacks import Stack
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.cloudformation.world import World

    T = TypeVar("T")

    class Explored(Protocol):
        """What a resource is in every scenario that matters to it."""

        def __call__(
            self, stack: Stack, resource: Resource, make: Callable[[Evaluation, Resource], T | None], /
        ) -> tuple[Variant[T], ...]: ...


ROLE = "AWS::IAM::Role"
USER = "AWS::IAM::User"
GROUP = "AWS::IAM::Group"
PERMISSION_SET = "AWS::SSO::PermissionSet"


class Kind(NamedTuple):
    """A kind of principal, and what CloudFormation calls its parts. `attributes` mean it in references, `Ref` first."""

    name: str
    name_property: str
    inline: str
    managed: str
    attributes: tuple[str, ...]
    path: str = "Path"


KINDS = {
    ROLE: Kind("role", "RoleName", "Policies", "ManagedPolicyArns", ("Ref", "Arn", "RoleId")),
    USER: Kind("user", "UserName", "Policies", "ManagedPolicyArns", ("Ref", "Arn")),
    GROUP: Kind("group", "GroupName", "Policies", "ManagedPolicyArns", ("Ref", "Arn")),
    PERMISSION_SET: Kind("permission-set", "Name", "InlinePolicy", "ManagedPolicies", ("Ref", "PermissionSetArn")),
}
#: SAM makes roles of its own for these.
IMPLICIT = Kind("role", "", "Policies", "", ("Ref", "Arn", "RoleId"), "RolePath")
SAM_TYPES = (sam.FUNCTION, sam.STATE_MACHINE)


def read_principals(world: World, reader: Reader, explored: Explored) -> tuple[Entry[Principal], ...]:
    """All principals, in the order of files and resources."""
    entries: list[Entry[Principal]] = []
    for stack in _stacks(world):
        for resource in stack.resources().values():
            if resource.type in KINDS:
                variants = explored(stack, resource, reader.principal)
            elif resource.type in SAM_TYPES:
                variants = explored(stack, resource, reader.implicit_role)
            elif resource.type == GRAPHQL_API:
                entries.extend(_by_part(explored(stack, resource, reader.source_roles)))
                continue
            else:
                continue
            if any(variant.item is not None for variant in variants):
                entries.append(Entry(variants))
    return tuple(entries)


def _by_part(variants: tuple[Variant[dict[str, Principal]], ...]) -> Iterator[Entry[Principal]]:
    """Several principals that one resource makes, each on its own."""
    for part in dict.fromkeys(part for variant in variants for part in variant.item or ()):
        yield Entry(tuple(Variant(each.scenario, (each.item or {}).get(part)) for each in variants))


def _stacks(world: World) -> Iterator[Stack]:
    for root in world.roots:
        yield from root.within()


class Reader:
    """What has to be known of all stacks to read one principal.

    `known` are the identities of all principals, `named` those that have a name, by kind and name.
    """

    def __init__(self, world: World) -> None:
        self._facts = sam.Facts()
        self._groups: dict[str, tuple[Stack, Resource]] = {}
        self._policies = ManagedPolicies()
        named: dict[tuple[str, str], list[tuple[Stack, str]]] = {}
        attachments: list[Attachment] = []
        principals: set[str] = set()
        for stack in _stacks(world):
            evaluation = Evaluation(stack, Walk(world, Settled(())))
            for resource in stack.resources().values():
                own = identity(stack, resource.logical_id)
                kind = KINDS.get(resource.type)
                if kind is not None:
                    principals.add(own)
                    if resource.type == GROUP:
                        self._groups[own] = (stack, resource)
                    called = _written_name(evaluation, resource, kind.name_property)
                    if called is not None and called.literal():
                        named.setdefault((kind.name, called.literal() or ""), []).append((stack, own))
                elif resource.type in SAM_TYPES:
                    principals.add(identity(stack, sam.role_name(resource)))
                elif resource.type == MANAGED_POLICY:
                    self._policies.add(evaluation, resource, own)
                if resource.type in TARGETS:
                    for attachment in attachments_of(stack, resource, len(attachments)):
                        if resource.type == MEMBERSHIP:
                            attachments.append(attachment._replace(grants=self._membership(resource)))
                        else:
                            attachments.append(attachment)
            for connection in sam.connections(stack):
                attachments.append(self._connector(connection, len(attachments)))
        self._attachments = Attachments(world, attachments, named, principals)
        self.known = frozenset(principals)
        self.named = frozenset(named)

    def principal(self, evaluation: Evaluation, resource: Resource) -> Principal:
        """A principal that the template writes out."""
        kind = KINDS[resource.type]
        settings = evaluation.properties(resource)
        at = resource.origin
        called = _written_name(evaluation, resource, kind.name_property)
        own = identity(evaluation.stack, resource.logical_id)
        written = (*self._inline(evaluation, resource, kind), *self._managed_ones(evaluation, resource, kind))
        grants = keyed(own, written)
        opened = [settings.fields().open]
        if kind.name == "user":
            for item in items(evaluation, resource, "Groups"):
                more, reason = self._of_group(evaluation, item)
                grants.extend(more)
                opened.append(reason)
        grants.extend(self._attachments.on(evaluation, Holder(kind.name, own, evaluation.stack, called)))
        trust = find(settings, at, "AssumeRolePolicyDocument")
        return Principal(
            subject=subject_of(
                evaluation, resource, kind.name, _name(settings, resource, kind.name_property), _nowhere(resource)
            ),
            names=_names(evaluation, resource, resource.logical_id, kind, called),
            trust=Value(
                trust.name,
                Known(document(settings, at, trust.name), trust.near)
                if kind.name == "role"
                else Known(None, at, defaulted=True),
            ),
            grants=tuple(grants),
            boundary=self._boundary(evaluation, resource, kind),
            open=_opened(evaluation, resource, *opened),
            tags=_tags(evaluation, resource) if kind.name in ("role", "user") else None,
        )

    def implicit_role(self, evaluation: Evaluation, resource: Resource) -> Principal | None:
        """The role that SAM makes for a function or state machine; None where it names its own."""
        if not sam.makes_role(evaluation, resource):
            return None
        name = sam.role_name(resource)
        reason = f"{name} is made by the SAM transform and gets its name when the stack is deployed"
        unnamed: Value[str] = Value("RoleName", Unknown(reason, resource.origin))
        subject = subject_of(evaluation, resource, "role", unnamed, _nowhere(resource))
        written, opened = sam.grants(evaluation, resource, self._facts, self._policies.by_arn)
        own = identity(evaluation.stack, name)
        grants = keyed(own, written)
        grants.extend(self._attachments.on(evaluation, Holder("role", own, evaluation.stack, None)))
        return Principal(
            subject=subject._replace(address=f"{evaluation.stack.prefix}{name}"),
            names=_names(evaluation, resource, name, IMPLICIT, None),
            trust=self._implicit_trust(evaluation, resource),
            grants=tuple(grants),
            boundary=self._boundary(evaluation, resource, IMPLICIT),
            open=_opened(evaluation, resource, opened),
        )

    def source_roles(self, evaluation: Evaluation, resource: Resource) -> dict[str, Principal]:
        """The roles that SAM makes for the tables behind a GraphQL API."""
        found: dict[str, Principal] = {}
        for made in source_roles(evaluation, resource, self._facts):
            reason = f"{made.name} is made by the SAM transform and gets its name when the stack is deployed"
            unnamed: Value[str] = Value("RoleName", Unknown(reason, made.origin))
            subject = subject_of(evaluation, resource, "role", unnamed, _nowhere(resource))
            own = identity(evaluation.stack, made.name)
            further = self._attachments.on(evaluation, Holder("role", own, evaluation.stack, None))
            found[made.name] = Principal(
                subject=subject._replace(address=f"{evaluation.stack.prefix}{made.name}", origin=made.origin),
                names=_names(evaluation, resource, made.name, IMPLICIT, None),
                trust=Value("AssumeRolePolicyDocument", Known(made.trust, made.origin, defaulted=True)),
                grants=(*keyed(own, (made.grant,)), *further),
                boundary=Value("PermissionsBoundary", Known(None, made.origin, defaulted=True)),
                open=_opened(evaluation, resource),
            )
        return found

    def _implicit_trust(self, evaluation: Evaluation, resource: Resource) -> Value[Policy | None]:
        key = "AssumeRolePolicyDocument"
        found = find(evaluation.properties(resource), resource.origin, key)
        if found.datum is None or resource.type != sam.FUNCTION:
            return Value(key, Known(sam.trusts(resource), resource.origin, defaulted=True))
        return Value(key, Known(read_policy(found.datum), found.near))

    def _inline(self, evaluation: Evaluation, resource: Resource, kind: Kind) -> Iterator[Grant]:
        for item in items(evaluation, resource, kind.inline):
            datum, at = item.datum, item.datum.origin
            if kind.inline == "InlinePolicy":
                yield Grant(Text((kind.inline,)), "inline", read_policy(datum), at)
                continue
            name = find(datum, at, "PolicyName")
            shown = name.datum.text() if name.datum is not None else Text((Hole("the policy has no PolicyName"),))
            yield Grant(shown, "inline", document(datum, at, "PolicyDocument"), at)

    def _managed_ones(self, evaluation: Evaluation, resource: Resource, kind: Kind) -> Iterator[Grant]:
        for item in items(evaluation, resource, kind.managed):
            yield self._policies.by_arn(evaluation, item)
        if resource.type == PERMISSION_SET:
            for item in items(evaluation, resource, "CustomerManagedPolicyReferences"):
                yield self._policies.by_reference(evaluation, item.datum)

    def _boundary(self, evaluation: Evaluation, resource: Resource, kind: Kind) -> Value[Grant | None]:
        key = "PermissionsBoundary"
        found = find(evaluation.properties(resource), resource.origin, key)
        if kind.name == "group" or (found.datum is None and not found.open):
            return Value(key, Known(None, resource.origin, defaulted=True))
        if found.datum is None:
            return Value(key, Unknown(found.open, found.near))
        if kind.name == "permission-set":
            fields = found.datum.fields()
            by_name = fields.get("CustomerManagedPolicyReference")
            if by_name is not None:
                return Value(key, Known(self._policies.by_reference(evaluation, by_name), found.near))
            written = list(items(evaluation, resource, key, "ManagedPolicyArn"))
        else:
            written = list(items(evaluation, resource, key))
        if len(written) != 1 or (isinstance(written[0].datum.content, Fields | Open) and not written[0].identity):
            reason = found.datum.text().why_open() or "it is not the ARN of one policy"
            return Value(key, Unknown(reason, found.near))
        return Value(
            key, Known(self._policies.by_arn(evaluation, written[0]), found.near, notes=written[0].datum.notes)
        )

    def _of_group(self, evaluation: Evaluation, item: Item) -> tuple[list[Grant], str]:
        """What a user has from a group, or why that is not known."""
        there = self._groups.get(item.identity) or self._group_called(evaluation, item.text.literal())
        if there is None:
            return [], f"what the group {item.text.shown()} may do is not in what was read"
        stack, resource = there
        inside = evaluation.inside(stack)
        group = self.principal(inside, resource)
        address = group.subject.address
        return [grant._replace(through=address) for grant in group.grants], group.open

    def _group_called(self, evaluation: Evaluation, name: str | None) -> tuple[Stack, Resource] | None:
        found = [
            (stack, resource)
            for stack, resource in self._groups.values()
            if name is not None
            if (written := _written_name(evaluation.inside(stack), resource, "GroupName")) and written.literal() == name
        ]
        near = [one for one in found if root_of(one[0]) is root_of(evaluation.stack)]
        chosen = near or found
        return chosen[0] if len(chosen) == 1 else None

    def _membership(self, resource: Resource) -> Callable[[Evaluation], list[Grant]]:
        def grants(evaluation: Evaluation) -> list[Grant]:
            found: list[Grant] = []
            for item in items(evaluation, resource, "GroupName"):
                more, reason = self._of_group(evaluation, item)
                found.extend(more)
                if reason:
                    found.append(Grant(item.text, "managed", None, resource.origin, through=item.text.shown()))
            return found

        return grants

    def _connector(self, connection: sam.Connection, place: int) -> Attachment:
        def targets(evaluation: Evaluation) -> list[Item]:
            found = sam.connected(evaluation, connection, self._facts)
            return [] if found is None else found[0]

        def grants(evaluation: Evaluation) -> list[Grant]:
            found = sam.connected(evaluation, connection, self._facts)
            return [] if found is None else keyed(identity(connection.stack, connection.name), (found[1],))

        def exists(evaluation: Evaluation) -> bool | Open:
            above = connection.stack.exists(evaluation.walk)
            condition = getattr(connection.condition, "text", "")
            return above if above is not True or not condition else evaluation.condition(condition)

        return Attachment(place, connection.stack, "role", connection.origin, exists, targets, grants)


def _tags(evaluation: Evaluation, resource: Resource) -> Tags:
    """The tags of a principal. Few policies ask for them, so that they are no reason to look at more scenarios."""
    settled = Settled(())
    settled.settled.update(evaluation.walk.run.settled)
    inside = Evaluation(evaluation.stack, Walk(evaluation.walk.world, settled))
    return tags_of(inside.properties(resource))


def _written_name(evaluation: Evaluation, resource: Resource, key: str) -> Text | None:
    """What the author called it; None where AWS makes a name up."""
    named = evaluation.properties(resource).fields().get(key)
    return None if named is None else named.text()


def _name(settings: Datum, resource: Resource, key: str) -> Value[str]:
    found = find(settings, resource.origin, key)
    if found.datum is None:
        reason = found.open or "CloudFormation makes a name up when the stack is deployed"
        return Value(key, Unknown(reason, resource.origin))
    return found.string("")


def _nowhere(resource: Resource) -> Value[str]:
    return Value("Region", Unknown("IAM is the same in all Regions", resource.origin))


def _names(
    evaluation: Evaluation, resource: Resource, logical_id: str, kind: Kind, called: Text | None
) -> tuple[Text, ...]:
    """All texts that mean a principal: `called` is the name its author gave it, None where AWS makes one up."""
    reason = f"{logical_id} is made when the stack is deployed"
    symbols = [Text((Hole(reason, evaluation.stack.symbol(logical_id, attribute)),)) for attribute in kind.attributes]
    own = () if called is None else (called,)
    if kind.name == "permission-set":
        return (*symbols, *own)
    path = evaluation.properties(resource).fields().get(kind.path)
    arn = joined(
        "arn:",
        pseudo_text(evaluation, "AWS::Partition", resource),
        ":iam::",
        pseudo_text(evaluation, "AWS::AccountId", resource),
        f":{kind.name}",
        "/" if path is None else path.text(),
        symbols[0] if called is None else called,
    )
    return (*symbols, *own, arn)


def _opened(evaluation: Evaluation, resource: Resource, *reasons: str) -> str:
    found = dict.fromkeys(filter(None, reasons))
    if evaluation.walk.room is not None:
        found[f"{resource.logical_id} depends on more choices of the deployment than are followed"] = None
    return "; ".join(found)
