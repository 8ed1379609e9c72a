"""Acceptances: what somebody has decided to live with, where that was written, and whether it still counts."""

from __future__ import annotations

from recoverable.glob import matches, path_matches
from recoverable.source import Span
from recoverable.typed import NamedTuple, Protocol
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from recoverable.estate.subject import Subject
    from recoverable.source import Origin

    class _Named(Protocol):
        @property
        def name(self) -> str: ...

    class Judged(Protocol):
        """What covers() needs to know of a finding."""

        @property
        def rule(self) -> _Named: ...
        @property
        def subject(self) -> Subject: ...
        @property
        def origin(self) -> Origin: ...


class OnText(NamedTuple):
    """A comment's reach: what lies in its words, the smallest subject around, and the parts of that.

    `over` is what the comment speaks of: a property, a list item, a resource. `extent` is the text of the smallest
    subject around it, None where it stands in none. `lists` are the lists around it: their other items are not meant,
    so that a word about one replica is none about the others.
    """

    over: Span
    extent: Span | None
    lists: tuple[Span, ...] = ()


class OnResource(NamedTuple):
    """Everything about the resources of these addresses in one file."""

    path: str
    addresses: tuple[str, ...]


class OnPattern(NamedTuple):
    """What fits an address pattern and a path pattern; a None fits all, of several one must fit."""

    addresses: tuple[str, ...] | None
    paths: tuple[str, ...] | None


Reach = OnText | OnResource | OnPattern


class Acceptance(NamedTuple):
    """Somebody's word that findings of some rules are fine where it says, with the reason.

    `subject` is of kind `acceptance`. `rules` are the names that count: known rules, under the names they have today.
    `until` is the last day on which it holds (`YYYY-MM-DD`), empty for no end. `expired` is whether that day is over;
    `problem` what is wrong with how it is written, empty when nothing is; `unknown_rules` the names that are no rule's.
    `unused_rules` are the rules it names that had nothing to accept; only known after `after`.
    """

    subject: Subject
    rules: tuple[str, ...]
    reason: str
    until: str
    reach: Reach
    expired: Value[bool]
    problem: Value[str]
    unknown_rules: Value[tuple[str, ...]]
    unused_rules: Value[tuple[str, ...]]

    def counts(self) -> bool:
        """Whether it accepts anything at all: it is well formed and has not expired."""
        return not self.problem.known() and self.expired.known() is False and bool(self.rules)

    def path(self) -> str:
        """The one file it can be about, empty if it may be about any."""
        match self.reach:
            case OnText(over):
                return over.path
            case OnResource(path):
                return path
            case OnPattern():
                return ""

    def covers(self, finding: Judged) -> bool:
        """Whether it accepts this finding. Several may: each of them is then in use."""
        if not self.counts() or finding.rule.name not in self.rules:
            return False
        return reaches(self.reach, finding.subject) or _points_at(finding.origin, self.reach)

    def after(self, used: Collection[str], judged: Collection[str]) -> Acceptance:
        """The same after a run: `used` are the rules of which it covered something, `judged` all that were asked.

        A rule that was not asked (switched off, left out by an option) had no chance to be covered and is not unused.
        """
        idle = tuple(rule for rule in self.rules if rule in judged and rule not in used) if self.counts() else ()
        return self._replace(unused_rules=Value("unused rules", Known(idle, self.subject.origin)))


def reaches(reach: Reach, subject: Subject) -> bool:
    """Whether `subject` is among the things meant."""
    match reach:
        case OnText(over, extent, lists):
            own = subject.extent
            if own is None:
                return False
            if own == extent or contains(over, own):
                return True
            return (
                extent is not None
                and contains(extent, own)
                and not any(contains(extent, one) and contains(one, own) for one in lists)
            )
        case OnResource(path, addresses):
            return subject.path == path and subject.address in addresses
        case OnPattern(addresses, paths):
            names = (subject.address, subject.title(), subject.construct)
            return (addresses is None or any(matches(one, name) for one in addresses for name in names if name)) and (
                paths is None or any(path_matches(one, subject.path) for one in paths)
            )


def _points_at(origin: Origin, reach: Reach) -> bool:
    """Whether a finding points at what a comment speaks of, which is no subject itself: a lock beside its vault."""
    return (
        isinstance(reach, OnText)
        and reach.extent is None
        and isinstance(origin, Span)
        and contains(reach.over, origin._replace(end_line=origin.line, end_column=origin.column))
    )


def contains(outer: Span, inner: Span) -> bool:
    """Whether one stretch of a file lies in another; equal ones do."""
    return (
        outer.path == inner.path
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
