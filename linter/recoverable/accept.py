"""Acceptances as they are written: in the configuration, in `Metadata.recoverable`, in comments."""

from __future__ import annotations

from recoverable.estate import Subject
from recoverable.estate.acceptances import Acceptance, OnPattern, OnResource, OnText, contains
from recoverable.read.nodes import Mapping, Scalar, Sequence
from recoverable.read.placing import Nest
from recoverable.source import Span
from recoverable.spelling import listed, nearest
from recoverable.truth import Fact
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from recoverable.estate.acceptances import Reach
    from recoverable.read.nodes import Comment, Node
    from recoverable.read.reading import Remark
    from recoverable.rule import Rule

#: What stands under `Metadata.recoverable`; the reader of templates takes the class and its reason.
METADATA_KEYS = ("accept", "class", "reason")

#: What an entry of `Metadata.recoverable.accept` says.
ENTRY_KEYS = ("rule", "reason", "until")

#: How a comment is written.
GRAMMAR = "`# recoverable: accept[rule] reason`, or `# recoverable: accept[rule, rule] until YYYY-MM-DD: reason`"


def collect(
    entries: Iterable[Mapping],
    comments: Iterable[Comment],
    remarks: Iterable[Remark],
    *,
    today: date,
    rules: Iterable[Rule],
    subjects: Iterable[Subject],
) -> tuple[Acceptance, ...]:
    """All acceptances, well formed or not, in the order configuration, metadata, comments, each by place.

    `entries` are `settings.accept`. `rules` are all that were loaded, switched on or not: names of others are unknown.
    `subjects` are all of the estate's, in every variant; a comment speaks about the smallest that it stands in. A
    statement of a policy counts as one only where the rule is about statements: else its resource is meant.
    """
    names = _Names(rules)
    drafts = [*_configured(entries), *_remarked(remarks), *_commented(comments, tuple(subjects), names)]
    return tuple(_distinct([draft.finished(names, today) for draft in drafts]))


class Wording(NamedTuple):
    """What a comment says, and what is wrong with how it says it."""

    rules: tuple[str, ...] = ()
    until: str = ""
    reason: str = ""
    problems: tuple[str, ...] = ()


def read_comment(text: str) -> Wording:
    """What stands after `# recoverable:`. Wording.problems says what does not follow the grammar."""
    word, bracket, rest = text.strip().partition("[")
    if word.strip() != "accept" or not bracket:
        return Wording(problems=(f"a comment to recoverable is written {GRAMMAR}",))
    listing, closed, rest = rest.partition("]")
    if not closed:
        return Wording(problems=("the bracket after accept is not closed",))
    rules = tuple(dict.fromkeys(name.strip() for name in listing.split(",") if name.strip()))
    reason = rest.strip().removeprefix(":").strip()
    until = ""
    problems = []
    first, _, after = reason.partition(" ")
    if first.rstrip(":") == "until":
        until, colon, reason = (part.strip() for part in after.partition(":"))
        if not colon:
            until, _, reason = after.strip().partition(" ")
            problems.append("the day after until ends in a colon, which is missing")
    return Wording(rules, until, reason.strip(), tuple(problems))


#: For how many unknown names the nearest known one is looked for, at half a millisecond each.
_GUESSES = 200


class _Names:
    """The names that rules have and had."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = tuple(rules)
        self.current = {name: rule.name for rule in rules for name in (*rule.formerly, rule.name)}
        self._guesses: dict[str, str] = {}
        self.about_acceptances = {rule.name for rule in rules if "Acceptance" in rule.subjects}
        self.about_parts = {rule.name for rule in rules if not set(_PARTS.values()).isdisjoint(rule.subjects)}

    def known(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.current[name] for name in names if name in self.current))

    def unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in self.current)

    def nearest(self, name: str) -> str:
        """What an unknown name probably means. A file full of them is not worth the time."""
        if name not in self._guesses:
            self._guesses[name] = nearest(name, self.current) if len(self._guesses) < _GUESSES else ""
        return self._guesses[name]


class _Draft(NamedTuple):
    """An acceptance as written, before its names and its day are looked at. `of` is what it is about, in words."""

    written: Wording
    reach: Reach
    of: str
    origin: Span
    until_origin: Span
    extent: Span | None = None

    def finished(self, names: _Names, today: date) -> Acceptance:
        rules, until, reason, problems = self.written
        known, unknown = names.known(rules), names.unknown(rules)
        problems = (*problems, *_problems(self.written, names))
        last = _day(until, today) if until else None
        if until and last is None:
            problems = (*problems, f"`{_short(until)}` is no day; it is written YYYY-MM-DD")
        return Acceptance(
            subject=self.subject(),
            rules=known,
            reason=reason,
            until=until,
            reach=self.reach,
            expired=Value("expired", Known(last is not None and last < today, self.until_origin)),
            problem=Value("problem", Known("; ".join(problems), self.origin)),
            unknown_rules=Value("unknown rules", Known(unknown, self.origin, notes=_meant(unknown, names))),
            unused_rules=Value("unused rules", Unknown("nothing was judged", self.origin)),
        )

    def subject(self) -> Subject:
        called = f"accept[{', '.join(map(_short, self.written.rules))}]" if self.written.rules else "acceptance"
        address = f"{called} {self.of}".strip()
        none = Unknown("an acceptance has none")
        return Subject(
            kind="acceptance",
            address=address,
            name=Value("name", Known(address, self.origin)),
            path=self.origin.path,
            origin=self.origin,
            region=Value("Region", none),
            account=Value("account", none),
            extent=self.extent,
        )


def _problems(written: Wording, names: _Names) -> list[str]:
    """What keeps an acceptance from counting whatever its form."""
    if not written.rules:
        return [] if written.problems else ["it names no rule"]
    problems = []
    own = [name for name in names.known(written.rules) if name in names.about_acceptances]
    if own:
        problems.append(f"{listed(own, 'and')} cannot be accepted, only switched off under `rules:`")
    if not any(letter.isalnum() for letter in written.reason):
        problems.append("the reason is missing")
    return problems


def _configured(entries: Iterable[Mapping]) -> list[_Draft]:
    drafts = []
    for entry in entries:
        addresses, paths = _texts(entry.get("address")), _texts(entry.get("path"))
        reach = OnPattern(addresses or None, paths or None)
        of = " in ".join(", ".join(patterns) for patterns in (addresses, paths) if patterns)
        problems = () if addresses or paths else ("neither `address:` nor `path:` says where it holds",)
        drafts.append(_entry(entry, reach, f"for {of}" if of else "", problems))
    return drafts


def _remarked(remarks: Iterable[Remark]) -> list[_Draft]:
    """Metadata is written once, but a nested stack that is used twice has it twice: those are one acceptance."""
    together: dict[tuple[str, Span], tuple[Node, list[str]]] = {}
    for remark in remarks:
        together.setdefault((remark.path, remark.node.span), (remark.node, []))[1].append(remark.address)
    drafts = []
    for path, place in sorted(together):
        node, addresses = together[path, place]
        reach = OnResource(path, tuple(sorted(set(addresses))))
        of = f"on {reach.addresses[0]}"
        if not isinstance(node, Mapping):
            drafts.append(_malformed(place, reach, of, f"`recoverable:` takes {listed(METADATA_KEYS, 'and')} as keys"))
            continue
        drafts.extend(
            _malformed(key.span, reach, of, _unknown_key(key, METADATA_KEYS))
            for key, _ in node.entries
            if key.text not in METADATA_KEYS
        )
        accept = node.get("accept")
        if isinstance(accept, Sequence):
            for item in accept.items:
                if isinstance(item, Mapping):
                    problems = tuple(
                        _unknown_key(key, ENTRY_KEYS) for key, _ in item.entries if key.text not in ENTRY_KEYS
                    )
                    drafts.append(_entry(item, reach, of, problems))
                else:
                    drafts.append(_malformed(item.span, reach, of, _ENTRY_SHAPE))
        elif accept is not None:
            drafts.append(_malformed(_start(accept), reach, of, _ENTRY_SHAPE))
    return drafts


_ENTRY_SHAPE = "`accept:` takes a list, each item with `rule:`, `reason:` and, if wanted, `until:`"


#: Subjects that are parts of the text of another one, and what rules about them call them.
_PARTS = {"policy": "PolicyDocument", "statement": "PolicyStatement"}


def _commented(comments: Iterable[Comment], subjects: tuple[Subject, ...], names: _Names) -> list[_Draft]:
    comments = sorted(set(comments), key=lambda comment: comment.span)
    if not comments:
        return []
    whole = _Places(subject for subject in subjects if subject.kind not in _PARTS)
    fine = _Places(subjects) if any(subject.kind in _PARTS for subject in subjects) else whole
    drafts = []
    for comment in comments:
        over = comment.over or comment.span
        wording = read_comment(comment.text)
        of_parts = not names.about_parts.isdisjoint(names.known(wording.rules))
        extent, name = (fine if of_parts else whole).around(over)
        reach = OnText(over, extent, comment.lists)
        of = f"on {name}" if name else ""
        drafts.append(_Draft(wording, reach, of, comment.span, comment.span))
    return drafts


class _Places:
    """The texts of all subjects, by file, and what those are called."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._names: dict[Span, str] = {}
        extents: dict[str, list[Span]] = {}
        for subject in subjects:
            extent = subject.extent
            if extent is not None:
                title = subject.title()
                self._names[extent] = min(self._names.get(extent, title), title)
                extents.setdefault(extent.path, []).append(extent)
        self._nests = {path: Nest(spans) for path, spans in extents.items()}

    def around(self, over: Span) -> tuple[Span | None, str]:
        """The least text of a subject around a place, and what to call it: by that subject, else the first inside."""
        nest = self._nests.get(over.path)
        if nest is None:
            return None, ""
        extent = next((span for span in nest.before(over.line, over.column) if contains(span, over)), None)
        if extent is not None:
            return extent, self._names[extent]
        first = nest.from_on(over.line, over.column)
        return None, self._names[first] if first is not None and contains(over, first) else ""


def _entry(node: Mapping, reach: Reach, of: str, problems: tuple[str, ...] = ()) -> _Draft:
    """An acceptance written as keys and values."""
    until = node.get("until")
    reason = node.get("reason")
    if until is not None and not isinstance(until, Scalar):
        problems = (*problems, "`until:` takes a day, written YYYY-MM-DD")
    written = Wording(
        rules=tuple(dict.fromkeys(_texts(node.get("rule")))),
        until=until.text.strip() if isinstance(until, Scalar) else "",
        reason=reason.text.strip() if isinstance(reason, Scalar) and not _nothing(reason) else "",
        problems=problems,
    )
    return _Draft(written, reach, of, _start(node), until.span if until is not None else _start(node))


def _malformed(place: Span, reach: Reach, of: str, problem: str) -> _Draft:
    return _Draft(Wording(problems=(problem,)), reach, of, place, place)


def _distinct(acceptances: list[Acceptance]) -> list[Acceptance]:
    """The same, with numbers behind those that would be called alike."""
    seen: dict[tuple[str, str], int] = {}
    numbered = []
    for acceptance in acceptances:
        subject = acceptance.subject
        count = seen[subject.path, subject.address] = seen.get((subject.path, subject.address), 0) + 1
        address = f"{subject.address} ({count})" if count > 1 else subject.address
        numbered.append(acceptance._replace(subject=subject._replace(address=address)))
    return numbered


def _day(text: str, today: date) -> date | None:
    """The day that `YYYY-MM-DD` is."""
    if len(text) != 10 or not text.isascii() or not text.replace("-", "").isdecimal():
        return None
    try:
        return today.fromisoformat(text)
    except ValueError:
        return None


def _meant(unknown: tuple[str, ...], names: _Names) -> tuple[Fact, ...]:
    guesses = [(name, names.nearest(name)) for name in unknown]
    return tuple(Fact(f"{_short(name)} is spelt almost like {guess}") for name, guess in guesses if guess)


def _unknown_key(key: Scalar, known: tuple[str, ...]) -> str:
    near = nearest(key.text, known)
    meant = f"did you mean `{near}`? " if near else ""
    return f"unknown key `{_short(key.text)}`: {meant}there are {listed(known, 'and')}"


def _texts(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(item.text.strip() for item in items if isinstance(item, Scalar) and item.text.strip())


def _nothing(node: Scalar) -> bool:
    return node.plain and node.value is None


def _start(node: Node) -> Span:
    """Where a node's first word stands."""
    return node.entries[0][0].span if isinstance(node, Mapping) and node.entries else node.span


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


__all__ = ["Acceptance", "Wording", "collect", "read_comment"]
