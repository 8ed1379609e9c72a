"""Estates for tests: builders with sensible defaults, and Hypothesis strategies."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from recoverable import Estate, Key, Known, Listing, Replica, Table, Unknown, Value
from recoverable.estate import Subject, Tags
from recoverable.scenario import ALWAYS, Choice, Circumstance, Scenario, Variant
from recoverable.source import Span
from recoverable.text import Text, joined
from recoverable.value import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

PATH = "template.yaml"


def span(line: int = 1, path: str = PATH) -> Span:
    return Span(path, line, 1, line, 10)


def known(name: str, value: T, line: int = 1, path: str = PATH) -> Value[T]:
    return Value(name, Known(value, span(line, path)))


def unknown_value(name: str, reason: str = "it comes from a parameter without a default", line: int = 1) -> Value[Any]:
    return Value(name, Unknown(reason, span(line)))


def subject(
    address: str = "Orders",
    *,
    kind: str = "table",
    path: str = PATH,
    line: int = 1,
    part: str = "",
    name: str | None = None,
    construct: str = "",
) -> Subject:
    origin = span(line, path)
    return Subject(
        kind=kind,
        address=address,
        name=known("TableName", address.lower() if name is None else name, line + 1, path),
        path=path,
        origin=origin,
        region=known("Region", "eu-west-1", line, path),
        account=known("AccountId", "111122223333", line, path),
        part=part,
        construct=construct,
        extent=Span(path, line, 1, line + 9, 1),
    )


def tags(**entries: str | Value[str]) -> Tags:
    """Tags by key; `__` in a key stands for a colon, `_` for a hyphen."""
    return Tags(
        tuple(
            (key, known(f"tag {key}", value) if isinstance(value, str) else value)
            for key, value in ((name.replace("__", ":").replace("_", "-"), value) for name, value in entries.items())
        )
    )


def table(address: str = "Orders", *, path: str = PATH, line: int = 1, **changes: Any) -> Table:  # noqa: ANN401
    """A table without protection, for production. `changes` are fields; bare values become known ones."""
    plain = Table(
        subject=subject(address, path=path, line=line, name=changes.pop("name", None)),
        arn=joined(f"arn:aws:dynamodb:eu-west-1:111122223333:table/{address}"),
        pitr=known("PointInTimeRecoveryEnabled", False, line + 2, path),
        pitr_window=known("RecoveryPeriodInDays", 35, line + 3, path),
        deletion_protection=known("DeletionProtectionEnabled", False, line + 4, path),
        key=known("KMSMasterKeyId", None, line + 5, path),
        policy=known("ResourcePolicy", None, line + 5, path),
        tags=Tags(),
        partition_key=known("AttributeName", "id", line + 6, path),
        ttl=known("Enabled", False, line + 7, path),
        stream=known("StreamSpecification", False, line + 7, path),
        kept_on_delete=None,
        kept_on_replace=None,
        restored_from=known("restored from", None, line, path),
        autoscaled=known("autoscaled", False, line, path),
        declared_class=known("Metadata.recoverable.class", None, line, path),
    )
    return plain._replace(**{name: _value(plain, name, value) for name, value in changes.items()})


def replica(of: Table, region: str = "eu-central-1", **changes: Any) -> Replica:  # noqa: ANN401
    line = of.subject.origin.line + 10 if isinstance(of.subject.origin, Span) else 1
    path = of.subject.path
    plain = Replica(
        subject=subject(of.subject.address, kind="replica", path=path, line=line, part=region)._replace(
            name=of.subject.name, region=known("Region", region, line, path)
        ),
        table=of,
        arn=joined(f"arn:aws:dynamodb:{region}:111122223333:table/{of.subject.address}"),
        pitr=known("PointInTimeRecoveryEnabled", False, line + 2, path),
        pitr_window=known("RecoveryPeriodInDays", 35, line + 3, path),
        deletion_protection=known("DeletionProtectionEnabled", False, line + 4, path),
        key=known("KMSMasterKeyId", None, line + 5, path),
        policy=known("ResourcePolicy", None, line + 5, path),
        tags=Tags(),
    )
    return plain._replace(**{name: _value(plain, name, value) for name, value in changes.items()})


def key(address: str = "TableKey", *, path: str = PATH, line: int = 50, **changes: Any) -> Key:  # noqa: ANN401
    plain = Key(
        subject=subject(address, kind="key", path=path, line=line),
        names=(Text((f"arn:aws:kms:eu-west-1:111122223333:key/{address}",)),),
        enabled=known("Enabled", True, line + 1, path),
        kept_on_delete=None,
        deletion_date=known("DeletionDate", None, line, path),
    )
    return plain._replace(**{name: _value(plain, name, value) for name, value in changes.items()})


def _value(plain: Table | Replica | Key, name: str, value: object) -> Any:  # noqa: ANN401
    before = getattr(plain, name)
    if isinstance(before, Value) and not isinstance(value, Value):
        return Value(before.name, Known(value, before.origin))
    return value


def always(*items: T) -> Listing[T]:
    """A listing of things that are the same in every scenario."""
    return Listing(tuple(Entry((Variant(ALWAYS, item),)) for item in items))


def estate(*items: Table | Replica | Key) -> Estate:
    return Estate(
        tables=always(*(item for item in items if isinstance(item, Table))),
        replicas=always(*(item for item in items if isinstance(item, Replica))),
        keys=always(*(item for item in items if isinstance(item, Key))),
    )


def choice(name: str, *domain: str, scope: str = PATH) -> Choice:
    return Choice(scope, name, domain or ("true", "false"))


def when(*settled: tuple[Choice, str]) -> Scenario:
    """The scenario in which these choices were made, each a circumstance of the same name."""
    return Scenario(
        tuple(sorted(settled)), tuple(sorted(Circumstance(choice.name, value) for choice, value in settled))
    )


def depending(on: Iterable[Choice], make: Callable[[Mapping[str, str]], T | None]) -> Entry[T]:
    """A thing with a variant for each way the choices can go; `make` gets the values by the choices' names."""
    choices = list(on)
    return Entry(
        tuple(
            Variant(
                when(*zip(choices, values, strict=True)),
                make({one.name: value for one, value in zip(choices, values, strict=True)}),
            )
            for values in product(*(one.domain for one in choices))
        )
    )


#: Choices that generated things depend on.
CHOICES = (choice("IsProd"), choice("Env", "dev", "test", "prod"), choice("Big"), choice("Copy"))


@st.composite
def entries(draw: st.DrawFn, items: st.SearchStrategy[T | None], most: int = 2) -> Entry[T]:
    """A thing that is something else in each scenario of up to `most` choices, or is not there in it."""
    choices = draw(st.lists(st.sampled_from(CHOICES), unique=True, max_size=most))
    return depending(choices, lambda _: draw(items))


def values(of: st.SearchStrategy[T], name: str = "value", line: int = 1) -> st.SearchStrategy[Value[T]]:
    """Known and unknown values."""
    hidden: Value[T] = unknown_value(name, line=line)
    return st.one_of(of.map(lambda value: known(name, value, line)), st.just(hidden))


@st.composite
def tables(draw: st.DrawFn, address: str = "Orders", path: str = PATH) -> Table:
    """A table with any settings, known or not, under a fixed identity."""
    flag = st.booleans()
    return table(
        address,
        path=path,
        pitr=draw(values(flag, "PointInTimeRecoveryEnabled")),
        pitr_window=draw(values(st.integers(1, 35), "RecoveryPeriodInDays")),
        deletion_protection=draw(values(flag, "DeletionProtectionEnabled")),
        partition_key=draw(values(st.sampled_from(["id", "LockID"]), "AttributeName")),
        ttl=draw(values(flag, "Enabled")),
        declared_class=draw(values(st.sampled_from([None, "rebuildable", "production"]), "class")),
    )


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """A few tables with replicas and keys, in any order, some of which depend on choices."""
    addresses = draw(st.lists(st.sampled_from(["Orders", "UserSessions", "Audit", "Locks"]), unique=True, max_size=3))
    listed: list[Entry[Table]] = [draw(entries(st.one_of(st.none(), tables(address)), most=1)) for address in addresses]
    copies: list[Entry[Replica]] = [
        Entry(
            tuple(
                Variant(each.scenario, None if each.item is None else replica(each.item, pitr=draw(st.booleans())))
                for each in entry.variants
            )
        )
        for entry in listed
        if draw(st.booleans())
    ]
    keys = [
        draw(entries(st.booleans().map(lambda on: key(enabled=on)), most=1)) for _ in range(draw(st.integers(0, 1)))
    ]
    return Estate(Listing(tuple(listed)), Listing(tuple(copies)), Listing(tuple(keys)))
