"""Answers about permissions: whether somebody can do something to a table, why, and what to add."""

from __future__ import annotations

from recoverable.policy.request import segments
from recoverable.recovery.access.grants import document, grant_of, merged
from recoverable.recovery.access.requirements import CALLER, NEW_TABLE
from recoverable.report.characters import json_escaped, printable, wrapped
from recoverable.report.wording import number
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverable.policy.decision import Deciding
    from recoverable.recovery.access.capabilities import Everybody, Verdict
    from recoverable.recovery.access.grants import Grant
    from recoverable.recovery.access.ways import Step, Way
    from recoverable.report.options import Options
    from recoverable.source import Origin
    from recoverable.text import Text

#: The three answers as they are printed.
SAID = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "depends"}

_COLOURS = {Answer.YES: "32", Answer.NO: "31", Answer.UNKNOWN: "35"}


def render(told: Sequence[tuple[str, Verdict]], options: Options) -> str:
    """The answer first, then what it follows from, everything that is missing at once, and what to add."""
    lines: list[str] = []
    for scenario, verdict in told:
        lines += [*([""] if lines else []), *_lines(scenario, verdict, options)]
    return "\n".join(lines) + "\n"


def render_everybody(told: Sequence[tuple[str, Everybody]], options: Options) -> str:
    """Those who can, those who perhaps can, and how many cannot."""
    lines: list[str] = []
    for scenario, everybody in told:
        what = f"{everybody.capability.name} {printable(everybody.target.subject.title())}"
        lines += [""] if lines else []
        yes, open_ = everybody.those(Answer.YES), everybody.those(Answer.UNKNOWN)
        when = f", {scenario}" if scenario else ""
        lines.append(f"{number(len(yes), 'principal')} can {what}{when}{':' if yes else ''}")
        lines += [line for verdict in yes for line in _one_of_them(verdict, options)]
        if open_:
            lines.append(f"{number(len(open_), 'principal')} perhaps can:")
            lines += [line for verdict in open_ for line in _one_of_them(verdict, options)]
        lines.append(f"{number(len(everybody.cannot), 'principal')} cannot")
        if everybody.open:
            lines.append(printable(f"There may be more: {everybody.open}"))
    return "\n".join(lines) + "\n"


def _one_of_them(verdict: Verdict, options: Options) -> Iterator[str]:
    through = f", through {_chain(verdict.through)}" if verdict.through else ""
    modes = ", ".join(way.mode.name for way in verdict.ways if way.truth.answer is verdict.answer)
    text = f"{verdict.principal.title} ({modes}){through}"
    mark = f"  {_paint(_COLOURS[verdict.answer], SAID[verdict.answer], options)} "
    lines = wrapped(printable(text), max(40, options.width - 10))
    yield f"{mark}{lines[0]}"
    yield from (f"      {line}" for line in lines[1:])
    if verdict.answer is Answer.UNKNOWN:
        depends = dict.fromkeys(said for step in verdict.best.open() for said in conditions(step))
        for said in list(depends)[:3] or [fact.text for fact in verdict.truth.facts[:1]]:
            yield from _noted("      depends on ", said, options)


def headline(verdict: Verdict) -> str:
    """`ops can restore orders`, `whether ops can restore orders depends`."""
    who, what = printable(verdict.principal.title), f"{verdict.capability.name} {printable(_table(verdict))}"
    through = f" through {_chain(verdict.through)}" if verdict.through else ""
    match verdict.answer:
        case Answer.YES:
            return f"{who} can {what}{through}"
        case Answer.NO:
            return f"{who} cannot {what}"
        case _:
            return f"whether {who} can {what}{through} depends"


def additions(verdict: Verdict) -> dict[str, tuple[Grant, ...]]:
    """The statements to add, by whom they are for, where adding some would do."""
    if verdict.answer is not Answer.NO or verdict.through or not verdict.best.possible():
        return {}
    wanted: dict[str, list[Grant]] = {}
    chosen: set[int] = set()
    for step in verdict.best.missing():
        if step.decision.deciding or (step.need.any_of and id(step.need) in chosen):
            continue
        chosen.add(id(step.need))
        resource = step.resource.shown()
        if step.need.on == NEW_TABLE:
            resource = f"{resource}*"
        wanted.setdefault(step.actor, []).append(grant_of(step.need, (step.action,), resource))
    return {actor: merged(grants) for actor, grants in wanted.items()}


def _lines(scenario: str, verdict: Verdict, options: Options) -> Iterator[str]:
    answer = _paint(_COLOURS[verdict.answer], SAID[verdict.answer], options)
    yield f"{answer}: {headline(verdict)}{f', {scenario}' if scenario else ''}"
    taken = _taken(verdict)
    if taken:
        yield from _noted("  = note: ", taken, options)
    if verdict.answer is Answer.NO:
        for way in _in_order(verdict):
            yield from _lacking(way, verdict, options)
    else:
        yield from _holding(verdict.best, verdict, options)
        yield from _further(verdict, options)
    for actor, grants in additions(verdict).items():
        role = "" if actor == verdict.principal.title else f" to {printable(actor)}"
        yield ""
        yield f"What to add{role}, so that it can ({verdict.best.mode.name}):"
        yield from _json(document(grants))


def _in_order(verdict: Verdict) -> list[Way]:
    return [verdict.best, *(way for way in verdict.ways if way is not verdict.best)]


def _holding(way: Way, verdict: Verdict, options: Options) -> Iterator[str]:
    """A way that holds, or may."""
    yield f"  {way.mode.says} ({way.mode.name}){_by(way)}"
    for truth in way.given:
        if truth.answer is Answer.UNKNOWN:
            yield from _noted("    depends on: ", truth.facts[0].text + _at(truth.facts[0].origin), options)
    for steps in _alike(way.steps):
        first = steps[0]
        what = _what(steps, verdict)
        if first.truth.answer is Answer.YES:
            yield from _noted("    ", f"{what}: {_allowed_by(first)}", options)
            continue
        yield from _noted("    ", f"{what} depends", options)
        for said in conditions(first):
            yield from _noted("      on ", said, options)


def _further(verdict: Verdict, options: Options) -> Iterator[str]:
    """The other ways with the same answer, in short."""
    others = [
        f"{way.mode.says} ({way.mode.name})"
        for way in verdict.ways
        if way is not verdict.best and way.truth.answer is verdict.answer
    ]
    for said in others:
        yield from _noted("  also ", said, options)


def _short(resource: Text, verdict: Verdict) -> str:
    """A resource without what it has in common with the table: partition, Region and account."""
    fields = segments(resource, ":", 5)
    own = segments(verdict.target.arn, ":", 5)
    if len(fields) < 6 or len(own) < 6:
        return resource.shown()
    here = all(mine == theirs or not mine.parts for mine, theirs in zip(fields[3:5], own[3:5], strict=True))
    return fields[5].shown() if here and fields[1] == own[1] else resource.shown()


def _lacking(way: Way, verdict: Verdict, options: Options) -> Iterator[str]:
    missing = way.missing()
    if not way.possible():
        why = next(truth for truth in way.given if truth.answer is Answer.NO)
        text = f"{way.mode.says} ({way.mode.name}): {why.facts[0].text if why.facts else 'there is none'}"
        yield from _noted("  not ", text + _at(why.facts[0].origin if why.facts else None), options)
        return
    yield f"  not {way.mode.says} ({way.mode.name}){_by(way)}: {_count(missing)}"
    for steps in _alike(missing):
        first = steps[0]
        who = "" if first.need.actor == CALLER else f"{printable(first.actor)} lacks "
        one = "one of " if first.need.any_of and len(steps) > 1 else ""
        yield from _noted("    ", f"{who}{one}{_what(steps, verdict)}{_why(first)}", options)
    if way is verdict.best and verdict.own_name:
        said = (
            f"a restore always makes a new table, and of names for it only {verdict.target.name.shown()} is granted, "
            "which the table itself has"
        )
        yield from _noted("    = note: ", said, options)


def _count(missing: tuple[Step, ...]) -> str:
    if not missing:
        return "AWS Backup cannot take the role on"
    denied = [step for step in missing if step.decision.deciding]
    lacking = len(missing) - len(denied)
    said = []
    if lacking:
        said.append(f"{number(lacking, 'permission')} {'is' if lacking == 1 else 'are'} missing")
    if denied:
        said.append(f"{number(len(denied), 'permission')} {'is' if len(denied) == 1 else 'are'} denied")
    return " and ".join(said)


def _alike(steps: Iterable[Step]) -> list[list[Step]]:
    """Steps of which the same is to be said."""
    found: dict[object, list[Step]] = {}
    for step in steps:
        places = tuple((one.statement.origin, one.layer) for one in step.decision.deciding)
        key = (step.actor, step.resource, step.truth.answer, places, step.decision.blocked_by, step.need.any_of)
        found.setdefault(key, []).append(step)
    return list(found.values())


def _what(steps: Sequence[Step], verdict: Verdict) -> str:
    """`dynamodb:GetItem, Query, Scan on table/orders-restored`."""
    service = ""
    names: list[str] = []
    for step in steps:
        prefix, _, name = step.action.partition(":")
        names.append(name if prefix == service else step.action)
        service = prefix
    return f"{', '.join(names)} on {printable(_short(steps[0].resource, verdict))}"


def _why(step: Step) -> str:
    """Why it is not allowed, if not simply because nothing grants it."""
    deciding = step.decision.deciding
    if deciding:
        return f": denied by {', '.join(dict.fromkeys(map(_statement, deciding)))}"
    layers = [layer for layer in step.decision.blocked_by if layer not in ("identity policy", "resource policy")]
    if layers:
        return f": not let through by the {' and the '.join(layers)}"
    if step.decision.blocked_by == ("resource policy",):
        return ": the policy of the resource does not let the account decide"
    return ""


def _allowed_by(step: Step) -> str:
    if step.decision.answer is not Answer.YES:
        return "not needed, as far as is known"
    named = [one for one in step.decision.deciding if one.effect == "Allow"]
    return ", ".join(dict.fromkeys(map(_statement, named))) or "allowed"


def _statement(one: Deciding) -> str:
    """`roles.yaml:12:9 (statement Restore of policy ops)`."""
    sid = one.statement.sid or f"#{one.number + 1}"
    said = f"statement {sid} of {one.name or one.layer}"
    if one.layer not in ("identity policy", "resource policy"):
        said = f"{said}, a {one.layer}"
    origin = one.statement.origin
    return printable(f"{origin.start()} ({said})" if origin is not None else said)


def conditions(step: Step) -> Iterator[str]:
    """What a decision depends on, in words."""
    seen: dict[str, None] = {}
    for fact in step.truth.facts:
        said = fact.text
        for one in step.decision.deciding:
            for condition in one.statement.conditions:
                if condition.origin == fact.origin and fact.text.startswith(f"{condition.operator} {condition.key}"):
                    values = ", ".join(value.shown() for value in condition.values)
                    verb = "denied" if one.effect == "Deny" else "allowed"
                    said = f"{condition.operator} {condition.key} {values}: only then it is {verb}"
        seen[said + _at(fact.origin)] = None
    yield from seen


def _by(way: Way) -> str:
    said = []
    if way.new_name is not None:
        said.append(f"into {printable(way.new_name.shown())}")
    if way.role is not None:
        said.append(f"by the role {printable(way.role)}")
    if way.vault and any(need.on in ("vault", "point", "vault-key") for need in way.mode.needs):
        said.append(f"vault {printable(way.vault)}")
    return f", {', '.join(said)}" if said else ""


def _taken(verdict: Verdict) -> str:
    """What is taken to be so of a table that was not read."""
    if verdict.target.item is not None:
        return ""
    return (
        f"{verdict.target.name.shown()} is not in what was read: it is taken to have point-in-time recovery, "
        "no customer managed key, and backups in a vault without lock or policy"
    )


def _chain(through: Sequence[str]) -> str:
    return "the role " + ", then ".join(map(printable, through))


def _table(verdict: Verdict) -> str:
    return verdict.target.subject.title()


def _noted(mark: str, text: str, options: Options) -> Iterator[str]:
    width = max(40, options.width - len(mark))
    for at, line in enumerate(wrapped(printable(text), width)):
        yield (mark if at == 0 else " " * len(mark)) + line


def _paint(style: str, text: str, options: Options) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if options.colour else text


def _at(origin: Origin | None) -> str:
    return f" ({origin.start()})" if origin is not None and origin.start().strip() else ""


def _json(made: object) -> Iterator[str]:
    import json  # noqa: PLC0415

    yield from json_escaped(json.dumps(made, ensure_ascii=False, indent=2)).split("\n")
