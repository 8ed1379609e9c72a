"""A plan and the sources it was made from say the same, value by value; where they do not, it is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from planned import reading, story
from recoverable.estate import Tags
from recoverable.text import Text
from recoverable.value import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.value import Entry

STORIES = ("created", "dynamodb-table-module", "backup-destination-module")

#: What only sources can say: no plan shows `lifecycle`.
OF_SOURCES = ("prevent_destroy",)

#: Where a plan says something else than its sources.
SENSITIVE = {("aws_dynamodb_table.orders", "tags"): "the value of a sensitive variable is in no output"}

#: Where it does so when it stands alone: it does not show what is written in `dynamic` blocks, so that what is known
#: only after apply may or may not have been written there. That there is such a block at all is not shown either.
ALONE = SENSITIVE | {
    ("aws_dynamodb_table.dyn", "pitr"): "whether the block is made is known only after apply; it is taken as left out",
    ("aws_dynamodb_table.dyn", "pitr_window"): "as above",
    ('aws_dynamodb_table.many["a"]', "pitr_window"): "the block is a dynamic one",
    ("aws_dynamodb_table.this[0] in eu-central-1", "key"): "the block is a dynamic one",
}


def facts(entries: Iterable[Entry[Any]]) -> dict[str, dict[str, object]]:
    """Every thing by its title, and what is known of each of its values."""
    return {
        item.subject.title(): {
            field: shown(value)
            for field, value in item._asdict().items()
            if isinstance(value, Value) and field not in OF_SOURCES
        }
        | {"region": shown(item.subject.region), "name": shown(item.subject.name), "tags": tags(item)}
        for entry in entries
        for _, item in entry.variants
        if item is not None
    }


def shown(value: Value[Any]) -> object:
    """What is known of a value: itself, what a reference stands for, or that nothing is."""
    if isinstance(value.state, Unknown):
        return None if value.state.text is None else named(value.state.text)
    known = value.state.value
    if isinstance(known, Text):
        return named(known)
    return known if isinstance(known, str | bool | int | None) else "set"


def named(text: Text) -> str:
    parts = (part if isinstance(part, str) else f"${{{part.stands_for.rpartition('#')[2]}}}" for part in text.parts)
    return "".join(parts)


def tags(item: Any) -> object:  # noqa: ANN401 (any thing)
    found = getattr(item, "tags", None)
    return {key: value.known() for key, value in found.entries} if isinstance(found, Tags) else None


KINDS = ("tables", "replicas", "vaults", "plans", "plan_rules", "selections", "keys")


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_a_plan_beside_its_sources_is_that_of_the_sources(name: str, kind: str) -> None:
    sources = facts(getattr(reading(story(name, without=[".json"])), kind))
    both = facts(getattr(reading(story(name)), kind))

    assert differences(sources, both, SENSITIVE) == {}


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_alone_says_nothing_else_than_the_sources(name: str, kind: str) -> None:
    sources = facts(getattr(reading(story(name, without=[".json"])), kind))
    alone = facts(getattr(reading(story(name, without=[".tf", ".tfvars"])), kind))

    assert differences(sources, alone, ALONE) == {}


def differences(
    sources: dict[str, dict[str, object]], plan: dict[str, dict[str, object]], explained: dict[tuple[str, str], str]
) -> dict[str, tuple[object, object]]:
    """What a plan says otherwise and is not explained; and what is explained and is no difference any more."""
    assert plan.keys() == sources.keys()
    found = {
        (title, field): (values[field], plan[title][field])
        for title, values in sources.items()
        for field in values
        if plan[title][field] != values[field]
    }
    stale = {key: (None, None) for key in explained if key[1] in sources.get(key[0], {}) and key not in found}
    return {" ".join(key): pair for key, pair in {**found, **stale}.items() if key not in explained or key in stale}
