"""What keeping recovery points costs in a month, as far as size and prices are known. All sums are estimates.

Prices are data with a date (`data/prices.json`), in US dollars per GB and month, and are not looked up anywhere.
DynamoDB backups are full copies, each billed for the table's size:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backup-restore-billing.html
"""

from __future__ import annotations

from recoverable.shipped import facts
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Days of a month, for turning days of storage into months.
MONTH = 30.4375

#: The Region whose prices stand for the order of magnitude where a Region's own are not known.
REFERENCE = "us-east-1"


class Prices(NamedTuple):
    """Dollars per GB and month in one Region, None where not known. `seen` is the day they were looked at."""

    region: str
    seen: str
    source: str
    pitr: float | None
    backup: float | None
    cold: float | None


class Stored(NamedTuple):
    """Recovery points of one kind that there are at a time, in the long run: `warm` and `cold` ones.

    None where that is not known, or without an end.
    """

    region: str | None
    warm: float | None
    cold: float | None


class Cost(NamedTuple):
    """An estimate in US dollars a month, None where size, prices or number of points are not known: `why` then says so.

    `prices` are those of the table's Region, if they are known.
    """

    monthly: float | None
    why: str
    prices: Prices | None


def prices() -> dict[str, Prices]:
    """What is known of prices, by Region."""
    document = facts("prices.json")
    source = document["sources"]["dynamodb"]
    return {
        region: Prices(region, known["seen"], source, known.get("pitr"), known.get("backup"), known.get("cold"))
        for region, known in document["regions"].items()
    }


def stored(region: str | None, between: float | None, kept: int | None, cold_after: int | None) -> Stored:
    """How many points there are in the long run: one every `between` seconds, kept so many days (None: no end)."""
    if between is None or kept is None:
        return Stored(region, None, None)
    warm_days = kept if cold_after is None else min(kept, cold_after)
    a_day = 86_400 / between
    return Stored(region, warm_days * a_day, (kept - warm_days) * a_day)


def estimate(
    size_gb: float | None,
    region: str | None,
    *,
    pitr: bool | None,
    points: Iterable[Stored],
    known: Mapping[str, Prices],
) -> Cost:
    """What a table's protection costs in a month, by `prices()`."""
    here = known.get(region or "")
    if size_gb is None:
        return Cost(None, "the table's size is not known (`size_gb:` under `tables:` in the configuration)", here)
    if pitr is None:
        return Cost(None, "whether point-in-time recovery is on is not known", here)
    total = 0.0
    if pitr:
        if here is None or here.pitr is None:
            return Cost(None, f"the price of point-in-time recovery in {_shown(region)} is not known", here)
        total += here.pitr * size_gb
    for point in points:
        there = known.get(point.region or "")
        if point.warm is None or point.cold is None:
            return Cost(None, "how many backups there will be is not known, or has no end", here)
        for count, price in ((point.warm, there and there.backup), (point.cold, there and there.cold)):
            if count and price is None:
                return Cost(None, f"a price of backup storage in {_shown(point.region)} is not known", here)
            total += count * (price or 0) * size_gb
    return Cost(round(total, 2), "", here)


def _shown(region: str | None) -> str:
    return region or "the table's Region, which is not known"
