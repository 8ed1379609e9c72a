"""What git ignores, compared with git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from recoverable.gitignore import parse, tracked

_PATTERNS = f"""\
# a comment
*.log
!keep.log
/top.yaml
build/
docs/*.json
**/deep/x.yaml
a/**/z.yaml
everything/**
*.[oa]
[!q]only.json
te?t.yaml
\\#hash.yaml
\\!bang.yaml
spaced\\ .yaml
trailing.yaml{"   "}
sub/dir/
[unclosed
b*r*z.json
/only/here/*
!/only/here/not.yaml
"""

_PATHS = [
    "x.log",
    "keep.log",
    "d/x.log",
    "d/keep.log",
    "top.yaml",
    "d/top.yaml",
    "build/x.yaml",
    "d/build/x.yaml",
    "docs/a.json",
    "d/docs/a.json",
    "docs/e/a.json",
    "deep/x.yaml",
    "d/deep/x.yaml",
    "d/deep/e/x.yaml",
    "a/z.yaml",
    "a/b/z.yaml",
    "a/b/c/z.yaml",
    "d/a/z.yaml",
    "everything/x",
    "everything/d/x",
    "f.o",
    "f.a",
    "f.b",
    "ronly.json",
    "qonly.json",
    "only.json",
    "test.yaml",
    "teest.yaml",
    "te/t.yaml",
    "#hash.yaml",
    "!bang.yaml",
    "trailing.yaml",
    "sub/dir/x",
    "d/sub/dir/x",
    "sub/dirx",
    "bar.json",
    "bz.json",
    "barz.json",
    "bxrxz.json",
    "br/z.json",
    "only/here/x.yaml",
    "only/here/not.yaml",
    "d/only/here/x.yaml",
    "[unclosed",
    "é.log",
]


def git(folder: Path, *arguments: str, given: str = "") -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    ran = subprocess.run(
        ["git", "-c", "core.quotePath=false", *arguments],
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    git(tmp_path, "init", "--quiet")
    return tmp_path


def test_patterns_ignore_what_git_ignores(repository: Path) -> None:
    (repository / ".gitignore").write_text(_PATTERNS, encoding="utf-8")
    by_git = set(git(repository, "check-ignore", "--no-index", "--stdin", given="\n".join(_PATHS)).splitlines())
    patterns = parse(_PATTERNS)

    def ignored(path: str) -> bool:
        names = path.split("/")
        above = ("/".join(names[:depth]) for depth in range(1, len(names)))
        return any(patterns.decides(folder, folder=True) for folder in above) or bool(
            patterns.decides(path, folder=False)
        )

    assert {path for path in _PATHS if ignored(path)} == by_git


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_the_index_tells_what_is_tracked(repository: Path, version: str) -> None:
    names = [f"some/folder/{number:03}.yaml" for number in range(300)] + ["a.yaml", "é.yaml", "x" * 5000 + "/b.yaml"]
    listed = "".join(f"100644 {'1' * 40}\t{name}\n" for name in names)
    git(repository, "update-index", "--index-info", given=listed)
    if version == "3":
        git(repository, "update-index", "--skip-worktree", "a.yaml", "some/folder/007.yaml")
    git(repository, "update-index", f"--index-version={version}" if version != "3" else "--refresh")
    index = tracked((repository / ".git" / "index").read_bytes())

    assert all(index.holds(name, folder=False) for name in names)
    assert index.holds("some/folder", folder=True)
    assert not index.holds("some/folder", folder=False)
    assert not index.holds("some/fold", folder=True)
    assert not index.holds("some/folder/300.yaml", folder=False)


@pytest.mark.parametrize(
    "data",
    [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\1" + b"x" * 61, b"DIRC\0\0\0\2\xff\xff\xff\xff", b"DIRC\0\0\0\7\0\0\0\0"],
)
def test_an_index_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        tracked(data)


@pytest.mark.parametrize("pattern", ["*a" * 200 + "b", "**/a/" * 90 + "b", "a*" * 200 + "/**/" + "*b" * 50, "[" * 400])
def test_a_hostile_pattern_is_matched_in_no_time(pattern: str) -> None:
    patterns = parse(pattern)

    assert not patterns.decides("a" * 250 + "/" + "a/" * 200 + "c", folder=False)
