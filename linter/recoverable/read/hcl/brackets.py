"""How far a stretch of HCL in brackets or quotes goes, without looking at what it says."""

from __future__ import annotations

import re

# Possessive quantifiers everywhere: what is not closed is looked at once, however long it is.
# Letters, digits, _ and -, and whatever is not ASCII: as what it is not, which compiles twenty times faster.
NAME = r"[^\x00-@\[-\^`{-\x7f][^\x00-,./:-@\[-\^`{-\x7f]*+"
BLOCK_COMMENT = r"/\*(?:[^*]++|\*(?!/))*+\*/"
#: Blanks and comments that do not end a line, and those that may.
BLANK = rf"(?:[ \t]++|{BLOCK_COMMENT})*+"
LINES = rf"(?:[ \t\n]++|\r\n|#[^\n]*+|//[^\n]*+|{BLOCK_COMMENT})*+"
#: What stands between quotes, up to the next `${`, `%{`, quote or line end.
QUOTED = r'[^"\\$%\r\n]*+(?:(?:\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))[^"\\$%\r\n]*+)*+'
PLAIN_TEXT = f'"{QUOTED}"'
HEREDOC = rf"<<-?({NAME})\r?\n"
#: The same in one line of a heredoc, where only `${` and `%{` are special.
HEREDOC_LINE = r"(?:[^$%\n]++|\$\$\{|%%\{|[$%](?!\{))*+"

#: White space as Go has it, which is what decides whether a line ends a heredoc, and what strip markers take away.
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

_CODE = re.compile(
    rf'(?:[^"#/<(){{}}\[\]]++|{PLAIN_TEXT}|#[^\n]*+|//[^\n]*+|{BLOCK_COMMENT}|/(?![/*])|(?!{HEREDOC})<)*+'
)
_QUOTED = re.compile(QUOTED)
_HEREDOC = re.compile(HEREDOC)
_HEREDOC_LINE = re.compile(HEREDOC_LINE)
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_NAMES = {")": "(", "]": "[", "}": "{"}


class UnbalancedError(Exception):
    """Brackets, quotes or comments that do not fit together: what is wrong, at which offset, and what to do."""

    def __init__(self, message: str, offset: int, do: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.do = do


def unclosed_comment(offset: int) -> UnbalancedError:
    return UnbalancedError("this comment is not closed", offset, "Close it with */.")


def closing(text: str, start: int, end: int) -> int:
    """The offset behind the bracket, quote or heredoc that closes the one at `start`.

    A quoted text that is not closed in its line ends with the line. Raises UnbalancedError.
    """
    stack: list[tuple[str, int]] = []
    position = _enter(text, start, end, stack)
    while stack:
        mode = stack[-1][0]
        if mode == '"':
            position = _quoted(text, position, end, stack)
        elif mode[0] == "<":
            position = _heredoc(text, position, end, stack)
        else:
            position = _code(text, position, end, stack)
    return position


def _enter(text: str, position: int, end: int, stack: list[tuple[str, int]]) -> int:
    opener = text[position]
    if opener == "<":
        found = _HEREDOC.match(text, position, end)
        if found is None:
            raise UnbalancedError("a heredoc was expected", position)
        stack.append((f"<{found[1]}", position))
        return found.end()
    stack.append((_CLOSERS.get(opener, opener), position))
    return position + 1


def _code(text: str, position: int, end: int, stack: list[tuple[str, int]]) -> int:
    found = _CODE.match(text, position, end)
    position = found.end() if found else position
    if position >= end:
        raise _unclosed(stack)
    seen = text[position]
    if seen not in ")]}":
        if seen == "/":
            raise unclosed_comment(position)
        return _enter(text, position, end, stack)
    closer = stack.pop()[0]
    # A bracket of the wrong kind is for the parser to tell; a brace may be that of the block.
    if seen != closer and "}" in (seen, closer):
        raise UnbalancedError(
            f'"{seen}" where "{closer}" was expected', position, f'Close the "{_NAMES[closer]}" before it.'
        )
    return position + 1


def _quoted(text: str, position: int, end: int, stack: list[tuple[str, int]]) -> int:
    found = _QUOTED.match(text, position, end)
    position = found.end() if found else position
    if position >= end or text[position] in "\r\n":
        line = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
        first = next(
            index for index, (mode, opened) in enumerate(stack) if mode == '"' and opened >= min(line, stack[-1][1])
        )
        del stack[first:]
        return position
    seen = text[position]
    if seen == '"':
        stack.pop()
        return position + 1
    if seen == "\\":
        return position + 1
    stack.append(("}", position))
    return position + 2


def _heredoc(text: str, position: int, end: int, stack: list[tuple[str, int]]) -> int:
    found = _HEREDOC_LINE.match(text, position, end)
    line_end = found.end() if found else position
    if line_end < end and text[line_end] != "\n":
        stack.append(("}", line_end))
        return line_end + 2
    if text[position - 1] == "\n" and text[position:line_end].strip(SPACE) == stack[-1][0][1:]:
        stack.pop()
        return position + len(text[position:line_end].rstrip(SPACE))
    if line_end >= end:
        raise _unclosed(stack)
    return line_end + 1


def _unclosed(stack: list[tuple[str, int]]) -> UnbalancedError:
    """The outermost of what is still open: whatever it is that is missing, it is missing in there."""
    mode, opened = stack[0]
    if mode == '"':
        return UnbalancedError("this text is not closed", opened, "Close it with a double quote.")
    if mode[0] == "<":
        return UnbalancedError(
            f"this heredoc is not closed by a line {mode[1:]}", opened, f"End it with {mode[1:]} on a line of its own."
        )
    return UnbalancedError(f'this "{_NAMES[mode]}" is not closed', opened, f'Close it with "{mode}".')
