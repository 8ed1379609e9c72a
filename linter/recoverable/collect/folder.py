"""The snapshot's folder: answers are appended to a journal as they come, and become a sorted file when a place is done.

Whatever ends a run, a journal holds every answer that came before; a line that was cut short is left out when it is
read. Files are written beside their place and moved there, so a reader sees the old one, the new one or none.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import Counter

from recoverable import __version__
from recoverable.collect.refusals import OK, SETTLED
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Key = tuple[str, str, str]

SCHEMA, VERSION = "urn:recoverable:snapshot:1", 1

_SUMMARY = "snapshot.json"


_ACCOUNT, _REGION = re.compile(r"[0-9]{12}"), re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_account(text: str) -> bool:
    """Whether a text may be the id of an account, and so the name of a folder."""
    return _ACCOUNT.fullmatch(text) is not None


def is_region(text: str) -> bool:
    """Whether a text may be the name of a Region, and so of a file."""
    return _REGION.fullmatch(text) is not None


class FolderError(Exception):
    """A folder that cannot be used; the message says what to do."""


class Folder:
    """Where a snapshot goes. `resumed` is the summary of the run that is gone on with, None for a new one.

    `part`: the summary is another process's, and so is the rest of the folder.

    Raises FolderError for a folder that holds something else, and OSError.
    """

    def __init__(self, path: Path, *, resume: bool, part: bool = False) -> None:
        self._path, self._part = path, part
        self.resumed: dict[str, Any] | None = None
        summary = path / _SUMMARY
        if part:
            pass
        elif resume:
            self.resumed = _read_summary(summary)
        elif summary.exists():
            raise FolderError(
                f"there is a snapshot in {path} already: go on with it by --resume, or name another folder"
            )
        elif path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FolderError(f"{path} is not empty, and no snapshot: name a folder that is new or empty")
        # Who may do what in an account is not for everybody to read.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write_summary(self, summary: dict[str, Any]) -> None:
        if self._part:
            return
        whole = {
            "schema": SCHEMA,
            "version": VERSION,
            "tool": {"name": "recoverable", "version": __version__},
            **summary,
        }
        _replace(self._path / _SUMMARY, iter([json.dumps(whole, indent=1, sort_keys=True), "\n"]))

    def put(self, account: str, files: Mapping[str, bytes]) -> None:
        """The files of an account that was collected elsewhere, in place of those that are there.

        Raises FolderError for names that no snapshot has.
        """
        for name in files:
            if not (is_account(account) and name.endswith(".json") and is_region(name.removesuffix(".json"))):
                raise FolderError(f"there is no account {account!r} with a file {name!r}")
        folder = self._path / "accounts" / account
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.name not in files:
                path.unlink()
        for name, data in files.items():
            _replace(folder / name, iter([data.decode()]))

    def whole(self, account: str) -> Counter[str] | None:
        """How many answers there are of an account, by call, if all of them stand; else None."""
        count: Counter[str] = Counter()
        folder = self._path / "accounts" / account
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        for path in files:
            if path.suffix != ".json":
                return None
            for each in json.loads(path.read_bytes())["answers"]:
                if each["status"] not in SETTLED or not _whole(each):
                    return None
                count[f"{each['service']}:{each['call']}"] += 1
        return count if files else None

    def journal(self, account: str, region: str) -> Journal:
        """The journal of a place. Both names come from outside and name files: raises FolderError for others."""
        if not (is_account(account) and is_region(region)):
            raise FolderError(f"there is no account {account!r} with a Region {region!r}")
        return Journal(self._path / "accounts" / account, account, region)


class Journal:
    """The answers of one place. May be written by many threads."""

    def __init__(self, folder: Path, account: str, region: str) -> None:
        self._account, self._region = account, region
        self._final, self._part = folder / f"{region}.json", folder / f"{region}.part"
        self._lock = threading.Lock()
        self._where: dict[Key, tuple[int, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.recorded = self._recover()
        self._part.touch()
        self._end = self._part.stat().st_size

    def append(self, answer: dict[str, Any]) -> None:
        line = json.dumps(answer, sort_keys=True).encode() + b"\n"
        # Opened each time: sixty accounts in twenty Regions are more files than a process may have open.
        with self._lock, self._part.open("ab", buffering=0) as file:
            file.write(line)
            self._where[_key(answer)] = (self._end, len(line))
            self._end += len(line)

    def read(self, key: Key) -> dict[str, Any]:
        """An answer that was recorded before."""
        with self._lock, self._part.open("rb") as file:
            return self._at(file, key)

    def finish(self, keys: set[Key] | None = None) -> None:
        """Write the file and drop the journal. Answers to other questions than `keys` are left out."""
        with self._lock:
            wanted = sorted(key for key in self._where if keys is None or key in keys)
            _replace(self._final, self._lines(wanted))
            self._part.unlink()

    def discard(self) -> None:
        """Nothing of this place is kept."""
        with self._lock:
            self._part.unlink()
            self._final.unlink(missing_ok=True)

    def _lines(self, keys: list[Key]) -> Iterator[str]:
        """One answer at a time: a large Region does not fit into memory twice."""
        head = {"account": self._account, "region": self._region, "schema": SCHEMA, "version": VERSION}
        yield f'{json.dumps(head)[:-1]}, "answers": [\n'
        with self._part.open("rb") as file:
            for number, key in enumerate(keys):
                offset, length = self._where[key]
                file.seek(offset)
                yield f"{',' if number else ''}{file.read(length).decode()}"
        yield "]}\n"

    def _at(self, file: Any, key: Key) -> dict[str, Any]:  # noqa: ANN401
        offset, length = self._where[key]
        file.seek(offset)
        answer: dict[str, Any] = json.loads(file.read(length))
        return answer

    def _recover(self) -> set[Key]:
        """What an earlier run left, as the journal; the answers of it that stand are not asked for again."""
        if self._part.exists():
            answers = list(_whole_lines(self._part))
        elif self._final.exists():
            answers = json.loads(self._final.read_bytes())["answers"]
        else:
            return set()
        standing = {_key(each): each for each in answers if each["status"] in SETTLED and _whole(each)}
        _replace(self._part, (f"{json.dumps(each, sort_keys=True)}\n" for each in standing.values()))
        offset = 0
        for key, each in standing.items():
            length = len(json.dumps(each, sort_keys=True).encode()) + 1
            self._where[key] = (offset, length)
            offset += length
        return set(standing)


def _whole(answer: dict[str, Any]) -> bool:
    return bool(answer["complete"]) or answer["status"] != OK


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            try:
                yield json.loads(line)
            except ValueError:  # a disk that was full
                continue


def _key(answer: dict[str, Any]) -> Key:
    return answer["service"], answer["call"], json.dumps(answer["parameters"], sort_keys=True)


def _read_summary(path: Path) -> dict[str, Any]:
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FolderError(f"there is no snapshot in {path.parent} to go on with; leave --resume out") from None
    except ValueError as error:
        raise FolderError(f"{path} cannot be read: {error}; begin a new snapshot in another folder") from None
    if not isinstance(summary, dict) or (summary.get("schema"), summary.get("version")) != (SCHEMA, VERSION):
        raise FolderError(f"{path} is no snapshot of this version; begin a new one in another folder")
    return summary


def _replace(path: Path, pieces: Iterator[str]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
