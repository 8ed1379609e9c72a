"""What botocore made of an answer, as JSON: times as ISO 8601 in UTC, and no token of a page."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

from recoverable.typed import Any


def plain(value: Any) -> Any:  # noqa: ANN401
    """A value of JSON. A type that JSON does not know becomes text."""
    match value:
        case dict():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return stamp(value)
        case bytes():
            return b64encode(value).decode("ascii")
        case _:
            return str(value)


def stamp(time: datetime) -> str:
    """`2026-11-27T09:00:00Z`, with fractions only where there are any. A time without a zone is UTC."""
    utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return f"{utc.replace(tzinfo=None).isoformat()}Z"


def moment(text: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.fromisoformat(text)
