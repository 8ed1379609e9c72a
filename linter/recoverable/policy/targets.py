"""Many resources of which the same is asked: which of them a pattern reaches, by looking at few of them."""

from __future__ import annotations

from bisect import bisect_left

from recoverable.policy.bits import Bits, all_of
from recoverable.policy.layers import ResourcePolicy
from recoverable.policy.patterns import EVERYTHING, Wild, arn_contains, fields, glob, glob_contains, literal
from recoverable.policy.request import Context
from recoverable.text import Hole, Text
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.policy.layers import Attached
    from recoverable.policy.patterns import Glob

#: The end of all texts that begin in one way.
_LAST = chr(0x10FFFF)


class Target(NamedTuple):
    """A resource that is asked about, as in a `Request`, and what is its own: its `context`, its policy, and the
    resource control policies of its account."""

    resource: Text
    context: Context
    others: tuple[Text, ...] = ()
    account: Text | None = None
    policy: ResourcePolicy | None = None
    policy_open: str = ""
    controls: tuple[tuple[Attached, ...], ...] = ()
    controls_open: str = ""


class _Group:
    """Targets whose ARNs have the same first five fields, by how the last one begins."""

    __slots__ = ("beginnings", "ends", "head", "open", "patterns", "places")

    def __init__(self, head: tuple[Glob, ...], members: list[tuple[int, Glob]]) -> None:
        self.head = head
        ordered = sorted(members, key=lambda member: _beginning(member[1]))
        self.patterns = [pattern for _, pattern in ordered]
        self.places = [place for place, _ in ordered]
        self.beginnings = [_beginning(pattern) for pattern in self.patterns]
        #: The bits of the first so many, so that those of a stretch are a difference.
        self.ends = [0]
        for place in self.places:
            self.ends.append(self.ends[-1] | 1 << place)
        #: Those of which only the beginning is known, by it.
        self.open: dict[str, list[int]] = {}
        for at, pattern in enumerate(self.patterns):
            if literal(pattern) is None:
                self.open.setdefault(self.beginnings[at], []).append(at)

    def reached(self, last: Glob) -> tuple[int, int]:
        """Which of them a pattern of the last field reaches, surely and possibly."""
        if last == EVERYTHING:
            return self.ends[-1], self.ends[-1]
        beginning = _beginning(last)
        low = bisect_left(self.beginnings, beginning)
        high = bisect_left(self.beginnings, beginning + _LAST) if beginning else len(self.beginnings)
        whole = literal(last) is not None
        if whole:
            high = bisect_left(self.beginnings, beginning + "\0", low)
        sure = possible = 0
        if last[1:] == EVERYTHING:
            sure = possible = self.ends[high] ^ self.ends[low]
            low = high
        shorter = [at for length in self._lengths(beginning) for at in self.open.get(beginning[:length], ())]
        for at in (*range(low, high), *shorter):
            answer = glob_contains(last, self.patterns[at])
            if answer is not Answer.NO:
                possible |= 1 << self.places[at]
                if answer is Answer.YES:
                    sure |= 1 << self.places[at]
        return sure, possible

    def _lengths(self, beginning: str) -> Iterable[int]:
        return range(len(beginning)) if self.open else ()


def _beginning(pattern: Glob) -> str:
    """The text that a pattern begins with, up to its first wildcard or hole."""
    return pattern[0] if pattern and isinstance(pattern[0], str) else ""


class Targets:
    """A list of targets. What a pattern reaches is worked out once."""

    __slots__ = ("_groups", "_memo", "_others", "_split", "full", "items")

    def __init__(self, items: Sequence[Target]) -> None:
        self.items = tuple(items)
        self.full = (1 << len(self.items)) - 1
        self._memo: dict[Glob, Bits] = {}
        self._split: dict[frozenset[str], tuple[tuple[int, int], ...]] = {}
        by_head: dict[tuple[Glob, ...], list[tuple[int, Glob]]] = {}
        #: Targets that have more than one text, or none that can be told apart into fields.
        self._others: list[int] = []
        for at, target in enumerate(self.items):
            pattern = glob(target.resource, wild=False)
            parts = fields(pattern) if target.resource.literal() != "*" else None
            if target.others or parts is None:
                self._others.append(at)
            else:
                by_head.setdefault(tuple(parts[:5]), []).append((at, parts[5]))
        self._groups = [_Group(head, members) for head, members in by_head.items()]

    def reached(self, pattern: Glob) -> Bits:
        """Which targets a pattern reaches."""
        known = self._memo.get(pattern)
        if known is None:
            known = self._memo[pattern] = self._reached(pattern)
        return known

    def _reached(self, pattern: Glob) -> Bits:
        if pattern == EVERYTHING:
            return all_of(Answer.YES, self.full)
        sure = possible = 0
        parts = fields(pattern)
        for group in self._groups:
            if parts is None:
                answers = [arn_contains(pattern, _whole(group.head, each)) for each in group.patterns]
                some = sum(1 << group.places[at] for at, answer in enumerate(answers) if answer is not Answer.NO)
                certain = sum(1 << group.places[at] for at, answer in enumerate(answers) if answer is Answer.YES)
            else:
                head = arn_contains(_whole(parts[:5], EVERYTHING), _whole(group.head, ("x",)))
                if head is Answer.NO:
                    continue
                certain, some = group.reached(parts[5])
                certain = certain if head is Answer.YES else 0
            sure |= certain
            possible |= some
        for at in self._others:
            answer = reached_by(pattern, self.items[at])
            if answer is not Answer.NO:
                possible |= 1 << at
                if answer is Answer.YES:
                    sure |= 1 << at
        return Bits(sure, possible, self.full)

    def alike(self, keys: frozenset[str]) -> tuple[tuple[int, int], ...]:
        """The targets in groups that have the same to say about some context keys: one of each, and the bits of all."""
        known = self._split.get(keys)
        if known is None:
            groups: dict[tuple[object, ...], list[int]] = {}
            ordered = sorted(keys)
            for at, target in enumerate(self.items):
                told: list[object] = [target.context.find(key) for key in ordered]
                if "aws:resourceaccount" in keys:
                    told.append((target.account, target.resource))
                groups.setdefault(tuple(told), []).append(at)
            known = tuple((members[0], sum(1 << at for at in members)) for members in groups.values())
            self._split[keys] = known
        return known


def reached_by(pattern: Glob, target: Target) -> Answer:
    """Whether a pattern reaches a target: the first certain answer of all texts that mean it."""
    for text in (target.resource, *target.others):
        answer = arn_contains(pattern, glob(text, wild=False))
        if answer is not Answer.UNKNOWN:
            return answer
    return Answer.UNKNOWN


def _whole(head: Sequence[Glob], last: Glob) -> Glob:
    """An ARN out of its fields."""
    pieces: list[str | Hole | Wild] = []
    for part in head:
        pieces.extend(part)
        pieces.append(":")
    from recoverable.policy.patterns import glued  # noqa: PLC0415

    return glued([*pieces, *last])
