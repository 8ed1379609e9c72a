"""Finds the files to read: walks folders, leaves out what is not ours, and hands on the bytes of the rest."""

# Importing pathlib costs more than walking a small repository.
# ruff: noqa: PTH100, PTH112, PTH113, PTH118, PTH119, PTH120

from __future__ import annotations

import os

from recoverable.content import OUTCOME_LIMIT, SIZE_LIMIT, TooLarge, content, inside, is_snapshot, names_within
from recoverable.glob import path_matches
from recoverable.ignored import Ignored, Ignores
from recoverable.read.sniff import (
    DECLARATIONS,
    TERRAFORM,
    concerns_us,
    looks_like_outcome,
    looks_like_template,
    mistaken_for_plan,
)
from recoverable.rule import Fault
from recoverable.source import Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: What is looked at in folders; a file that is named is looked at whatever its ending.
ENDINGS = (".yaml", ".yml", ".json", ".template", ".cfn", ".tfstate")
_LOOKED_AT = ENDINGS + TERRAFORM
#: Folders of tools' state, of dependencies and of copies that a build made. To look into one, name it.
SKIPPED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".terraform",
        ".terragrunt-cache",
        ".aws-sam",
        ".serverless",
        "node_modules",
        "bower_components",
        "site-packages",
        "__pycache__",
        ".venv",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
    }
)
#: Makes a folder the root where there is no git.
SETTINGS = (".recoverable.yaml", ".recoverable.yml")

# A CDK assembly beside its templates: an index of them, the construct tree, lists of assets.
_ASSEMBLY_RECORDS = ("manifest.json", "tree.json", ".assets.json", ".metadata.json")


class File(NamedTuple):
    """A file that bears the marks of a template. `path` is relative to the root; `named`: given, not come across."""

    path: str
    data: bytes
    named: bool


class Found(NamedTuple):
    """What there is to read, in the order of the paths.

    `faults` are what could not be looked at (exit code 2), `notes` what was left out on purpose and may surprise.
    `examined_count` counts the files that were looked into, `other_count` those among them that look like templates and
    say nothing that bears on a table; they are not among `files`. `snapshots` are the folders that are snapshots of
    accounts; what lies in them is not looked at here.
    """

    files: tuple[File, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    examined_count: int
    other_count: int
    snapshots: tuple[str, ...] = ()


def root_of(*starts: str) -> str:
    """The folder that paths are shown relative to: where git's `.git` lies, at or above all that is given.

    Without git it is the nearest folder with our configuration, else the deepest folder that holds all that is given.
    So a file has one name, from wherever and however it is named. The current folder if nothing is given.
    """
    folders = [_folder(start) for start in starts if "\0" not in start] or [os.path.realpath(os.curdir)]
    try:
        common = os.path.commonpath(folders)
    except ValueError:  # Different drives.
        common = folders[0]
    above = [common]
    while (parent := os.path.dirname(above[-1])) != above[-1]:
        above.append(parent)
    for marks in ((".git",), SETTINGS):
        for folder in above:
            if any(os.path.lexists(os.path.join(folder, mark)) for mark in marks):
                return folder
    return common


def discover(paths: Iterable[str], root: str, exclude: Iterable[str] = ()) -> Found:
    """Look at the files named and at the templates in the folders named, all inside of `root` (from `root_of`).

    `exclude` are path patterns from the root, for what is named too. In folders, what `SKIPPED` names and what git
    ignores is left out: but not what is tracked, nor a CDK assembly, which often exists nowhere else. Symbolic links
    are not followed out of the root.
    """
    return _Search(os.path.realpath(root), tuple(exclude)).over(paths)


class _Scope(NamedTuple):
    """A folder to walk, with the ignore files that hold in it."""

    folder: str
    shown: str
    ignores: Ignores


class _Search:
    def __init__(self, root: str, exclude: tuple[str, ...]) -> None:
        self.root = root
        self.exclude = exclude
        self.files: dict[str, File] = {}
        # Whether they concern us is told folder by folder, when all have been seen.
        self.configurations: dict[str, File] = {}
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        # By real path, so that nothing is looked at twice.
        self.looked: set[str] = set()
        self.walked: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.other_count = 0
        self.snapshots: set[str] = set()
        self.ignored = Ignored(root)

    def over(self, paths: Iterable[str]) -> Found:
        folders = [folder for path in sorted(set(paths)) if (folder := self.named(path)) is not None]
        for folder in folders:
            self.walk(*folder)
        for shown, target in sorted(self.links):
            self.look(target, shown, named=False)
        if self.configurations:
            self.choose()
        return Found(
            tuple(self.files[path] for path in sorted(self.files)),
            tuple(sorted(set(self.faults), key=_place)),
            tuple(sorted(set(self.notes), key=_place)),
            len(self.looked),
            self.other_count,
            tuple(sorted(self.snapshots)),
        )

    def named(self, path: str) -> tuple[str, str] | None:
        """Look at a file that was given; a folder is handed back to be walked."""
        if not path or "\0" in path:
            self.fault("not-found", f"there is no {path!r}", _printable(path), "Check the spelling of the path.")
            return None
        # The folder's links are followed, the last name is shown as it was given.
        absolute = os.path.abspath(path)
        shown_path = os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))
        target = os.path.realpath(path)
        if os.path.isdir(target):
            shown_path = target
        relative = inside(self.root, shown_path)
        if relative is None or inside(self.root, target) is None:
            self.fault(
                "outside",
                f"{_printable(path)} lies outside of {_printable(self.root)}",
                _printable(path),
                "One run looks at one repository. Run recoverable in the other one by itself.",
            )
            return None
        if not os.path.lexists(target):
            shown = _printable(relative)
            self.fault("not-found", f"there is no {shown}", shown, "Check the spelling, and the folder you are in.")
            return None
        if self.excluded(relative, folder=False):
            return None
        if os.path.isdir(target):
            return target, relative
        self.look(target, relative, named=True)
        if relative.endswith(TERRAFORM):
            self.beside(os.path.dirname(target), os.path.dirname(relative))
        return None

    def beside(self, folder: str, shown: str) -> None:
        """Look at the files that make up a configuration together with one that was named."""
        prefix = f"{shown}/" if shown else ""
        for name in names_within(self.root, shown):
            if name.endswith(TERRAFORM) and not self.excluded(prefix + name, folder=False):
                self.look(os.path.realpath(os.path.join(folder, name)), prefix + name, named=False)

    def choose(self) -> None:
        """Keep the files of the folders of Terraform that concern us."""
        from recoverable.read.terraform_folders import concerned  # noqa: PLC0415 (a run over templates does without)

        folders = concerned({path: file.data for path, file in self.configurations.items()})
        for path, file in self.configurations.items():
            if os.path.dirname(path) in folders:
                self.files[path] = file
            elif path.endswith(DECLARATIONS):
                self.other_count += 1

    def walk(self, folder: str, shown: str) -> None:
        waiting = [_Scope(folder, shown, self.ignored.above(shown))]
        while waiting:
            scope = waiting.pop()
            if scope.folder in self.walked:
                continue
            self.walked.add(scope.folder)
            try:
                with os.scandir(scope.folder) as listing:
                    entries = sorted(listing, key=_name)
            except OSError as error:
                self.fault(
                    "unreadable",
                    f"the folder cannot be opened: {error.strerror}",
                    _printable(scope.shown or "."),
                    "Allow reading it, or exclude it.",
                )
                continue
            waiting += self.listed(scope, entries)

    def listed(self, scope: _Scope, entries: list[os.DirEntry[str]]) -> list[_Scope]:
        names = {entry.name for entry in entries}
        if "snapshot.json" in names and is_snapshot(scope.folder):
            self.snapshots.add(_printable(scope.shown))
            return []
        # An assembly of CDK holds a file of this name, wherever it is written to; copies of one may have lost it.
        assembly = os.path.basename(scope.folder) == "cdk.out" or any(
            entry.name == "cdk.out" and entry.is_file(follow_symlinks=False) for entry in entries
        )
        prefix = f"{scope.shown}/" if scope.shown else ""
        ignores = scope.ignores
        if ".gitignore" in names and not assembly:
            ignores = self.ignored.with_own(ignores, scope.folder, scope.shown)
        below = []
        for entry in entries:
            name = entry.name
            try:
                if entry.is_symlink():
                    self.link(entry, prefix + name)
                elif entry.is_dir(follow_symlinks=False):
                    shown = prefix + name
                    if name in SKIPPED or (assembly and name.startswith("asset.")) or self.excluded(shown, folder=True):
                        continue
                    if name == "cdk.out":
                        below.append(_Scope(entry.path, shown, ()))
                    elif not self.ignored.holds(shown, ignores, folder=True):
                        below.append(_Scope(entry.path, shown, ignores))
                    elif os.path.isfile(os.path.join(entry.path, "cdk.out")):
                        below.append(_Scope(entry.path, shown, ()))
                elif name.lower().endswith(_LOOKED_AT) and entry.is_file(follow_symlinks=False):
                    shown = prefix + name
                    if assembly and name.endswith(_ASSEMBLY_RECORDS):
                        continue
                    if not (self.excluded(shown, folder=False) or self.ignored.holds(shown, ignores, folder=False)):
                        self.look(entry.path, shown, named=False)
            except OSError as error:
                self.unreadable(prefix + name, error)
        return below

    def link(self, entry: os.DirEntry[str], shown: str) -> None:
        target = os.path.realpath(entry.path)
        if self.excluded(shown, folder=False):
            return
        is_folder = os.path.isdir(target)
        if not is_folder and not shown.lower().endswith(_LOOKED_AT):
            return
        if inside(self.root, target) is None:
            self.notes.append(
                Fault(
                    "outside",
                    "a symbolic link out of the repository is not followed",
                    _start(_printable(shown)),
                    "Check its target by itself if it holds templates.",
                )
            )
        elif not is_folder and os.path.isfile(target):
            self.links.append((shown, target))

    def look(self, path: str, shown: str, *, named: bool) -> None:
        """Search a file for markers, and keep its bytes if there are any. `path` is real, or as the walk found it."""
        if path in self.looked:
            return
        try:
            data = content(path)
        except OSError as error:
            self.unreadable(shown, error)
            return
        self.looked.add(path)
        if data is None:
            if named:
                self.fault("unreadable", "this is no regular file", _printable(shown), "Give a file or a folder.")
            return
        if isinstance(data, TooLarge):
            if data.is_outcome:
                self.fault(
                    "too-large",
                    f"{data.size:,} bytes; plans and states of Terraform are read up to {OUTCOME_LIMIT:,}",
                    _printable(shown),
                    "Take prior_state and planned_values out of a plan, or split the configuration.",
                )
            elif data.concerns_us:
                self.fault(
                    "too-large",
                    f"{data.size:,} bytes; templates are read up to {SIZE_LIMIT:,}, CloudFormation takes 1,000,000",
                    _printable(shown),
                    "Split the template, or exclude the file if it is none.",
                )
            return
        if shown.endswith(TERRAFORM):
            shown = _printable(shown)
            self.configurations[shown] = File(shown, data, named)
        elif concerns_us(data):
            shown = _printable(shown)
            self.files[shown] = File(shown, data, named)
        elif (b"AWS::" in data and looks_like_template(data)) or looks_like_outcome(data):
            self.other_count += 1
        elif named and (mistaken := mistaken_for_plan(data)):
            what, do = mistaken
            self.fault("no-plan", what, _printable(shown), do)

    def excluded(self, shown: str, *, folder: bool) -> bool:
        return any(
            path_matches(pattern, shown) or (folder and path_matches(pattern.rstrip("/"), shown))
            for pattern in self.exclude
        )

    def unreadable(self, shown: str, error: OSError) -> None:
        self.fault(
            "unreadable",
            f"the file cannot be read: {error.strerror or error}",
            _printable(shown),
            "Allow reading it, or exclude it.",
        )

    def fault(self, kind: str, message: str, shown: str, do: str) -> None:
        self.faults.append(Fault(kind, message, _start(shown), do))


def _folder(start: str) -> str:
    real = os.path.realpath(start)
    return real if os.path.isdir(real) else os.path.dirname(real)


def _printable(path: str) -> str:
    """A name that is no UTF-8, as it can be shown."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    return path


def _start(shown: str) -> Span:
    return Span(shown, 1, 1, 1, 1)


def _place(fault: Fault) -> tuple[str, str]:
    return fault.origin.path if isinstance(fault.origin, Span) else "", fault.message


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
