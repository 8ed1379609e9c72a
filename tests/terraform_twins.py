"""Examples of CloudFormation said again in Terraform: what is wrong in one language is wrong in the other.

What an example of a rule needs is known here; anything else raises `NoTwinError`.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

import twin_cloud_control
import twin_resources
from recoverable.document import SETTINGS, Example, File, Mark
from twin_writing import MARK, NoTwinError, Part, Writer, snake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REMARK = re.compile(r"#\s*recoverable:.*$")


class Dialect(NamedTuple):
    """How a template is written, and each of its resources."""

    writer: type[Writer]
    write: Callable[[Any, str, Part], None]


AWS = Dialect(Writer, twin_resources.write)
CLOUD_CONTROL = Dialect(twin_cloud_control.Writer, twin_cloud_control.write)


def twins(example: Example, dialect: Dialect = AWS) -> Iterator[Example]:
    """The same example in Terraform, with the provider aws or awscc. Raises NoTwinError.

    One line of YAML may be several in Terraform (an item of a list and its first key): there is one twin for each that
    may be marked, and one of them must hold.
    """
    files: list[File] = []
    places: dict[tuple[str, int], list[Mark]] = {}
    where, settings = _settings(next((file.text for file in example.files if file.name == SETTINGS), ""))
    if settings:
        files.append(File(SETTINGS, settings, example.line))
    written = [file for file in example.files if file.name != SETTINGS]
    for file in written:
        if not file.name.endswith((".yaml", ".yml")):
            raise NoTwinError(file.name)
        name = f"{file.name.rpartition('.')[0]}/main.tf" if len(written) > 1 else "main.tf"
        notes = _remarks(file.text)
        for mark in example.marks:
            if mark.file == file.name and not mark.missed:
                notes[mark.line] = f"{notes.get(mark.line, '')}{MARK}-{mark.line}"
        try:
            lines = _written(dialect, file.text, notes, where.get(file.name, where.get("", {})))
        except KeyError as error:
            raise NoTwinError(f"nothing is known of {error}") from error
        for number, line in enumerate(lines, 1):
            for found in re.findall(rf"{MARK}-(\d+)", line):
                places.setdefault((file.name, int(found)), []).append(Mark(name, number))
        files.append(File(name, re.sub(rf"{MARK}-\d+", "", "\n".join(lines)) + "\n", file.line))
    if len(places) != len(example.marks):
        raise NoTwinError("what is marked is not said in Terraform")
    options = tuple(map(_option, example.options))
    for marks in product(*places.values()):
        yield example._replace(files=tuple(files), marks=tuple(dict.fromkeys(marks)), options=options)


def _written(dialect: Dialect, text: str, notes: dict[int, str], place: dict[str, str]) -> list[str]:
    writer = dialect.writer(text, notes)
    if place:
        writer.provider(place.get("AWS::Region", ""), place.get("AWS::AccountId", ""))
    for name, parameter in writer.template.get("Parameters", Part({}, 0)).value.items():
        if "AllowedValues" in parameter.value and "Conditions" not in writer.template:
            raise NoTwinError("AllowedValues")
        writer.block(f'variable "{snake(name)}"', parameter.line)
        kind = parameter.value["Type"].value
        listed = kind == "CommaDelimitedList" or kind.startswith("List<")
        writer.say("type", "list(string)" if listed else "number" if kind == "Number" else "string")
        if "Default" in parameter.value:
            writer.say("default", writer.shown(parameter.value["Default"]), parameter.value["Default"])
        writer.end()
    for name, resource in writer.resources.items():
        dialect.write(writer, name, resource)
    head = [line for kind in writer.looked_up for line in (f'data "{kind}" "current" {{}}', "")]
    return head + writer.lines


def marked(example: Example) -> Iterator[tuple[str, str]]:
    """The files of an example as a document has them, with their marks."""
    for file in example.files:
        lines = file.text.rstrip("\n").split("\n")
        for mark in example.marks:
            if mark.file == file.name:
                lines[mark.line - 1] += MARK
        yield file.name, "\n".join(lines)


def _remarks(text: str) -> dict[int, str]:
    """Acceptances by the line that they are about: their own, or, where nothing else stands in it, the next one."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        remark = _REMARK.search(line)
        if remark:
            alone, type_ = line.lstrip()[0] == "#", line.lstrip().startswith("Type:")
            found[number + alone - type_] = f" {remark[0]}"
    return found


def _option(word: str) -> str:
    name, equals, value = word.partition("=")
    return f"{snake(name)}={value}" if equals and "::" not in name and not name.startswith("-") else word


def _settings(text: str) -> tuple[dict[str, dict[str, str]], str]:
    """Region and account of each template, which are the provider's in Terraform, and the other settings."""
    places: dict[str, dict[str, str]] = {}
    settings = yaml.safe_load(text) or {}
    given = settings.pop("parameters", {})
    for each in given if isinstance(given, list) else [{"path": "", "set": given}]:
        if set(each["set"]) - {"AWS::Region", "AWS::AccountId"}:
            raise NoTwinError("parameters")
        places[each["path"]] = each["set"]
    return places, yaml.safe_dump(settings) if settings else ""
