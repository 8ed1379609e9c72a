"""Runs the examples in the documents of rules: what each heading promises must be what the rule answers.

The built-in rules and a user's own are tried alike; `recoverable rule test` and the tests of this project call it.
"""

from __future__ import annotations

from datetime import date
from keyword import iskeyword
from pathlib import Path

from recoverable import config, document, parameters
from recoverable.config import ConfigError, Settings
from recoverable.document import Document, Example
from recoverable.pack import Pack, load
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError
from recoverable.read.snapshot import short
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.source import Call, Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.check import Report
    from recoverable.rule import Fault, Finding, Rule
    from recoverable.truth import Truth

#: The day on which examples are run, so that those with dates keep their meaning.
TODAY = date(2026, 1, 1)


#: An example may show a call that was not answered; that a run with one is not complete goes without saying.
NOT_ANSWERED = ("denied", "throttled", "failed")


class Trial(NamedTuple):
    """One example of a rule; without one, its document as a whole. `path` is the document, as messages call it."""

    rule: Rule
    path: str
    document: Document
    example: Example | None = None

    def name(self) -> str:
        """What to call it in a list of tests."""
        return f"{self.rule.name}: {self.example.title() if self.example else 'the document'}"


class TrialResult(NamedTuple):
    """What came of one trial: nothing is wrong if there are no problems. Each says what, and what to write instead."""

    name: str
    path: str
    line: int
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.problems


def trials(pack: Pack) -> Iterator[Trial]:
    """All that there is to try in a pack, in the order of its rules. Property rules may do without a document."""
    for rule, place in zip(pack.rules, pack.places, strict=True):
        if not rule.document.endswith(".md"):
            continue
        path = f"{place.rpartition('.')[0]}.md"
        parsed = document.read(rule.document)
        yield Trial(rule, path, parsed)
        for example in document.examples(parsed)[0]:
            yield Trial(rule, path, parsed, example)


def run(trial: Trial, rules: Iterable[Rule] = ()) -> TrialResult:
    """Try one example or one document. `rules` are those that an example may speak of; only its own is judged by."""
    if trial.example is None:
        return TrialResult(trial.name(), trial.path, 1, tuple(_gaps(trial.document)))
    problems = tuple(_problems(trial.rule, trial.example, tuple(rules)))
    return TrialResult(trial.name(), trial.path, trial.example.line, problems)


def run_trials(folder: str, shown: str = "") -> list[TrialResult]:
    """Try every document of a pack. What kept rules from being loaded comes first."""
    pack = load(folder, shown)
    results = [_of_fault(fault) for fault in pack.faults]
    try:
        results.extend(run(trial, pack.rules) for trial in trials(pack))
    except UnicodeDecodeError as error:
        results.append(TrialResult("the pack", shown or folder, 1, (f"a document is not UTF-8: {error}",)))
    return results


def scaffold(folder: str, name: str) -> list[str]:
    """Write a first rule and its document into `folder`, and give their paths.

    Raises ValueError for a name that no rule can have, FileExistsError for one that is there already, and OSError.
    """
    words = name.split("-")
    stem = "_".join(words)
    plain = all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
    if not (plain and stem.isidentifier()) or iskeyword(stem):
        raise ValueError(f"{name!r} is not a rule's name: write words in lower case with hyphens, as owner-tag-missing")
    texts = {Path(folder, f"{stem}.py"): RULE.format(stem=stem), Path(folder, f"{stem}.md"): DOCUMENT}
    for path in texts:
        if path.exists():
            raise FileExistsError(f"{path} is there already")
    Path(folder).mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return [path.as_posix() for path in texts]


def _of_fault(fault: Fault) -> TrialResult:
    path, line = (fault.origin.path, fault.origin.line) if isinstance(fault.origin, Span) else (fault.origin.start(), 1)
    return TrialResult("the pack", path, line, (f"{fault.message}: {fault.do}",))


def _gaps(parsed: Document) -> Iterator[str]:
    """What a document lacks, in its form and in its examples."""
    examples, unreadable = document.examples(parsed)
    for problem in (*document.gaps(parsed), *unreadable):
        yield f"line {problem.line}: {problem.message}; {problem.do}"
    languages = {
        heading: {language for one in examples if one.heading == heading for language in one.languages()}
        for heading in ("Flagged", "Accepted")
    }
    for heading, other in (("Flagged", "Accepted"), ("Accepted", "Flagged")):
        if not languages[heading] and parsed.section(heading):
            yield f"nothing under {heading!r} is run; add a block in {' or '.join(document.FILES)}"
        for language in sorted(languages[other] - languages[heading]):
            if languages[heading]:
                yield f"there is an example in {language} under {other!r} and none under {heading!r}; add one"


def _problems(rule: Rule, example: Example, rules: tuple[Rule, ...]) -> Iterator[str]:
    """Where an example turns out other than its heading and its marks say."""
    asked = 0

    def counted(*things: object, **wanted: object) -> Truth:
        nonlocal asked
        asked += 1
        return rule.judge(*things, **wanted)

    try:
        given = _parameters(example)
    except (MalformedError, ValueError) as error:
        yield f"its command line cannot be used: {error}"
        return
    try:
        report = _examined(rule._replace(judge=counted), example, given, rules)
    except MalformedError as error:
        yield f"its answers of AWS cannot be read: {error.message} ({error.span.start()})"
        return
    except ConfigError as error:
        for fault in error.faults:
            yield f"its configuration is refused: {fault.message} ({fault.origin.start()}); {fault.do}"
        return
    for fault in report.faults:
        if fault.kind in NOT_ANSWERED:
            continue
        yield f"it cannot be checked: {fault.message} ({fault.origin.start()}); {fault.do}"
    expected = {"Flagged": "flagged", "Undetermined": "undetermined"}.get(example.heading, "accepted")
    if example.heading == "Options" and example.marks:
        expected = "flagged"
    marked = {(mark.file, mark.line) for mark in example.marks if not mark.missed}
    missed = {(mark.file, mark.line) for mark in example.marks if mark.missed}
    if expected == "accepted" and example.marks:
        yield f"a line is marked under {example.heading!r}; nothing is found there, so take the mark away"
    elif expected != "accepted" and not example.marks:
        yield "no line is marked; end the line that the finding points to in `# <- here` (in JSON `// <- here`)"
    elif not asked and example.heading != "What to do" and not report.faults:
        yield f"the rule was not asked about anything; show a {' or a '.join(rule.subjects)}"
    for outcome, found in (("flagged", report.findings), ("undetermined", report.undetermined)):
        wanted = marked if outcome == expected else set()
        places = {_place(finding, example): finding for finding in found if finding.rule.name == rule.name}
        for place in sorted(places.keys() - wanted):
            if place in missed:
                yield f"{_shown(place, example)} is {outcome} now; replace `not yet` by `here`"
            else:
                facts = "; ".join(fact.text for fact in places[place].facts)
                yield f"{_shown(place, example)} is {outcome}, which nothing says it should be: {facts}"
        for place in sorted(wanted - places.keys()):
            yield f"{_shown(place, example)} is marked, but is not {outcome}"


def _examined(rule: Rule, example: Example, given: dict[str, str], rules: tuple[Rule, ...]) -> Report:
    """The report on an example. Raises ConfigError."""
    text = next((file.text for file in example.files if file.name == document.SETTINGS), None)
    settings = Settings() if text is None else config.parse(text)
    # Acceptances are about other rules, which must be there for them.
    others = tuple(other for other in rules if other.name != rule.name) if "Acceptance" in rule.subjects else ()
    setup = Setup("", settings, Pack((rule, *others)))
    only = () if others else (rule.name,)
    files = [
        (file.name, file.text.encode())
        for file in example.files
        if file.name != document.SETTINGS and not short.is_short(file.name)
    ]
    answers = _answers(example)
    snapshots = (short.envelope(answers),) if answers else ()
    request = Request(parameters=given, only=only, today=TODAY)
    return examine(files, setup, request, Documents(), lookup=dict(files).get, snapshots=snapshots)


def _answers(example: Example) -> dict[str, str]:
    """The files of an example that are answers of AWS, by name."""
    return {file.name: file.text for file in example.files if short.is_short(file.name)}


def _parameters(example: Example) -> dict[str, str]:
    """What `--parameters` gives on the example's command line: pairs, or one of its files.

    Raises ValueError for anything else, and MalformedError for a file that holds no parameters.
    """
    given: dict[str, str] = {}
    texts = {file.name: file.text for file in example.files}
    words = iter(example.options)
    for word in words:
        option, _, value = word.partition("=")
        if option != "--parameters":
            raise ValueError(f"{option} has no meaning in an example; there is --parameters")
        value = value or next(words, "")
        pair = parameters.pair(value)
        if pair is not None:
            given[pair[0]] = pair[1]
        elif value in texts:
            given |= parameters.of_document(read_document(texts[value], value))
        else:
            raise ValueError(f"--parameters {value} is neither KEY=VALUE nor a file of the example")
    return given


def _place(finding: Finding, example: Example) -> tuple[str, int]:
    origin = finding.origin
    if isinstance(origin, Span):
        return origin.path, origin.line
    answer = short.line_of(_answers(example), origin) if isinstance(origin, Call) else None
    return answer or (origin.start(), 0)


def _shown(place: tuple[str, int], example: Example) -> str:
    """A line of an example as a line of its document."""
    path, line = place
    start = next((file.line for file in example.files if file.name == path), None)
    return f"line {start + line - 1}" if start is not None else f"{path}:{line}"


RULE = '''\
"""Say in one line what is wrong where this rule speaks."""

from __future__ import annotations

from recoverable import Replica, Severity, Table, Truth, rule


@rule(Severity.MEDIUM, production_only=True)
def {stem}(table: Table | Replica) -> Truth:
    # Yes means that something is wrong. This one asks for deletion protection: put your own question here.
    return table.deletion_protection.equals(False)
'''

DOCUMENT = """\
# Say in one sentence what is wrong

Say why it matters: what is lost, and when.

## Flagged

```yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: false # <- here
```

## Accepted

```yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: true
```

## Undetermined

```yaml
Parameters:
  Protected:
    Type: String
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: !Ref Protected # <- here
```

## What to do

Say how to mend it, and show the result.

```yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: true
```

## References

- [AWS::DynamoDB::Table](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html)
"""
