"""The source line a finding points to, with carets below it."""

from __future__ import annotations

from recoverable.report.characters import TAB, columns, escaped
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.source import Origin

CUT = "…"
#: Columns shown before the span of a line that is too long.
BEFORE = 20


class Sources:
    """The lines of files, split when the first of them is asked for."""

    def __init__(self, texts: Mapping[str, str] | None) -> None:
        self._texts = texts or {}
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str | None:
        """The line of that number, from 1; None where there is no such file or line."""
        if path not in self._texts:
            return None
        if path not in self._lines:
            # Not splitlines(): form feeds and Unicode's separators end no line in YAML, JSON or an editor.
            text = self._texts[path].replace("\r\n", "\n").replace("\r", "\n")
            self._lines[path] = text.split("\n")
        lines = self._lines[path]
        return lines[number - 1] if 0 < number <= len(lines) else None


def frame(sources: Sources, origin: Origin, label: str, width: int) -> list[str]:
    """The lines of a frame; none where the source is not at hand.

    A span of several lines is marked to the end of its first. A long line is cut around the span.
    """
    if not isinstance(origin, Span):
        return []
    source = sources.line(origin.path, origin.line)
    if source is None or not source.strip():
        return []
    gutter = len(str(origin.line))
    several = origin.end_line > origin.line
    shown, at, size = _cut(source, origin, max(20, width - gutter - 3))
    marks = " " * at + "^" * size
    notes = [f"to line {origin.end_line}"] if several and origin.end_column > 1 else []
    if label:
        notes.append(label)
    return [
        f"{' ' * gutter} |",
        f"{origin.line} | {shown}",
        f"{' ' * gutter} | {marks} {', '.join(notes)}".rstrip(),
    ]


def _cut(source: str, span: Span, width: int) -> tuple[str, int, int]:
    """The line as shown, the column at which its marks begin, and how many they are."""
    marks = [" " * TAB if mark == "\t" else escaped(mark) for mark in source.rstrip()]
    start = min(max(span.column, 1) - 1, len(marks))
    end = min(span.end_column - 1, len(marks)) if span.end_line <= span.line else len(marks)
    end = max(end, start)
    sizes = [columns(mark) for mark in marks]
    first, last = 0, len(marks)
    if sum(sizes) > width:
        # Room for the two signs of a cut.
        room, first, last = width - 2, start, start
        back = BEFORE
        while first > 0 and sizes[first - 1] <= back:
            first -= 1
            back -= sizes[first]
        room -= sum(sizes[first:start])
        while last < len(marks) and sizes[last] <= room:
            room -= sizes[last]
            last += 1
        while first > 0 and sizes[first - 1] <= room:
            first -= 1
            room -= sizes[first]
    before, after = CUT if first else "", CUT if last < len(marks) else ""
    at = len(before) + sum(sizes[first:start])
    size = max(1, sum(sizes[start : min(end, last)]))
    return before + "".join(marks[first:last]) + after, at, size
