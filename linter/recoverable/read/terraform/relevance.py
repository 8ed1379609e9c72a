"""Which folders of Terraform concern us: told from bytes, before anything is parsed.

https://developer.hashicorp.com/terraform/language/files
"""

from __future__ import annotations

import posixpath
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Files that declare something, and files that give values to variables.
DECLARATIONS = (".tf", ".tf.json", ".tofu", ".tofu.json")
VALUES = (".tfvars", ".tfvars.json")
ENDINGS = DECLARATIONS + VALUES

#: What stands in every folder that makes a table, backs one up, or calls a popular module that does.
MARKERS = (b"aws_dynamodb", b"aws_backup", b"dynamodb-table", b"/dynamodb/", b"/backup/", b"awscc_dynamodb", b"awscc_backup")

_SOURCE = re.compile(rb'"?source"?[ \t]*+[=:][ \t]*+"(\.\.?/[^"\r\n]{0,400}|\.\.?)"')


def is_terraform(path: str) -> bool:
    """Whether a file is Terraform's or OpenTofu's, by its name."""
    return path.endswith(ENDINGS)


def marked(data: bytes) -> bool:
    """Whether a file speaks of what concerns us."""
    return any(marker in data for marker in MARKERS)


def called_folders(folder: str, data: bytes) -> set[str]:
    """The folders of the local modules that a file may call. It may name some in vain, and misses none."""
    found = set()
    for match in _SOURCE.finditer(data):
        source = match[1].decode("utf-8", "replace")
        target = posixpath.normpath(posixpath.join(folder or ".", source))
        if target != ".." and not target.startswith("../"):
            found.add("" if target == "." else target)
    return found


def concerned(files: Mapping[str, bytes]) -> set[str]:
    """Of the folders of these files (by path), those that concern us: they are marked, or call such a folder."""
    callers: dict[str, set[str]] = {}
    waiting: list[str] = []
    for path, data in files.items():
        if not path.endswith(DECLARATIONS):
            continue
        folder = posixpath.dirname(path)
        if marked(data):
            waiting.append(folder)
        if b"source" in data:
            for target in called_folders(folder, data):
                callers.setdefault(target, set()).add(folder)
    found: set[str] = set()
    while waiting:
        folder = waiting.pop()
        if folder not in found:
            found.add(folder)
            waiting.extend(callers.get(folder, ()))
    return found


def in_folders(files: Iterable[str], folders: set[str]) -> list[str]:
    """The files that lie directly in these folders."""
    return [path for path in files if posixpath.dirname(path) in folders]
