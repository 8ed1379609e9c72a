"""Roles, users, groups and permission sets of all roots, with every policy that hangs on them.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssoadmin_permission_set
"""

from __future__ import annotations

from recoverable.estate.principals import Grant, Principal, keyed
from recoverable.read.data import Datum, Open, find, literal
from recoverable.read.policies import read_policy
from recoverable.read.terraform import cloud_control
from recoverable.read.terraform.attachments import Attachments, Holder
from recoverable.read.terraform.blocks import body_datum
from recoverable.read.terraform.identity import subject_of
from recoverable.read.terraform.kinds import is_refused
from recoverable.read.terraform.managed_policies import Made, ManagedPolicies, document, policy_of
from recoverable.read.terraform.principal_kinds import ATTACHING, KINDS, MANAGED, Kind
from recoverable.read.terraform.providers import account_of
from recoverable.read.terraform.tables import tags_of
from recoverable.read.terraform.walk import Walk
from recoverable.text import Hole, Text, joined
from recoverable.value import Entry, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Protocol, TypeVar

    from recoverable.estate import Subject, Tags
    from recoverable.policy.document import Policy
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Place, Root
    from recoverable.scenario import Variant
    from recoverable.source import Span

    T = TypeVar("T")

    class Explored(Protocol):
        """The instances of a resource, each with what it is in every scenario that matters to it."""

        def __call__(
            self, root: Root, place: Place, make: Callable[[Instance], T | None], /
        ) -> Iterable[tuple[Variant[T], ...]]: ...


class Reader:
    """What has to be known of all roots to read one principal.

    `symbols` are what principals are called by reference.
    """

    def __init__(self, roots: Sequence[Root], explored: Explored) -> None:
        self.roots = roots
        self._explored = explored
        self._policies = ManagedPolicies(roots, explored)
        self._groups: dict[str, Made] = {}
        self._partly_named: set[tuple[str, str, object]] = set()
        named: dict[tuple[str, str], list[tuple[Root, str]]] = {}
        symbols: dict[str, None] = {}
        for root, place, kind in self._places():
            for variants in explored(root, place, lambda each, kind=kind: _called(each, kind)):  # type: ignore[misc]
                for address, own, called in filter(None, (variant.item for variant in variants)):
                    symbols |= dict.fromkeys(own)
                    name = None if called is None else called.literal()
                    if name:
                        named.setdefault((kind.kind, name), []).append((root, own[0]))
                    elif called is not None and called.identity() is not None:
                        self._partly_named.add((root.module.path, kind.kind, called.identity()))
                    if kind.kind == "group":
                        made = Made(root, place, address)
                        self._groups |= dict.fromkeys(own, made)
        self._group_names = {
            (root.module.path, name): symbol
            for (kind_, name), owners in named.items()
            if kind_ == "group"
            for root, symbol in owners
        }
        self.symbols = frozenset(symbols)
        self._named = frozenset(named)
        self._attachments = Attachments(roots, explored, self.granted, named, self.symbols)

    def knows(self, root: Root, kind: str, text: Text) -> bool:
        """Whether what a text in `root` names is a principal that was read."""
        return (
            (text.stands_for() or text.literal()) in self.symbols
            or (kind, text.literal() or "") in self._named
            or (root.module.path, kind, text.identity()) in self._partly_named
        )

    def _places(self) -> Iterator[tuple[Root, Place, Kind]]:
        for root in self.roots:
            for type_, kind in KINDS.items():
                for place in root.places.get(type_, ()):
                    yield root, place, kind

    def principals(self) -> tuple[Entry[Principal], ...]:
        """All principals, in the order of roots and types."""
        entries: list[Entry[Principal]] = []
        for root, place, _ in self._places():
            found = self._explored(root, place, lambda each, root=root: self.principal(root, each))  # type: ignore[misc]
            entries.extend(Entry(variants) for variants in found)
        return tuple(entries)

    def principal(self, root: Root, instance: Instance) -> Principal:
        """A principal in the scenario of its instance."""
        kind = KINDS[instance.resource.type]
        settings, at = instance.arguments, instance.resource.span
        walk = instance.evaluation.walk
        name = find(settings, at, kind.name)
        called = None if name.datum is None else name.datum.text()
        symbols = _symbols(instance, kind)
        inline, opened = _inline(instance, kind)
        reasons = [settings.fields().open, opened]
        grants = keyed(instance.scope, inline)
        managed = find(settings, at, kind.managed) if kind.managed else None
        if managed is not None and managed.datum is not None:
            grants.extend(self._of_list(root, instance, managed.datum, reasons))
        if kind.groups:
            written = find(settings, at, kind.groups).datum
            for more, reason in self._of_groups(root, walk, written):
                grants.extend(more)
                reasons.append(reason)
        boundary = self._boundary(root, instance, kind)
        holder = Holder(kind.kind, root, symbols, called, literal(account_of(instance)) or "")
        for attached in self._attachments.on(walk, holder):
            if ATTACHING[attached.instance.resource.type].boundary:
                boundary = self._attached_boundary(attached.root, attached.instance, attached.doubt)
                continue
            if attached.grants is None:
                more, reason = self.granted(attached.root, attached.instance)
            else:
                more, reason = list(attached.grants), attached.open
            reasons.append(reason)
            grants.extend(
                grant._replace(doubt=grant.doubt or attached.doubt) if attached.doubt else grant for grant in more
            )
        # Of a plan there is one scenario, in which nothing is chosen (0).
        if walk.room:
            reasons.append(f"{instance.address} depends on more choices of the deployment than are followed")
        return Principal(
            subject=_without_region(
                subject_of(instance, kind.kind, name.string("") if called else _made_up(name.name, at))
            ),
            names=_names(instance, kind, called, symbols),
            trust=_trust(instance, kind),
            grants=_each_once(grants),
            boundary=boundary,
            tags=_tags(instance) if kind.kind in ("role", "user") else None,
            open="; ".join(dict.fromkeys(filter(None, reasons))),
        )

    def granted(self, root: Root, instance: Instance) -> tuple[list[Grant], str]:
        """What an attachment hangs on whom it names, and why there may be more."""
        type_ = instance.resource.type
        attaching = ATTACHING[type_]
        settings, at = instance.arguments, instance.resource.span
        grants: list[Grant] = []
        reasons: list[str] = []
        if type_ in MANAGED:
            grants.append(policy_of(instance))
        elif attaching.policy:
            name = settings.fields().get(attaching.name) if attaching.name else None
            reason = f"{instance.address} gets its name when it is made"
            shown = Text((Hole(reason, instance.symbol("name")),)) if name is None else name.text()
            if not attaching.name:
                shown = Text((attaching.policy,))
            policy = document(settings, at, attaching.policy)
            grants.append(Grant(shown, "inline", policy, at, document=instance.scope))
        if attaching.managed:
            written = find(settings, at, attaching.managed).datum
            if written is not None:
                grants.extend(self._of_list(root, instance, written, reasons))
        if attaching.reference:
            written = find(settings, at, attaching.reference).datum
            for block in () if written is None else written.list():
                grants.append(self._policies.by_reference(root, instance, block))
        if attaching.groups:
            for more, reason in self._of_groups(
                root, instance.evaluation.walk, settings.fields().get(attaching.groups)
            ):
                grants.extend(more)
                reasons.append(reason)
        return grants, "; ".join(filter(None, reasons))

    def _of_list(self, root: Root, instance: Instance, written: Datum, reasons: list[str]) -> Iterator[Grant]:
        """Managed policies by their ARNs."""
        if is_refused(written):
            return
        listed = written.list()
        reasons.append(listed.open)
        for item in listed:
            if item.content is not None and not is_refused(item):
                yield self._policies.by_arn(root, instance, item)

    def _of_groups(self, root: Root, walk: Walk, written: Datum | None) -> Iterator[tuple[list[Grant], str]]:
        """What a user has from each of the groups that are named, or why that is not known."""
        listed = () if written is None else written.list()
        for item in listed:
            text = item.text()
            symbol = text.stands_for() or self._group_names.get((root.module.path, text.literal() or ""), "")
            if not symbol:
                owners = [own for (_, name), own in self._group_names.items() if name == text.literal()]
                symbol = owners[0] if len(owners) == 1 else ""
            made = self._groups.get(symbol)
            instance = None if made is None else made.find(walk)
            if made is None or instance is None:
                yield [], f"what the group {text.shown()} may do is not in what was read"
                continue
            group = self.principal(made.root, instance)
            address = group.subject.address
            yield [grant._replace(through=address) for grant in group.grants], group.open
        if written is not None and written.list().open:
            yield [], f"which groups there are is not known: {written.list().open}"

    def _boundary(self, root: Root, instance: Instance, kind: Kind) -> Value[Grant | None]:
        key = kind.boundary or "permissions_boundary"
        at = instance.resource.span
        found = find(instance.arguments, at, key)
        if found.datum is None or not kind.boundary:
            return Value(key, Unknown(found.open, at) if found.open else Known(None, at, defaulted=True))
        if kind.kind == "permission-set":
            return self._boundary_in(
                root, instance, found.datum, "customer_managed_policy_reference", "managed_policy_arn"
            )
        return self._limiting(root, instance, key, found.datum)

    def _attached_boundary(self, root: Root, instance: Instance, doubt: str) -> Value[Grant | None]:
        """The boundary that a resource of its own puts on a permission set."""
        key = ATTACHING[instance.resource.type].boundary
        written = instance.arguments.fields().get(key)
        if doubt or written is None:
            return Value(key, Unknown(doubt or f"there is no {key}", instance.resource.span))
        blocks = list(written.list())
        if len(blocks) != 1:
            return Value(key, Unknown(written.list().open or "it is not one policy", instance.resource.span))
        return self._boundary_in(root, instance, blocks[0], "customer_managed_policy_reference", "managed_policy_arn")

    def _boundary_in(
        self, root: Root, instance: Instance, written: Datum, by_name: str, by_arn: str
    ) -> Value[Grant | None]:
        key = "permissions_boundary"
        fields = written.fields()
        reference, arn = fields.get(by_name), fields.get(by_arn)
        if arn is not None:
            return self._limiting(root, instance, key, arn)
        listed = () if reference is None else tuple(reference.list())
        if len(listed) != 1:
            return Value(key, Unknown(fields.open or "it names no policy", written.origin))
        return Value(key, Known(self._policies.by_reference(root, instance, listed[0]), written.origin))

    def _limiting(self, root: Root, instance: Instance, key: str, written: Datum) -> Value[Grant | None]:
        if isinstance(written.content, Open) and not written.content.stands_for:
            return Value(key, Unknown(written.content.reason, written.origin, written.notes))
        grant = self._policies.by_arn(root, instance, written)
        return Value(key, Known(grant, written.origin, notes=written.notes))


def _each_once(grants: list[Grant]) -> tuple[Grant, ...]:
    """Grants without those that are told twice: a role that is made already also tells what is attached to it."""
    apart = {
        (grant.source, grant.name.literal(), grant.through)
        for grant in grants
        if grant.document and "|" not in grant.document and not grant.doubt
    }
    found: dict[object, Grant] = {}
    for number, grant in enumerate(grants):
        same = (grant.source, grant.name.literal(), grant.through)
        if "|" in grant.document and same in apart:
            continue
        key: object = number if grant.doubt or grant.name.literal() is None else (grant.document, *same)
        found.setdefault(key, grant)
    return tuple(found.values())


def _called(instance: Instance, kind: Kind) -> tuple[str, tuple[str, ...], Text | None]:
    """The address of a principal, what it is called by reference, and the name that its author gave it."""
    name = instance.arguments.fields().get(kind.name)
    return instance.address, _symbols(instance, kind), None if name is None else name.text()


def _symbols(instance: Instance, kind: Kind) -> tuple[str, ...]:
    """What a principal is called by reference, and its ARN where it is made already."""
    fields = instance.arguments.fields()
    made = (fields.get(attribute) for attribute in kind.symbols)
    arns = [text for each in made if each is not None and (text := each.text().literal() or "").startswith("arn:")]
    return tuple(dict.fromkeys((*map(instance.symbol, kind.symbols), *arns)))


def _names(instance: Instance, kind: Kind, called: Text | None, symbols: tuple[str, ...]) -> tuple[Text, ...]:
    """All texts that mean a principal: `called` is the name its author gave it, None where one is made up."""
    reason = f"{instance.address} is known only after it is made"
    own = [Text((symbol,)) if symbol.startswith("arn:") else Text((Hole(reason, symbol),)) for symbol in symbols]
    name = () if called is None else (called,)
    if kind.kind == "permission-set":
        return tuple(dict.fromkeys((*own, *name)))
    path = instance.arguments.fields().get(kind.path)
    arn = joined(
        "arn:",
        Hole("the partition is known when Terraform runs", "AWS::Partition"),
        ":iam::",
        account_of(instance).text(),
        f":{kind.kind}",
        "/" if path is None else path.text(),
        Text((Hole(reason, instance.symbol("name")),)) if called is None else called,
    )
    return tuple(dict.fromkeys((*own, *name, arn)))


def _made_up(name: str, at: Span) -> Value[str]:
    return Value(name, Unknown("the provider makes a name up", at))


def _tags(instance: Instance) -> Tags:
    """The tags of a principal. Few policies ask for them, so that they are no reason to look at more scenarios."""
    walk = instance.evaluation.walk
    settled = instance.evaluation.inside(Walk(walk.run, room=1, budget=walk.budget))
    written = body_datum(settled, instance.resource.body, instance.resource.span)
    instance = instance._replace(evaluation=settled, arguments=written)
    return (
        cloud_control.tags_of(instance.arguments) if instance.resource.type.startswith("awscc_") else tags_of(instance)
    )


def _without_region(subject: Subject) -> Subject:
    return subject._replace(region=Value("region", Unknown("IAM is the same in all Regions")))


def _trust(instance: Instance, kind: Kind) -> Value[Policy | None]:
    at = instance.resource.span
    if not kind.trust:
        return Value("assume_role_policy", Known(None, at, defaulted=True))
    found = find(instance.arguments, at, kind.trust)
    return Value(kind.trust, Known(document(instance.arguments, at, kind.trust), found.near))


def _inline(instance: Instance, kind: Kind) -> tuple[list[Grant], str]:
    """The policies that are written in a principal, and why there may be more."""
    written = instance.arguments.fields().get(kind.inline) if kind.inline else None
    if written is None:
        return [], ""
    if not kind.inline_policy:
        return [Grant(Text((kind.inline,)), "inline", read_policy(written), written.origin)], ""
    listed = written.list()
    grants: list[Grant] = []
    for block in listed:
        fields = block.fields()
        if isinstance(block.content, Open):
            return grants, block.content.reason
        # An empty block takes away what was attached elsewhere, and is none.
        if fields.get(kind.inline_policy) is None and fields.get(kind.inline_name) is None and not fields.open:
            continue
        name = fields.get(kind.inline_name)
        shown = Text((Hole("the policy has no name"),)) if name is None else name.text()
        grants.append(Grant(shown, "inline", document(block, block.origin, kind.inline_policy), block.origin))
    return grants, listed.open
