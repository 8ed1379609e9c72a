"""Reads a configuration file: text to nodes, nodes against the schema, nodes to settings."""

from __future__ import annotations

import os
import stat
from types import MappingProxyType
from typing import Final

from recoverable.config.faults import config_fault, in_order, unknown_word
from recoverable.config.fitting import fits, plain, schema, tagged
from recoverable.config.settings import ConfigError, Level, PackFolder, ParameterSet, Settings
from recoverable.estate.model import Entrusted, Outside
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence
from recoverable.recovery.classes import SPARED, ClassRule
from recoverable.recovery.objectives import Objectives
from recoverable.rule import Fault, Severity
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.nodes import Node

#: No configuration written by people comes near this many bytes.
SIZE_LIMIT = 1_000_000

_DAY = 86_400
_UNITS: Final = MappingProxyType({"m": 60, "h": 3600, "d": _DAY})


def load(root: str, explicit: str | None, names: tuple[str, ...]) -> Settings:
    """The settings in the file `explicit`, else in the one of `names` that is there. Raises ConfigError."""
    if explicit is None:
        found = [name for name in names if os.path.lexists(f"{root}/{name}")]
        if len(found) > 1:
            message = f"there are two configurations, {found[0]} and {found[1]}"
            raise ConfigError((config_fault(message, _file(found[1]), "keep one of them"),), found[1])
        file, path = f"{root}/{found[0]}", found[0]
        if not _inside(file, root):
            do = "put the settings themselves there, or name the other file with --config"
            raise ConfigError((config_fault(f"{path} is a link to outside the repository", _file(path), do),), path)
    else:
        file = explicit
        path = os.path.relpath(file, root).replace(os.sep, "/")
    try:
        text = decode(_content(file), path)
    except OSError as error:
        message = f"the configuration cannot be read: {error.strerror or error}"
        do = "name a readable file with --config, or leave the option out"
        raise ConfigError((config_fault(message, _file(path), do),), path) from error
    except MalformedError as error:
        raise ConfigError((config_fault(error.message, error.span, error.do),), path) from error
    return parse(text, path, folder=os.path.dirname(os.path.abspath(file)), root=root)  # noqa: PTH100, PTH120


def parse(text: str, path: str, *, folder: str = "", root: str = "") -> Settings:
    """The settings in a text. `folder` is where rule packs are looked for; they must lie in `root`.

    Without a root no pack is looked for. Raises ConfigError with every mistake.
    """
    try:
        node = read_document(text, path)
    except MalformedError as error:
        raise ConfigError((config_fault(error.message, error.span, error.do),), path, text) from error
    rules = schema()
    if next(tagged(node), None) is not None or not fits(plain(node), rules, rules):
        from recoverable.config.checking import mistakes  # noqa: PLC0415 (it imports jsonschema)

        faults = mistakes(node)
        if faults:
            raise ConfigError(faults, path, text)
    if not isinstance(node, Mapping):
        return Settings(path, text)
    reader = _Reader(node, folder, root)
    settings = reader.settings(path, text)
    if reader.faults:
        raise ConfigError(in_order(reader.faults), path, text)
    return settings


def unknown_rule(name: str, origin: Span, known: tuple[str, ...]) -> Fault:
    """The fault for the name of a rule that there is not."""
    return unknown_word("rule", name, list(known), origin)


class _Reader:
    """Turns nodes that fit the schema into settings, and collects what the schema cannot say."""

    def __init__(self, root: Mapping, folder: str, inside: str) -> None:
        self.root = root
        self.folder = folder
        self.inside = inside
        self.faults: list[Fault] = []

    def settings(self, path: str, text: str) -> Settings:
        classes = tuple(self.table_class(entry) for entry in _items(self.root.get("tables")))
        self.agreeing(classes)
        return Settings(
            path=path,
            text=text,
            strict=_text(self.root.get("extends")) == "strict",
            levels=tuple((key.text, _level(_text(value), key.span)) for key, value in _entries(self.root.get("rules"))),
            accept=tuple(self.acceptance(entry) for entry in _items(self.root.get("accept"))),
            class_rules=classes,
            objectives=tuple(self.objectives({entry.name for entry in classes})),
            estate_complete=_text(self.root.get("estate")) != "open",
            external=tuple(map(_external, _items(self.root.get("external_coverage")))),
            entrusted=tuple(map(_entrusted, _items(self.root.get("principals")))),
            accounts=tuple(self.account(node) for node in _leaves(self.root.get("accounts"))),
            packs=tuple(self.pack(node) for node in _leaves(self.root.get("packs"))),
            parameters=tuple(_parameters(self.root.get("parameters"))),
            exclude=_texts(self.root.get("exclude")) or (),
            fail_on=_text(self.root.get("fail_on")) or "medium",
        )

    def table_class(self, entry: Mapping) -> ClassRule:
        name = _text(entry.get("class"))
        match = entry.get("match")
        spared = entry.get("spared")
        size = entry.get("size_gb")
        if spared is not None and name in ("production", *SPARED):
            message = f"`spared:` cannot be given for {name}"
            do = "leave it out: production is never spared, and rebuildable, cache and lock always are"
            self.faults.append(config_fault(message, spared.span, do))
        found = match if isinstance(match, Mapping) else None
        return ClassRule(
            name=name,
            spared=name in SPARED or (spared is not None and plain(spared) is True),
            reason=_text(entry.get("reason")),
            tags=tuple(_tags(found.get("tag"))) if found else (),
            names=(_texts(found.get("name")) or ()) if found else (),
            addresses=(_texts(found.get("address")) or ()) if found else (),
            paths=(_texts(found.get("path")) or ()) if found else (),
            origin=entry.entries[0][0].span if entry.entries else entry.span,
            size_gb=None if size is None else float(plain(size)),
        )

    def agreeing(self, classes: tuple[ClassRule, ...]) -> None:
        """A class is spared or it is not, wherever it is named."""
        first: dict[str, ClassRule] = {}
        for entry in classes:
            earlier = first.setdefault(entry.name, entry)
            if earlier.spared != entry.spared and isinstance(entry.origin, Span) and isinstance(earlier.origin, Span):
                message = (
                    f"the class {entry.name} is spared in one place and not in another (line {earlier.origin.line})"
                )
                self.faults.append(config_fault(message, entry.origin, "write the same `spared:` in both"))

    def objectives(self, own: set[str]) -> Iterator[tuple[str, Objectives]]:
        given = {key.text: (key, node) for key, node in _entries(self.root.get("objectives"))}
        known = ["production", *SPARED, *sorted(own - {"production", *SPARED})]
        start = Objectives(customer_key=_text(self.root.get("extends")) == "strict")
        basis = _objectives(given["production"][1], start) if "production" in given else start
        for name, (key, node) in given.items():
            if name not in known:
                self.faults.append(unknown_word("class", name, known, key.span))
            yield name, _objectives(node, basis)

    def acceptance(self, entry: Mapping) -> Mapping:
        until = entry.get("until")
        if isinstance(until, Scalar):
            from datetime import date  # noqa: PLC0415

            try:
                date.fromisoformat(until.text)
            except ValueError:
                do = "`until:` takes the last day on which it holds, written YYYY-MM-DD"
                self.faults.append(config_fault(f"there is no day {until.text}", until.span, do))
        return entry

    def account(self, node: Scalar) -> str:
        if len(node.text) != 12 or (node.plain and node.text[0] == "0"):
            do = f"write it as 12 digits in quotes: '{node.text}'; without them YAML takes it for another number"
            self.faults.append(config_fault(f"the account id {node.text} begins with 0", node.span, do))
        return node.text

    def pack(self, node: Scalar) -> PackFolder:
        path = os.path.normpath(os.path.join(self.folder, node.text))  # noqa: PTH118
        if not self.inside:
            return PackFolder(path, node.text, node.span)
        if os.path.isabs(node.text) or not _inside(path, self.inside):  # noqa: PTH117
            do = "name a folder by its way from this file, inside the repository"
            self.faults.append(config_fault(f"the rule pack {node.text} lies outside the repository", node.span, do))
        elif not os.path.isdir(path):  # noqa: PTH112
            do = "name a folder that holds rules, by its way from this file"
            self.faults.append(config_fault(f"there is no folder {node.text}", node.span, do))
        return PackFolder(path, os.path.relpath(path, self.inside).replace(os.sep, "/"), node.span)


def _external(entry: Mapping) -> Outside:
    match = entry.get("match")
    found = match if isinstance(match, Mapping) else None
    return Outside(
        by=_text(entry.get("by")),
        tags=tuple(_tags(found.get("tag"))) if found else (),
        names=(_texts(found.get("name")) or ()) if found else (),
        addresses=(_texts(found.get("address")) or ()) if found else (),
        paths=(_texts(found.get("path")) or ()) if found else (),
        regions=_texts(entry.get("region")) or (),
        origin=entry.entries[0][0].span if entry.entries else entry.span,
    )


def _entrusted(entry: Mapping) -> Entrusted:
    return Entrusted(
        principals=_texts(entry.get("principal")) or (),
        rules=_texts(entry.get("may")) or (),
        reason=_text(entry.get("reason")),
        origin=entry.entries[0][0].span if entry.entries else entry.span,
    )


def _level(word: str, origin: Span) -> Level:
    return Level(word != "off", None if word in ("on", "off") else Severity(word), origin)


def _objectives(node: Node, basis: Objectives) -> Objectives:
    """Objectives as written, `basis` for what is left out."""
    written = plain(node)
    copies = written.get("copies")
    survived = [copies] if isinstance(copies, str) else copies
    tested = _seconds(written, "restore_test_age", None)
    return Objectives(
        pitr_window_days=int(written.get("pitr_window_days", basis.pitr_window_days)),
        customer_key=bool(written.get("customer_key", basis.customer_key)),
        backup_every=_seconds(written, "backup_every", basis.backup_every) or basis.backup_every,
        retention_days=(_seconds(written, "retention", None) or basis.retention_days * _DAY) // _DAY,
        rpo=_seconds(written, "rpo", basis.rpo),
        other_region="region" in survived if survived is not None else basis.other_region,
        other_account="account" in survived if survived is not None else basis.other_account,
        immutable=bool(written.get("immutable", basis.immutable)),
        restore_test_days=basis.restore_test_days if tested is None else tested // _DAY,
        rto=_seconds(written, "rto", basis.rto),
    )


def _seconds(written: dict[str, object], key: str, otherwise: int | None) -> int | None:
    """A time such as `24h`, in seconds."""
    text = written.get(key)
    return int(text[:-1]) * _UNITS[text[-1]] if isinstance(text, str) else otherwise


def _tags(node: Node | None) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        yield from ((key.text, _text(value)) for key, value in node.entries)
    elif isinstance(node, Scalar):
        key, equals, value = node.text.partition("=")
        yield key, value if equals else "*"


def _parameters(node: Node | None) -> Iterator[ParameterSet]:
    if isinstance(node, Mapping):
        yield ParameterSet(_values(node))
    for entry in _items(node):
        values = entry.get("set")
        yield ParameterSet(_values(values) if isinstance(values, Mapping) else (), _texts(entry.get("path")))


def _values(node: Mapping) -> tuple[tuple[str, str], ...]:
    """Parameter values as CloudFormation takes them: texts, lists with commas."""
    return tuple(
        (key.text, ",".join(item.text for item in _leaves(value)) if isinstance(value, Sequence) else _text(value))
        for key, value in node.entries
    )


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> tuple[str, ...] | None:
    """One text or several as several; None for nothing."""
    if node is None or (isinstance(node, Scalar) and node.plain and node.value is None):
        return None
    return tuple(item.text for item in _leaves(node)) if isinstance(node, Sequence) else (_text(node),)


def _leaves(node: Node | None) -> tuple[Scalar, ...]:
    return tuple(item for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()


def _items(node: Node | None) -> tuple[Mapping, ...]:
    return tuple(item for item in node.items if isinstance(item, Mapping)) if isinstance(node, Sequence) else ()


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()


def _content(file: str) -> bytes:
    """All of a regular file. Raises OSError for anything else, and for one that is too large."""
    kind = os.stat(file).st_mode  # noqa: PTH116
    if not stat.S_ISREG(kind):
        raise OSError("it is a folder" if stat.S_ISDIR(kind) else "it is no file")
    with open(file, "rb") as opened:  # noqa: PTH123
        content = opened.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise OSError(f"it has more than {SIZE_LIMIT:,} bytes")
    return content


def _inside(path: str, root: str) -> bool:
    """Whether a path lies in `root`, links followed."""
    real, real_root = os.path.realpath(path), os.path.realpath(root)
    return real == real_root or real.startswith(real_root.rstrip(os.sep) + os.sep)


def _file(path: str) -> Span:
    return Span(path, 1, 1, 1, 1)
