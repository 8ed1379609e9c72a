"""Where documents go: `-o PATH` and `-o FORMAT=PATH`, checked before the work and written whole or not at all."""

from __future__ import annotations

import os
import stat

from recoverable.cli.options import UsageError, no_such
from recoverable.report import FORMATS
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

STDOUT = "-"


class Output(NamedTuple):
    """One document to write: its format, and the file, or `-` for standard output."""

    format: str
    path: str


def planned(given: Iterable[str], main_format: str) -> tuple[Output, ...]:
    """The documents of a run: the main one, redirected by `-o PATH`, and one for each `-o FORMAT=PATH`.

    Raises UsageError for an unknown format, a folder that is not there, or one place for two documents.
    """
    main = Output(main_format, STDOUT)
    redirected = ""
    more: list[Output] = []
    for word in given:
        output = _named(word, main_format)
        if output.path not in (word, STDOUT):
            more.append(output)
        elif redirected:
            raise UsageError(
                f"-o {redirected} and -o {word} both take the main document; "
                f"for one more document name its format: -o json={output.path}"
            )
        else:
            main, redirected = output, word
    outputs = (main, *more)
    taken: dict[str, Output] = {}
    for output in outputs:
        if output.path == STDOUT:
            continue
        other = taken.setdefault(os.path.realpath(output.path), output)
        if other is not output:
            raise UsageError(f"-o: {output.path} would be written twice, as {other.format} and as {output.format}")
        _check_place(output.path)
    return outputs


def write(path: str, document: str) -> None:
    """Write a document so that a reader sees the old file or the new one, never a part. Raises OSError."""
    data = document.encode("utf-8", "backslashreplace")
    target = os.path.realpath(path)
    if os.path.lexists(target) and not stat.S_ISREG(os.stat(target).st_mode):
        with open(target, "wb") as stream:  # /dev/stdout, a pipe: there is nothing to replace
            stream.write(data)
        return
    beside = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.{os.getpid()}.part")
    try:
        with open(beside, "xb") as stream:
            stream.write(data)
        os.replace(beside, target)
    except BaseException:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise


def _named(word: str, main_format: str) -> Output:
    name, equals, path = word.partition("=")
    if not equals:
        return Output(main_format, word)
    if name in FORMATS:
        if not path:
            raise UsageError(f"-o {word} names no file: -o {name}=PATH")
        return Output(name, path)
    if name.isalnum():
        raise UsageError(f"-o {word}: {no_such('format', name, FORMATS)}; a file of that name is ./{word}")
    return Output(main_format, word)


def _check_place(path: str) -> None:
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.isdir(path):
        raise UsageError(f"-o {path} is a folder; name a file in it")
    if not os.path.isdir(folder):
        raise UsageError(f"-o {path}: there is no folder {os.path.dirname(path) or folder}; make it first")
