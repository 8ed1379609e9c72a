"""Functions on paths and files. Nothing outside the repository is read.

https://developer.hashicorp.com/terraform/language/functions#filesystem-functions
"""

from __future__ import annotations

import posixpath

from recoverable.read.data import Open
from recoverable.read.terraform.functions.arguments import Function, Given, plain, unknown, wrong
from recoverable.text import Hole, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content
    from recoverable.read.terraform.values import Files

#: Longer paths than this are not looked for.
LONGEST_PATH = 1000


def path_in(files: Files, path: str) -> str:
    """The place of a file in the repository. Raises StopError for a place outside of it.

    `path.module` and `path.root` are folders of the repository here; any other path starts at the root module, where
    Terraform runs.
    """
    if path.startswith(("/", "~")) or "\0" in path or "\\" in path or len(path) > LONGEST_PATH:
        raise unknown(f"{path[:100]} is outside of the repository")
    folders = {folder for folder in (files.module, files.root) if folder not in ("", ".")}
    if not any(path == folder or path.startswith(folder + "/") for folder in folders):
        path = posixpath.join(files.root or ".", path)
    path = posixpath.normpath(path)
    if path == ".." or path.startswith("../"):
        raise unknown(f"{path[:100]} is outside of the repository")
    return path


def file(given: Given) -> Content:
    path = given.text(0)
    text = given.files.read(path_in(given.files, path))
    if text is None:
        raise wrong(f"there is no file {path[:100]}")
    return text


def file_exists(given: Given) -> Content:
    """Of what is in the repository: what is made before Terraform runs is not there yet."""
    return given.files.read(path_in(given.files, given.text(0))) is not None


def base(given: Given) -> Content:
    text = given.template(0)
    if text.literal() is not None:
        path = given.text(0)
        return posixpath.basename(path.rstrip("/")) or ("/" if path else ".")
    last = text.parts[-1]
    # What is known behind the last slash, whatever is before it.
    if isinstance(last, str) and "/" in last.rstrip("/"):
        return last.rstrip("/").rpartition("/")[2]
    raise unknown(text.why_open())


def folder(given: Given) -> Content:
    text = given.template(0)
    if text.literal() is not None:
        path = given.text(0)
        if path.startswith("//"):
            raise unknown("a path with two slashes")
        return posixpath.normpath(posixpath.split(path)[0] or ".")
    last = text.parts[-1]
    if isinstance(last, str) and "/" in last and posixpath.normpath(last) == last:
        kept = last.rpartition("/")[0]
        return plain(joined(*text.parts[:-1], kept))
    raise unknown(text.why_open())


def absolute(given: Given) -> Content:
    """Where the repository is checked out is not known; what is in it is."""
    path = given.text(0)
    if path.startswith("/"):
        return posixpath.normpath(path)
    inside = path_in(given.files, path)
    here = Hole("where the repository is checked out is not known")
    return Text((here,)) if inside == "." else Text((here, "/" + inside))


def expand(given: Given) -> Content:
    path = given.text(0)
    return Open("the home folder is known when Terraform runs") if path.startswith("~") else path


FUNCTIONS = {
    "abspath": Function(absolute, 1, 1),
    "basename": Function(base, 1, 1),
    "dirname": Function(folder, 1, 1),
    "file": Function(file, 1, 1),
    "fileexists": Function(file_exists, 1, 1),
    "pathexpand": Function(expand, 1, 1),
}
