"""YAML text into nodes with their places, as CloudFormation reads it: YAML 1.1, one document."""

from __future__ import annotations

import re

from recoverable.read.mending import mended
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence
from recoverable.read.refusals import (
    DEPTH_LIMIT,
    NODE_LIMIT,
    TEMPLATE_OF_TEMPLATE,
    too_deep,
    too_many,
)
from recoverable.read.yaml_parser import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    Parser,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
)
from recoverable.read.yaml_scalars import NUMBER_START, WORDS, number, standard
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node
    from recoverable.read.yaml_parser import Event, EventParser, Mark
    from recoverable.read.yaml_scalars import Value

# libyaml compares each with all before it.
_TAG_LINE_LIMIT = 100
# libyaml ends a line at these too; editors do not.
_ODD_BREAKS = ("\x85", "\u2028", "\u2029")
_STANDARD = "tag:yaml.org,2002:"


class _Open:
    """A mapping or sequence whose end has not been seen yet; a mapping's children are key, value, key ..."""

    __slots__ = ("anchor", "before", "children", "height", "mapping", "start", "tag")

    def __init__(self, mapping: bool, start: tuple[int, int], tag: str, anchor: str | None, before: int) -> None:
        self.mapping = mapping
        self.start = start
        self.tag = tag
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.children: list[Node] = []


class _Anchored:
    """What an alias stands for: the node, how many nodes that is written out, and how many levels."""

    __slots__ = ("height", "node", "size")

    def __init__(self, node: Node, size: int, height: int) -> None:
        self.node = node
        self.size = size
        self.height = height


def read_yaml(text: str, path: str, problems: list[MalformedError] | None = None) -> Node:
    """Read the one document of a YAML text. Nothing but blanks and comments is an empty scalar with the value None.

    Aliases share the node that they stand for, with its place; `<<` merges are done. Tags such as `!Ref` are kept and
    their scalars are text; the standard ones (`!!str`, `!!int` ...) are applied, the rest of those (`!!binary`) kept in
    this short form. Empty documents beside the one are ignored. With `problems`, a key that stands twice is added to
    them and reading goes on (see `mending`).

    Raises MalformedError at the place for what is no YAML, for a key that stands twice or is no single value, a second
    document, nesting deeper than `DEPTH_LIMIT` and more than `NODE_LIMIT` nodes, both with aliases written out.
    """
    # The same line break to YAML and to editors; from here on positions need to know one kind only.
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _Composer(text, path, problems).compose()


class _Composer:
    """One pass over the parser's events with a stack of its own: PyYAML's C `compose` crashes on deep nesting."""

    def __init__(self, text: str, path: str, problems: list[MalformedError] | None) -> None:
        self.text = text
        self.problems = problems
        self.path = path
        self.count = 0
        self.end = (1, 1)
        self.root: Node | None = None
        self.stack: list[_Open] = []
        # None while the node is still open.
        self.anchors: dict[str, _Anchored | None] = {}
        self.starts = _line_starts(text) if any(each in text for each in _ODD_BREAKS) else None

    def compose(self) -> Node:
        if self.text.count("\n%TAG") > _TAG_LINE_LIMIT:
            raise MalformedError(
                f"more than {_TAG_LINE_LIMIT} lines with %TAG", self.span((1, 1), (1, 1)), "No template needs them."
            )
        try:
            self.run(Parser(self.text))
        except (YAMLError, UnicodeEncodeError) as error:
            # Only now: a text that is sound never needs the words for what is wrong.
            from recoverable.read.yaml_errors import explained  # noqa: PLC0415

            raise explained(self.text, self.path, error) from None
        return self.root if self.root is not None else Scalar(None, self.span((1, 1), (1, 1)), "")

    def run(self, parser: EventParser) -> None:
        next_event = parser.get_event
        place = self.place
        stack = self.stack
        while True:
            event = next_event()
            kind = type(event)
            node: Node
            if kind is ScalarEvent:
                node = self.scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                start = place(event.start_mark)
                if len(stack) >= DEPTH_LIMIT:
                    raise too_deep(self.span(start, (start[0], start[1] + 1)))
                if event.anchor is not None:
                    self.anchors[event.anchor] = None
                stack.append(_Open(kind is MappingStartEvent, start, _short(event.tag), event.anchor, self.count))
                self.count += 1
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                # The end of a block is nothing, found where the next thing starts; a bracket has a width.
                if event.end_mark.index > event.start_mark.index:
                    self.end = place(event.end_mark)
                node = self.close(stack.pop())
            elif kind is AliasEvent:
                node = self.alias(event)
            elif kind is StreamEndEvent:
                return
            elif kind is DocumentStartEvent:
                self.next_document(event, parser)
                continue
            else:
                continue
            if self.count > NODE_LIMIT:
                raise too_many(node.span)
            if stack:
                stack[-1].children.append(node)
            elif self.root is None:
                self.root = node

    def place(self, mark: Mark) -> tuple[int, int]:
        """Line and column from 1, as editors count them."""
        return (mark.line + 1, mark.column + 1) if self.starts is None else self.at(mark.index)

    def at(self, index: int) -> tuple[int, int]:
        from bisect import bisect_right  # noqa: PLC0415

        if self.starts is None:
            self.starts = _line_starts(self.text)
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def span(self, start: tuple[int, int], end: tuple[int, int]) -> Span:
        return Span(self.path, *start, *end)

    def scalar(self, event: Event) -> Scalar:
        text: str = event.value
        style, tag = event.style, event.tag
        first, last = event.start_mark, event.end_mark
        # Most of the time goes here: the places are not asked for by calls, as they are elsewhere.
        if self.starts is None:
            line, column = first.line + 1, first.column + 1
            end = last.line + 1, last.column + 1
        else:
            line, column = self.at(first.index)
            end = self.at(last.index)
        value: Value = text
        if style:
            if style in "|>":
                end = self.block_end(event)
            self.end = end
        else:
            if tag is None:
                value = WORDS.get(text, text)
                if value is text and text[0] in NUMBER_START:
                    value = number(text)
            if not text and first.index == last.index and self.is_late(last):
                line, column = end = self.end
            self.end = end
        self.count += 1
        span = Span(self.path, line, column, *end)
        if tag is None:
            node = Scalar(value, span, text, not style)
        else:
            tag = _short(tag)
            try:
                if tag.startswith("!!"):
                    value, tag = standard(text, tag)
            except ValueError:
                raise MalformedError(
                    f"{text!r} is not what its tag {tag} says", span, "Mend it or remove the tag."
                ) from None
            node = Scalar(value, span, text, not style, tag)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(node, 1, 0)
        return node

    def is_late(self, mark: Mark) -> bool:
        """Whether something left empty was noticed only where the next thing starts, or past the end of the text.

        Else its place is right after the `:`, `-` or `?` before it, or, for an empty key, at the colon.
        """
        if self.text[mark.index : mark.index + 1] == ":":
            return False
        return mark.column == 0 or self.text[mark.index - 1].isspace()

    def block_end(self, event: Event) -> tuple[int, int]:
        """The end of a block scalar's last line; the parser's mark is after the blank lines that follow."""
        start = event.start_mark.index
        written = self.text[start : event.end_mark.index].rstrip()
        if self.starts is not None:
            return self.at(start + len(written))
        index = start + len(written)
        return event.start_mark.line + 1 + written.count("\n"), index - self.text.rfind("\n", 0, index)

    def alias(self, event: Event) -> Node:
        name = event.anchor
        start, self.end = self.place(event.start_mark), self.place(event.end_mark)
        span = self.span(start, self.end)
        if name not in self.anchors:
            raise MalformedError(
                f"the alias *{name} has no anchor &{name} before it",
                span,
                "Define the anchor first, or quote the value if it is no alias.",
            )
        anchored = self.anchors[name]
        if anchored is None:
            raise MalformedError(
                f"the alias *{name} stands inside of what &{name} names",
                span,
                "Nothing can contain itself. Write the value out.",
            )
        self.count += anchored.size
        if self.count > NODE_LIMIT:
            raise too_many(span)
        if len(self.stack) + anchored.height > DEPTH_LIMIT:
            raise too_deep(span)
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, anchored.height + 1)
        return anchored.node

    def close(self, opened: _Open) -> Node:
        span = self.span(opened.start, max(opened.start, self.end))
        node: Node
        if opened.mapping:
            node = Mapping(self.entries(opened.children), span, "" if opened.tag == "!!map" else opened.tag)
        else:
            node = Sequence(tuple(opened.children), span, "" if opened.tag == "!!seq" else opened.tag)
        if opened.anchor is not None:
            self.anchors[opened.anchor] = _Anchored(node, self.count - opened.before, opened.height)
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, opened.height + 1)
        return node

    def entries(self, children: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        keys = [key for key in children[::2] if isinstance(key, Scalar)]
        if len(keys) * 2 < len(children):
            raise self.bad_key(next(key for key in children[::2] if not isinstance(key, Scalar)))
        names = {key.text for key in keys}
        entries = tuple(zip(keys, children[1::2], strict=True))
        if len(names) < len(keys):
            entries = mended(keys, children[1::2], self.problems)
        return _merged(entries, names) if "<<" in names else entries

    def bad_key(self, key: Node) -> MalformedError:
        from recoverable.read.yaml_errors import has_placeholder  # noqa: PLC0415

        what = "mapping" if isinstance(key, Mapping) else "list"
        do = TEMPLATE_OF_TEMPLATE if has_placeholder(self.text) else "A key is a single value. Quote it if it is text."
        return MalformedError(f"a {what} stands where a key was expected", key.span, do)

    def next_document(self, event: Event, parser: EventParser) -> None:
        self.anchors.clear()
        if self.root is None:
            return
        if isinstance(self.root, Scalar) and not self.root.text and self.root.plain:
            self.root = None
            return
        following = parser.peek_event()
        if type(following) is ScalarEvent and not following.value and not following.style and following.tag is None:
            return
        raise MalformedError(
            "a second document starts here",
            self.span(self.place(event.start_mark), self.place(event.end_mark)),
            "CloudFormation takes one document a file. Split the file.",
        )


def _merges(key: Scalar) -> bool:
    return key.text == "<<" and key.plain and key.tag in ("", "!!merge")


def _merged(entries: tuple[tuple[Scalar, Node], ...], own: set[str]) -> tuple[tuple[Scalar, Node], ...]:
    """With the entries that `<<` names in its place: own keys win, then the mapping named first."""
    names = set(own)
    together: list[tuple[Scalar, Node]] = []
    for key, value in entries:
        if not _merges(key):
            together.append((key, value))
            continue
        for source in value.items if isinstance(value, Sequence) else (value,):
            if not isinstance(source, Mapping):
                raise MalformedError(
                    "<< can merge mappings only", key.span, "Name an anchored mapping (<<: *name) or a list of them."
                )
            together += [entry for entry in source.entries if entry[0].text not in names]
            names.update(name.text for name, _ in source.entries)
    return tuple(together)


def _short(tag: str | None) -> str:
    """`!!binary` for a standard tag written out; nothing for `!`, which only says that a scalar is text."""
    if tag is None or tag == "!":
        return ""
    return "!!" + tag[len(_STANDARD) :] if tag.startswith(_STANDARD) else tag


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]
