"""Rule packs: folders of rules, one rule a file with its document beside it, loaded by path.

The built-in rules and a user's own come through the same door.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

from recoverable.rule import Fault, Rule
from recoverable.source import Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


#: What the file of a rule ends in: its code, or a schema of properties.
_ENDINGS = ("py", "yaml", "yml")


class Pack(NamedTuple):
    """The rules of one or more folders in the order of their paths, and what kept others from being loaded.

    `places` are the rules' files as messages call them, in the order of the rules.
    """

    rules: tuple[Rule, ...] = ()
    faults: tuple[Fault, ...] = ()
    places: tuple[str, ...] = ()

    def named(self, name: str) -> Rule | None:
        """The rule of that name, or that had it before."""
        return next((rule for rule in self.rules if name == rule.name or name in rule.formerly), None)


def builtin() -> str:
    """The folder of the built-in rules: beside this module in an installed package, else that of the repository."""
    package = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (pathlib costs 5 ms of start-up)
    installed = f"{package}/rules"
    if os.path.isdir(installed):  # noqa: PTH112
        return installed
    return f"{os.path.dirname(os.path.dirname(package))}/rules"  # noqa: PTH120


def load(folder: str, shown: str = "") -> Pack:
    """All rules in `folder` and in the folders in it, which are their groups.

    `shown` is what messages call the folder, relative to the repository root. Nothing is raised for what is wrong with
    a pack: each fault names the file and says what to do, and the other rules are there.
    """
    own = folder == builtin()
    shown = shown or ("rules" if own else folder)
    rules: list[tuple[Rule, str]] = []
    faults: list[Fault] = []
    try:
        for group, path, place in _groups(folder, shown):
            files = sorted(entry.name for entry in os.scandir(path) if entry.name[0] != "." and entry.is_file())
            for file in files:
                loaded = _rule(path, place, file, files, keep=own)
                if isinstance(loaded, Rule):
                    rules.append((loaded._replace(group=group), f"{place}/{file}"))
                else:
                    faults.extend(loaded or ())
    except OSError as error:
        do = "name a folder that holds rules"
        faults.append(_fault(f"the rule pack cannot be read: {error.strerror or error}", shown, do))
    if not rules and not faults:
        faults.append(_fault("the rule pack holds no rules", shown, "`recoverable rule new` writes a first one"))
    return _distinct(rules, faults)


def combined(packs: Iterable[Pack]) -> Pack:
    """All packs as one. A name that an earlier pack has taken is a fault, and the later rule is left out."""
    packs = tuple(packs)
    rules = [placed for pack in packs for placed in zip(pack.rules, pack.places, strict=True)]
    return _distinct(rules, [fault for pack in packs for fault in pack.faults])


def _groups(folder: str, shown: str) -> list[tuple[str, str, str]]:
    """Group, path and shown path: the folder itself first, then the folders in it by name."""
    own = folder.replace("\\", "/").rstrip("/").rpartition("/")[2]
    inner = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir() and entry.name[0] not in "._")
    return [(own, folder, shown), *((name, f"{folder}/{name}", f"{shown}/{name}") for name in inner)]


def _rule(path: str, place: str, file: str, files: list[str], *, keep: bool) -> Rule | tuple[Fault, ...] | None:
    """The rule in `file`, what is wrong with it, or None for a file that is none of ours."""
    stem, _, kind = file.rpartition(".")
    shown = f"{place}/{file}"
    document = f"{path}/{stem}.md" if f"{stem}.md" in files else ""
    if kind == "md" and "_" in stem and stem.islower() and not {f"{stem}.{end}" for end in _ENDINGS} & set(files):
        return (_fault(f"{file} describes no rule", shown, f"write {stem}.py, or remove it"),)
    if kind not in _ENDINGS:
        return None
    if stem.startswith("_") or not stem.replace("_", "").isalnum() or stem != stem.lower():
        do = "name it after its rule in lower case, such as owner_tag_missing.py; a pack holds nothing but rules"
        return (_fault(f"{file} is not the name of a rule", shown, do),)
    if kind != "py":
        from recoverable.property_rules import load as load_property_rule  # noqa: PLC0415 (it needs jsonschema: 90 ms)

        loaded = load_property_rule(f"{path}/{file}", shown, stem.replace("_", "-"))
        # Its own words are its document where it has no other.
        return loaded._replace(document=document or f"{path}/{file}") if isinstance(loaded, Rule) else loaded
    rule = _python_rule(f"{path}/{file}", shown, stem, keep=keep)
    if isinstance(rule, Fault):
        return (rule,)
    if not document:
        do = f"write {stem}.md beside it, which says why and what to do"
        return (_fault(f"rule {rule.name} has no document", shown, do),)
    return rule._replace(document=document)


def _python_rule(path: str, shown: str, stem: str, *, keep: bool) -> Rule | Fault:
    wanted = stem.replace("_", "-")
    name = f"recoverable-rule:{path}"
    module = ModuleType(name)
    module.__file__ = path
    try:
        code = (SourceFileLoader if keep else _Leaving)(name, path).get_code(name)
        assert code is not None
        sys.modules[name] = module  # dataclasses and typing look their module up by its name
        exec(code, module.__dict__)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        do = "mend it; `recoverable rule test` runs a pack on its own"
        return _fault(f"{stem}.py cannot be loaded: {type(error).__name__}: {error}", shown, do, _line(error, path))
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    if [rule.name for rule in found] == [wanted]:
        return found[0]
    if not found:
        return _fault(f"{stem}.py holds no rule", shown, f"define `def {stem}(table: Table) -> Truth` under @rule(...)")
    others = ", ".join(dict.fromkeys(rule.name for rule in found if rule.name != wanted))
    if not others:
        return _fault(f"{stem}.py holds {wanted} twice", shown, "keep one")
    return _fault(f"{stem}.py holds the rule {others}", shown, f"a rule's function is named like its file: {stem}")


class _Leaving(SourceFileLoader):
    """Leaves no __pycache__ in a user's repository."""

    def set_data(self, path: str, data: bytes, *, _mode: int = 0o666) -> None:  # type: ignore[override]
        pass


def _distinct(rules: list[tuple[Rule, str]], faults: list[Fault]) -> Pack:
    """The first of each name, with a fault for each further one."""
    taken: dict[str, str] = {}
    kept: list[tuple[Rule, str]] = []
    for rule, place in rules:
        clash = next((name for name in (rule.name, *rule.formerly) if name in taken), "")
        if clash:
            message = f"rule {rule.name} is left out: {taken[clash]} has the name {clash} already"
            faults.append(_fault(message, place, "give it another name"))
            continue
        kept.append((rule, place))
        taken.update(dict.fromkeys((rule.name, *rule.formerly), place))
    return Pack(tuple(rule for rule, _ in kept), tuple(faults), tuple(place for _, place in kept))


def _line(error: BaseException, path: str) -> int:
    """The line of the rule file that the error came from, 1 if it is not known."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno or 1
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _fault(message: str, path: str, do: str, line: int = 1) -> Fault:
    return Fault("rule-pack", message, Span(path, line, 1, line, 1), do)
