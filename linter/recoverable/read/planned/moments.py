"""What a plan or state holds at one time: its instances by their addresses, and the modules they are declared in."""

from __future__ import annotations

import posixpath

from recoverable.read.data import Open
from recoverable.read.hcl.syntax import Body
from recoverable.read.nodes import Scalar
from recoverable.read.planned.configuration import mapping, module_of, providers_of, repetition
from recoverable.read.terraform.attributes import SYMBOLS, TYPES
from recoverable.read.terraform.configuration import Call, Module, Resource
from recoverable.source import Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.read.planned.documents import Head, Outcome, Values
    from recoverable.read.terraform.instances import Configuration


#: Resources that others name by ARN or id.
IDENTIFIED = ("aws_dynamodb_", "aws_kms_", "aws_backup_", "aws_iam_", "aws_organizations_", "aws_ssoadmin_", "awscc_")


class Moment(NamedTuple):
    """What there is at one time: after a plan, or before it. `scope` tells its symbols from those of others.

    `given` is where Terraform runs (`AWS::Region`, `AWS::AccountId`), as far as somebody said it.
    """

    outcome: Outcome
    heads: tuple[Head, ...]
    scope: str
    before: bool = False
    given: dict[str, str] | None = None


class World:
    """The instances of a moment by their addresses, and the modules they are declared in."""

    __slots__ = ("_modules", "_named", "_shown", "_symbols", "heads", "moment", "providers", "sources", "suffixes")

    def __init__(self, moment: Moment, sources: Configuration | None) -> None:
        self.moment = moment
        self.sources = sources
        self.heads: dict[str, Head] = {}
        self.suffixes: dict[str, list[str]] = {}
        self._named: dict[tuple[str, ...], dict[str, Head]] = {}
        self._modules: dict[tuple[str, ...], Module] = {}
        self._shown: list[Module] = []
        self._symbols: dict[str, Open] | None = None
        top = Span(moment.outcome.path, 1, 1, 1, 1)
        self.providers = {} if moment.before else providers_of(moment.outcome.configuration, top)
        for head in moment.heads:
            self._add(head)

    def _add(self, head: Head) -> None:
        place = head.place
        if place.address in self.heads:
            return
        self.heads[place.address] = head
        self._listed(place.declared, place.suffix)
        prefix = ""
        for name, suffix in place.calls:
            self._listed(f"{prefix}module.{name}", suffix)
            prefix = f"{prefix}module.{name}{suffix}."
        names = tuple(name for name, _ in place.calls)
        self._named.setdefault(names, {}).setdefault(place.resource, head)
        for depth in range(len(names)):
            self._named.setdefault(names[:depth], {}).setdefault(f"module.{names[depth]}", head)

    def symbol(self, text: str) -> Open | None:
        """The resource of this moment that a known ARN or id is of, as a reference to it; None if it is of none."""
        if self._symbols is None:
            self._symbols = self._identifiers()
        return self._symbols.get(text)

    def _identifiers(self) -> dict[str, Open]:
        """By ARN first: what is put on a table is often called by the table's ARN itself."""
        found: dict[str, Open] = {}
        for attribute in ("arn", "id", "key_id"):
            named: dict[str, list[Open]] = {}
            for address, head in self.heads.items():
                text = self._identifier(head, attribute)
                if text and text not in found:
                    symbol = f"{self.moment.scope}#{address}.{SYMBOLS[attribute]}"
                    reason = f"it is the {attribute} of {address}"
                    named.setdefault(text, []).append(Open(reason, symbol, type=TYPES.get(head.type, head.type)))
            found |= {text: owners[0] for text, owners in named.items() if len(owners) == 1}
        return found

    def _identifier(self, head: Head, attribute: str) -> str:
        """An attribute that tells a resource from all others; empty for its name, which others may have, too."""
        if head.is_data or not head.type.startswith(IDENTIFIED):
            return ""
        values = self.values(head).node
        nodes = [None if values is None else values.get(key) for key in (attribute, "name")]
        text, name = (node.value if isinstance(node, Scalar) else None for node in nodes)
        return text if isinstance(text, str) and text != name else ""

    def values(self, head: Head) -> Values:
        """The values of an instance at this moment."""
        outcome = self.moment.outcome
        return outcome.before(head) if self.moment.before else outcome.after(head)

    def _listed(self, address: str, suffix: str) -> None:
        known = self.suffixes.setdefault(address, [])
        if suffix not in known:
            known.append(suffix)

    def node(self, calls: Iterable[str]) -> dict[str, object] | None:
        """The configuration of the module that calls lead to, None where the file shows none."""
        if self.moment.before:
            return None
        here = self.moment.outcome.configuration.get("root_module")
        for name in calls:
            here = mapping(mapping(mapping(here).get("module_calls")).get(name)).get("module")
        return here if isinstance(here, dict) else None

    def module(self, calls: tuple[str, ...], written: Module | None, at: Span | None = None) -> Module | None:
        """The module that calls lead to: as it is written, and with what only the file has. `at`: where its call is.

        None if neither the sources nor the file have anything of it.
        """
        found = self._modules.get(calls)
        if found is None:
            node, named = self.node(calls), self._named.get(calls, {})
            if written is None and node is None and not named:
                return None
            found = self._modules[calls] = self._made(calls, written, node, named, at)
        return found

    def _made(
        self,
        calls: tuple[str, ...],
        written: Module | None,
        node: dict[str, object] | None,
        named: dict[str, Head],
        at: Span | None,
    ) -> Module:
        outcome = self.moment.outcome
        top = at or Span(outcome.path, 1, 1, 1, 1)

        def place(address: str) -> Span | None:
            head = named.get(address)
            return at or (None if head is None else outcome.start(head))

        folder = posixpath.dirname(outcome.path) if written is None else written.path
        shown = module_of(node or {}, folder, top, place)
        for address, head in named.items():
            span = place(address) or top
            if address.startswith("module."):
                name = address.removeprefix("module.")
                shown.calls.setdefault(name, Call(name, "", Body({}, (), UNDECLARED), span, span))
            elif address not in shown.resources:
                extent = at or outcome.extent(head)
                body = Body({}, (), UNDECLARED)
                shown.resources[address] = Resource(address, head.type, head.name, body, span, extent)
        self._repeat(calls, named, shown)
        if not calls:
            shown.providers.update(self.providers)
        if written is not None:
            return _supplemented(written, shown)
        self._shown.append(shown)
        return shown

    def _repeat(self, calls: tuple[str, ...], named: dict[str, Head], shown: Module) -> None:
        """Makes what has instances with keys repeated: a plan does not show every `for_each`."""
        for address, head in named.items():
            suffix = head.place.calls[len(calls)][1] if address.startswith("module.") else head.place.suffix
            kept = shown.calls.get(address.removeprefix("module.")) or shown.resources.get(address)
            if suffix and kept is not None and not kept.body.arguments.keys() & {"count", "for_each"}:
                name = "count" if suffix[1:-1].isdigit() else "for_each"
                kept.body.arguments[name] = repetition(name, kept.span)

    def is_shown(self, module: Module) -> bool:
        """Whether a module is only what the file shows of it."""
        return any(module is each for each in self._shown)


#: Why nothing is known of what was written for a resource that only the file has.
UNDECLARED = "the file does not show what was written for it"


def _supplemented(written: Module, shown: Module) -> Module:
    """A module as it is written, with the resources and calls that only the file has."""
    return written._replace(
        variables={**shown.variables, **written.variables},
        outputs={**shown.outputs, **written.outputs},
        resources={**shown.resources, **written.resources},
        calls={**shown.calls, **written.calls},
        providers={**shown.providers, **written.providers},
    )
