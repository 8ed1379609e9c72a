"""What texts mean: references to things of the files, replaced with the names and ARNs of what they refer to.

A policy that says `!GetAtt Orders.Arn` and one that writes the ARN out are one policy then. What gets its name only
when it is deployed stays a hole that stands for that name.
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION
from recoverable.text import Hole, Text, joined
from recoverable.typed import TypeVar
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverable.estate import Estate, Subject
    from recoverable.estate.backup import Plan
    from recoverable.estate.keys import Key
    from recoverable.policy.document import Condition, Policy, Principal, Statement
    from recoverable.value import Listing, Value


T = TypeVar("T")


class Symbols:
    """The names and ARNs of everything in the estate that texts may refer to, the same in every scenario."""

    __slots__ = ("_keys", "_means", "_policies")

    def __init__(self, estate: Estate) -> None:
        means: dict[str, set[Text]] = {}
        for symbol, text in _meanings(estate):
            means.setdefault(symbol, set()).add(text)
        self._means: dict[str, Text] = {symbol: texts.pop() for symbol, texts in means.items() if len(texts) == 1}
        self._keys: dict[object, Text] = {
            name.identity(): arn_of_key(key) for key in variants(estate.keys) for name in key.names
        }
        #: The policies that were made, with what they were made of: an id is one's own only while its owner lives.
        self._policies: dict[int, tuple[Policy, Policy]] = {}

    def resolved(self, text: Text) -> Text:
        """The same text with what its holes stand for, as far as that is known."""
        if not self._means or not any(part.stands_for in self._means for part in text.holes()):
            return text
        # A meaning may hold the name of its thing as a hole, which means nothing else again.
        return joined(
            *(self._means.get(part.stands_for, part) if isinstance(part, Hole) else part for part in text.parts)
        )

    def policy(self, policy: Policy) -> Policy:
        """The same policy with its principals, resources and conditions resolved; made once."""
        known = self._policies.get(id(policy))
        if known is None:
            made = policy._replace(statements=tuple(map(self._statement, policy.statements))) if self._means else policy
            known = self._policies[id(policy)] = (policy, made)
        return known[1]

    def key(self, text: Text) -> Text:
        """The ARN of the key that a text means, such as an alias; the text where it means none that was read."""
        whole = self.resolved(text)
        identity = whole.identity()
        return whole if identity is None else self._keys.get(identity, whole)

    def _statement(self, statement: Statement) -> Statement:
        texts = (*statement.resources, *(one.name for one in statement.principals))
        texts += tuple(value for condition in statement.conditions for value in condition.values)
        if not any(hole.stands_for in self._means for text in texts for hole in text.holes()):
            return statement
        return statement._replace(
            principals=tuple(map(self._principal, statement.principals)),
            resources=tuple(map(self.resolved, statement.resources)),
            conditions=tuple(map(self._condition, statement.conditions)),
        )

    def _principal(self, principal: Principal) -> Principal:
        return principal._replace(name=self.resolved(principal.name))

    def _condition(self, condition: Condition) -> Condition:
        return condition._replace(values=tuple(map(self.resolved, condition.values)))


def symbols_of(estate: Estate) -> Symbols:
    """The symbols of the estate, made once where the estate keeps what was made."""
    if estate.memo is None:
        return Symbols(estate)
    source = (estate.tables.entries, estate.vaults.entries, estate.keys.entries, estate.principals.entries)
    return estate.memo.of("symbols", source, lambda: Symbols(estate))


def variants(listing: Listing[T]) -> Iterator[T]:
    """Everything that there is in some scenario, in each of its variants; settles nothing."""
    for entry in listing.entries:
        for variant in entry.variants:
            if variant.item is not None:
                yield variant.item


def settled(listing: Listing[T], matters: Callable[[T], bool]) -> Iterator[T]:
    """What there is in the listing's run of those things that matter in some scenario; the others settle nothing."""
    for entry in listing.entries:
        if any(variant.item is not None and matters(variant.item) for variant in entry.variants):
            item = listing.settle(entry)
            if item is not None:
                yield item


def arn_among(names: Iterable[Text]) -> Text | None:
    """The ARN among the texts that mean a thing, None if none is written out."""
    return next((name for name in names if name.parts and str(name.parts[0]).startswith("arn:")), None)


def arn_of_key(key: Key) -> Text:
    """The ARN of a key, whose id is a hole where it is known only when the key is made."""
    written = arn_among(name for name in key.names if ":alias/" not in name.shown())
    if written is not None:
        return written
    symbol = _own_symbol(key, ".Ref")
    own = Hole(f"{key.subject.address} gets its id when it is made", symbol) if symbol else Hole("its id is not known")
    return arn("kms", key.subject, "key/", own)


def arn_of_plan(plan: Plan) -> Text | None:
    """The ARN of a backup plan, its id a hole where that is known only when it is made; None if it has none."""
    written = arn_among(plan.names)
    if written is not None:
        return written
    own = next((name for name in plan.names if name.stands_for().endswith(".Ref")), None)
    return None if own is None else arn("backup", plan.subject, "backup-plan:", own)


def arn(service: str, beside: Subject, *resource: str | Hole | Text) -> Text:
    """An ARN in the Region and account of a thing."""
    partition = Hole(f"{PARTITION} is known only when it is deployed", PARTITION)
    region, account = _text(beside.region, REGION), _text(beside.account, ACCOUNT)
    return joined("arn:", partition, f":{service}:", region, ":", account, ":", *resource)


def sibling(of: Text, service: str, *resource: str | Hole | Text) -> Text:
    """The ARN of something of another service in the same partition, Region and account."""
    fields: list[list[str | Hole]] = [[]]
    for part in of.parts:
        first, *others = part.split(":") if isinstance(part, str) else (part,)
        fields[-1].append(first)
        fields.extend([other] for other in others)
    # An ARN of which only a hole is known has no fields that could be told.
    fields += [[Hole("its ARN is not known")] for _ in range(5 - len(fields))]
    partition, region, account = (Text(tuple(filter(None, fields[at]))) for at in (1, 3, 4))
    return joined("arn:", partition, f":{service}:", region, ":", account, ":", *resource)


def _text(value: Value[str], stands_for: str) -> Text:
    state = value.state
    if isinstance(state, Unknown):
        return state.text or Text((Hole(state.reason, stands_for),))
    return Text((state.value,))


def account_text(beside: Subject) -> Text:
    """The account of a thing."""
    return _text(beside.account, ACCOUNT)


def _own_symbol(key: Key, ending: str) -> str:
    """The reference to the key itself, which stands before those to its aliases."""
    return next((name.stands_for() for name in key.names if name.stands_for().endswith(ending)), "")


def _meanings(estate: Estate) -> Iterator[tuple[str, Text]]:
    for table in variants(estate.tables):
        for symbol in table.symbols:
            yield symbol, table.arn
    for vault in variants(estate.vaults):
        yield from _of_names(vault.names, vault.arn)
    for key in variants(estate.keys):
        own = arn_of_key(key)
        for name in key.names:
            symbol = name.stands_for()
            # Aliases are names of their own: a policy that names one as its Resource does not mean the key.
            if symbol.endswith(".Arn") and symbol == _own_symbol(key, ".Arn"):
                yield symbol, own
            elif symbol and symbol == _own_symbol(key, ".KeyId"):
                yield symbol, Text(own.parts[-1:])
    for plan in variants(estate.plans):
        written = arn_of_plan(plan)
        for name in plan.names:
            symbol = name.stands_for()
            if symbol.endswith("Arn") and written is not None:
                yield symbol, written
            elif symbol.endswith("Id") and written is not None:
                yield symbol, Text(written.parts[-1:])
    for principal in variants(estate.principals):
        yield from _of_names(principal.names, None)


def _of_names(names: tuple[Text, ...], written: Text | None) -> Iterator[tuple[str, Text]]:
    """What the references among the names of a thing mean: its ARN, or its name where that is written out."""
    whole = written or arn_among(names)
    plain = next((name for name in names if name.literal() and not (name.literal() or "").startswith("arn:")), None)
    for name in names:
        symbol = name.stands_for()
        if not symbol:
            continue
        if symbol.rpartition(".")[2].lower().endswith("arn"):
            if whole is not None:
                yield symbol, whole
        elif plain is not None and not symbol.endswith("Id"):
            yield symbol, plain
