"""Policies and groups that hang themselves on principals: which may hang on whom, over all stacks of a run.

AWS::IAM::Policy, ManagedPolicy and the others name the roles, users and groups that they hang on; a principal does not
know them. A name that is written out reaches into other templates, where only one principal there has it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
"""

from __future__ import annotations

from recoverable.estate.principals import Grant
from recoverable.policy.document import Policy
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.references import identity, items
from recoverable.read.cloudformation.walk import Settled, Walk
from recoverable.read.data import Datum, Open, find
from recoverable.read.policies import read_policy
from recoverable.scenario import TooManyScenariosError, explore
from recoverable.text import Hole, Text, may_equal
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.read.cloudformation.references import Item
    from recoverable.read.cloudformation.stacks import Stack
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.cloudformation.world import World
    from recoverable.source import Span

MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
MEMBERSHIP = "AWS::IAM::UserToGroupAddition"

#: For each type that hangs on principals, the properties that say on whom, with the kind of principal they name.
_SEVERAL = (("role", "Roles"), ("user", "Users"), ("group", "Groups"))
TARGETS = {
    "AWS::IAM::Policy": _SEVERAL,
    MANAGED_POLICY: _SEVERAL,
    "AWS::IAM::RolePolicy": (("role", "RoleName"),),
    "AWS::IAM::UserPolicy": (("user", "UserName"),),
    "AWS::IAM::GroupPolicy": (("group", "GroupName"),),
    MEMBERSHIP: (("user", "Users"),),
}


class Attachment(NamedTuple):
    """Something that hangs on principals of one kind. `place` orders attachments as they were written."""

    place: int
    stack: Stack
    kind: str
    origin: Span
    exists: Callable[[Evaluation], bool | Open]
    targets: Callable[[Evaluation], list[Item]]
    grants: Callable[[Evaluation], list[Grant]]


class Holder(NamedTuple):
    """A principal as attachments look for it. `name` is what its author called it, None where AWS makes a name up."""

    kind: str
    identity: str
    stack: Stack
    name: Text | None


class Possible(NamedTuple):
    """A grant that hangs on a principal that cannot be told: whom it names, and in which stack."""

    stack: Stack
    target: Text
    grants: tuple[Grant, ...]


class Attachments:
    """All attachments of a run, found by whom they may hang on.

    `named` gives the principals that have a name, by kind and name; `principals` the identities of all.
    """

    def __init__(
        self,
        world: World,
        attachments: list[Attachment],
        named: dict[tuple[str, str], list[tuple[Stack, str]]],
        principals: set[str],
    ) -> None:
        self._world = world
        self._named = named
        self._by_identity: dict[str, list[Attachment]] = {}
        self._by_name: dict[tuple[str, str], list[Attachment]] = {}
        self._loose: dict[str, list[Possible]] = {}
        for attachment in attachments:
            self._put(attachment, principals)

    def _put(self, attachment: Attachment, principals: set[str]) -> None:
        found: dict[str, None] = {}
        names: dict[str, None] = {}
        loose: dict[Text, None] = {}
        for item in self._over_all_scenarios(attachment):
            text = item.text
            name = text.literal()
            if item.identity in principals:
                found[item.identity] = None
            elif name is not None:
                names[name] = None
            elif not item.identity:
                loose[text] = None
        for one in found:
            self._by_identity.setdefault(one, []).append(attachment)
        for name in names:
            self._by_name.setdefault((attachment.kind, name), []).append(attachment)
        if loose:
            evaluation = self._settled(attachment.stack)
            if attachment.exists(evaluation) is not False:
                grants = tuple(attachment.grants(evaluation))
                self._loose.setdefault(attachment.kind, []).extend(
                    Possible(attachment.stack, text, grants) for text in loose
                )

    def _over_all_scenarios(self, attachment: Attachment) -> Iterator[Item]:
        try:
            walks = explore(lambda run: attachment.targets(Evaluation(attachment.stack, Walk(self._world, run))))
            for _, found in walks:
                yield from found
        except TooManyScenariosError:
            yield from attachment.targets(self._settled(attachment.stack))

    def _settled(self, stack: Stack) -> Evaluation:
        return Evaluation(stack, Walk(self._world, Settled(())))

    def on(self, evaluation: Evaluation, holder: Holder) -> list[Grant]:
        """What hangs on a principal in this scenario, and what may."""
        name = None if holder.name is None else holder.name.literal()
        near = {one.place: one for one in self._by_identity.get(holder.identity, ())}
        if name is not None:
            near.update((one.place, one) for one in self._by_name.get((holder.kind, name), ()))
        found: list[Grant] = []
        for _, attachment in sorted(near.items()):
            there = evaluation.inside(attachment.stack)
            exists = attachment.exists(there)
            doubts = [self._doubt(attachment.stack, item, holder) for item in attachment.targets(there)]
            certain = [doubt for doubt in doubts if doubt is not None]
            if exists is False or not certain:
                continue
            doubt = exists.reason if isinstance(exists, Open) else min(certain, key=len)
            found.extend(grant._replace(doubt=grant.doubt or doubt) for grant in attachment.grants(there))
        certain_ones = {grant.origin for grant in found if not grant.doubt}
        found.extend(grant for grant in self._possible(holder, name) if grant.origin not in certain_ones)
        return found

    def _possible(self, holder: Holder, name: str | None) -> Iterator[Grant]:
        for possible in self._loose.get(holder.kind, ()):
            doubt = _may_mean(possible, holder)
            if doubt is not None:
                yield from (grant._replace(doubt=doubt) for grant in possible.grants)
        if holder.name is not None and name is None:
            # A name that is partly known may be one that is written out elsewhere.
            for (kind, written), attachments in self._by_name.items():
                if kind == holder.kind and may_equal(holder.name, Text((written,) if written else ())):
                    for attachment in attachments:
                        evaluation = self._settled(attachment.stack)
                        if attachment.exists(evaluation) is not False:
                            doubt = f"whether it is called {written} is not known: {holder.name.why_open()}"
                            yield from (grant._replace(doubt=doubt) for grant in attachment.grants(evaluation))

    def _doubt(self, stack: Stack, item: Item, holder: Holder) -> str | None:
        """None: another principal is meant. Empty: this one is. Else why that cannot be told."""
        if item.identity == holder.identity:
            return ""
        name = item.text.literal()
        if name is None or holder.name is None or holder.name.literal() != name:
            return None
        return self.whose(holder.kind, name, stack, holder)

    def whose(self, kind: str, name: str, stack: Stack, holder: Holder) -> str | None:
        """Whether a name that is written in `stack` means `holder`: as `_doubt`."""
        owners = self._named.get((kind, name), [])
        here = [one for owner, one in owners if root_of(owner) is root_of(stack)]
        if here:
            return "" if holder.identity in here else None
        if len({root_of(owner).template.path for owner, _ in owners}) > 1:
            return f"several templates have a {kind} called {name}"
        return ""


def root_of(stack: Stack) -> Stack:
    while stack.parent is not None:
        stack = stack.parent
    return stack


def _may_mean(possible: Possible, holder: Holder) -> str | None:
    """Why a name that is not wholly known may be that of a principal; None if it cannot be, empty if it is."""
    target = possible.target
    if holder.name is None:
        # Nobody writes out a part of a name that AWS makes up.
        whole = len(target.parts) == 1
        return f"it is not known which {holder.kind} it hangs on: {target.why_open()}" if whole else None
    if target == holder.name and possible.stack is holder.stack and all(hole.stands_for for hole in target.holes()):
        return ""
    if may_equal(target, holder.name):
        return f"it is not known which {holder.kind} it hangs on: {target.why_open() or holder.name.why_open()}"
    return None


def written_policy(evaluation: Evaluation, resource: Resource) -> Grant:
    """The policy that a resource is, of any type that hangs on principals."""
    settings = evaluation.properties(resource)
    managed = resource.type == MANAGED_POLICY
    key = "ManagedPolicyName" if managed else "PolicyName"
    named = find(settings, resource.origin, key)
    if named.datum is not None:
        name = named.datum.text()
    else:
        symbol = evaluation.stack.symbol(resource.logical_id, "Ref")
        name = Text((Hole(f"{resource.logical_id} gets its name when the stack is deployed", symbol),))
    return Grant(
        name,
        "managed" if managed else "inline",
        document(settings, resource.origin, "PolicyDocument"),
        resource.origin,
        document=identity(evaluation.stack, resource.logical_id),
    )


def document(owner: Datum, near: Span, key: str) -> Policy:
    """The policy document under a key; one that is missing is open."""
    found = find(owner, near, key)
    if found.datum is None:
        return Policy((), near, open=found.open or f"there is no {key}")
    return read_policy(found.datum)


def attachments_of(stack: Stack, resource: Resource, first: int) -> Iterator[Attachment]:
    """What a resource that hangs on principals is to each kind of them, memberships apart."""
    for kind, key in TARGETS[resource.type]:
        yield Attachment(
            first,
            stack,
            kind,
            resource.origin,
            lambda evaluation: evaluation.exists(resource),
            lambda evaluation, key=key: list(items(evaluation, resource, key)),  # type: ignore[misc]
            lambda evaluation: [written_policy(evaluation, resource)],
        )
