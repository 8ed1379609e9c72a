"""What was read, as plain data without its places: so that two ways to read the same thing can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverable.estate import Subject
from recoverable.source import Address, Call, Span
from recoverable.text import Hole, Text
from recoverable.value import Known, Value

if TYPE_CHECKING:
    from recoverable.read.reading import Reading

#: What is compared of a reading, by the name of its listing.
LISTINGS = (
    "tables", "replicas", "plans", "selections", "vaults", "restore_test_plans", "restore_test_selections",
    "region_settings", "global_settings", "frameworks",
)  # fmt: skip

#: Where something was written, and how; `arn` says nothing that name and place do not.
_LEFT_OUT = ("origin", "extent", "path", "seen", "arn", "construct", "declared_class", "table", "unread")
#: What a record has where there is nothing to say.
_NOTHING = ("", None, (), False)
UNKNOWN = "?"


def plain_reading(reading: Reading) -> dict[str, dict[str, Any]]:
    """All things of a reading, by what they are called, each as it is in its first scenario that has it."""
    found: dict[str, dict[str, Any]] = {}
    for listing in LISTINGS:
        for entry in getattr(reading, listing):
            thing = next((variant.item for variant in entry.variants if variant.item is not None), None)
            if thing is not None:
                found[f"{listing}: {thing.subject.title()}"] = plain(thing)
    return dict(sorted(found.items()))


def plain(thing: Any) -> Any:  # noqa: ANN401
    match thing:
        case Value(state=Known(value)):
            return plain(value)
        case Value():
            return UNKNOWN
        case Text(parts):
            return "".join(part if isinstance(part, str) else f"${{{part.stands_for or UNKNOWN}}}" for part in parts)
        case Hole(stands_for=stands_for):
            return f"${{{stands_for or UNKNOWN}}}"
        case Span() | Address() | Call():
            return None
        case Subject():
            return {"name": plain(thing.name), "region": plain(thing.region)}
        case tuple() if hasattr(thing, "_fields"):
            return {
                name: bool(value) if name == "open" or name.endswith("_open") else plain(value)
                for name, value in zip(thing._fields, thing, strict=True)
                if name not in _LEFT_OUT and not name.endswith(("_origins", "origin")) and value not in _NOTHING
            }
        case tuple() | list():
            return [plain(each) for each in thing]
        case _:
            return thing
