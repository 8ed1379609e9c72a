"""A table that was restored from a backup still lacks what a restore does not bring back.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
"""

from __future__ import annotations

from recoverable import Answer, Estate, Severity, Table, Truth, every, no, rule, some, unknown, yes


@rule(Severity.MEDIUM, production_only=True)
def restored_table_incomplete(table: Table, estate: Estate) -> Truth:
    restored = table.restored_from.holds(lambda source: source is not None)
    if restored.answer is Answer.NO:
        return restored
    source = table.restored_from.known()
    lacks = [table.pitr.equals(False), table.deletion_protection.equals(False)]
    if source is None:
        return every((some([*lacks, restored]), restored))
    lacks.append(estate.tables.any(lambda other: _had(other, source, table), f"{source} has nothing that it lacks"))
    return every((some(lacks), restored))


def _had(other: Table, source: str, table: Table) -> Truth:
    """Whether `other` is the source, and has what the restored table lacks."""
    name = other.subject.name
    if other.subject == table.subject:
        return no("it is the table itself")
    more = some((
        every((table.ttl.equals(False), other.ttl.equals(True))),
        every((table.stream.equals(False), other.stream.equals(True))),
        every((table.autoscaled.equals(False), other.autoscaled.equals(True))),
        _lost_tags(other, table),
    ))  # fmt: skip
    named = no("nobody gave it a name") if name.state.origin is None else name.equals(source)
    # In an account the source is an ARN, as the address of every table is.
    address = other.subject.address
    if source.startswith("arn:"):
        same = address == source
        named = yes(f"{address} is its source", other.subject.origin) if same else no(f"its source is {source}")
    elif address.rpartition("/")[2] == source:
        named = yes(f"{source} is its address", other.subject.origin)
    return every((more, named))


def _lost_tags(other: Table, table: Table) -> Truth:
    """Whether the source has tags that the restored table has not."""
    lost = [key for key, _ in other.tags.entries if table.tags.get(key) is None]
    if not lost and other.tags.unnamed is not None:
        return other.tags.unnamed.equals("")
    if not lost:
        return no("it has all tags of its source")
    said = f"it lacks tags of its source: {', '.join(lost)}"
    if table.tags.open:
        return unknown(f"{said}; but {table.tags.open}", table.subject.origin)
    return yes(said, table.subject.origin)
