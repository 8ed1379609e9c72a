"""House rules that no linter of ours checks: who prints, who exits, what costs start-up, what stays constant.

The floors themselves are the import contract in pyproject.toml, run by `make test`.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "linter" / "recoverable"
MODULES = sorted(PACKAGE.rglob("*.py"))

MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_opens_with_one_line_saying_what_it_is(path: Path) -> None:
    document = ast.get_docstring(_tree(path)) or ""

    assert document.splitlines()[:1]
    assert document.splitlines()[0].endswith((".", "?"))


@pytest.mark.parametrize("path", [path for path in MODULES if "cli" not in path.relative_to(PACKAGE).parts], ids=_name)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)}
    if path.name == "__main__.py":
        called -= {"sys.exit"}

    assert not called & {"print", "input", "sys.exit", "exit", "quit", "os._exit", "sys.stdout.write"}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_what_is_slow_to_import_is_left_alone(path: Path) -> None:
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert not imported & {"dataclasses", "inspect", "argparse", "logging", "importlib.metadata", "pkg_resources"}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_keeps_no_state(path: Path) -> None:
    changed: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Global):
            changed.update(node.names)
    constants = {
        target.id
        for node in _tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, MUTABLE)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id != "__all__"
    }

    assert not changed
    assert {name for name in constants if not name.lstrip("_").isupper()} == set()


def test_long_modules_are_split_by_meaning() -> None:
    long = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {name: lines for name, lines in long.items() if lines > 450} == {}
