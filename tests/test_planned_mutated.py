"""Plans and states that are not as Terraform writes them: a part is missing, null, or of another type."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest

from planned import STORIES, judged, parts, plan, story

RULES = (
    "pitr-disabled", "deletion-protection-disabled", "table-in-no-backup-plan", "vault-unlocked", "table-policy-open",
    "table-destroyed", "table-replaced", "pitr-turned-off", "vault-removed", "backup-selection-narrowed", "key-removed",
)  # fmt: skip

#: How many places are tried in each file. More are tried by hand: `TIMES = 5000`.
TIMES = 30

#: What stands in a place where something else was.
OTHERS: tuple[object, ...] = (None, True, 17, "", "another", [], {}, [None], {"a": [{}]}, [[[]]])


def changed(document: Any, path: tuple[str | int, ...], instead: object) -> Any:  # noqa: ANN401 (JSON)
    made = deepcopy(document)
    here = made
    for key in path[:-1]:
        here = here[key]
    if instead is REMOVED:
        del here[path[-1]]
    else:
        here[path[-1]] = instead
    return made


REMOVED = object()

#: Tables with `dynamic` blocks.
DYNAMIC = ("many", "dyn")


@pytest.mark.parametrize(
    "name", ["created/plan.json", "changed/plan.json", "applied/state.json", "applied/terraform.tfstate"]
)
def test_no_part_that_is_missing_or_of_another_type_makes_a_run_crash(name: str) -> None:
    document = json.loads((STORIES / name).read_text(encoding="utf-8"))
    chance = random.Random(name)
    places = list(parts(document))
    sources = story(name.partition("/")[0], without=[".json", ".tfstate"])

    for path in chance.sample(places, TIMES):
        instead = chance.choice((REMOVED, *OTHERS))
        files = {name.rpartition("/")[2]: json.dumps(changed(document, path, instead))}
        report = judged({**(sources if chance.random() < 0.5 else {}), **files}, *RULES)

        kinds = {fault.kind for fault in report.faults}
        assert kinds <= {"plan-errored", "unparsable"}, (path, instead, report.faults)


def verdict_of(report: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401
    said: dict[tuple[str, str], str] = {}
    for answer, results in (("yes", report.findings), ("unknown", report.undetermined), ("spared", report.exempt)):
        said |= {(each.rule.name, each.subject.title()): answer for each in results}
    return said


@pytest.mark.parametrize("name", ["created", "changed"])
@pytest.mark.parametrize("instead", [REMOVED, "another"], ids=["removed", "of another type"])
def test_a_value_that_cannot_be_read_turns_no_answer_into_the_other(name: str, instead: object) -> None:
    """A value that is null is another matter: it was left out, and a plan says so in this way.

    Of `dynamic` blocks a plan alone does not show what was written, so that nothing can be missed in them.
    """
    document = plan(name)
    chance = random.Random(name)
    before = verdict_of(judged({"plan.json": json.dumps(document)}, *RULES))
    places = [
        path
        for number, change in enumerate(document["resource_changes"])
        if change["change"]["after"] and change["name"] not in DYNAMIC
        for path in (
            ("resource_changes", number, "change", "after", *inner) for inner in parts(change["change"]["after"])
        )
        if not isinstance(value_at(document, path), list | dict | str | None) and path[-1] != "region_name"
    ]

    for path in chance.sample(places, min(12, len(places))):
        after = verdict_of(judged({"plan.json": json.dumps(changed(document, path, instead))}, *RULES))
        flipped = {
            thing: (before.get(thing, "no"), after.get(thing, "no"))
            for thing in before.keys() | after.keys()
            if after.get(thing, "no") not in (before.get(thing, "no"), "unknown")
        }
        assert flipped == {}, path


def value_at(document: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 (JSON)
    for key in path:
        document = document[key]
    return document
