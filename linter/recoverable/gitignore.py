"""What git ignores: the patterns of `.gitignore` files, and what is tracked in spite of them."""

from __future__ import annotations

import os
import re
from bisect import bisect_left

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PATTERN_LENGTH = 500
_PATTERN_COUNT = 2_000


class Ignore(NamedTuple):
    """The patterns of one `.gitignore`, last ones first: (whether they ignore, for files, for folders)."""

    runs: tuple[tuple[bool, re.Pattern[str] | None, re.Pattern[str]], ...]

    def decides(self, path: str, *, folder: bool) -> bool | None:
        """Whether a path relative to the file's folder is ignored, or None where no pattern speaks of it."""
        for ignores, for_files, for_folders in self.runs:
            pattern = for_folders if folder else for_files
            if pattern is not None and pattern.match(path):
                return ignores
        return None


def parse(text: str) -> Ignore:
    """Read the text of a `.gitignore` (https://git-scm.com/docs/gitignore). Patterns git cannot use are left out."""
    runs: list[tuple[bool, list[str], list[str]]] = []
    for line in text.splitlines()[:_PATTERN_COUNT]:
        pattern = _unpadded(line)
        if not pattern or pattern.startswith("#") or len(pattern) > _PATTERN_LENGTH:
            continue
        ignores = not pattern.startswith("!")
        pattern = pattern[not ignores :]
        folders_only = pattern.endswith("/")
        translated = _translated(pattern.rstrip("/") if folders_only else pattern)
        if translated is None:
            continue
        if not runs or runs[-1][0] != ignores:
            runs.append((ignores, [], []))
        runs[-1][2].append(translated)
        if not folders_only:
            runs[-1][1].append(translated)
    return Ignore(
        tuple((ignores, _joined(files), _joined(folders) or _NOTHING) for ignores, files, folders in reversed(runs))
    )


_NOTHING = re.compile(r"(?!)")


def _joined(patterns: list[str]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile(f"(?:{'|'.join(patterns)})\\Z", re.DOTALL)


def _unpadded(line: str) -> str:
    """Without the blanks at its end, unless the last one is escaped."""
    stripped = line.rstrip(" ")
    return stripped + " " if stripped.endswith("\\") and len(stripped) < len(line) else stripped


def _translated(pattern: str) -> str | None:
    """As a regular expression that cannot backtrack far: each part after a star is taken where it first fits."""
    anchored = "/" in pattern
    names = pattern.strip("/").split("/")
    if names == [""]:
        return None
    if not anchored:
        names = ["**", *names]
    within = names[-1] == "**" and len(names) > 1
    if within:
        names = names[:-1]
    stretches: list[list[str]] = [[]]
    for name in names:
        if name == "**":
            stretches.append([])
            continue
        translated = _name(name)
        if translated is None:
            return None
        stretches[-1].append(translated)
    first, *others = ["/".join(stretch) for stretch in stretches]
    parts = [first]
    for at, stretch in enumerate(others):
        if not stretch:
            continue
        final = at == len(others) - 1
        slash = "/" if parts[-1] else ""
        parts.append(f"{slash}(?:[^/]+/)*{stretch}" if final else f"{slash}(?>(?:[^/]+/)*?{stretch}(?=/))")
    if not any(parts):
        return "[^/].*"
    return "".join(parts) + ("/.+" if within else "")


def _name(name: str) -> str | None:
    """One name of a path, or None for a bracket that does not close, which fits nothing."""
    pieces: list[list[str]] = [[]]
    at = 0
    while at < len(name):
        character = name[at]
        at += 1
        if character == "*":
            pieces.append([])
        elif character == "?":
            pieces[-1].append("[^/]")
        elif character == "[":
            end = name.find("]", at + 1 + (name[at : at + 1] in "!^"))
            if end < 0:
                return None
            pieces[-1].append(_bracket(name[at:end]))
            at = end + 1
        else:
            if character == "\\":
                character = name[at : at + 1]
                at += 1
            pieces[-1].append(re.escape(character))
    first, *others = ["".join(piece) for piece in pieces]
    if not others:
        return first
    middle = "".join(f"(?>[^/]*?{piece})" for piece in others[:-1] if piece)
    return f"{first}{middle}[^/]*{others[-1]}"


def _bracket(inside: str) -> str:
    negated = inside[:1] in ("!", "^")
    inside = inside[negated:].replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    inside = inside.replace("^", "\\^").replace("&&", "&\\&").replace("||", "|\\|").replace("~~", "~\\~")
    candidate = f"[{'^/' if negated else ''}{inside}]"
    try:
        re.compile(candidate)
    except re.error:
        return "(?!)"
    return candidate if negated else f"(?!/){candidate}"


class Tracked:
    """The paths in git's index, sorted: a tracked file is not ignored, whatever the patterns say."""

    def __init__(self, paths: Iterable[bytes]) -> None:
        self._paths = sorted(paths)

    def holds(self, path: str, *, folder: bool) -> bool:
        """Whether the file is tracked, or anything in the folder."""
        wanted = os.fsencode(path) + (b"/" if folder else b"")
        at = bisect_left(self._paths, wanted)
        found = self._paths[at] if at < len(self._paths) else b""
        return found.startswith(wanted) if folder else found == wanted


def tracked(index: bytes) -> Tracked:
    """Read git's index file (https://git-scm.com/docs/index-format, versions 2 to 4 with SHA-1).

    Raises ValueError for any other, and for a split index, which holds only some of the paths.
    """
    version = int.from_bytes(index[4:8], "big")
    count = int.from_bytes(index[8:12], "big")
    if index[:4] != b"DIRC" or version not in (2, 3, 4) or count * 62 > len(index):
        raise ValueError("not an index of git that is known")
    paths: list[bytes] = []
    at = 12
    before = b""
    for _ in range(count):
        flags = int.from_bytes(index[at + 60 : at + 62], "big")
        start = at + 62 + (2 if flags & 0x4000 else 0)
        if version == 4:
            drop, start = _varint(index, start)
            before = before[: len(before) - drop]
        else:
            before = b""
        end = index.find(b"\0", start)
        if end < 0:
            raise ValueError("the index of git is cut short")
        before += index[start:end]
        paths.append(before)
        # Before version 4 entries are padded to a multiple of eight bytes, by one NUL at least.
        at = end + 1 if version == 4 else at + (end - at + 8) // 8 * 8
    if index[at : at + 4] == b"link":
        raise ValueError("a split index of git")
    return Tracked(paths)


def _varint(index: bytes, at: int) -> tuple[int, int]:
    value = index[at] & 0x7F
    while index[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (index[at] & 0x7F)
    return value, at + 1
