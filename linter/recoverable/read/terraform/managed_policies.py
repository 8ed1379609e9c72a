"""Managed policies of all roots, found by what principals call them: their ARN, a reference, a look-up, or a name.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy
"""

from __future__ import annotations

import re

from recoverable.estate.principals import Grant
from recoverable.policy.document import Policy
from recoverable.read.aws_policies import is_known, of_aws
from recoverable.read.data import find, literal
from recoverable.read.policies import read_policy
from recoverable.read.terraform.principal_kinds import MANAGED
from recoverable.read.terraform.providers import account_of
from recoverable.read.terraform.walk import Walk
from recoverable.scenario import Run
from recoverable.text import Hole, Text
from recoverable.typed import NamedTuple, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.read.data import Datum
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.principals import Explored
    from recoverable.read.terraform.roots import Place, Root
    from recoverable.scenario import Variant
    from recoverable.source import Span

T = TypeVar("T")

#: Stands for a hole where a text is looked at as a whole.
_HOLE = "\0"
_OF_AWS = re.compile(r"arn:[^:]*:iam::aws:policy/")
_OF_AN_ACCOUNT = re.compile(r"arn:[^:]*:iam::(?P<account>[^:]*):policy/(?:.*/)?(?P<name>[^/:]+)")

#: A policy that is only looked up.
LOOK_UP = "aws_iam_policy"


class Made(NamedTuple):
    """Where an instance of a resource is declared, to find it again in another scenario."""

    root: Root
    place: Place
    address: str

    def find(self, walk: Walk) -> Instance | None:
        return self.root.find(self.place, self.address, walk)


class ManagedPolicies:
    """All managed policies that the roots make or look up."""

    __slots__ = ("_by_identity", "_by_name", "_by_symbol", "_fixed", "_looked_up")

    def __init__(self, roots: Sequence[Root], explored: Explored) -> None:
        #: By what refers to them, and by their ARNs where those are known.
        self._by_symbol: dict[str, Made] = {}
        self._looked_up: dict[str, Made] = {}
        #: Those that depend on no choice; None for one that does.
        self._fixed: dict[tuple[int, str], Grant | None] = {}
        #: By the name that their author gave them, and the root.
        self._by_name: dict[str, list[Made]] = {}
        self._by_identity: dict[object, Made] = {}
        for root in roots:
            for type_ in MANAGED:
                for place in root.places.get(type_, ()):
                    self._add(root, place, explored)
            for place in root.places.get("data", ()):
                if place.resource.type == LOOK_UP:
                    for variants in explored(root, place, lambda each: (each.address, each.symbol("arn"))):
                        for address, symbol in _items(variants):
                            self._looked_up[symbol] = Made(root, place, address)

    def _add(self, root: Root, place: Place, explored: Explored) -> None:
        kind = MANAGED[place.resource.type]

        def named(instance: Instance) -> tuple[str, tuple[str, ...], Text | None]:
            fields = instance.arguments.fields()
            name = fields.get(kind.name)
            symbols = [instance.symbol(attribute) for attribute in kind.symbols]
            # What is made already has its ARN.
            made = (fields.get(attribute) for attribute in kind.symbols)
            arns = [text for each in made if each is not None and (text := each.text().literal())]
            return instance.address, (*symbols, *arns), None if name is None else name.text()

        for variants in explored(root, place, named):
            # Its address is the same in all scenarios; its name may not be.
            for address, symbols, name in {item[2]: item for item in _items(variants)}.values():
                made = Made(root, place, address)
                self._by_symbol.update((symbol, made) for symbol in symbols)
                whole = None if name is None else name.literal()
                if whole:
                    self._by_name.setdefault(whole, []).append(made)
                elif name is not None and name.identity() is not None:
                    self._by_identity[root.module.path, name.identity()] = made

    def by_arn(self, root: Root, user: Instance, datum: Datum) -> Grant:
        """A policy that is named by its ARN in `user`: AWS's own, or one that the roots make."""
        text, at, walk = datum.text(), datum.origin, user.evaluation.walk
        symbol = text.stands_for()
        made = self._by_symbol.get(symbol or text.literal() or "")
        if made is not None:
            return self._read(made, walk, text, at)
        looked_up = self._looked_up.get(symbol)
        if looked_up is not None:
            return self._by_look_up(root, looked_up, walk, text, at)
        whole = "".join(part if isinstance(part, str) else _HOLE for part in text.parts)
        if _OF_AWS.match(whole):
            return of_aws(text, at)
        own = _OF_AN_ACCOUNT.fullmatch(whole)
        if own is not None and own["account"] in (_HOLE, literal(account_of(user)) or _HOLE):
            made = self._called(root, own["name"], _ends_of(text))
        return Grant(text, "managed", None, at) if made is None else self._read(made, walk, text, at)

    def by_reference(self, root: Root, user: Instance, datum: Datum) -> Grant:
        """A permission set's reference to a policy by name, as it is in every account where the set is assigned."""
        named = find(datum, datum.origin, "name")
        hole = Hole(named.open or "the reference names no policy")
        text = Text((hole,)) if named.datum is None else named.datum.text()
        made = self._called(root, text.literal() or _HOLE, text)
        at, walk = datum.origin, user.evaluation.walk
        return Grant(text, "managed", None, at) if made is None else self._read(made, walk, text, at)

    def _read(self, made: Made, walk: Walk, text: Text, at: Span) -> Grant:
        """The policy in a scenario; one that is the same in all is read once, however many have it."""
        key = (id(made.root), made.address)
        if key not in self._fixed:
            run = Run()
            instance = made.find(Walk(run, budget=walk.budget))
            grant = None if instance is None else policy_of(instance)
            self._fixed[key] = None if run.settled else grant
        fixed = self._fixed[key]
        if fixed is not None:
            return fixed._replace(origin=at)
        instance = made.find(walk)
        if instance is None:
            return Grant(text, "managed", None, at, doubt=f"{made.address} is not made")
        return policy_of(instance)._replace(origin=at)

    def _by_look_up(self, root: Root, made: Made, walk: Walk, text: Text, at: Span) -> Grant:
        instance = made.find(walk)
        named = None if instance is None else instance.arguments.fields().get("name")
        if named is None:
            return Grant(text, "managed", None, at)
        own = self._called(root, named.text().literal() or _HOLE, named.text())
        if own is None:
            # AWS's own policies are looked up by name as well.
            name = named.text()
            return of_aws(name, at) if is_known(name.literal() or "") else Grant(name, "managed", None, at)
        return self._read(own, walk, text, at)

    def _called(self, root: Root, name: str, text: Text) -> Made | None:
        """The policy of that name: of the same root, else the only one there is."""
        if _HOLE in name:
            return self._by_identity.get((root.module.path, text.identity()))
        found = self._by_name.get(name, [])
        near = [one for one in found if one.root is root]
        chosen = near or found
        return chosen[0] if len(chosen) == 1 else None


def _items(variants: tuple[Variant[T], ...]) -> list[T]:
    return [variant.item for variant in variants if variant.item is not None]


def _ends_of(arn: Text) -> Text:
    """What stands behind the last slash of a policy's ARN."""
    parts: list[str | Hole] = []
    for part in arn.parts:
        if isinstance(part, str) and "/" in part:
            parts = [rest] if (rest := part.rpartition("/")[2]) else []
        else:
            parts.append(part)
    return Text(tuple(parts))


def policy_of(instance: Instance) -> Grant:
    """The managed policy that a resource is."""
    kind = MANAGED[instance.resource.type]
    at = instance.resource.span
    name = instance.arguments.fields().get(kind.name)
    reason = f"{instance.address} gets its name when it is made"
    shown = Text((Hole(reason, instance.symbol("arn")),)) if name is None else name.text()
    return Grant(shown, "managed", document(instance.arguments, at, kind.policy), at, document=instance.scope)


def document(owner: Datum, near: Span, key: str) -> Policy:
    """The policy document under a key; one that is missing is open."""
    found = find(owner, near, key)
    if found.datum is None:
        return Policy((), near, open=found.open or f"there is no {key}")
    return read_policy(found.datum)
