"""The document of a rule: headline, reasons, executed examples, and what to do.

The headings are fixed. Each fenced block is an example. An example of several files gives their names after the
language (`yaml orders.yaml`): they belong together, and to a block without a name that follows, as long as nothing but
blank lines stands between them. So does a block `sh` before them that runs `recoverable check` with the options of the
example. A line ends in `# <- here` (in JSON `// <- here`) where the finding points, and in `# <- not yet` where one is
missed that should be found.
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: The headings of a document after its title, in their order. Only `Options` may be left out.
HEADINGS = ("Flagged", "Accepted", "Undetermined", "What to do", "Options", "References")

#: Languages whose blocks are files of an example, with the name that a block has if it gives none.
FILES = {"yaml": "template.yaml", "json": "template.json", "hcl": "main.tf"}

#: Languages whose blocks are there to be read only.
PROSE = ("text", "python", "console", "diff")

#: The settings of an example are a file of it with this name.
SETTINGS = ".recoverable.yaml"


class Section(NamedTuple):
    """The text under a heading, from the line after it; `line` is the heading's own."""

    heading: str
    line: int
    text: str


class Document(NamedTuple):
    """A rule's document, as Markdown throughout.

    `headline` is the finding's sentence without a full stop, `why` what stands below it, `what_to_do` the prose of that
    section without its examples.
    """

    headline: str
    why: str
    what_to_do: str
    sections: tuple[Section, ...]
    markdown: str

    def section(self, heading: str) -> Section | None:
        return next((section for section in self.sections if section.heading == heading), None)


class Mark(NamedTuple):
    """A marked line in a file of an example. `missed`: nothing is found there yet."""

    file: str
    line: int
    missed: bool = False


class File(NamedTuple):
    """A file of an example, without the marks; `line` is where its first line stands in the document."""

    name: str
    text: str
    line: int


class Example(NamedTuple):
    """One example: its files, and the options of its command line.

    `number` is its place under its heading, from 1, and `line` where it starts in the document.
    """

    heading: str
    number: int
    line: int
    files: tuple[File, ...]
    options: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    def title(self) -> str:
        return f"{self.heading} {self.number}, line {self.line}"

    def languages(self) -> tuple[str, ...]:
        """What its files are written in, leaving out its settings."""
        return tuple(dict.fromkeys(name.rpartition(".")[2] for name, *_ in self.files if name != SETTINGS))


class Problem(NamedTuple):
    """What is wrong with a document, at which line, and what to write instead."""

    message: str
    line: int
    do: str


def read(path: str) -> Document:
    """The document in a file: Markdown, or a property rule that has nothing beside its own words.

    Raises OSError if there is none and UnicodeDecodeError if it is not UTF-8.
    """
    if not path.endswith(".md"):
        from recoverable.property_rules import markdown  # noqa: PLC0415 (it needs jsonschema)

        return parse(markdown(path))
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 (a run with findings comes by here; pathlib costs 5 ms)
        return parse(file.read())


def parse(markdown: str) -> Document:
    """The document in a text, whatever its state: `examples` and `gaps` say what is wrong with it."""
    lines = markdown.splitlines()
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    titled = bool(lines) and lines[first].startswith("# ")
    headline = lines[first][2:].strip() if titled else ""
    starts = [("", first + 1 if titled else first)]
    starts.extend(
        (line[3:].strip(), index) for index, line, inside in _fenced(lines) if not inside and line[:3] == "## "
    )
    ends = [index - 1 for _, index in starts[1:]] + [len(lines)]
    sections = [
        Section(heading, line, "\n".join(lines[line:end])) for (heading, line), end in zip(starts, ends, strict=True)
    ]
    do = next((section.text for section in sections if section.heading == "What to do"), "")
    return Document(headline, _prose(sections[0].text), _prose(do), tuple(sections[1:]), markdown)


def examples(document: Document) -> tuple[tuple[Example, ...], tuple[Problem, ...]]:
    """The examples of a document in their order, and the blocks that cannot be one."""
    found: list[Example] = []
    problems: list[Problem] = []
    for section in document.sections:
        number = 0
        for group in _groups(section):
            example, wrong = _example(section.heading, number + 1, group)
            problems.extend(wrong)
            if example is not None:
                number += 1
                found.append(example)
    return tuple(found), tuple(problems)


def gaps(document: Document) -> tuple[Problem, ...]:
    """What a complete document would have and this one has not: headline, reasons, headings, examples."""
    problems: list[Problem] = []
    if not document.headline:
        do = "start with `# ` and one sentence that says what is wrong"
        problems.append(Problem("there is no headline", 1, do))
    elif document.headline.endswith("."):
        problems.append(Problem("the headline ends in a full stop", 1, "leave it out: reports go on after it"))
    if not document.why:
        problems.append(Problem("nothing says why", 1, "write a paragraph below the headline: what is lost, and when"))
    headings = [section.heading for section in document.sections]
    for section in document.sections:
        if section.heading not in HEADINGS:
            do = f"there are: {', '.join(HEADINGS)}"
            problems.append(Problem(f"the heading {section.heading!r} means nothing here", section.line, do))
        elif not section.text.strip():
            problems.append(
                Problem(f"nothing stands under {section.heading!r}", section.line, "write it, or remove it")
            )
    for heading in HEADINGS:
        if heading != "Options" and heading not in headings:
            problems.append(
                Problem(f"the heading {heading!r} is missing", len(document.markdown.splitlines()), _DO[heading])
            )
    known = [heading for heading in headings if heading in HEADINGS]
    if known != sorted(set(known), key=HEADINGS.index):
        problems.append(Problem("the headings are not in their order", 1, f"it is: {', '.join(HEADINGS)}"))
    return tuple(problems)


_DO = {
    "Flagged": "add `## Flagged` with examples that the rule finds, the line marked `# <- here`",
    "Accepted": "add `## Accepted` with examples in which nothing is wrong",
    "Undetermined": "add `## Undetermined` with examples that leave it open, or a sentence on why none can",
    "What to do": "add `## What to do` with how to mend it, and an example of the result",
    "References": "add `## References` with links to what AWS says",
}


class _Block(NamedTuple):
    info: str
    line: int
    lines: tuple[str, ...]


def _fenced(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """Line number, line and whether it belongs to a fenced block, its fences included."""
    fence = ""
    for index, line in enumerate(lines, 1):
        mark = line[: len(line) - len(line.lstrip("`"))] if line.startswith("```") else ""
        if fence:
            yield index, line, True
            fence = "" if mark and len(mark) >= len(fence) and not line.strip("` ") else fence
        else:
            fence = mark
            yield index, line, bool(fence)


def _groups(section: Section) -> Iterator[list[_Block]]:
    """The blocks of one example after the other."""
    group: list[_Block] = []
    for block in _blocks(section):
        if block is None:
            if group:
                yield group
            group = []
            continue
        group.append(block)
        if block.info in FILES:
            yield group
            group = []
    if group:
        yield group


def _blocks(section: Section) -> Iterator[_Block | None]:
    """Fenced blocks in their order, and None for prose."""
    block: list[str] | None = None
    start, fence = 0, ""
    for index, line, inside in _fenced(section.text.split("\n")):
        if block is not None and inside and not (line.startswith(fence) and not line.strip("` ")):
            block.append(line)
        elif block is not None:
            yield _Block(" ".join(block[0].strip("` ").split()), section.line + start + 1, tuple(block[1:]))
            block = None
        elif inside:
            block, start, fence = [line], index, line[: len(line) - len(line.lstrip("`"))]
        elif line.strip():
            yield None
    if block is not None:
        yield _Block(" ".join(block[0].strip("` ").split()), section.line + start + 1, tuple(block[1:]))


def _example(heading: str, number: int, blocks: list[_Block]) -> tuple[Example | None, list[Problem]]:
    """The example that blocks are together; None if they are only prose."""
    files: list[File] = []
    options: tuple[str, ...] = ()
    marks: list[Mark] = []
    problems: list[Problem] = []
    for block in blocks:
        language, _, name = block.info.partition(" ")
        if language == "sh":
            options += _options(block)
        elif language in FILES:
            name = name or FILES[language]
            if any(file.name == name for file in files):
                do = "give it another name, or put a sentence between two examples"
                problems.append(Problem(f"two files of one example are called {name}", block.line, do))
                continue
            text, marked = _unmarked(name, block.lines)
            files.append(File(name, text, block.line))
            marks.extend(marked)
        elif language not in PROSE:
            do = f"there are {', '.join(FILES)} and sh, which are run, and {', '.join(PROSE)}, which are not"
            problems.append(Problem(f"a block in {language or 'no language'} cannot be run", block.line, do))
    if not files:
        return None, problems
    return Example(heading, number, blocks[0].line, tuple(files), options, tuple(marks)), problems


def _unmarked(name: str, lines: tuple[str, ...]) -> tuple[str, list[Mark]]:
    """A file's text without its marks, and the marks."""
    kept = []
    marks = []
    for number, line in enumerate(lines, 1):
        for sign in ("# <- ", "// <- "):
            before, found, word = line.rpartition(sign)
            if found and word.strip() in {"here", "not yet"}:
                marks.append(Mark(name, number, word.strip() == "not yet"))
                kept.append(before.rstrip())
                break
        else:
            kept.append(line)
    return "\n".join([*kept, ""]), marks


def _options(block: _Block) -> tuple[str, ...]:
    """What follows `recoverable check` on the line of a block that runs it."""
    import shlex  # noqa: PLC0415 (only tests of documents come by here)

    words = shlex.split(" ".join(block.lines).replace("\\ ", " "), comments=True)
    return tuple(words[2:]) if words[:2] == ["recoverable", "check"] else ()


def _prose(text: str) -> str:
    """A text without its fenced blocks."""
    lines = [line for _, line, inside in _fenced(text.split("\n")) if not inside]
    prose: list[str] = []
    for line in lines:
        if line.strip() or (prose and prose[-1]):
            prose.append(line.rstrip())
    return "\n".join(prose).strip()
