"""Files to report: finds and reads the templates, makes them one estate, and judges it.

`prepare` and `scan` work on a repository; `examine` works on texts in memory, for tests of rules.
"""

from __future__ import annotations

import os
from types import MappingProxyType

from recoverable import config as configuration
from recoverable import document as documents_
from recoverable import pack as packs_
from recoverable.assembly import OF_READING, assembled, subjects_of
from recoverable.check import Report, check
from recoverable.config import ConfigError, Settings
from recoverable.content import names_within, read_within
from recoverable.files import discover, root_of
from recoverable.pack import Pack
from recoverable.templates import Templates
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from collections.abc import Mapping as Dict
    from datetime import date

    from recoverable.document import Document
    from recoverable.estate import Estate
    from recoverable.estate.acceptances import Acceptance
    from recoverable.files import Found
    from recoverable.read.reading import Reading
    from recoverable.read.snapshot.envelope import Envelope
    from recoverable.rule import Fault, Rule


class Setup(NamedTuple):
    """What a run goes by: the repository's root, its configuration, and all rules that were loaded."""

    root: str
    settings: Settings
    pack: Pack


class Request(NamedTuple):
    """What is wanted of one run.

    `parameters` are fixed for every template, and win over those of the configuration. `only` and `skip` are names of
    rules. `report_on` are files and folders (relative to the root) to report on, None for all that was read; what lies
    elsewhere still counts. Without `inline` acceptances only those of the configuration count. `today` decides which
    acceptances have ended; None for the day it is. `var_files` (by what messages call them) and `environment` (by name)
    give values to variables of Terraform: the first win over its own files of values, the second over defaults alone.
    """

    parameters: Dict[str, str] = MappingProxyType({})
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    report_on: tuple[str, ...] | None = None
    inline: bool = True
    today: date | None = None
    var_files: tuple[tuple[str, bytes], ...] = ()
    environment: Dict[str, str] = MappingProxyType({})

    def asks_about(self, path: str) -> bool:
        """Whether what lies in this file is to be reported."""
        return self.report_on is None or any(
            asked in ("", path) or path.startswith(f"{asked}/") for asked in self.report_on
        )


class Scanned(NamedTuple):
    """The report on a scan; `empty` if nothing that was asked about is a template at all.

    `unused` are the parameters of the request that no template has.
    """

    report: Report
    empty: bool
    unused: tuple[str, ...]


class Gathered(NamedTuple):
    """What was read, and what kept others from being read; the rest as in `Scanned`."""

    estate: Estate
    faults: tuple[Fault, ...]
    empty: bool
    unused: tuple[str, ...]


def prepare(*starts: str, config: str = "", packs: Iterable[str] = ()) -> Setup:
    """The repository that all of `starts` lie in. `config` names another configuration file, `packs` further packs.

    Raises ConfigError for a configuration that cannot be used.
    """
    root = root_of(*starts)
    settings = configuration.load(root, config or None)
    loaded = [packs_.load(packs_.builtin())]
    loaded.extend(packs_.load(folder.path, folder.shown) for folder in settings.packs)
    loaded.extend(packs_.load(os.path.abspath(folder), shown(folder, root)) for folder in packs)
    pack = loaded[0] if len(loaded) == 1 else packs_.combined(loaded)
    strangers = configuration.unknown_rules(settings, pack.rules)
    if strangers:
        raise ConfigError(strangers, settings.path, settings.text)
    return Setup(root, settings, pack)


def scan(
    setup: Setup,
    paths: Iterable[str],
    request: Request,
    documents: Documents,
    *,
    estate: Iterable[str] = (),
    accounts: Iterable[tuple[str, str]] = (),
    iac: Iterable[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Scanned:
    """Check the files and folders named. With `estate`, that is what is read, and `paths` only what is reported on.

    `accounts` are further folders with snapshots, wherever they are, and what to call each. What is found in accounts
    points into the files in `iac` where they declare it; these are not reported on. `progress` is told what is done.
    """
    paths, estate, iac = tuple(paths), tuple(estate), tuple(iac)
    if estate:
        request = request._replace(report_on=tuple(shown(path, setup.root) for path in paths))
    templates, found, snapshots = _read((*estate, *paths), setup, request, progress)
    if estate:
        # A commit is judged by what is in the repository, not by what some account was like.
        snapshots = []
    faults = list(found.faults)
    snapshots += _loaded("", accounts, faults, progress)
    found = found._replace(faults=tuple(faults))
    progress("judging")
    report, judged = _judge(templates, setup, request, documents, found, snapshots=snapshots)
    if iac:
        from recoverable.twins import located  # noqa: PLC0415 (few runs ask)

        declared, files, _ = _read(iac, setup, request, progress)
        progress("comparing")
        other, declaring = _judge(declared, setup, request, documents, files)
        report = located(report, judged, declaring, other)
        unread = tuple(fault for fault in other.faults if fault.kind in (*OF_READING, "not-found", "outside"))
        report = report._replace(faults=(*report.faults, *unread))
    empty = not (found.other_count or any(map(request.asks_about, report.examined)))
    known = templates.parameters()
    unused = (name for name in request.parameters if name not in known and not name.startswith("AWS::"))
    return Scanned(report, empty, tuple(unused))


def gather(
    setup: Setup, paths: Iterable[str], request: Request, *, progress: Callable[[str], None] = lambda _: None
) -> Gathered:
    """Read the files and folders named, without judging anything."""
    from recoverable.judging import in_order  # noqa: PLC0415

    templates, found, snapshots = _read(tuple(paths), setup, request, progress)
    reading = templates.reading(_given(setup.settings, request.parameters))
    if snapshots:
        reading = reading.with_(_of_accounts(snapshots, ()))
    faults = (*found.faults, *templates.faults, *reading.faults)
    known = templates.parameters()
    unused = (name for name in request.parameters if name not in known and not name.startswith("AWS::"))
    empty = not (found.other_count or reading.examined)
    return Gathered(in_order(assembled(reading, setup.settings, faults)), faults, empty, tuple(unused))


def _read(
    paths: tuple[str, ...], setup: Setup, request: Request, progress: Callable[[str], None]
) -> tuple[Templates, Found, list[Envelope]]:
    """The templates and snapshots in files and folders."""
    progress("looking for templates")
    found = discover(paths, setup.root, setup.settings.exclude)
    templates = Templates(
        lambda path: read_within(setup.root, path),
        lambda path: names_within(setup.root, path),
        var_files=request.var_files,
        environment=request.environment,
        subfolders=lambda path: names_within(setup.root, path, folders=True),
    )
    for number, file in enumerate(found.files, 1):
        progress(f"reading template {number} of {len(found.files)}")
        templates.add(file.path, file.data, named=file.named)
    faults = list(found.faults)
    snapshots = _loaded(setup.root, ((path, path) for path in found.snapshots), faults, progress)
    return templates, found._replace(faults=tuple(faults)), snapshots


def _loaded(
    root: str, folders: Iterable[tuple[str, str]], faults: list[Fault], progress: Callable[[str], None]
) -> list[Envelope]:
    """The snapshots in these folders, each with what to call it; what cannot be read is added to the faults."""
    found: list[Envelope] = []
    for folder, name in folders:
        from recoverable.snapshots import load  # noqa: PLC0415 (a run over files does without)

        progress(f"reading snapshot {name}")
        snapshot, problems = load(root, folder, name)
        faults += problems
        found += [] if snapshot is None else [snapshot]
    return found


def examine(
    files: Iterable[tuple[str, bytes]],
    setup: Setup,
    request: Request,
    documents: Documents,
    *,
    lookup: Callable[[str], bytes | None] = lambda _: None,
    snapshots: Sequence[Envelope] = (),
) -> Report:
    """Read these files, given by path and content, and these snapshots, and judge what they make together.

    `lookup` gives the content of another file that a template names, None if there is none.
    """
    templates = Templates(lookup)
    for path, data in files:
        templates.add(path, data)
    return _judge(templates, setup, request, documents, snapshots=snapshots)[0]


def shown(path: str, root: str) -> str:
    """A path as messages call it: relative to the root, with forward slashes, where it lies there."""
    # Links in the folders are followed, the last name stays as it was given.
    folder, name = os.path.split(os.path.abspath(path))
    real = os.path.realpath(path) if os.path.isdir(path) else os.path.join(os.path.realpath(folder), name)
    within = os.path.join(root, "")
    inside = "" if real == root else real.removeprefix(within) if real.startswith(within) else path
    return inside.replace(os.sep, "/")


class Documents:
    """The documents of rules, each read once and only when somebody asks."""

    __slots__ = ("_read",)

    def __init__(self) -> None:
        self._read: dict[str, Document] = {}

    def of(self, rule: Rule) -> Document:
        """The rule's document; for a rule without one, its name in words."""
        found = self._read.get(rule.name)
        if found is None:
            try:
                if rule.document is None:
                    raise FileNotFoundError
                found = documents_.read(os.fspath(rule.document))
            except (OSError, UnicodeDecodeError):
                found = documents_.parse(f"# {rule.name.replace('-', ' ')}\n")
            self._read[rule.name] = found
        return found

    def headline(self, rule: Rule) -> str:
        return self.of(rule).headline


def _judge(
    templates: Templates,
    setup: Setup,
    request: Request,
    documents: Documents,
    found: Found | None = None,
    *,
    snapshots: Sequence[Envelope] = (),
) -> tuple[Report, Estate]:
    """The report on what was read, and what that is. `found` tells what else came of looking for the files."""
    types = frozenset(kind for rule in setup.pack.rules for kind in rule.types)
    reading = templates.reading(_given(setup.settings, request.parameters), types)
    if snapshots:
        reading = reading.with_(_of_accounts(snapshots, types))
    looked = found.faults if found else ()
    faults: tuple[Fault, ...] = (*setup.pack.faults, *looked, *templates.faults, *reading.faults)
    blocking = [fault for fault in faults if _blocks(fault, request)]
    passing = [fault for fault in faults if not _blocks(fault, request)]
    estate = assembled(reading, setup.settings, faults)
    report = check(
        estate,
        setup.pack.rules,
        setup.settings,
        headline=documents.headline,
        acceptances=_acceptances(estate, reading, templates, setup, request),
        only=request.only,
        skip=request.skip,
        report_on=None if request.report_on is None else frozenset(filter(request.asks_about, templates.paths())),
        faults=blocking,
        notes=(*reading.notes, *(found.notes if found else ()), *passing),
        examined=reading.examined,
        files=(found.examined_count if found else templates.count) + sum(len(one.files) + 1 for one in snapshots),
        # What an account told was so when it was asked, whatever day it is now.
        today=lambda: reading.taken[:10] or _today(request).isoformat(),
        sources=templates.texts | ({setup.settings.path: setup.settings.text} if setup.settings.path else {}),
    )
    return report._replace(taken=reading.taken, scope=reading.scope), estate


def _of_accounts(snapshots: Sequence[Envelope], types: Collection[str]) -> Reading:
    """What snapshots of accounts hold."""
    from recoverable.read import snapshot  # noqa: PLC0415 (a run over files does without)

    return snapshot.read(snapshots, types)


def _given(settings: Settings, fixed: Dict[str, str]) -> Callable[[str], Dict[str, str]]:
    """The parameters of a template by its path: of the configuration, then those of the command line."""
    if not settings.parameters:
        return lambda _: fixed
    return lambda path: {**settings.parameters_of(path), **fixed}


def _blocks(fault: Fault, request: Request) -> bool:
    """Whether a fault makes the answer incomplete.

    A commit is not held up by somebody else's broken file; but what that file might have said stays unknown.
    """
    return fault.kind not in OF_READING or request.asks_about(getattr(fault.origin, "path", ""))


def _acceptances(
    estate: Estate, reading: Reading, templates: Templates, setup: Setup, request: Request
) -> tuple[Acceptance, ...]:
    said = tuple(templates.comments()) if request.inline else ()
    remarks = reading.remarks if request.inline else ()
    if not (said or remarks or setup.settings.accept):
        return ()
    from recoverable.accept import collect  # noqa: PLC0415

    return collect(
        setup.settings.accept,
        said,
        remarks,
        today=_today(request),
        rules=setup.pack.rules,
        subjects=subjects_of(
            estate, {kind for rule in setup.pack.rules for kind in rule.subjects if _asked(rule, request)}
        ),
    )


def _today(request: Request) -> date:
    from datetime import date  # noqa: PLC0415 (few runs need to know the day)

    return request.today or date.today()


def _asked(rule: Rule, request: Request) -> bool:
    """Whether a rule may be judged in this run."""
    return (not request.only or rule.name in request.only) and rule.name not in request.skip
