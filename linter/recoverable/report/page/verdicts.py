"""What the page says of a row: could it be brought back, and what each protection comes to, with the reasons."""

from __future__ import annotations

from recoverable.recovery import goals
from recoverable.report.recovery_words import SAID, back, backed_up, every, nothing, spaced
from recoverable.truth import Answer, Fact, Truth, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.recovery.posture import Posture
    from recoverable.rows import TableRow

#: What is said of a row whose picture was not worked out.
TOO_MANY = "there are more scenarios than are followed: fix parameters with --parameters"


class Protection(NamedTuple):
    """A column of the matrix. `asked` is what its answer answers; a `plain` one is neither good nor bad."""

    key: str
    heading: str
    asked: str
    plain: bool = False


#: The columns, in order. The first answers the question of the page.
PROTECTIONS = (
    Protection("back", "Brought back", "Could it be brought back at all?"),
    Protection("pitr", "Any second", "Point-in-time recovery: can it go back to any second?"),
    Protection("plan", "Backup plan", "Does a backup plan take it, and how often?"),
    Protection("loss", "Loses at most", "How much is lost at most, with the windows in which a job may be late?"),
    Protection("reach", "Reaches back", "How old is the oldest restore point?"),
    Protection("region", "Other Region", "Is there a restore point if its Region is lost?"),
    Protection("account", "Other account", "Is there a restore point if its account is lost?"),
    Protection("locked", "Locked", "Is there a restore point that nobody can delete early?"),
    Protection("tested", "Restore tested", "Is a restore of its backups tried?"),
    Protection("deletion", "Deletion protection", "Is a call that deletes the table refused?"),
    Protection("key", "Own key", "Is it encrypted with a key of yours?", plain=True),
    Protection("cost", "$ a month", "What do its restore points cost in a month, as an estimate?", plain=True),
)


class Verdict(NamedTuple):
    """The answer of one cell: `short` is what stands in it, `facts` what it follows from.

    `order` sorts: the worst first. `missed` says which objective is missed, empty for none; `doubtful` that one may be.
    """

    answer: Answer
    short: str
    order: float
    facts: tuple[Fact, ...] = ()
    missed: str = ""
    doubtful: str = ""


class Goal(NamedTuple):
    """An objective: the column that shows it, in words, and whether it is met."""

    column: str
    said: str
    met: Truth


def could_be_brought_back(row: TableRow) -> Truth:
    """Whether there is any restore point. *No* only where it is sure that there is none."""
    found = row.posture
    if found is None:
        pitr = row.table.pitr.equals(wanted=True)
        return pitr if pitr.answer is Answer.YES else unknown(TOO_MANY, row.table.subject.origin)
    sure = [points for points in found.points if points.sure()]
    if sure:
        return Truth(Answer.YES, tuple(dict.fromkeys(fact for points in sure for fact in points.there.facts[:1])))
    if nothing(found):
        facts = (*found.pitr.facts, *found.coverage.truth.facts)
        return Truth(Answer.NO, (Fact("there is no restore point of it"), *facts))
    # Point-in-time recovery that is off leaves nothing open.
    doubts = [points.there for points in found.points if points.there.answer is Answer.UNKNOWN]
    if found.coverage.truth.answer is Answer.UNKNOWN:
        doubts.append(found.coverage.truth)
    return Truth(Answer.UNKNOWN, tuple(dict.fromkeys(fact for truth in doubts for fact in truth.facts)))


def goals_of(row: TableRow) -> tuple[Goal, ...]:
    """What is asked of the table, and whether it is met; nothing of a table that may be lost."""
    found, wanted = row.posture, row.objectives
    if found is None or wanted is None or row.table_class.spared:
        return ()
    made = [
        Goal("plan", f"{every(wanted.backup_every)} backups", goals.backed_up_often_enough(found, wanted)),
        Goal("reach", f"backups kept {wanted.retention_days} days", goals.kept_long_enough(found, wanted)),
    ]
    window = row.table.pitr_window
    met = found.pitr & ~window.below(wanted.pitr_window_days)
    made.append(Goal("pitr", f"any second of {wanted.pitr_window_days} days", met))
    if wanted.rpo is not None:
        said = f"no more than {goals.duration(wanted.rpo)} lost"
        made.append(Goal("loss", said, goals.loses_little_enough(found, wanted)))
    if wanted.rto is not None:
        said = f"the table back in {goals.duration(wanted.rto)}"
        made.append(Goal("back", said, goals.restores_fast_enough(wanted)))
    if wanted.other_region:
        made.append(Goal("region", "a copy in another Region", found.other_region))
    if wanted.other_account:
        made.append(Goal("account", "a copy in another account", found.other_account))
    if wanted.immutable:
        made.append(Goal("locked", "a backup that nobody can delete early", found.immutable))
    return tuple(made)


def verdicts(row: TableRow) -> dict[str, Verdict]:
    """The cells of a row, by the key of their column."""
    missed: dict[str, list[str]] = {}
    doubtful: dict[str, list[str]] = {}
    for goal in goals_of(row):
        if goal.met.answer is not Answer.YES:
            (missed if goal.met.answer is Answer.NO else doubtful).setdefault(goal.column, []).append(goal.said)
    return {
        key: verdict._replace(missed=" and ".join(missed.get(key, ())), doubtful=" and ".join(doubtful.get(key, ())))
        for key, verdict in _cells(row)
    }


def _cells(row: TableRow) -> Iterator[tuple[str, Verdict]]:
    table, found = row.table, row.posture
    yield "back", _said(could_be_brought_back(row))
    pitr = table.pitr.equals(wanted=True)
    days = table.pitr_window.known()
    if pitr.answer is Answer.YES:
        short = "window not known" if days is None else f"{days} d"
        yield "pitr", Verdict(pitr.answer, short, 2 + (days or 0) / 100, (*pitr.facts, table.pitr_window.fact()))
    else:
        yield "pitr", _said(pitr)
    if found is None:
        open_ = _said(unknown(TOO_MANY, table.subject.origin))
        yield from ((key, open_) for key in ("plan", "loss", "reach", "region", "account", "locked", "tested"))
    else:
        yield from _pictured(found)
    yield "deletion", _said(table.deletion_protection.equals(wanted=True))
    yield "key", _said(table.key.holds(lambda key: key is not None))
    yield "cost", _cost(row)


def _pictured(found: Posture) -> Iterator[tuple[str, Verdict]]:
    covered = backed_up(found)
    answer = {"no": Answer.NO, "?": Answer.UNKNOWN}.get(covered, Answer.YES)
    facts = [*found.coverage.truth.facts]
    if answer is not Answer.YES:
        facts += [fact for points in found.points if points.kind != "pitr" for fact in points.there.facts]
    gaps = [points.between for points in found.points if points.kind == "backup" and points.sure() and points.between]
    order = _rank(answer) + (1 / (1 + min(gaps)) if gaps else 0)
    yield "plan", Verdict(answer, _spoken(covered), order, _once(facts))

    empty = nothing(found)
    losses = [points for points in found.points if points.sure() and points.loss == found.loss is not None]
    loss_facts = _once(fact for points in losses[:1] for fact in points.loss_facts)
    if found.loss is not None:
        yield "loss", Verdict(Answer.YES, spaced(found.loss), 2 + 1 / (1 + found.loss), loss_facts)
    elif empty:
        yield "loss", Verdict(Answer.NO, "everything", 0, (Fact("there is no restore point of it"),))
    else:
        yield "loss", _said(unknown("no restore point is sure whose age is known"))

    reach = back(found)
    if found.for_ever or found.back_days is not None:
        days = 10**6 if found.for_ever else found.back_days or 0
        by = [
            Fact(f"{points.by} keeps them {goals.kept(points)}", points.rule.subject.origin if points.rule else None)
            for points in found.points
            if points.sure() and (points.for_ever or points.kept_days is not None)
        ]
        yield "reach", Verdict(Answer.YES, _years(reach, found.back_days), 2 + days, _once(by))
    elif empty:
        yield "reach", Verdict(Answer.NO, "nowhere", 0, (Fact("there is no restore point of it"),))
    else:
        yield "reach", _said(unknown("no restore point is sure that is kept for a known time"))
    for key, truth in (
        ("region", found.other_region), ("account", found.other_account), ("locked", found.immutable),
        ("tested", found.tested),
    ):  # fmt: skip
        yield key, _said(truth)


def _cost(row: TableRow) -> Verdict:
    cost = row.cost
    if cost is None or cost.monthly is None:
        why = "its picture was not worked out" if cost is None else cost.why
        return Verdict(Answer.UNKNOWN, "not known", -1, (Fact(why),))
    size = row.table_class.size_gb
    facts = [Fact(f"an estimate for {size:g} GB, as the configuration gives the size")] if size is not None else []
    if cost.prices is not None:
        facts.append(Fact(f"prices of {cost.prices.region}, seen on {cost.prices.seen} at {cost.prices.source}"))
    return Verdict(Answer.YES, f"{cost.monthly:,.2f}", cost.monthly, tuple(facts))


def _said(truth: Truth) -> Verdict:
    return Verdict(truth.answer, _spoken(SAID[truth.answer]), _rank(truth.answer), _once(truth.facts))


def _spoken(said: str) -> str:
    return "not known" if said == "?" else said


def _rank(answer: Answer) -> int:
    """The worst first: no, not known, yes."""
    return (Answer.NO, Answer.UNKNOWN, Answer.YES).index(answer)


def _years(reach: str, days: int | None) -> str:
    """Days as people say them: seven years are 2555 days, or two more."""
    if days is None or days < 365:
        return reach.replace("d", " d") if reach != "for ever" else reach
    years = round(days / 365.25, 1)
    return f"{years:g} y"


def _once(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(facts))


def together(answers: Iterable[Truth]) -> Truth:
    """What holds of a table in all its scenarios; not known where they differ."""
    truths = list(answers)
    if len({truth.answer for truth in truths}) == 1:
        return truths[0]
    return unknown("it depends on how it is deployed")
