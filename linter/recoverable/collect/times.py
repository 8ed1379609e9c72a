"""Times as a snapshot writes them: ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from botocore.utils import parse_timestamp


def stamp(time: datetime) -> str:
    """`2026-11-27T09:00:00Z`, with fractions only where there are any. A time without a zone is UTC."""
    utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return f"{utc.replace(tzinfo=None).isoformat()}Z"


def stamped(value: object) -> str:
    """A time as an answer has it, in seconds or as a text.

    botocore's own way goes by the local zone, and took a tenth of all the time that collecting took.
    """
    if isinstance(value, int | float):
        return stamp(datetime.fromtimestamp(value, UTC))
    return stamp(parse_timestamp(value))


def moment(text: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.fromisoformat(text)
