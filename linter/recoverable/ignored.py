"""What git ignores below a root: the ignore files of its folders, and what git tracks all the same.

https://git-scm.com/docs/gitignore
"""

# Importing pathlib costs more than walking a small repository.
# ruff: noqa: PTH112, PTH118

from __future__ import annotations

import os

from recoverable import gitignore
from recoverable.content import content

#: The ignore files that hold in a folder: how much of a path to leave off, and the patterns.
Ignores = tuple[tuple[int, gitignore.Ignore], ...]


class Ignored:
    """What git ignores in a repository; nothing where there is no git."""

    __slots__ = ("_index", "_root", "_with_git")

    def __init__(self, root: str) -> None:
        self._root = root
        self._with_git = os.path.lexists(os.path.join(root, ".git"))
        self._index: gitignore.Tracked | None = None

    def above(self, shown: str) -> Ignores:
        """The ignore files of the folders above; none if the folder to walk is itself ignored, as it was asked for."""
        if not self._with_git or not shown:
            return ()
        ignores: Ignores = ()
        names = shown.split("/")
        for depth in range(len(names)):
            above = "/".join(names[:depth])
            own = _patterns(os.path.join(self._root, above, ".gitignore"))
            if own is not None:
                ignores = (*ignores, (len(above) + bool(above), own))
            if _decided("/".join(names[: depth + 1]), ignores, folder=True):
                return ()
        return ignores

    def holds(self, shown: str, ignores: Ignores, *, folder: bool) -> bool:
        """Whether git leaves out a file or folder, being told to and not tracking it."""
        if not ignores or not _decided(shown, ignores, folder=folder):
            return False
        if self._index is None:
            try:
                self._index = _index(self._root)
            except (OSError, ValueError, IndexError):
                # It cannot be told what is tracked, so nothing is left out for being ignored.
                self._with_git = False
        return self._index is not None and not self._index.holds(shown, folder=folder)

    def with_own(self, ignores: Ignores, folder: str, shown: str) -> Ignores:
        """The ignore files that hold in a folder that has one of its own; `shown` is its path from the root."""
        own = _patterns(os.path.join(folder, ".gitignore")) if self._with_git else None
        return ignores if own is None else (*ignores, (len(shown) + bool(shown), own))


def _patterns(path: str) -> gitignore.Ignore | None:
    try:
        data = content(path)
    except OSError:
        return None
    return gitignore.parse(data.decode("utf-8", "surrogateescape")) if isinstance(data, bytes) else None


def _decided(shown: str, ignores: Ignores, *, folder: bool) -> bool:
    for skip, patterns in reversed(ignores):
        decided = patterns.decides(shown[skip:], folder=folder)
        if decided is not None:
            return decided
    return False


def _index(root: str) -> gitignore.Tracked:
    """Git's index. In a worktree or submodule `.git` is a file that says where it lies, outside of the root."""
    place = os.path.join(root, ".git")
    if not os.path.isdir(place):
        raise ValueError("a worktree: its index lies elsewhere")
    try:
        data = content(os.path.join(place, "index"))
    except FileNotFoundError:
        return gitignore.Tracked(())
    if not isinstance(data, bytes):
        raise ValueError("too large")  # noqa: TRY004
    return gitignore.tracked(data)
