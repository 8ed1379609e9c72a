"""Terraform's and OpenTofu's plans and states in JSON: files in, things for the estate out."""

from __future__ import annotations

from types import MappingProxyType

from recoverable.read.planned.belonging import Belonging, belonging
from recoverable.read.planned.changes import Sides, with_changes
from recoverable.read.planned.documents import PLAN, Outcome
from recoverable.read.planned.moments import Moment
from recoverable.read.planned.roots import root_of
from recoverable.read.planned.staleness import changed_since
from recoverable.read.reading import Reading
from recoverable.read.terraform import configuration_of, harvest
from recoverable.rule import Fault
from recoverable.source import Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from recoverable.read.planned.documents import Head
    from recoverable.read.planned.roots import PlannedRoot
    from recoverable.read.terraform.configuration import Module
    from recoverable.read.terraform.sources import Sources


class Chosen(NamedTuple):
    """Plans and states that are read, each with the folder of its sources (None without any), and what is told of them.

    `left` are the folders of roots that plans stand for, and so are not read by themselves.
    """

    outcomes: tuple[tuple[Outcome, str | None], ...]
    left: frozenset[str]
    notes: tuple[Fault, ...]


def choose(outcomes: Iterable[Outcome], sources: Sources, roots: Collection[str], named: Collection[str]) -> Chosen:
    """Which plans and states count, so that no table is there twice.

    A plan is what will be, and stands for the sources it was made from, if they are still what it was made from. One
    that is not, and a state, stand for them only if they were `named`: they are what was to be when they were written,
    and what somebody is about to change is in the sources.
    """
    read: list[tuple[Outcome, str | None]] = []
    left: set[str] = set()
    notes: list[Fault] = []
    newest: dict[tuple[str, str], Outcome] = {}
    # Plans first, and of two plans of one deployment the newer one.
    for outcome in sorted(outcomes, key=lambda each: (each.kind == PLAN, each.timestamp, each.path), reverse=True):
        found = belonging(outcome, sources, roots)
        if found.among:
            notes.append(_undecided(outcome, found))
        folder = found.folder
        if folder is None:
            read.append((outcome, None))
            continue
        key = (folder, repr(sorted(outcome.variables.items(), key=str)) if outcome.kind == PLAN else "")
        if outcome.kind == PLAN:
            why = _out_of_date(outcome, sources.module(folder))
            if why and outcome.path not in named and folder in roots:
                notes.append(_aside(outcome, why))
                continue
            if why and outcome.complete:
                notes.append(Fault("plan-out-of-date", why, _top(outcome), "write the plan again"))
            if key in newest:
                notes.append(_aside(outcome, f"{newest[key].path} is a newer plan of the same configuration"))
                continue
            newest[key] = outcome
        elif folder in left or (folder in roots and outcome.path not in named):
            instead = next((each.path for (at, _), each in newest.items() if at == folder), "")
            why = f"{instead} is a plan of the same configuration" if instead else "its configuration is read instead"
            notes.append(_aside(outcome, why))
            continue
        read.append((outcome, folder))
        left.add(folder)
    read.sort(key=lambda pair: pair[0].path)
    return Chosen(tuple(read), frozenset(left), tuple(notes))


def read(
    outcome: Outcome,
    folder: str | None,
    sources: Sources,
    types: Collection[str] = (),
    given: Mapping[str, str] = MappingProxyType({}),
) -> Reading:
    """What will be there after a plan, with what was there before it; or what is there by a state.

    `folder` is that of the sources it was made from. Of the values that are `given`, those about where Terraform runs
    (`AWS::Region`, `AWS::AccountId`) count where the file does not say it; its variables have the values of the plan.
    """
    place = {name: value for name, value in given.items() if name.startswith("AWS::")}
    root = _root(outcome, folder, sources, place)
    after = harvest(sources, [root], types)
    after = after._replace(
        notes=(*after.notes, *_notes(outcome)),
        faults=(*after.faults, *_faults(outcome)),
        examined=(*after.examined, outcome.path),
    )
    if outcome.kind != PLAN:
        return after
    before = root_of(Moment(outcome, _earlier(outcome), f"{outcome.path}@before", True, place), None, None)
    prior = harvest(sources, [before])
    changed = with_changes(after, prior, Sides(outcome, before, root))
    return changed._replace(before=(prior._replace(faults=(), notes=(), examined=()),))


def _earlier(outcome: Outcome) -> tuple[Head, ...]:
    """What there was before a plan: what it changes as it was, and what it leaves alone."""
    changed = [head for head in outcome.changes if not head.deposed and head.existed]
    known = {head.place.address for head in outcome.changes} | {head.previous for head in outcome.changes}
    return (*changed, *(head for head in outcome.prior if head.place.address not in known))


def _root(outcome: Outcome, folder: str | None, sources: Sources, place: dict[str, str]) -> PlannedRoot:
    written = None if folder is None else sources.module(folder)
    configuration = None
    if folder is not None and written is not None:
        configuration = configuration_of(sources, folder, written, {})
    return root_of(Moment(outcome, tuple(outcome.present), outcome.path, False, place), configuration, written)


def _out_of_date(outcome: Outcome, module: Module | None) -> str:
    """Why a plan is not, or not wholly, of the sources beside it."""
    if not outcome.complete:
        return "it was made of a part of its configuration, which is read instead"
    changed = "" if module is None else changed_since(outcome, module)
    return f"its sources have changed since: {changed}" if changed else ""


def _top(outcome: Outcome) -> Span:
    return Span(outcome.path, 1, 1, 1, 1)


def _faults(outcome: Outcome) -> tuple[Fault, ...]:
    faults = []
    if outcome.unplaced:
        count = len(outcome.unplaced)
        faults.append(
            Fault(
                "unparsable",
                f"{count} resource{'s have' if count > 1 else ' has'} no type, name or address that can be read",
                outcome.unplaced[0],
                "write the file again: terraform show -json tfplan > plan.json",
            )
        )
    if outcome.errored:
        faults.append(_broke_off(outcome))
    return tuple(faults)


def _broke_off(outcome: Outcome) -> Fault:
    return Fault(
        "plan-errored",
        "this plan broke off with an error, so that it does not show all that would be there",
        _top(outcome),
        "mend what `terraform plan` complains about, and write the plan again",
    )


def _notes(outcome: Outcome) -> tuple[Fault, ...]:
    if outcome.kind != PLAN or outcome.complete or outcome.errored:
        return ()
    said = f"{outcome.deferred} changes are deferred" if outcome.deferred else "it was made with -target or the like"
    return (
        Fault(
            "plan-incomplete",
            f"this plan leaves out a part of the configuration: {said}; what it leaves out counts as it was before",
            _top(outcome),
            "check a plan of everything, too",
        ),
    )


def _aside(outcome: Outcome, why: str) -> Fault:
    what = "plan" if outcome.kind == PLAN else "state"
    return Fault("left-aside", f"this {what} was not looked at: {why}", _top(outcome), "check it by itself")


def _undecided(outcome: Outcome, found: Belonging) -> Fault:
    shown = ", ".join(each or "." for each in found.among)
    return Fault(
        "sources-undecided",
        f"this may have been made from any of {shown}, and its tables count beside theirs",
        _top(outcome),
        "put it into the folder of its sources, or exclude one of them",
    )


__all__ = ["Chosen", "Outcome", "choose", "read"]
