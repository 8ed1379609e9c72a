"""The recovery picture table by table: one line each for a terminal, or JSON as in the report of a check."""

from __future__ import annotations

from recoverable.recovery.goals import duration, kept
from recoverable.report.blast_words import destroyed_by, restored_by
from recoverable.report.characters import columns, printable, wrapped
from recoverable.report.recovery_words import SAID, at_most, back, backed_up
from recoverable.report.wording import estate_statement, number
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.check import Report
    from recoverable.recovery.access.blast_radius import BlastRadius
    from recoverable.recovery.posture import Points
    from recoverable.report.options import Options
    from recoverable.rows import TableRow
    from recoverable.rule import Fault
    from recoverable.truth import Truth
    from recoverable.value import Value

#: What the columns are called. No picture: a question mark in each.
HEADINGS = ("TABLE", "PITR", "BACKED UP", "LOSES", "BACK TO", "REGION", "ACCOUNT", "LOCKED", "TESTED", "$/MONTH")
LEGEND = (
    "LOSES: the most that can be lost. BACK TO: the age of the oldest restore point. Both count what is sure.",
    "REGION, ACCOUNT: a copy survives the loss of the table's own. LOCKED: nobody can delete a backup early.",
    "?: not known. What a line follows from is shown with --explain.",
)

_COLOURS = {"yes": "32", "no": "31", "?": "35"}
_GAP = "  "


def render(report: Report, options: Options, *, explain: bool = False) -> str:
    """An aligned table; with `explain`, under each line what it follows from."""
    rows = list(report.postures)
    cells = [_cells(row) for row in rows]
    widths = [max(columns(line[at]) for line in (HEADINGS, *cells)) for at in range(len(HEADINGS))]
    lines: list[str] = []
    if rows:
        lines.append(_paint("1", _line(HEADINGS, widths, options=None), options))
    for row, line in zip(rows, cells, strict=True):
        lines.append(_line(line, widths, options=options))
        if row.scenario:
            lines.append(f"  {printable(row.scenario)}")
        if explain:
            lines += [_inert(each) for each in _reasons(row, options.width)]
    if rows:
        lines += ["", *LEGEND]
    lines += _radii(report, options, explain=explain)
    lines += ["", *(_fault(fault) for fault in report.faults)] if report.faults else []
    tables = len({(row.table.subject.path, row.table.subject.address) for row in rows})
    lines += ["", estate_statement(report), f"{number(report.files, 'file')}, {number(tables, 'table')}"]
    return "\n".join(lines).lstrip("\n") + "\n"


def render_json(report: Report) -> str:
    """`tables[]`, and what was wrong, as in the JSON report of a check."""
    import json  # noqa: PLC0415 (one format a run)

    from recoverable.report.characters import json_escaped  # noqa: PLC0415
    from recoverable.report.json import SCHEMA, fault_object, table_object, with_radii  # noqa: PLC0415

    document = {
        "schema": SCHEMA,
        "tables": with_radii([table_object(row) for row in report.postures], report),
        "errors": [fault_object(fault) for fault in report.faults],
        "estate": "complete" if report.estate_complete else "open",
    }
    return json_escaped(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _radii(report: Report, options: Options, *, explain: bool) -> Iterator[str]:
    """Who can restore and who can destroy, table by table; nothing where no principals were read."""
    for number_, radius in enumerate(report.radii):
        if not number_:
            yield ""
            yield _paint("1", "WHO CAN RESTORE IT, AND DESTROY IT WITH EVERY COPY", options)
        text = f"{radius.subject.title()}: {restored_by(radius)}; {destroyed_by(radius)}"
        lines = wrapped(printable(text), max(40, options.width - 2))
        yield _inert(lines[0])
        yield from (f"  {line}" for line in lines[1:])
        if explain:
            yield from map(_inert, _who_destroys(radius, options.width))


def _who_destroys(radius: BlastRadius, width: int) -> Iterator[str]:
    for destroyer in radius.destroyers:
        said = [
            f"{copy.name} ({'perhaps ' if answer is Answer.UNKNOWN else ''}{', '.join(ways)})"
            for copy, answer, ways in zip(radius.copies, destroyer.answers, destroyer.by, strict=True)
            if answer is not Answer.NO
        ]
        yield from _noted(" ", f"{destroyer.title} destroys {', '.join(said)}", width)
    if radius.open:
        yield from _noted("?", radius.open, width)


def _cells(row: TableRow) -> tuple[str, ...]:
    title = printable(row.table.subject.title())
    if row.table_class.name != "production":
        title = f"{title} ({printable(row.table_class.name)})"
    found = row.posture
    if found is None:
        return (title, _pitr(row), *["?"] * (len(HEADINGS) - 2))
    cost = "?" if row.cost is None or row.cost.monthly is None else f"{row.cost.monthly:,.2f}"
    return (
        title,
        _pitr(row),
        backed_up(found),
        at_most(found.loss, found),
        back(found),
        SAID[found.other_region.answer],
        SAID[found.other_account.answer],
        SAID[found.immutable.answer],
        SAID[found.tested.answer],
        cost,
    )


def _pitr(row: TableRow) -> str:
    said = _of(row.table.pitr)
    days = row.table.pitr_window.known()
    return f"{days}d" if said == "yes" and days is not None else said


def _reasons(row: TableRow, width: int) -> Iterator[str]:
    found = row.posture
    if found is None:
        yield "    there are more scenarios than are followed: fix parameters with --parameters"
        return
    for points in found.points:
        yield from _noted(SAID[points.there.answer], _points(points), width)
        if not points.sure():
            yield from _facts(points.there, width)
    if found.coverage.truth.answer is not Answer.YES:
        yield from _noted(SAID[found.coverage.truth.answer], "backed up", width)
        yield from _facts(found.coverage.truth, width)
    asked = (
        ("another Region", found.other_region), ("another account", found.other_account),
        ("locked", found.immutable), ("restore tested", found.tested),
    )  # fmt: skip
    for name, truth in asked:
        yield from _noted(SAID[truth.answer], name, width)
        if truth.answer is not Answer.YES:
            yield from _facts(truth, width)
    if row.table_class.size_gb is not None and row.cost is not None and row.cost.why:
        yield from _noted("?", f"cost: {row.cost.why}", width)


def _points(points: Points) -> str:
    if points.kind == "pitr":
        if not points.sure():
            return "point-in-time recovery"
        days = "?" if points.kept_days is None else points.kept_days
        return f"any second of the last {days} days, up to five minutes ago"
    where = "" if points.place is None else f" in {points.place.name}"
    kind = {"copy": "copies", "air-gapped": "copies"}.get(points.kind, "backups")
    often = "nobody knows how often" if points.between is None else f"one every {duration(points.between)}"
    said = f"{kind}{where} by {points.by}, {often.replace('every 1 ', 'every ')}, kept {kept(points)}"
    if points.cold_after is not None:
        said = f"{said}, in cold storage after {points.cold_after}"
    if points.loss is not None:
        said = f"{said}; loses up to {duration(points.loss)}, the windows included"
    return said


def _facts(truth: Truth, width: int) -> Iterator[str]:
    for fact in list(dict.fromkeys(truth.facts))[:3]:
        place = f" ({fact.origin.start()})" if fact.origin is not None else ""
        yield from _noted(" ", f"  {fact.text}{place}", width)


def _noted(mark: str, text: str, width: int) -> Iterator[str]:
    indent = len(text) - len(text.lstrip())
    start = f"    {mark:3} {' ' * indent}"
    for at, line in enumerate(wrapped(printable(text.strip()), max(40, width - len(start)))):
        yield (start if at == 0 else " " * len(start)) + line


def _line(cells: tuple[str, ...], widths: list[int], options: Options | None) -> str:
    parts = []
    for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        padded = cell + " " * (width - columns(cell)) if at < len(cells) - 1 else " " * (width - columns(cell)) + cell
        parts.append(_paint(_COLOURS[cell], padded, options) if options is not None and cell in _COLOURS else padded)
    return _inert(_GAP.join(parts).rstrip())


def _paint(style: str, text: str, options: Options | None) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if options is not None and options.colour else text


def _fault(fault: Fault) -> str:
    return _inert(printable(f"{fault.origin.start()} error: {fault.message}"))


def _inert(line: str) -> str:
    """A line that is no workflow command: GitHub Actions obeys those that open with `::`."""
    return f"\\x3a{line[1:]}" if line.startswith("::") else line


def _of(value: Value[bool]) -> str:
    known = value.known()
    return "?" if known is None else "yes" if known else "no"
