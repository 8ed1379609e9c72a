"""A file of HCL into its body, whatever is wrong with it.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re

from recoverable.read.hcl.brackets import NAME, UnbalancedError
from recoverable.read.hcl.later import Later
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.structure import ARGUMENT, ITEM, MOST_PROBLEMS, OPEN, TOO_MANY, Scan
from recoverable.read.hcl.syntax import Argument, Block, Body, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import MalformedError

# What begins a block at the left edge, wherever the brackets before it have gone wrong.
_HEADERS = (
    r"^(?:action|check|data|ephemeral|import|list|locals|module|moved|output|provider|removed|resource|terraform|variable)"
    r"""\b[ \t]*+(?:["{]|[A-Za-z_])"""
)
_ARGUMENTS = rf"^{NAME}[ \t]*+=(?!=)"


def read_hcl(text: str, path: str, problems: list[MalformedError]) -> Body:
    """The blocks and arguments of a file (`.tf`, `.tofu`, `.tfvars`).

    Never raises: what is wrong is added to `problems`, and leaves `Body.open` where it may have hidden something.
    Where brackets do not fit together, the block at the left edge around them is kept with its labels and nothing
    else; all other blocks are read. An expression that is wrong spoils its argument only, and is added to `problems`
    when it is asked for.
    """
    places = Places(text, path)
    scan = Scan(places, problems)
    start = 1 if text.startswith("\ufeff") else 0
    told = len(problems)
    try:
        body = scan.body(start, len(text))
    except UnbalancedError:
        del problems[told:]
        return _piecewise(places, start, problems)
    problems.extend(scan.found)
    return body


def _piecewise(places: Places, start: int, problems: list[MalformedError]) -> Body:
    """A file whose brackets do not fit together, block by block."""
    text = places.text
    from recoverable.read.hcl.comments import passages  # noqa: PLC0415 (few files are broken)

    within = list(passages(text))
    starts: list[int] = []
    for pattern in (_HEADERS, _ARGUMENTS):
        found = re.compile(pattern, re.MULTILINE).finditer(text, start)
        starts = starts or _outside(within, [each.start() for each in found])
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    reasons: list[str] = []
    broken = 0
    for begin, end in zip([start, *starts], [*starts, len(text)], strict=True):
        scan = Scan(places, problems)
        told = len(problems)
        try:
            body = scan.body(begin, end)
        except UnbalancedError as error:
            del problems[told:]
            problems.append(scan.cause(error, end))
            body = _unread(scan, begin, end)
            broken += 1
            if broken == MOST_PROBLEMS and end < len(text):
                problems.append(scan.malformed(TOO_MANY, end, end))
                reasons.append(f"{places.path}: line {places.line(end)} and below were not read")
                break
        else:
            problems.extend(scan.found)
        for name, argument in body.arguments.items():
            arguments.setdefault(name, argument)
        blocks.extend(body.blocks)
        if body.open:
            reasons.append(body.open)
    return Body(arguments, tuple(blocks), "; ".join(dict.fromkeys(reasons)))


def _outside(passages_: list[tuple[int, int, bool]], offsets: list[int]) -> list[int]:
    """The offsets that are in no comment and no long text."""
    found = []
    index = 0
    for offset in offsets:
        while index < len(passages_) and passages_[index][1] <= offset:
            index += 1
        if index == len(passages_) or passages_[index][0] >= offset:
            found.append(offset)
    return found


def _unread(scan: Scan, begin: int, end: int) -> Body:
    """A piece whose brackets do not fit together: that the block is there, and nothing of what is in it."""
    found = ITEM.match(scan.text, begin, end)
    extent = scan.places.span(begin, begin + len(scan.text[begin:end].rstrip()))
    reason = f"it cannot be read: a bracket in line {extent.line} or below is not closed, or one too many"
    if found is not None and found.lastindex == OPEN:
        labels, span = scan.header(found)
        return Body({}, (Block(found[1], labels, Body({}, (), reason), span, extent),))
    if found is not None and found.lastindex == ARGUMENT:
        name = scan.places.span(found.start(1), found.end(1))
        value = scan.places.span(found.start(2), begin + len(scan.text[begin:end].rstrip()))
        return Body({found[1]: Argument(found[1], name, value, Later.settled(Unreadable(reason, value)))}, ())
    return Body({}, (), f"{scan.places.path}: line {extent.line} and below cannot be read")
