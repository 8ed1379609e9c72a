"""Which selections may mean a table, found by the table's name and tags, so that not each must be asked about each.

An index holds entries of listings, whatever their variants: it is the same in every scenario. What it leaves out is
sure not to be selected; what it gives must be asked (`selections.selects`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from recoverable.arn import resource_of
from recoverable.estate.tables import Replica
from recoverable.recovery.backups.selections import TABLE, is_a_resource, logical_id, named_table
from recoverable.recovery.backups.tag_tests import LISTED_OPERATOR, PREFIX
from recoverable.typed import cast
from recoverable.value import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.estate.backup import Plan, Selection, TagTest
    from recoverable.estate.model import Estate
    from recoverable.estate.tables import Table
    from recoverable.text import Text
    from recoverable.value import Entry


#: How many entries are compared with how many tables at most; each takes up to a tenth of a millisecond.
MOST_QUESTIONS = 200_000

#: Selections with as many entries are looked into all the same.
FEW_ENTRIES = 3


class SelectionIndex:
    """The selections of an estate by what they ask for, its plans by what they are called.

    Selections of different accounts and Regions stand on different shelves: a plan backs up nothing elsewhere.
    """

    def __init__(self, estate: Estate) -> None:
        items = (*estate.tables.entries, *estate.replicas.entries)
        self._items = cast("tuple[Entry[Table | Replica], ...]", items)
        self._near: dict[bool, dict[tuple[str, str, str], list[Entry[Table | Replica]]]] = {}
        self._plans: dict[object, list[Entry[Plan]]] = {}
        self._copies: dict[tuple[str, str], list[Entry[Replica]]] = {}
        self._shelves: dict[_Home, _Shelf] = {}
        self._of_account: dict[str, list[_Home]] = {}
        for entry in estate.selections.entries:
            for home in {_home(selection) for _, selection in entry.variants if selection is not None}:
                if home not in self._shelves:
                    self._shelves[home] = _Shelf()
                    self._of_account.setdefault(home[0], []).append(home)
                self._shelves[home].put(entry, home)
        self._close()
        for plan in estate.plans.entries:
            meant = {name.identity() for _, item in plan.variants if item is not None for name in item.names}
            for identity in meant - {None}:
                self._plans.setdefault(identity, []).append(plan)
        for copy in estate.replicas.entries:
            for key in {_key(item.table) for _, item in copy.variants if item is not None}:
                self._copies.setdefault(key, []).append(copy)

    def _close(self) -> None:
        """Nothing more is put in; what must be asked about too many tables is told apart."""
        subjects = [item.subject for entry in self._items for _, item in entry.variants if item is not None]
        counts = Counter((one.account.known() or "", one.region.known() or "") for one in subjects)
        for home, shelf in self._shelves.items():
            shelf.close(sum(count for where, count in counts.items() if _may_be(home, where)))

    def candidates(self, item: Table | Replica, *, anywhere: bool = False) -> list[Entry[Selection]]:
        """The selections that may mean a table, in the estate's order; `anywhere`: also if its plan were elsewhere in
        the account.
        """
        account, region = item.subject.account.known() or "", item.subject.region.known() or ""
        if not account:
            homes = list(self._shelves)
        else:
            homes = [*self._of_account.get("", ()), *self._of_account.get(account, ())]
            if not anywhere and region:
                homes = [home for home in homes if home[1] in ("", region)]
        found = [self._shelves[home].candidates(item) for home in homes]
        if len(found) < 2:
            return found[0] if found else []
        return list({id(entry): entry for entries in found for entry in entries}.values())

    def is_unfollowed(self, selection: Selection) -> bool:
        """Whether a selection is not looked into: there are too many that must be asked about every table."""
        return any(_place(selection) in shelf.unfollowed for shelf in self._shelves.values() if shelf.unfollowed)

    def near(self, selection: Selection, *, anywhere: bool = False) -> list[Entry[Table | Replica]]:
        """The tables and replicas that a selection may mean: `candidates` the other way round."""
        near = self._near.get(anywhere)
        if near is None:
            near = self._near[anywhere] = {}
            for entry in self._items:
                chosen = (
                    selection
                    for _, item in entry.variants
                    if item is not None
                    for each in self.candidates(item, anywhere=anywhere)
                    for _, selection in each.variants
                    if selection is not None
                )
                for place in dict.fromkeys(map(_place, chosen)):
                    near.setdefault(place, []).append(entry)
        return near.get(_place(selection), [])

    @property
    def has_tags(self) -> bool:
        """Whether any selection asks for tags."""
        return any(shelf.tagged for shelf in self._shelves.values())

    def plans(self, name: Text) -> list[Entry[Plan]]:
        """The plans that a text means."""
        identity = name.identity()
        return [] if identity is None else self._plans.get(identity, [])

    def copies(self, table: Table) -> list[Entry[Replica]]:
        """The further replicas of a table."""
        return self._copies.get(_key(table), [])


#: The account and the Region in which a selection works, empty where that is not known, or there are several.
_Home = tuple[str, str]


def _home(selection: Selection) -> _Home:
    """Files are about few places, and that a plan of theirs is in another one is worth telling: they have none."""
    if selection.subject.path:
        return "", ""
    if selection.accounts is not None:
        one = len(selection.accounts) == 1 and not selection.accounts_open
        return (selection.accounts[0] if one else ""), ""
    return selection.subject.account.known() or "", selection.subject.region.known() or ""


def _may_be(home: _Home, where: tuple[str, str]) -> bool:
    """Whether two places may be one."""
    return all(not mine or not theirs or mine == theirs for mine, theirs in zip(home, where, strict=True))


class _Shelf:
    """The selections of one place, or of those whose place is not known."""

    def __init__(self) -> None:
        self._entries: list[Entry[Selection]] = []
        self.unfollowed: set[tuple[str, str, str]] = set()
        self.tagged: list[int] = []
        self._everywhere: list[int] = []
        self._by_symbol: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        self._by_tag: dict[tuple[str, str], list[int]] = {}
        self._by_key: dict[str, list[int]] = {}
        self._beginnings: list[str] = []
        self._names: list[str] = []
        self._by_inner_word: dict[str, list[str]] = {}

    def put(self, entry: Entry[Selection], home: _Home) -> None:
        """Add a selection, by what its variants in this place ask for."""
        self._entries.append(entry)
        for _, selection in entry.variants:
            if selection is not None and _home(selection) == home:
                self._add(len(self._entries) - 1, selection)

    def close(self, tables: int) -> None:
        """Everything is there that will be, for so many tables."""
        self.unfollowed = self._too_much(tables)
        self._beginnings = sorted(self._by_beginning)
        self._names = sorted(self._by_name)
        for name in self._names:
            for word in dict.fromkeys(name.split("-")[1:-1]):
                self._by_inner_word.setdefault(word, []).append(name)

    def candidates(self, item: Table | Replica) -> list[Entry[Selection]]:
        found = set(self._everywhere)
        table = item.table if isinstance(item, Replica) else item
        for symbol in table.symbols:
            found.update(self._by_symbol.get(symbol, ()))
        found.update(self._for_name(item))
        found.update(self._for_tags(item))
        return [self._entries[at] for at in sorted(found)]

    def _too_much(self, tables: int) -> set[tuple[str, str, str]]:
        asked = {*self._everywhere, *self._by_beginning.get(TABLE, ())}
        weights = {
            _place(selection): _weight(selection)
            for at in asked
            for _, selection in self._entries[at].variants
            if selection is not None
        }
        if sum(weights.values()) * tables <= MOST_QUESTIONS:
            return set()
        return {place for place, weight in weights.items() if weight > FEW_ENTRIES}

    def _add(self, at: int, selection: Selection) -> None:
        if selection.resources_open or selection.tags_open or not (selection.resources or selection.tags):
            # The last may be everything: see selections.selects.
            _append(self._everywhere, at)
            return
        for entry in selection.resources:
            self._add_resource(at, entry.text)
        for test in selection.tags:
            self._add_tag(at, test)

    def _add_resource(self, at: int, text: Text) -> None:
        symbol = text.stands_for()
        if symbol:
            _append(self._by_symbol.setdefault(symbol, []), at)
            if is_a_resource(text.holes()[0]):
                return
        if _is_of_another_service(text):
            return
        resource = resource_of(text)
        first = "" if resource is None else _beginning(resource)
        if resource is None or not first.startswith(TABLE):
            _append(self._everywhere, at)
            return
        named = named_table(resource)
        if named:
            _append(self._by_symbol.setdefault(named, []), at)
        elif resource.literal() is None or "*" in first:
            _append(self._by_beginning.setdefault(first.partition("*")[0], []), at)
        else:
            _append(self._by_name.setdefault(first, []), at)

    def _add_tag(self, at: int, test: TagTest) -> None:
        _append(self.tagged, at)
        key, value = test.key.literal(), test.value.literal()
        if key is None:
            _append(self._by_key.setdefault("", []), at)
            return
        bare = key.removeprefix(PREFIX).lower()
        if test.operator.known() != LISTED_OPERATOR:
            # Why it is refused is worth telling whatever the value is.
            value = None
        _append(self._by_key.setdefault(bare, []), at)
        # Tags that differ in case alone are told apart later, with a word about it.
        _append(self._by_tag.setdefault((bare, "" if value is None else f"={value.lower()}"), []), at)

    def _for_name(self, item: Table | Replica) -> Iterator[int]:
        resource = resource_of(item.arn)
        if resource is None:
            yield from (at for places in (*self._by_name.values(), *self._by_beginning.values()) for at in places)
            return
        spelled = resource.literal()
        known = spelled if spelled is not None else _beginning(resource)
        for length in range(len(known) + 1):
            yield from self._by_beginning.get(known[:length], ())
        if spelled is not None:
            yield from self._by_name.get(spelled, ())
            return
        for beginning in _starting(self._beginnings, known):
            yield from self._by_beginning[beginning]
        yield from self._for_open_name(resource, known)

    def _for_open_name(self, resource: Text, known: str) -> Iterator[int]:
        """Names that are spelled out, and that the table may be given when it is made."""
        if known == TABLE and named_table(resource):
            # CloudFormation makes it of the stack's name, the logical id and a random part.
            for name in self._by_inner_word.get(logical_id(resource), ()):
                yield from self._by_name[name]
            return
        for name in _starting(self._names, known):
            yield from self._by_name[name]

    def _for_tags(self, item: Table | Replica) -> Iterable[int]:
        tags = item.tags
        if not self.tagged:
            return ()
        if tags.unnamed is not None or (tags.open and not tags.outside):
            return self.tagged
        found: list[int] = list(self._by_key.get("", ()))
        for key, value in tags.entries:
            bare = key.lower()
            if isinstance(value.state, Known):
                found += self._by_tag.get((bare, f"={value.state.value.lower()}"), ())
                found += self._by_tag.get((bare, ""), ())
            else:
                found += self._by_key.get(bare, ())
        return found


def _weight(selection: Selection) -> int:
    """How many entries of a selection take time: all but ARNs that are spelled out."""
    named = (*selection.resources, *selection.not_resources)
    spelled = sum(entry.text.literal() is not None and "*" not in entry.text.shown() for entry in named)
    return len(named) - spelled + len(selection.tags) + len(selection.conditions)


def _is_of_another_service(text: Text) -> bool:
    """Whether it is an ARN that names a service, and not DynamoDB."""
    literal = text.literal()
    if literal is None or "*" in literal[: literal.find(":", 4) + 1]:
        return False
    fields = literal.split(":", 3)
    return len(fields) > 3 and "*" not in fields[2] and fields[2] != "dynamodb"


def _starting(words: list[str], beginning: str) -> Iterator[str]:
    """The words of a sorted list that start in one way."""
    for at in range(bisect_left(words, beginning), len(words)):
        if not words[at].startswith(beginning):
            return
        yield words[at]


def _beginning(text: Text) -> str:
    first = text.parts[0] if text.parts else ""
    return first if isinstance(first, str) else ""


def _place(selection: Selection) -> tuple[str, str, str]:
    return selection.subject.path, selection.subject.address, selection.subject.part


def _key(table: Table) -> tuple[str, str]:
    return table.subject.path, table.subject.address


def _append(places: list[int], at: int) -> None:
    if not places or places[-1] != at:
        places.append(at)
