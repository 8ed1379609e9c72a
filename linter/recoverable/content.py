"""The content of files within the repository: regular ones, up to a size, and never outside of its root."""

# Importing pathlib costs more than walking a small repository.
# ruff: noqa: PTH118

from __future__ import annotations

import os
import stat

from recoverable.read.sniff import DETAILS, OUTCOME_SIGNS, concerns_us, looks_like_template, outcome_signs
from recoverable.typed import NamedTuple

#: Larger templates are not read. CloudFormation itself takes 1 MB.
SIZE_LIMIT = 16 * 1024 * 1024

#: Larger plans and states of Terraform are not read: of those only what matters is kept, so that they may be larger.
OUTCOME_LIMIT = 256 * 1024 * 1024

#: How the schema of a snapshot is named, whatever its version.
_SNAPSHOT = b'"urn:recoverable:snapshot:'

_CHUNK = 4 * 1024 * 1024
# Longer than any marker or field that is searched for, so that none is lost between two chunks.
_OVERLAP = 4096
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class TooLarge(NamedTuple):
    """A file that is not read. `is_outcome`: it seems to be a plan or state of Terraform."""

    size: int
    concerns_us: bool
    is_outcome: bool = False


def content(path: str) -> bytes | TooLarge | None:
    """The bytes of a regular file; None for anything else, such as a pipe, which is not waited for."""
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        limit = SIZE_LIMIT
        if status.st_size > SIZE_LIMIT:
            concerned, is_outcome = _searched(descriptor)
            limit = OUTCOME_LIMIT if is_outcome else SIZE_LIMIT
            if status.st_size > limit:
                return TooLarge(status.st_size, concerned or is_outcome, is_outcome)
            os.lseek(descriptor, 0, os.SEEK_SET)
        # Usually all of it; a second, empty read would cost as much as opening the file.
        data = os.read(descriptor, status.st_size + 1)
        while len(data) != status.st_size and len(data) <= limit:
            more = os.read(descriptor, _CHUNK)
            if not more:
                break
            data += more
        return data
    finally:
        os.close(descriptor)


def _searched(descriptor: int) -> tuple[bool, bool]:
    """Whether a file too large to be read concerns us and looks like a template, or holds the principals of an account;
    and whether it is a plan or state of Terraform about tables or backups. In bounded memory.
    """
    concerned = looks = details = False
    signs: set[str] = set()
    tail = b""
    while not (concerned and looks) and (chunk := os.read(descriptor, _CHUNK)):
        piece = tail + chunk
        concerned = concerned or concerns_us(piece)
        looks = looks or looks_like_template(piece)
        details = details or any(key in piece for key in DETAILS)
        signs |= outcome_signs(piece)
        tail = piece[-_OVERLAP:]
    return (concerned and looks) or details, len(signs) == OUTCOME_SIGNS


def is_snapshot(folder: str) -> bool:
    """Whether the file snapshot.json of a folder makes it the snapshot of an account.

    Its schema is named in its first line or two, or at its end where keys are sorted, and it is never large.
    """
    try:
        data = content(os.path.join(folder, "snapshot.json"))
    except OSError:
        return False
    return isinstance(data, bytes) and _SNAPSHOT in data


def inside(root: str, path: str) -> str | None:
    """The path from the root with forward slashes, empty for the root itself; None if it lies elsewhere."""
    if path == root:
        return ""
    prefix = root if root.endswith(os.sep) else root + os.sep
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


def read_within(root: str, path: str) -> bytes | None:
    """The bytes of a file that a template refers to, by its path from the root; None if there is none to be had.

    Outside of the root, in no regular file and above `SIZE_LIMIT` there is none.
    """
    if "\0" in path:
        return None
    root = os.path.realpath(root)
    target = os.path.realpath(os.path.join(root, path))
    if inside(root, target) is None:
        return None
    try:
        data = content(target)
    except OSError:
        return None
    return data if isinstance(data, bytes) else None


def names_within(root: str, path: str, *, folders: bool = False) -> tuple[str, ...]:
    """The names of the files (or folders) in a folder, by its path from the root; none outside of the root."""
    if "\0" in path:
        return ()
    root = os.path.realpath(root)
    target = os.path.realpath(os.path.join(root, path))
    if inside(root, target) is None:
        return ()
    try:
        with os.scandir(target) as listing:
            entries = [entry for entry in listing if (entry.is_dir() if folders else entry.is_file())]
    except OSError:
        return ()
    return tuple(sorted(entry.name for entry in entries if inside(root, os.path.realpath(entry.path)) is not None))
