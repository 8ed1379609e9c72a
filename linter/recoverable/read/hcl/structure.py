"""The structure of HCL: blocks, labels and arguments with their places. Expressions are found, and not read.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#structural-elements
"""

from __future__ import annotations

import re
from bisect import bisect_right

from recoverable.read.hcl.brackets import (
    BLANK,
    BLOCK_COMMENT,
    HEREDOC,
    LINES,
    NAME,
    PLAIN_TEXT,
    QUOTED,
    UnbalancedError,
    closing,
    unclosed_comment,
)
from recoverable.read.hcl.later import Later
from recoverable.read.hcl.parse import Parser, unescaped
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.syntax import Argument, Block, Body, Unreadable
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import DEPTH_LIMIT
from recoverable.source import Span

# A value up to what needs a closer look: a bracket in brackets, a template, a comment, a comma or another argument.
_FLAT = rf'(?:[^"#/<(){{}}\[\]]++|{PLAIN_TEXT})*+'
_RUN = (
    rf'(?:[^"#/<\n,=(){{}}\[\]!>]++|{PLAIN_TEXT}|[=!<>]=|[!>]|<(?!<)|/(?![/*])'
    rf"|\({_FLAT}\)|\[{_FLAT}\])*+"
)
ARGUMENT, OPEN, CLOSE = 2, 4, 5
ITEM = re.compile(
    rf"{LINES}(?:({NAME}){BLANK}(?:=(?!=)[ \t]*+({_RUN})|((?:(?:{PLAIN_TEXT}|{NAME}){BLANK})*+)(\{{))|(\}}))?"
)
_VALUE = re.compile(_RUN)
_COMMENT = re.compile(BLOCK_COMMENT)
_HEREDOC = re.compile(HEREDOC)
_LABEL = re.compile(rf"({PLAIN_TEXT})|({NAME})|{BLANK}")
_LABELLED = rf'{NAME}{BLANK}(?:(?:{PLAIN_TEXT}|{NAME}){BLANK})*+"{QUOTED}[$%]\{{'
_LINE_ENDS = re.compile(rf"{BLANK}(?:(?:#|//)[^\n]*+)?(?:\r?\n|\Z)")
_BLANKS = re.compile(LINES)
#: More than these are not told for one file.
MOST_PROBLEMS = 100
TOO_MANY = f"{MOST_PROBLEMS} mistakes in one file; those from here on are not told"
#: What an object may stand behind when it does not begin the value.
_BEFORE_OBJECT = "?:=<>!&|+-*/%"


class _Frame:
    """A body whose end has not been seen yet."""

    __slots__ = ("arguments", "blocks", "labels", "open", "single", "span", "start", "type")

    def __init__(self, type_: str, labels: tuple[str, ...], span: Span | None, start: int, *, single: bool) -> None:
        self.type = type_
        self.labels = labels
        self.span = span
        self.start = start
        self.single = single
        self.arguments: dict[str, Argument] = {}
        self.blocks: list[Block] = []
        self.open = ""


class Scan:
    """One way through a text. `found` are the problems of the structure; those of expressions go to `problems`."""

    __slots__ = ("beginning", "broken", "found", "places", "problems", "spoiling", "text", "values")

    def __init__(self, places: Places, problems: list[MalformedError]) -> None:
        self.places = places
        self.text = places.text
        self.problems = problems
        self.found: list[MalformedError] = []
        #: The first of the problems that may have hidden something.
        self.spoiling: MalformedError | None = None
        #: Where values stand, in case that something is wrong with one of them.
        self.values: list[tuple[int, int]] = []
        #: What is wrong with the value that was looked at last, if that has been told.
        self.broken = ""
        #: Where the value begins that is being looked at, for as long as it is.
        self.beginning: int | None = None

    def malformed(self, message: str, start: int, end: int, do: str = "") -> MalformedError:
        return MalformedError(message, self.places.span(start, min(end, len(self.text))), do)

    def cause(self, error: UnbalancedError, end: int) -> MalformedError:
        """What to tell of brackets that do not fit together: the first thing that goes wrong on the way there."""
        told = self.spoiling or self.malformed(error.message, error.offset, error.offset + 1, error.do)
        values = self.values if self.beginning is None else [*self.values, (self.beginning, end)]
        for start, stop in values:
            try:
                Parser(self.places, start, stop).whole(flowing=False)
            except MalformedError as in_value:
                last = start + len(self.text[start:end].rstrip())
                cut_off = in_value.span[1:3] >= self.places.span(last, last)[1:3]
                return told if cut_off or (self.spoiling and told.span < in_value.span) else in_value
        return told

    def problem(self, message: str, start: int, end: int, do: str = "") -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(self.malformed(message, start, end, do))
        elif len(self.found) == MOST_PROBLEMS:
            self.found.append(self.malformed(TOO_MANY, start, end))

    def body(self, position: int, end: int) -> Body:
        """The body between two offsets. Raises UnbalancedError."""
        text, places, span, starts, path = (
            self.text,
            self.places,
            self.places.span,
            self.places.starts,
            self.places.path,
        )
        item, values = ITEM.match, self.values
        stack: list[_Frame] = []
        frame = _Frame("", (), None, position, single=False)
        while True:
            found = item(text, position, end)
            assert found is not None
            kind = found.lastindex
            position = found.end()
            if kind == ARGUMENT:
                name, written = found.group(1, 2)
                begin = found.start(1)
                start = position - len(written)
                self.broken = ""
                if position < end and text[position] != "\n":
                    start, stop, position = self.value(start, position, end, frame)
                else:
                    stop = start + len(written.rstrip())
                values.append((start, stop))
                line = bisect_right(starts, begin)
                above = starts[line - 1] - 1
                argument = Argument(
                    name,
                    Span(path, line, begin - above, line, begin + len(name) - above),
                    Span(path, line, start - above, line, stop - above) if stop < starts[line] else span(start, stop),
                    Later(places, start, stop, self.problems),
                )
                if self.broken:
                    unreadable = Unreadable(self.broken, argument.value_span)
                    argument = argument._replace(expression=Later.settled(unreadable))
                if not name.isascii() or name in frame.arguments:
                    argument = self.checked(argument, frame, begin)
                frame.arguments[name] = argument
                if frame.single:
                    self.single_line(frame, position, end)
                elif position < end and text[position] == "}":
                    self.problem(
                        "a line break is missing after this argument",
                        position,
                        position + 1,
                        'Put "}" on its own line.',
                    )
            elif kind == OPEN:
                labels, header = self.header(found)
                if frame.single:
                    self.problem(
                        f'the block "{found[1]}" stands in a block of one line',
                        found.start(1),
                        found.end(1),
                        "Put it on a line of its own.",
                    )
                stack.append(frame)
                if len(stack) > DEPTH_LIMIT:
                    raise UnbalancedError(f"blocks are nested more than {DEPTH_LIMIT} levels deep", found.start(1))
                single = text[position : position + 1] != "\n" and _LINE_ENDS.match(text, position, end) is None
                frame = _Frame(found[1], labels, header, found.start(1), single=single)
            elif kind == CLOSE:
                if not stack:
                    raise UnbalancedError(
                        '"}" closes nothing', position - 1, "Remove it, or find where one too many is."
                    )
                closed, frame = frame, stack.pop()
                assert closed.span is not None
                body = Body(closed.arguments, tuple(closed.blocks), closed.open)
                frame.blocks.append(Block(closed.type, closed.labels, body, closed.span, span(closed.start, position)))
                if text[position : position + 1] != "\n" and _LINE_ENDS.match(text, position, end) is None:
                    self.after_block(position, end, frame)
            elif position >= end:
                if stack:
                    raise self.unclosed(stack, frame)
                return Body(frame.arguments, tuple(frame.blocks), frame.open)
            else:
                position = self.junk(position, end, frame)

    def header(self, found: re.Match[str]) -> tuple[tuple[str, ...], Span]:
        """The labels of a block, and the place of its type and labels."""
        written = found[3]
        start, stop = found.span(3)
        last = start + len(written.rstrip(" \t")) if written else found.end(1)
        if not found[1].isascii() and not found[1].replace("-", "_").isidentifier():
            self.problem(
                f"{found[1]!r} is no name", found.start(1), found.end(1), "Names are letters, digits, _ and -."
            )
        quoted = written.split('"')
        if "\\" not in written and "{" not in written and not "".join(quoted[::2]).strip():
            return tuple(quoted[1::2]), self.places.span(found.start(1), last)
        labels = []
        position = start
        while position < stop:
            label = _LABEL.match(self.text, position, stop)
            assert label is not None
            position = label.end()
            if label.lastindex is not None:
                last = position
                name = label[label.lastindex]
                labels.append(self.label(name, label.start()) if name[0] == '"' else name)
        return tuple(labels), self.places.span(found.start(1), last)

    def label(self, quoted: str, start: int) -> str:
        inner = quoted[1:-1]
        if "\\" not in inner and "{" not in inner:
            return inner
        try:
            return unescaped(inner, self.places, start + 1)
        except MalformedError as error:
            self.found.append(error)
            return inner

    def value(self, start: int, position: int, end: int, frame: _Frame) -> tuple[int, int, int]:
        """Where a value begins and ends, and where what follows it begins; `position` is how far it was looked at."""
        text = self.text
        self.beginning = start
        last = start + len(text[start:position].rstrip())
        while position < end:
            seen = text[position]
            if seen in "\n#}":
                break
            if seen == "/":
                if text.startswith("//", position):
                    break
                comment = _COMMENT.match(text, position, end)
                if comment is None:
                    raise unclosed_comment(position)
                position = comment.end()
                if last <= start:
                    while position < end and text[position] in " \t":
                        position += 1
                    start = last = position
            elif self.opens(seen, position, end) and (seen != "{" or last <= start or text[last - 1] in _BEFORE_OBJECT):
                position = last = closing(text, position, end)
            elif seen in "<)]":
                position = last = position + 1
            else:
                self.beginning = None
                self.missing_line_break(seen, position, frame)
                return start, last, self.line_end(position, end)
            found = _VALUE.match(text, position, end)
            assert found is not None
            stripped = text[position : found.end()].rstrip()
            if stripped:
                last = position + len(stripped)
            position = found.end()
        self.beginning = None
        return start, last, position

    def opens(self, seen: str, position: int, end: int) -> bool:
        """Whether a character begins something that has an end of its own."""
        return seen in '([{"' or (seen == "<" and _HEREDOC.match(self.text, position, end) is not None)

    def missing_line_break(self, seen: str, position: int, frame: _Frame) -> None:
        if seen == ",":
            message, do = '"," after an argument', "Arguments stand on lines of their own, without commas."
        elif seen == "{":
            message, do = "a block begins in the middle of a line", "Begin it on a line of its own."
        else:
            message, do = '"=" in the middle of a value', "Put every argument on a line of its own."
        self.broken = message
        self.spoil(frame, message, position, position + 1, do)

    def spoil(self, frame: _Frame, message: str, start: int, end: int, do: str = "") -> None:
        """Tell of something that may have hidden part of a body."""
        if not frame.open:
            self.problem(message, start, end, do)
            self.spoiling = self.spoiling or self.malformed(message, start, end, do)
            frame.open = f"{self.places.path}: line {self.places.line(start)} cannot be read"

    def line_end(self, position: int, end: int) -> int:
        """Where the line ends that what is at `position` ends in: at a line break, or before the end of the block."""
        text = self.text
        while position < end:
            found = _VALUE.match(text, position, end)
            assert found is not None
            position = found.end()
            if position >= end or text[position] in "\n#}" or text.startswith("//", position):
                break
            seen = text[position]
            if seen == "/":
                comment = _COMMENT.match(text, position, end)
                if comment is None:
                    raise unclosed_comment(position)
                position = comment.end()
            elif self.opens(seen, position, end):
                position = closing(text, position, end)
            else:
                position += 1
        return position

    def checked(self, argument: Argument, frame: _Frame, start: int) -> Argument:
        """An argument whose name is odd, or stands twice."""
        name = argument.name
        if not name.replace("-", "_").isidentifier():
            self.spoil(frame, f"{name!r} is no name", start, start + len(name), "Names are letters, digits, _ and -.")
        earlier = frame.arguments.get(name)
        if earlier is None:
            return argument
        self.problem(
            f"the argument {name!r} stands twice in one block; the first is in line {earlier.span.line}",
            start,
            start + len(name),
            "Only one of them can hold. Remove or rename the other.",
        )
        if len(self.found) < MOST_PROBLEMS:
            for each in (earlier, argument):
                each.expression()
        reason = f"it stands twice, in lines {earlier.span.line} and {argument.span.line}"
        return argument._replace(expression=Later.settled(Unreadable(reason, argument.value_span)))

    def single_line(self, frame: _Frame, position: int, end: int) -> None:
        """After an argument in a block that began on the same line: nothing but the end of the block may follow."""
        found = _BLANKS.match(self.text, position, end)
        after = found.end() if found else position
        if (
            len(frame.arguments) > 1
            or self.text.find("\n", position, after) >= 0
            or not self.text.startswith("}", after)
        ):
            self.problem(
                f'"}}" was expected: the block "{frame.type}" of one line holds one argument and ends on that line',
                position,
                position + 1,
                "Put every argument on a line of its own.",
            )
            frame.single = False

    def after_block(self, position: int, end: int, frame: _Frame) -> None:
        found = _BLANKS.match(self.text, position, end)
        after = found.end() if found else position
        if not (frame.single and self.text.startswith("}", after)):
            self.problem("a line break is missing after this block", after, after + 1, "Begin a new line here.")

    def unclosed(self, stack: list[_Frame], frame: _Frame) -> UnbalancedError:
        outer = stack[1] if len(stack) > 1 else frame
        return UnbalancedError(
            f'the block "{outer.type}" is not closed', outer.start, 'A "}" is missing in it or at its end.'
        )

    def junk(self, position: int, end: int, frame: _Frame) -> int:
        """What is neither an argument nor a block: told, and skipped to the end of its line."""
        text = self.text
        if text.startswith("/*", position):
            raise unclosed_comment(position)
        name = re.compile(NAME).match(text, position, end)
        if text[position] == '"':
            message, do = "the name of an argument stands in quotes", "Write it without quotes."
        elif name and re.compile(_LABELLED).match(text, position, end):
            message, do = "a template in the label of a block", "Labels are plain texts, without ${ } and %{ }."
        elif name:
            message = f"neither an argument nor a block: {name[0][:40]!r}"
            do = 'Arguments are written NAME = VALUE, blocks TYPE "LABEL" { ... }.'
        else:
            message, do = "the name of an argument or block was expected", ""
        self.spoil(frame, message, position, name.end() if name else position + 1, do)
        after = self.line_end(name.end() if name else position, end)
        return after if after > position else position + 1
