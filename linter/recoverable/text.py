"""Text of which parts may not be known, such as an ARN with the account left open."""

from __future__ import annotations

from recoverable.typed import NamedTuple


class Hole(NamedTuple):
    """A part that is not known: why, and what it stands for where that is known (`AWS::Region`, `Orders.Arn`).

    What a resource of a template will be is told apart by its file: `stacks/app.yaml#Orders.Arn`. `parameter` is the
    parameter whose value it is, told apart in the same way: what it stands for is then not known. `type` is the type of
    the resource that it is something of, where that is known: `AWS::DynamoDB::Table`.
    """

    reason: str
    stands_for: str = ""
    parameter: str = ""
    type: str = ""

    def shown(self) -> str:
        """For people, who know which file they are looking at."""
        return "${" + ((self.stands_for or self.parameter).rpartition("#")[2] or "unknown") + "}"


class Text(NamedTuple):
    """Literal parts and holes, in order; never two literal parts in a row, never an empty one."""

    parts: tuple[str | Hole, ...]

    def literal(self) -> str | None:
        """The whole text, if all of it is known."""
        if not self.parts:
            return ""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return None

    def holes(self) -> tuple[Hole, ...]:
        return tuple(part for part in self.parts if isinstance(part, Hole))

    def stands_for(self) -> str:
        """What a text that is one single hole stands for, else nothing."""
        return self.parts[0].stands_for if len(self.parts) == 1 and isinstance(self.parts[0], Hole) else ""

    def identity(self) -> tuple[str | tuple[str], ...] | None:
        """What it is made of: the same for texts that are equal whatever their holes are; None if that is not known."""
        parts: list[str | tuple[str]] = []
        for part in self.parts:
            if isinstance(part, str):
                parts.append(part)
            elif part.stands_for or part.parameter:
                parts.append((part.stands_for or part.parameter,))
            else:
                return None
        return tuple(parts)

    def shown(self) -> str:
        """For people: holes as `${what}`."""
        return "".join(part if isinstance(part, str) else part.shown() for part in self.parts)

    def why_open(self) -> str:
        """Why it is not wholly known, in words; empty when it is."""
        return "; ".join(dict.fromkeys(hole.reason for hole in self.holes()))


def joined(*parts: str | Hole | Text) -> Text:
    """One text out of several, neighbouring literals made one."""
    flat: list[str | Hole] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if piece == "":
                continue
            if flat and isinstance(piece, str) and isinstance(flat[-1], str):
                flat[-1] += piece
            else:
                flat.append(piece)
    return Text(tuple(flat))


def may_equal(one: Text, two: Text) -> bool:
    """Whether two texts can be the same once their holes are filled; of two with holes, by how they begin and end."""
    for text, other in ((one, two), (two, one)):
        whole = text.literal()
        if whole is not None:
            return _fits(whole, other)
    starts, ends = (_edge(one, 0), _edge(two, 0)), (_edge(one, -1), _edge(two, -1))
    begins = starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])
    return begins and (ends[0].endswith(ends[1]) or ends[1].endswith(ends[0]))


def _fits(whole: str, pattern: Text) -> bool:
    """Whether a text is what a pattern can become: its literals one after the other, the outer ones at the edges."""
    start, end = _edge(pattern, 0), _edge(pattern, -1)
    if not pattern.holes():
        return whole == start
    if len(whole) < len(start) + len(end) or not whole.startswith(start) or not whole.endswith(end):
        return False
    at, until = len(start), len(whole) - len(end)
    for part in pattern.parts[1:-1]:
        if isinstance(part, str):
            at = whole.find(part, at, until)
            if at < 0:
                return False
            at += len(part)
    return True


def _edge(text: Text, index: int) -> str:
    part = text.parts[index] if text.parts else ""
    return part if isinstance(part, str) else ""
