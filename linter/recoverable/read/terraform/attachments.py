"""What hangs itself on principals: which attachments may mean whom, over all roots of a run.

An attachment names its role, user or group; a principal does not know its attachments. A name that is written out
reaches into other roots, where only one principal there has it.
"""

from __future__ import annotations

from recoverable.read.data import literal
from recoverable.read.terraform.kinds import is_refused
from recoverable.read.terraform.managed_policies import Made
from recoverable.read.terraform.principal_kinds import ATTACHING
from recoverable.read.terraform.providers import account_of
from recoverable.text import Hole, Text, may_equal
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recoverable.estate.principals import Grant
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.principals import Explored
    from recoverable.read.terraform.roots import Root
    from recoverable.read.terraform.walk import Walk


class Holder(NamedTuple):
    """A principal as attachments look for it. `name` is what its author called it, None where the provider makes one
    up; `symbols` are what others call it by reference. `account` is its account, empty where that is not known.
    """

    kind: str
    root: Root
    symbols: tuple[str, ...]
    name: Text | None
    account: str = ""


class Attached(NamedTuple):
    """An attachment that hangs on a principal; `doubt` says why it may not, empty when it does.

    `grants` are what it gives, and `open` why it may give more; None where this depends on the scenario and is still to
    be worked out.
    """

    root: Root
    instance: Instance
    doubt: str
    grants: tuple[Grant, ...] | None = None
    open: str = ""


class Possible(NamedTuple):
    """An attachment to principals that cannot be told, as it is in one scenario.

    What only may hang on a principal is no reason to look at that in more scenarios.
    """

    targets: tuple[tuple[str, Text], ...]
    attached: Attached


class Attachments:
    """All attachments of a run, found by whom they may hang on, each with its place among all of them.

    `granted` gives what an attachment hangs on whom it names. `named` gives the roots that have a principal of a kind
    and name; `symbols` are what principals are called by reference.
    """

    def __init__(
        self,
        roots: Sequence[Root],
        explored: Explored,
        granted: Callable[[Root, Instance], tuple[list[Grant], str]],
        named: dict[tuple[str, str], list[tuple[Root, str]]],
        symbols: frozenset[str],
    ) -> None:
        self._named = named
        self._symbols = symbols
        self._by_symbol: dict[str, dict[int, Made]] = {}
        self._by_name: dict[tuple[str, str], dict[int, Made]] = {}
        self._by_identity: dict[tuple[str, str, object], dict[int, Made]] = {}
        self._loose: dict[tuple[str, str], dict[int, Possible]] = {}
        self._granted = granted
        number = 0
        for root in roots:
            for type_ in ATTACHING:
                for place in root.places.get(type_, ()):
                    for variants in explored(root, place, lambda each, root=root: self._seen(root, each)):  # type: ignore[misc]
                        number += 1
                        for address, possible in filter(None, (variant.item for variant in variants)):
                            self._put(number, Made(root, place, address), possible)

    def _seen(self, root: Root, instance: Instance) -> tuple[str, Possible]:
        targets = tuple(targets_of(instance))
        attached = Attached(root, instance, "")
        if any(_is_loose(text) for _, text in targets):
            grants, opened = self._granted(root, instance)
            attached = attached._replace(grants=tuple(grants), open=opened)
        return instance.address, Possible(targets, attached)

    def _put(self, number: int, made: Made, possible: Possible) -> None:
        root = made.root
        for kind, text in possible.targets:
            symbol = text.stands_for()
            name = text.literal()
            if (symbol or name) in self._symbols:
                self._by_symbol.setdefault(symbol or name or "", {})[number] = made
            elif name is not None:
                self._by_name.setdefault((kind, name), {})[number] = made
            elif not symbol:
                if text.identity() is not None:
                    self._by_identity.setdefault((root.module.path, kind, text.identity()), {})[number] = made
                self._loose.setdefault((root.module.path, kind), {}).setdefault(number, possible)

    def on(self, walk: Walk, holder: Holder) -> Iterator[Attached]:
        """What hangs on a principal in this scenario, and what may; in the order in which it is written."""
        found: dict[int, Made] = {}
        for symbol in holder.symbols:
            found |= self._by_symbol.get(symbol, {})
        if holder.name is not None:
            literal = holder.name.literal()
            if literal is not None:
                found |= self._by_name.get((holder.kind, literal), {})
            else:
                found |= self._by_identity.get((holder.root.module.path, holder.kind, holder.name.identity()), {})
                for (kind, name), attachments in self._by_name.items():
                    if kind == holder.kind and may_equal(holder.name, Text((name,) if name else ())):
                        found |= attachments
        loose = self._loose.get((holder.root.module.path, holder.kind), {})
        for number in sorted({*found, *loose}):
            made = found.get(number)
            instance = None if made is None else made.find(walk)
            if made is not None and instance is not None and not _elsewhere(instance, holder):
                doubt = self._least_doubt(made.root, tuple(targets_of(instance)), holder)
                if doubt is not None:
                    yield Attached(made.root, instance, doubt)
                    continue
            possible = loose.get(number)
            if possible is not None:
                doubt = self._least_doubt(possible.attached.root, possible.targets, holder)
                if doubt:
                    yield possible.attached._replace(doubt=doubt)

    def _least_doubt(self, root: Root, targets: tuple[tuple[str, Text], ...], holder: Holder) -> str | None:
        """None: others are meant. Empty: this one is. Else why that cannot be told."""
        doubts = [self._doubt(root, text, holder) for kind, text in targets if kind == holder.kind]
        return min((doubt for doubt in doubts if doubt is not None), key=len, default=None)

    def _doubt(self, root: Root, text: Text, holder: Holder) -> str | None:
        """None: another principal is meant. Empty: this one is. Else why that cannot be told."""
        symbol = text.stands_for()
        if symbol:
            return "" if symbol in holder.symbols else None
        name = text.literal()
        if name is not None:
            if name in holder.symbols:
                return ""
            if holder.name is None:
                return None
            if holder.name.literal() == name:
                return self._whose(name, root, holder)
            if holder.name.literal() is None and may_equal(holder.name, text):
                return f"whether it is called {name} is not known: {holder.name.why_open()}"
            return None
        if root is not holder.root:
            return None
        if holder.name is None:
            # Nobody writes out a part of a name that is made up.
            return (
                f"it is not known which {holder.kind} it hangs on: {text.why_open()}" if len(text.parts) == 1 else None
            )
        if text.identity() is not None and text.identity() == holder.name.identity():
            return ""
        if may_equal(text, holder.name):
            return f"it is not known which {holder.kind} it hangs on: {text.why_open() or holder.name.why_open()}"
        return None

    def _whose(self, name: str, root: Root, holder: Holder) -> str | None:
        """Whether a name that is written in a root means `holder`: as `_doubt`."""
        owners = self._named.get((holder.kind, name), [])
        here = [symbol for owner, symbol in owners if owner is root]
        if here:
            return "" if not set(here).isdisjoint(holder.symbols) else None
        if len({owner.module.path for owner, _ in owners}) > 1:
            return f"several configurations have a {holder.kind} called {name}"
        return ""


def _elsewhere(instance: Instance, holder: Holder) -> bool:
    """Whether an attachment is surely in another account than a principal: names are often the same in all."""
    here = literal(account_of(instance)) or ""
    return bool(here and holder.account) and here != holder.account


def _is_loose(text: Text) -> bool:
    """Whether it cannot be told whom a text names."""
    return text.literal() is None and not text.stands_for()


def targets_of(instance: Instance) -> Iterator[tuple[str, Text]]:
    """Whom an attachment names, each with the kind of principal that it names there."""
    fields = instance.arguments.fields()
    for kind, key in ATTACHING[instance.resource.type].targets:
        written = fields.get(key)
        # What Terraform refuses is never made.
        if written is None or is_refused(written):
            continue
        listed = written.list()
        for item in listed:
            if not is_refused(item):
                yield kind, item.text()
        if listed.open:
            yield kind, Text((Hole(listed.open),))
