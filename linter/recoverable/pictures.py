"""The recovery pictures of all tables, in every scenario that makes a difference to them, with what they cost."""

from __future__ import annotations

from recoverable.recovery.backups.evidence import evidence_of
from recoverable.recovery.cost import Cost, Prices, Stored, estimate, prices, stored
from recoverable.recovery.posture import posture
from recoverable.rows import Seen, TableRow, grouped
from recoverable.scenario import LIMIT, Run, TooManyScenariosError, explore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from recoverable.estate import Estate
    from recoverable.judging import Candidate
    from recoverable.recovery.posture import Points, Posture
    from recoverable.truth import Truth


def posture_rows(things: Iterable[Sequence[Candidate]], estate: Estate, today: str = "") -> Iterator[TableRow]:
    """What there is to show of tables and replicas with their recovery pictures.

    `today` (ISO text) decides about vault locks that have a date.
    """
    known = prices()
    run = Run()
    bound = estate.in_run(run)
    for variants in things:
        if len(variants) == 1 and not variants[0].scenario.settled:
            # The usual case: one walk serves all that meet no open choice.
            found = posture(variants[0].item, bound, today)
            if not run.settled:
                yield from _rows([Seen(variants[0].scenario, variants[0], found)], known, estate)
                continue
            run = Run()
            bound = estate.in_run(run)
        yield from _rows(list(_followed(variants, estate, today)), known, estate)


def _followed(variants: Sequence[Candidate], estate: Estate, today: str) -> Iterator[Seen]:
    """A table in each scenario that its picture depends on; without the picture where there are too many."""
    left = LIMIT
    for variant in variants:
        found: list[Seen] = []
        try:
            for scenario, picture in explore(
                lambda run, item=variant.item: posture(item, estate.in_run(run), today),  # type: ignore[misc]
                given=variant.scenario,
                limit=max(1, left),
            ):
                found.append(Seen(scenario, variant, picture))
        except TooManyScenariosError:
            found = [Seen(variant.scenario, variant, None)]
        left -= len(found)
        yield from found


def _rows(seen: list[Seen], known: Mapping[str, Prices], estate: Estate) -> Iterator[TableRow]:
    for row in grouped(seen, lambda one: _picture(one.posture)):
        yield row if row.posture is None else row._replace(cost=_cost(row, row.posture, known, estate))


def _picture(found: Posture | None) -> Hashable:
    """What a row shows of a recovery picture."""
    if found is None:
        return None
    return (
        _answer(found.coverage.truth), tuple(map(_points, found.points)), _answer(found.other_region),
        _answer(found.other_account), _answer(found.immutable), _answer(found.tested),
    )  # fmt: skip


def _points(points: Points) -> Hashable:
    place = points.place
    where = () if place is None else (place.name, place.region.known(), place.account.known())
    return (
        points.kind, points.by, _answer(points.there), points.between, points.loss, points.kept_days, points.for_ever,
        points.cold_after, where, _answer(points.immutable),
    )  # fmt: skip


def _answer(truth: Truth) -> str:
    return truth.answer.value


def _cost(row: TableRow, found: Posture, known: Mapping[str, Prices], estate: Estate) -> Cost:
    region = row.table.subject.region.known()
    pitr = {"yes": True, "no": False}.get(_answer(found.pitr))
    return estimate(_size_gb(row, estate), region, pitr=pitr, points=list(_stored(found)), known=known)


def _size_gb(row: TableRow, estate: Estate) -> float | None:
    """The size that the configuration gives, else the one that an account tells."""
    if row.table_class.size_gb is not None or not estate.evidence.entries:
        return row.table_class.size_gb
    known = evidence_of(row.table, estate)
    return None if known is None or known.size_bytes is None else known.size_bytes / 1024**3


def _stored(found: Posture) -> Iterator[Stored]:
    """The backups that cost something; those that may not be there leave the sum open."""
    for points in found.points:
        if points.kind == "pitr" or _answer(points.there) == "no":
            continue
        region = None if points.place is None else points.place.region.known()
        average = points.average if points.sure() else None
        yield stored(region, average, None if points.for_ever else points.kept_days, points.cold_after)
