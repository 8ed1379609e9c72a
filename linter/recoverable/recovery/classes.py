"""What a table is for: which tables must come back, and which may be lost.

A table is for production unless something that was *written* says otherwise: the configuration, the table's own
metadata, its tags, the key of a Terraform lock table, or items that expire in a table whose name speaks of a cache.
Where the deciding words were written but cannot be read, the class carries a doubt: what would be a finding is then
undetermined. Tags that may come from elsewhere (stack tags, macros) raise no doubt: what nobody wrote says nothing.
"""

from __future__ import annotations

from itertools import pairwise

from recoverable.glob import matches, path_matches
from recoverable.text import Hole
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.typed import NamedTuple
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.estate import Subject, Table
    from recoverable.source import Origin
    from recoverable.value import Value


class TableClass(NamedTuple):
    """A class name (`production`, `lock`, `cache`, `rebuildable`, or one that the configuration names).

    `spared` classes are exempt from the rules for production tables, for the `reason` given. `doubt` says why a table
    that counts as not spared might be spared all the same. `size_gb` is the size of its tables where the configuration
    gives it.
    """

    name: str
    spared: bool
    reason: Fact | None = None
    doubt: Fact | None = None
    size_gb: float | None = None


class ClassRule(NamedTuple):
    """What the configuration says about some tables.

    Every kind of criterion that is given must match. Of `names`, `addresses` and `paths` one glob is enough; of `tags`
    (key, glob of the value) each must match. `size_gb` is the size of each such table.
    """

    name: str
    spared: bool
    reason: str
    tags: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    origin: Origin | None = None
    size_gb: float | None = None


PRODUCTION = TableClass("production", spared=False)

#: Classes that are spared wherever they are declared.
SPARED = ("cache", "lock", "rebuildable")

#: The partition key that Terraform's S3 backend wants, https://developer.hashicorp.com/terraform/language/backend/s3
LOCK_KEY = "LockID"

#: Words in a name that, together with items that expire, speak of a table that may be lost.
CACHE_WORDS = frozenset((
    "cache", "caches", "cached", "caching", "session", "sessions", "throttle", "throttles", "throttling", "throttled",
    "ratelimit", "ratelimits", "ratelimiter", "ratelimiting", "idempotency", "idempotent", "nonce", "nonces",
    "lock", "locks", "locking", "mutex", "token", "tokens", "otp", "otps", "dedup", "dedupe", "deduplication",
    "ephemeral", "tmp", "temporary",
))  # fmt: skip
_CACHE_PAIRS = frozenset((("rate", "limit"), ("rate", "limits"), ("rate", "limiter"), ("rate", "limiting")))

#: Words in an address that only say that it is a table.
GENERIC_WORDS = frozenset((
    "aws", "data", "database", "db", "ddb", "default", "dynamo", "dynamodb", "global", "main", "module", "my",
    "resource", "simple", "storage", "store", "table", "tables", "the", "this",
))  # fmt: skip

#: How AWS Backup calls the tables of restore tests:
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
RESTORE_TEST = "awsbackup-restore-test-"

CLASS_TAG = "recoverable:class"
REASON_TAG = "recoverable:reason"

#: Tags that teams use to take a table out of their backups; they count only together with a tag that gives the reason.
_OPT_OUT_KEYS = frozenset((
    "backup", "backups", "backup-policy", "backup-plan", "backup-enabled", "devx-backup-enabled", "aws-backup",
    "dynamodb-backup",
))  # fmt: skip
_OPT_OUT_VALUES = frozenset((
    "none", "no", "false", "off", "disabled", "disable", "never", "skip", "exclude", "excluded", "opt-out", "optout",
))  # fmt: skip


def classify(table: Table, rules: Iterable[ClassRule] = ()) -> TableClass:
    """What `table` is for.

    The first of these that speaks decides: the configuration's `rules` in their order, the class in the table's own
    metadata, its tags, its partition key, its expiry together with its name; else it is for production. Something
    earlier that may speak, and would decide otherwise, leaves a table that is not spared, with a doubt.
    """
    maybe: list[tuple[TableClass, Fact]] = []
    settled = PRODUCTION
    for verdict, holds in _verdicts(table, tuple(rules)):
        if holds.answer is Answer.YES:
            settled = verdict
            break
        if holds.answer is Answer.UNKNOWN:
            maybe.append((verdict, holds.facts[0]))
    for verdict, fact in maybe:
        if verdict.spared is not settled.spared:
            doubt = Fact(f"whether it is of class {verdict.name} is not known: {fact.text}", fact.origin)
            name = verdict.name if settled.spared else settled.name
            return TableClass(name, spared=False, reason=None if settled.spared else settled.reason, doubt=doubt)
    return settled


def _verdicts(table: Table, rules: tuple[ClassRule, ...]) -> Iterator[tuple[TableClass, Truth]]:
    """Everything that may speak about the table's class, in order: what it would say, and whether it does."""
    for rule in rules:
        why = Fact(f"the configuration calls it {rule.name}: {rule.reason}", rule.origin)
        yield TableClass(rule.name, rule.spared, why, size_gb=rule.size_gb), _matches(rule, table)
    spared = {*SPARED, *(rule.name for rule in rules if rule.spared)}
    yield from _declared(table.declared_class, spared)
    tag = table.tags.get(CLASS_TAG) or table.tags.unnamed
    if tag is not None:
        yield from _declared(tag, spared, table.tags.get(REASON_TAG))
    yield from _opted_out(table)
    why = Fact("AWS Backup made it for a restore test, and deletes it by itself", table.subject.name.origin)
    tried = table.subject.name.holds(lambda name: name.startswith(RESTORE_TEST))
    if tried.answer is Answer.YES:
        yield TableClass("rebuildable", spared=True, reason=why), tried
    key = table.partition_key
    why = Fact(f"its partition key is {LOCK_KEY}: it holds Terraform's state locks, not data", key.origin)
    yield TableClass("lock", spared=True, reason=why), key.equals(LOCK_KEY)
    yield _cache(table)


def _matches(rule: ClassRule, table: Table) -> Truth:
    subject = table.subject
    asked: list[Truth] = []
    if rule.paths:
        asked.append(_plain(any(path_matches(glob, subject.path) for glob in rule.paths)))
    if rule.addresses:
        own = [address for address in (subject.address, subject.construct) if address]
        asked.append(_plain(any(matches(glob, address) for glob in rule.addresses for address in own)))
    if rule.names:
        asked.append(no("it has no name") if _unnamed(subject) else _some_glob(rule.names, subject.name))
    for key, glob in rule.tags:
        tag = table.tags.get(key)
        asked.append(no(f"it has no tag {key}") if tag is None else _some_glob((glob,), tag))
    return every(asked) if asked else no("nothing is asked")


def _unnamed(subject: Subject) -> bool:
    """Whether nobody wrote a name, so that the service makes one up; no pattern can mean that."""
    name = subject.name
    return isinstance(name.state, Unknown) and name.origin in (None, subject.origin)


def _some_glob(globs: tuple[str, ...], value: Value[str]) -> Truth:
    return some([value.holds(lambda text, glob=glob: matches(glob, text)) for glob in globs])  # type: ignore[misc]


def _plain(holds: bool) -> Truth:
    return yes("") if holds else no("")


def _declared(
    declared: Value[str | None] | Value[str], spared: set[str], reason: Value[str] | None = None
) -> Iterator[tuple[TableClass, Truth]]:
    """The class that the table's author gave it; one that cannot be read may be any."""
    state = declared.state
    if isinstance(state, Unknown):
        hidden = unknown(declared.fact().text, state.origin)
        yield TableClass("rebuildable", spared=True), hidden
        yield PRODUCTION, hidden
    elif state.value:
        because = [note.text for note in state.notes]
        because += [reason.known() or ""] if reason is not None else []
        said = ": ".join([f"{declared.name} is {state.value}", *filter(None, because)])
        yield TableClass(state.value, state.value in spared, Fact(said, state.origin)), yes(said, state.origin)


def _opted_out(table: Table) -> Iterator[tuple[TableClass, Truth]]:
    reasons = [(key, value) for key, value in table.tags.entries if _gives_reason(key)]
    for key, value in table.tags.entries:
        if "-".join(words(key)) not in _OPT_OUT_KEYS:
            continue
        opted_out = value.holds(lambda text: text.strip().lower().replace("_", "-") in _OPT_OUT_VALUES)
        for reason_key, reason in reasons:
            told = reason.holds(lambda text: bool(text.strip()))
            said = f"tag {key} is {value.known()}, tag {reason_key} says why: {reason.known()}"
            yield TableClass("rebuildable", spared=True, reason=Fact(said, value.origin)), opted_out & told


def _gives_reason(key: str) -> bool:
    parts = words(key)
    return "reason" in parts and ("backup" in parts or "recoverable" in parts)


def _cache(table: Table) -> tuple[TableClass, Truth]:
    """Items that expire *and* a name that says so; neither is enough alone."""
    expires = table.ttl.equals(wanted=True)
    if expires.answer is Answer.NO:
        return PRODUCTION, expires
    why = Fact(f"its items expire, and it is called {_called(table)}", table.ttl.origin or table.subject.origin)
    return TableClass("cache", spared=True, reason=why), expires & _named_like_a_cache(table)


def _called(table: Table) -> str:
    """What its author calls the table: its address if that says more than that it is a table, else its name."""
    local = table.subject.address.rpartition("/")[2]
    if not GENERIC_WORDS.issuperset(words(local)) or _unnamed(table.subject):
        return local
    return table.subject.name.known() or table.arn.shown().rpartition(":table/")[2]


def _named_like_a_cache(table: Table) -> Truth:
    subject = table.subject
    called = _called(table)
    if subject.name.known() is not None or called == subject.address.rpartition("/")[2]:
        return _plain(_speaks_of_a_cache(called))
    # A name of which parts are given when it is deployed: the rest may say enough.
    parts = _name_parts(table)
    literal = " ".join(part for part in parts if isinstance(part, str))
    if not GENERIC_WORDS.issuperset(words(literal)):
        return _plain(_speaks_of_a_cache(literal))
    if parts and all(isinstance(part, str) or part.stands_for.startswith("AWS::") for part in parts):
        return no("its name says nothing")
    return subject.name.holds(_speaks_of_a_cache)


def _name_parts(table: Table) -> tuple[str | Hole, ...]:
    """The table's name as far as it is written, out of its ARN."""
    parts = table.arn.parts
    for at, part in enumerate(parts):
        if isinstance(part, str) and ":table/" in part:
            rest = part.partition(":table/")[2]
            return (rest, *parts[at + 1 :]) if rest else parts[at + 1 :]
    return ()


def _speaks_of_a_cache(name: str) -> bool:
    parts = words(name)
    return any(part in CACHE_WORDS for part in parts) or not _CACHE_PAIRS.isdisjoint(pairwise(parts))


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `UserSessionsTable` and `user-sessions_table` are user, sessions, table."""
    found: list[str] = []
    word = ""
    for at, character in enumerate(name):
        if not character.isalnum():
            found.append(word)
            word = ""
            continue
        before = name[at - 1] if at else ""
        after = name[at + 1] if at + 1 < len(name) else ""
        if character.isupper() and word and (not before.isupper() or after.islower()):
            found.append(word)
            word = ""
        word += character
    found.append(word)
    return tuple(part.lower() for part in found if part)
