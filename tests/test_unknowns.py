"""Unknown is monotone: what is made unknown may turn an answer into unknown, and never into the other answer."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from recoverable import config, document, pack, trial
from recoverable.config import Settings
from recoverable.document import Example
from recoverable.estate import Table
from recoverable.pack import Pack
from recoverable.read.document import read_document
from recoverable.read.hcl import syntax
from recoverable.read.hcl.scan import read_hcl
from recoverable.read.hcl.syntax import Body, Expression
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.read.snapshot import short
from recoverable.read.sniff import looks_like_outcome
from recoverable.rule import Rule, Severity, rule
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.source import Span
from recoverable.trial import Trial
from recoverable.truth import Answer, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator

PACK = pack.load(pack.builtin())
#: Those with answers of AWS are in test_snapshot_unknowns.py.
EXAMPLES = tuple(
    one
    for one in trial.trials(PACK)
    if one.example is not None
    and "Acceptance" not in one.rule.subjects
    and not any(short.is_short(file.name) for file in one.example.files)
)

#: Parts of a resource that say what it is, which no template can leave open.
FIXED = {"Type", "Condition", "DependsOn", "CreationPolicy", "UpdatePolicy"}

#: Arguments of Terraform's own: what they say decides what there is, not what it is like.
META = {"count", "for_each", "source", "provider", "providers", "depends_on", "prevent_destroy"}

#: What the author says to us in Metadata; the rest of Metadata is not ours.
OURS = {"class", "restored-from"}


class Variation(NamedTuple):
    """An example with one value made unknown."""

    path: str
    files: tuple[tuple[str, bytes], ...]


def answers(one: Rule, example: Example, files: tuple[tuple[str, bytes], ...]) -> dict[str, set[str]]:
    """What the gate says in the end of everything that the rule was asked about, by address and order."""
    asked: dict[tuple[str, str], set[int]] = defaultdict(set)

    def noted(*things: object, **wanted: object) -> Truth:
        subject = things[0].subject  # type: ignore[attr-defined]
        asked[subject.kind, subject.address].add(subject.origin.line)
        return one.judge(*things, **wanted)

    text = next((file.text for file in example.files if file.name == document.SETTINGS), None)
    settings = Settings() if text is None else config.parse(text)
    request = Request(parameters=dict(word.split("=") for word in example.options[1::2]), only=(one.name,))
    report = examine(files, Setup("", settings, Pack((one._replace(judge=noted),))), request, Documents())
    assert report.faults == ()
    said: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for verdict, found in (
        ("yes", report.findings),
        ("unknown", report.undetermined),
        ("spared", report.exempt),
    ):
        for finding in found:
            origin = finding.subject.origin
            assert isinstance(origin, Span)
            said[finding.subject.kind, finding.subject.address, origin.line].add(verdict)
    return {
        f"{kind} {address} {number}": said.get((kind, address, line), {"no"})
        for (kind, address), lines in asked.items()
        for number, line in enumerate(sorted(lines))
    }


def files_of(example: Example) -> tuple[tuple[str, bytes], ...]:
    return tuple((file.name, file.text.encode()) for file in example.files if file.name != document.SETTINGS)


def variations(example: Example) -> list[Variation]:
    """The example with each value of its resources, one after the other, given by the deployment."""
    found = []
    files = files_of(example)
    for index, (name, data) in enumerate(files):
        text = data.decode()
        if name.endswith(".tf"):
            for path, span in values_of_configuration(text, name):
                opened = with_reference(text, span, "var.nobody_knows") + 'variable "nobody_knows" {}\n'
                found.append(Variation(path, (*files[:index], (name, opened.encode()), *files[index + 1 :])))
            continue
        if looks_like_outcome(data):
            for path, opened in plans_without(text):
                found.append(Variation(path, (*files[:index], (name, opened.encode()), *files[index + 1 :])))
            continue
        node = read_document(text, name)
        for path, value in values(node):
            opened = declared(without(text, value.span, name), name)
            changed = (*files[:index], (name, opened.encode()), *files[index + 1 :])
            found.append(Variation(path, changed))
    return found


def plans_without(text: str) -> Iterator[tuple[str, str]]:
    """A plan with each value of its resources sensitive, before and after, and known only after apply."""
    for number, change in enumerate(json.loads(text)["resource_changes"]):
        for when in ("before", "after"):
            for path in paths(change["change"][when]):
                shown = f"{change['address']} {when} {'.'.join(map(str, path))}"
                plan = json.loads(text)
                mark(plan["resource_changes"][number]["change"], f"{when}_sensitive", path)
                yield f"{shown} sensitive", json.dumps(plan, indent=1)
                if when == "after":
                    plan = json.loads(text)
                    changed = plan["resource_changes"][number]["change"]
                    mark(changed, "after_unknown", path)
                    here: Any = changed["after"]
                    for key in path[:-1]:
                        here = here[key]
                    if isinstance(here, list):
                        here[int(path[-1])] = None
                    else:
                        del here[path[-1]]
                    yield f"{shown} unknown", json.dumps(plan, indent=1)


def paths(value: Any) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 (JSON)
    """The ways to all scalars in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from ((key, *rest) for rest in paths(inner))
        else:
            yield (key,)


def mark(change: Any, name: str, path: tuple[str | int, ...]) -> None:  # noqa: ANN401 (JSON)
    """Says of the value at a path that it is sensitive, or not known."""
    made: Any = True
    for key in reversed(path):
        made = {key: made} if isinstance(key, str) else [*([False] * key), made]
    change[name] = joined(change.get(name), made)


def joined(old: Any, new: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: joined(old.get(key), new.get(key)) for key in {**old, **new}}
    if isinstance(old, list) and isinstance(new, list):
        return [joined(one, other) for one, other in zip_longest(old, new)]
    return new if old in (None, False) else old


def values(root: Node) -> list[tuple[str, Scalar]]:
    """The scalars in the resources that CloudFormation would let a parameter give."""
    assert isinstance(root, Mapping)
    resources = root.get("Resources")
    if not isinstance(resources, Mapping):
        # A policy in a file of its own has no parameters.
        assert root.get("Statement") is not None
        return []
    found: list[tuple[str, Scalar]] = []
    for name, resource in resources.entries:
        assert isinstance(resource, Mapping)
        for key, node in resource.entries:
            if key.text == "Metadata":
                ours = node.get("recoverable") if isinstance(node, Mapping) else None
                entries = ours.entries if isinstance(ours, Mapping) else ()
                found.extend(
                    (f"{name.text} {inner.text}", value)
                    for inner, value in entries
                    if inner.text in OURS and isinstance(value, Scalar) and not value.tag
                )
            elif key.text not in FIXED:
                walk(f"{name.text} {key.text}", node, found)
    return found


def walk(path: str, node: Node, found: list[tuple[str, Scalar]]) -> None:
    match node:
        case Scalar() if not node.tag:
            found.append((path, node))
        case Sequence() if not node.tag:
            for index, item in enumerate(node.items):
                walk(f"{path}[{index}]", item, found)
        case Sequence(tag="!If"):
            for index, item in enumerate(node.items[1:]):
                walk(f"{path}!If[{index}]", item, found)
        case Mapping(entries=((first, _),)) if first.text == "Ref" or first.text.startswith("Fn::"):
            pass
        case Mapping():
            for key, value in node.entries:
                walk(f"{path}.{key.text}", value, found)


def values_of_configuration(text: str, name: str) -> list[tuple[str, Span]]:
    """The values in the blocks of resources, data sources and modules that Terraform would let a variable give."""
    found: list[tuple[str, Span]] = []
    for block in read_hcl(text, name, []).blocks:
        if block.type in {"resource", "data", "module"}:
            walk_body(".".join(block.labels), block.body, found)
    return found


def walk_body(path: str, body: Body, found: list[tuple[str, Span]]) -> None:
    for name, argument in body.arguments.items():
        if name not in META:
            walk_expression(f"{path}.{name}", argument.expression(), found)
    for block in body.blocks:
        walk_body(f"{path}.{block.type}", block.body, found)


def walk_expression(path: str, expression: Expression, found: list[tuple[str, Span]]) -> None:
    match expression:
        case syntax.Literal() | syntax.Template():
            if expression.span.line == expression.span.end_line:
                found.append((path, expression.span))
        case syntax.ListOf(items=items):
            for index, item in enumerate(items):
                walk_expression(f"{path}[{index}]", item, found)
        case syntax.ObjectOf(items=entries):
            for index, entry in enumerate(entries):
                walk_expression(f"{path}[{index}]", entry.value, found)
        case syntax.Conditional():
            walk_expression(path, expression.when_true, found)
            walk_expression(path, expression.when_false, found)


def without(text: str, span: Span, name: str) -> str:
    """The text with the value at `span` replaced by a reference to a parameter that nobody gives."""
    return with_reference(text, span, '{"Ref": "NobodyKnows"}' if name.endswith(".json") else "!Ref NobodyKnows")


def with_reference(text: str, span: Span, reference: str) -> str:
    lines = text.split("\n")
    assert span.line == span.end_line
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + reference + line[span.end_column - 1 :]
    return "\n".join(lines)


def declared(text: str, name: str) -> str:
    """The template with that parameter among its own, in a line that is there already, so that no line moves."""
    if name.endswith(".json"):
        own = '"NobodyKnows": {"Type": "String"}'
        if '"Parameters": {' in text:
            return text.replace('"Parameters": {', f'"Parameters": {{{own}, ', 1)
        return text.replace("{", f'{{"Parameters": {{{own}}}, ', 1)
    own = "  NobodyKnows: {Type: String}\n"
    if re.search(r"(?m)^Parameters:\n", text):
        return text.replace("Parameters:\n", f"Parameters:\n{own}", 1)
    return f"{text}Parameters:\n{own}"


def flips(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """Where an answer came that was not there before, or one went without an unknown in its place."""
    found = []
    for thing in sorted(before.keys() | after.keys()):
        was, now = before.get(thing, {"no"}), after.get(thing, {"no"})
        if not now - {"unknown"} <= was or (was - now and "unknown" not in now):
            found.append(f"{thing} was {' and '.join(sorted(was))}, is {' and '.join(sorted(now))}")
    return found


def flips_of(one: Rule, example: Example) -> list[str]:
    before = answers(one, example, files_of(example))
    return [
        f"{variation.path} unknown: {flip}"
        for variation in variations(example)
        for flip in flips(before, answers(one, example, variation.files))
    ]


@pytest.mark.parametrize("one", EXAMPLES, ids=Trial.name)
def test_making_a_value_unknown_never_flips_an_answer(one: Trial) -> None:
    assert one.example is not None

    assert flips_of(one.rule, one.example) == []


def example_of(name: str, heading: str) -> Example:
    return next(
        one.example for one in EXAMPLES if one.rule.name == name and one.example and one.example.heading == heading
    )


def test_a_rule_that_takes_unknown_for_yes_is_caught() -> None:
    @rule(Severity.HIGH)
    def pitr_disabled(table: Table) -> Truth:
        return Truth(Answer.NO if table.pitr.known() else Answer.YES)

    assert flips_of(pitr_disabled, example_of("pitr-disabled", "Accepted")) != []


def test_a_rule_that_takes_unknown_for_no_is_caught() -> None:
    @rule(Severity.HIGH)
    def deletion_protection_disabled(table: Table) -> Truth:
        return Truth(Answer.YES if table.deletion_protection.known() is False else Answer.NO)

    example = next(
        one.example
        for one in EXAMPLES
        if one.example and one.rule.name == "deletion-protection-disabled" and b"'false'" in files_of(one.example)[0][1]
    )

    assert flips_of(deletion_protection_disabled, example) != []


def test_enough_values_are_made_unknown() -> None:
    assert sum(len(variations(one.example)) for one in EXAMPLES if one.example is not None) > 250
