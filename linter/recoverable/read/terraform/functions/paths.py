"""Functions on paths and files. Nothing outside the repository is read.

https://developer.hashicorp.com/terraform/language/functions#filesystem-functions
"""

from __future__ import annotations

import posixpath
import re

from recoverable.read.data import Datum, Open, as_written
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError
from recoverable.read.terraform.functions.arguments import Function, Given, plain, unknown, wrong
from recoverable.read.terraform.functions.patterns import compiled
from recoverable.read.terraform.functions.regexes import matches
from recoverable.read.terraform.kinds import STRING, SetOf
from recoverable.text import Hole, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content
    from recoverable.read.terraform.values import Files

# A name with `*`, `?` and `{one,other}`, and folders without.
_NAME = re.compile(r"(?:[^*?\[\]{}\\,]++|[*?]|\{[^*?\[\]{}\\]*+\}){1,100}")
_FOLDERS = re.compile(r"(?:(?!\.\.)[^*?\[\]{}\\/]++(?:/(?!\.\.)[^*?\[\]{}\\/]++)*+)?")

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


def file(given: Given) -> Content | Datum:
    """The text of a file. What stands in a policy is found at its own line in the file."""
    path = given.text(0)
    place = path_in(given.files, path)
    text = given.files.read(place)
    if text is None:
        raise wrong(f"there is no file {path[:100]}")
    if not (path.endswith(".json") and '"Statement"' in text):
        return text
    try:
        return Datum(text, given.span, encoded=as_written(read_json(text, place)))
    except MalformedError:
        return text


def file_exists(given: Given) -> Content:
    """Of what is in the repository: what is made before Terraform runs is not there yet."""
    return given.files.read(path_in(given.files, given.text(0))) is not None


def file_set(given: Given) -> Content:
    """The files in one folder whose names match; patterns for folders are left alone."""
    pattern = given.text(1)
    inner, _, name = pattern.rpartition("/")
    names = given.files.names
    if names is None or not _NAME.fullmatch(name) or not _FOLDERS.fullmatch(inner) or "**" in name:
        raise unknown(f"which files there are for {pattern[:100]}")
    at = path_in(given.files, posixpath.join(given.text(0) or ".", inner))
    wanted = compiled(f"\\A(?:{re.sub(r'[*?{},]|[^*?{},]+', _as_expression, name)})\\z")
    found = [each for each in sorted(names("" if at == "." else at)) if any(matches(wanted, each))]
    return SetOf(tuple(given.datum(posixpath.join(inner, each)) for each in found), of=STRING)


def _as_expression(piece: re.Match[str]) -> str:
    known = {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    return known.get(piece[0]) or f"\\Q{piece[0]}\\E"


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
    "fileset": Function(file_set, 2, 2),
    "pathexpand": Function(expand, 1, 1),
}
