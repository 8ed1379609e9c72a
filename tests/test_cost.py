"""What protection costs, where that can be known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recoverable.recovery import cost
from recoverable.recovery.cost import Cost, Stored, prices, stored

if TYPE_CHECKING:
    from collections.abc import Iterable

PRICES = json.loads((Path(cost.__file__).parents[1] / "data/prices.json").read_text(encoding="utf-8"))


def estimate(size: float | None, region: str | None, *, pitr: bool | None, points: Iterable[Stored]) -> Cost:
    return cost.estimate(size, region, pitr=pitr, points=points, known=prices())


def test_every_price_has_a_date_and_no_region_is_without_one() -> None:
    assert PRICES["regions"]
    for name, region in PRICES["regions"].items():
        assert re.fullmatch(r"[a-z]+-[a-z]+-\d", name)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", region["seen"])
        assert all(0 < price < 1 for key, price in region.items() if key != "seen")


def test_the_sources_are_pages_of_aws() -> None:
    assert all(source.startswith("https://aws.amazon.com/") for source in PRICES["sources"].values())


def test_point_in_time_recovery_costs_its_price_for_every_gigabyte() -> None:
    assert estimate(100, "us-east-1", pitr=True, points=()).monthly == 20.0


def test_each_backup_is_billed_for_the_whole_table() -> None:
    daily = stored("us-east-1", 86_400, 30, None)

    assert (daily.warm, daily.cold) == (30, 0)
    assert estimate(100, "us-east-1", pitr=False, points=[daily]).monthly == 300.0


def test_what_is_in_cold_storage_is_counted_apart() -> None:
    assert stored("us-east-1", 86_400, 120, 30) == Stored("us-east-1", 30, 90)


@pytest.mark.parametrize(
    ("size", "region", "pitr", "points", "why"),
    [
        (None, "us-east-1", True, (), "size is not known"),
        (1, "us-east-1", None, (), "point-in-time recovery is on is not known"),
        (1, "eu-west-1", True, (), "in eu-west-1 is not known"),
        (1, None, True, (), "in the table's Region, which is not known"),
        (1, "us-east-1", False, (stored("us-east-1", 86_400, None, None),), "has no end"),
        (1, "us-east-1", False, (stored("us-east-1", None, 30, None),), "is not known"),
        (1, "us-east-1", False, (stored("us-east-1", 86_400, 120, 30),), "a price of backup storage"),
        (1, "us-east-1", False, (stored("eu-west-1", 86_400, 30, None),), "a price of backup storage in eu-west-1"),
    ],
)
def test_what_is_not_known_is_no_number(
    size: float | None, region: str | None, pitr: bool | None, points: tuple[Stored, ...], why: str
) -> None:
    found = estimate(size, region, pitr=pitr, points=points)

    assert found.monthly is None
    assert why in found.why


def test_nothing_costs_nothing_wherever_it_is() -> None:
    assert estimate(100, "eu-west-1", pitr=False, points=()).monthly == 0


def test_a_region_without_prices_has_none() -> None:
    assert "mars-north-1" not in prices()
