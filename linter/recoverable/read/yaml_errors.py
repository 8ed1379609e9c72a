"""What is wrong with a YAML text, in words for its author."""

from __future__ import annotations

import re

from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import TEMPLATE_OF_TEMPLATE, too_deep
from recoverable.source import Span

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLACEHOLDER = re.compile(r"^[ \t]*+(?:- ++)?(?:\{[{%]|<%)|[:\-] ++\{\{", re.MULTILINE)


def explained(text: str, path: str, error: Exception) -> MalformedError:
    """The parser's error at its place, where a reader of the file would look for the cause."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        found = _FORBIDDEN.search(text)
        if found:
            return MalformedError(
                f"the character U+{ord(found[0]):04X} cannot stand in YAML",
                at(text, path, found.start()),
                'Remove it, or write it as an escape in double quotes ("\\x07").',
            )
        return MalformedError(problem, at(text, path, 0))
    index = mark.index
    if "maximum nesting depth" in problem:
        # Newer releases of libyaml have a limit of their own, and read ahead: it may be met before ours.
        return too_deep(at(text, path, index))
    opening = getattr(error, "context_mark", None)
    if opening is not None and ("quoted scalar" in context or "end of stream" in problem):
        index = opening.index
    # Counted here, as the parser takes the end of the text for a line of its own.
    where = f" ({context}, line {at(text, path, opening.index).line})" if opening is not None and context else ""
    message, do = _words(problem, context, text[mark.index : mark.index + 1], where)
    return MalformedError(message, at(text, path, index), TEMPLATE_OF_TEMPLATE if has_placeholder(text) else do)


def has_placeholder(text: str) -> bool:
    """Whether the text bears the marks of Jinja, cookiecutter, Helm and the like, unquoted."""
    return _PLACEHOLDER.search(text) is not None


def at(text: str, path: str, index: int) -> Span:
    """The character at an index of text whose line breaks are all line feeds; nothing at the text's end."""
    index = min(index, len(text))
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return Span(path, line, column, line, column + (index < len(text) and text[index] != "\n"))


def _words(problem: str, context: str, seen: str, where: str) -> tuple[str, str]:
    if "quoted scalar" in context and "end of stream" in problem:
        return "this quote is never closed", "Close it, or double an apostrophe inside of single quotes."
    if "quoted scalar" in context and "escape" in problem:
        return (
            f"{problem}{where}",
            "In double quotes a backslash starts an escape: double it, or use single quotes.",
        )
    if "cannot start any token" in problem:
        if seen == "\t":
            return "a tab stands where YAML allows only spaces", "Indent with spaces."
        return f'a value cannot start with "{seen}"', "Put the value in quotes."
    if context in ("while scanning an alias", "while scanning an anchor"):
        mark = "*" if context.endswith("alias") else "&"
        return f'a "{mark}" with no name behind it', f'Put the value in quotes: bare, "{mark}" begins a reference.'
    if "mapping values are not allowed" in problem:
        return (
            'a ":" that makes no key here',
            "Quote the value if the colon belongs to it, else mend the indentation of this line or the one before.",
        )
    if "could not find expected ':'" in problem:
        return (
            f'a line without ":" where a key was expected{where}',
            "Mend its indentation, or add the colon and a blank.",
        )
    if "did not find expected key" in problem or "expected <block end>" in problem or "'-' indicator" in problem:
        return (
            f"this does not continue what stands above it{where}",
            "Mend the indentation: keys of one mapping, and items of one list, start in the same column.",
        )
    if "',' or" in problem or "flow" in context:
        return f"{problem}{where}", "A comma or a closing bracket is missing, or a value with brackets needs quotes."
    return f"{problem}{where}", ""
