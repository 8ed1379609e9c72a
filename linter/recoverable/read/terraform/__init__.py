"""Terraform's and OpenTofu's configurations: folders of files in, things for the estate out."""

from __future__ import annotations

from recoverable.estate.resources import Resource
from recoverable.read.data import Datum, worked_out
from recoverable.read.exploring import variants_of
from recoverable.read.hcl.parse import parse_expression
from recoverable.read.nodes import MalformedError
from recoverable.read.reading import Reading
from recoverable.read.terraform.acting import Acting
from recoverable.read.terraform.choosing import Apart
from recoverable.read.terraform.configuration import Module
from recoverable.read.terraform.evaluate import Evaluation
from recoverable.read.terraform.identity import subject_of
from recoverable.read.terraform.instances import Configuration, ModuleInstance
from recoverable.read.terraform.keys import TYPES as KEY_TYPES
from recoverable.read.terraform.keys import read_key
from recoverable.read.terraform.repetition import MOST_INSTANCES, repeated
from recoverable.read.terraform.roots import Root
from recoverable.read.terraform.tables import REPLICA, TABLE, read_replica, read_tables
from recoverable.read.terraform.walk import Budget, Walk
from recoverable.rule import Fault
from recoverable.scenario import LIMIT, Run, Variant
from recoverable.source import Span
from recoverable.value import Entry, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from collections.abc import Mapping as Dict
    from typing import TypeVar

    from recoverable.estate import Key, Replica, Table
    from recoverable.read.backup_entries import BackupEntries
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Place
    from recoverable.read.terraform.sources import Sources
    from recoverable.read.terraform.tables import Tables

    T = TypeVar("T")

#: Tables and keys as AWS Cloud Control has them.
CLOUD_CONTROL_TABLES = ("awscc_dynamodb_table", "awscc_dynamodb_global_table")
CLOUD_CONTROL_KEYS = ("awscc_kms_key", "awscc_kms_replica_key")


def read(
    sources: Sources, roots: Collection[str], given: Callable[[str], Dict[str, str]], types: Collection[str] = ()
) -> Reading:
    """What these roots (see `roots_of`) make. `given` are the variables that are fixed for a root, by its folder.

    Of the resources of these `types` all arguments are handed over as well.
    """
    made = []
    for folder in roots:
        module = sources.module(folder)
        if module is not None:
            made.append(Root(configuration_of(sources, folder, module, given(folder)), module))
    return harvest(sources, made, types)


def harvest(sources: Sources, roots: Iterable[Root], types: Collection[str] = ()) -> Reading:
    """What roots make, once their modules have been found."""
    harvest = _Harvest(sources, types)
    for root in roots:
        harvest.add(_gathered(root, sources, types))
    harvest.tell_unread()
    reading = Reading(
        tables=tuple(harvest.tables),
        replicas=tuple(harvest.replicas),
        keys=tuple(harvest.keys),
        resources=tuple(harvest.resources),
        faults=(*sources.problems(), *harvest.faults),
        notes=tuple(harvest.notes),
        examined=tuple(sorted(path for path in sources.texts if ".terraform" not in path.split("/"))),
        backups_open=harvest.backups_open,
        principals_open=harvest.principals_open(),
    )
    reading = Acting(harvest.roots, harvest.entries).added_to(reading)
    return reading if harvest.backups is None else harvest.backups.added_to(reading)


def _gathered(root: Root, sources: Sources, types: Collection[str]) -> _Harvest:
    """What one root makes. Where it turns out late what is told apart there, all of it is read again."""
    apart = root.configuration.apart
    for _ in range(MOST_PASSES):
        harvest = _Harvest(sources, types)
        if apart is not None:
            apart.stale = False
        harvest.gather(root)
        if apart is None or not apart.stale:
            break
    return harvest


#: How often a root is read until all is found that is told apart in it.
MOST_PASSES = 3


def roots_of(sources: Sources) -> tuple[str, ...]:
    """The folders of the run that no other folder calls; of folders that call each other in a circle, the first one."""
    folders = sources.folders()
    calls = {folder: _called(sources, folder) for folder in folders}
    called = {inner for folder, below in calls.items() for inner in below if inner != folder}
    roots = [folder for folder in folders if folder not in called]
    reached: set[str] = set()

    def reach(folder: str) -> None:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting.extend(calls.get(here, ()))

    for folder in roots:
        reach(folder)
    for folder in folders:
        if folder not in reached:
            roots.append(folder)
            reach(folder)
    return tuple(sorted(roots))


def _called(sources: Sources, folder: str) -> set[str]:
    module = sources.module(folder)
    if module is None:
        return set()
    instance = ModuleInstance(_nothing(sources), module)
    found = {instance.folder_of(call) for call in module.calls.values()}
    return {folder for folder in found if folder is not None}


def _nothing(sources: Sources) -> Configuration:
    return Configuration(sources.module, lambda _: None, sources.read, {}, {}, {}, lambda _call, _folder: None)


def configuration_of(sources: Sources, folder: str, module: Module, fixed: Dict[str, str]) -> Configuration:
    """What the root in a folder is read through."""
    always, maybe = sources.values(folder)
    given: dict[str, Datum] = {
        name: _fixed(sources, module, name, text)
        for name, text in sources.environment.items()
        if name in module.variables
    }
    for path in always:
        given |= _values(sources, path)
    choices = {path: _values(sources, path) for path in maybe}
    values = {name: _fixed(sources, module, name, value) for name, value in fixed.items()}
    return Configuration(
        sources.module,
        lambda key: sources.installed(folder, key),
        sources.read,
        given,
        choices,
        values,
        sources.foreign,
        sources.names,
        apart=Apart(),
        workspaces=sources.workspaces(folder),
    )


def _values(sources: Sources, path: str) -> dict[str, Datum]:
    """The values that a file gives to variables."""
    body = sources.body(path)
    if body is None:
        return {}
    evaluation = _nowhere(sources)
    return {name: evaluation.value(argument.expression()) for name, argument in body.arguments.items()}


def _nowhere(sources: Sources) -> Evaluation:
    """Where an expression that refers to nothing is worked out."""
    return Evaluation(ModuleInstance(_nothing(sources), Module("", {}, {}, {}, {}, {}, {})), Walk(Run()))


def _fixed(sources: Sources, module: Module, name: str, text: str) -> Datum:
    """A value from the command line or the configuration: a text, or an expression for a list or a mapping.

    `AWS::Region` and `AWS::AccountId` are values, too: where Terraform runs.
    """
    span = module.variables[name].span if name in module.variables else Span(sources.first(module.path), 1, 1, 1, 1)
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return _nowhere(sources).value(parse_expression(text, span.path))._replace(origin=span)
        except MalformedError:
            pass
    return Datum(text, span)


#: How many absent modules a note names.
SHOWN = 3


class _Harvest:
    """Collects what the roots make, instance by instance, in all scenarios that matter to it."""

    def __init__(self, sources: Sources, types: Collection[str]) -> None:
        self.sources = sources
        self.types = types
        self.resources: list[Entry[Resource]] = []
        self.tables: list[Entry[Table]] = []
        self.replicas: list[Entry[Replica]] = []
        self.keys: list[Entry[Key]] = []
        self.notes: list[Fault] = []
        self.faults: list[Fault] = []
        self.unread: dict[str, tuple[str, Span]] = {}
        self.backups: BackupEntries | None = None
        self.backups_open = ""
        self.roots: list[Root] = []

    def principals_open(self) -> str:
        """Why there may be more of those who act: any module may make roles."""
        unread = min((address for address, _ in self.unread.values()), default="")
        return f"{unread} was not read" if unread else ""

    def add(self, other: _Harvest) -> None:
        """Take in what was collected from one root."""
        for name in ("resources", "tables", "replicas", "keys", "notes", "faults", "roots"):
            getattr(self, name).extend(getattr(other, name))
        for source, unread in other.unread.items():
            self.unread.setdefault(source, unread)
        if other.backups is not None:
            if self.backups is None:
                self.backups = other.backups
            else:
                self.backups.extend(other.backups)
        self.backups_open = self.backups_open or other.backups_open

    def gather(self, root: Root) -> None:
        budget = Budget()
        self.roots.append(root)
        for place in root.places.get(TABLE, ()):
            for variants in self.entries(root, place, budget, lambda each: read_tables(root, each)):
                self._add_tables(variants)
        for place in root.places.get(REPLICA, ()):
            found = self.entries(root, place, budget, lambda each: read_replica(root, each))
            self.replicas.extend(map(Entry, found))
        for type_ in KEY_TYPES:
            for place in root.places.get(type_, ()):
                self.keys.extend(map(Entry, self.entries(root, place, budget, lambda each: read_key(root, each))))
        if any(type_ in root.places for type_ in (*CLOUD_CONTROL_TABLES, *CLOUD_CONTROL_KEYS)):
            self._gather_cloud_control(root, budget)
        for type_ in sorted(root.places.keys() & self.types):
            for place in root.places[type_]:
                self.resources.extend(map(Entry, self.entries(root, place, budget, _resource)))
        if any("_backup_" in type_ or type_.endswith("_organizations_policy") for type_ in root.places):
            self._gather_backups(root, budget)
        self.backups_open = self.backups_open or _backups_elsewhere(root)
        for unread in root.unread:
            self.unread.setdefault(unread.call.source, (unread.address, unread.call.span))
        if root.overflowed:
            self.notes.append(
                Fault(
                    "module-unread",
                    "modules call each other in a circle, or too many of them; the rest was not read",
                    Span(min(root.paths, default=root.module.path), 1, 1, 1, 1),
                    "check the modules by themselves",
                )
            )

    def _gather_cloud_control(self, root: Root, budget: Budget) -> None:
        from recoverable.read.terraform import cloud_control  # noqa: PLC0415 (few configurations have them)

        for type_ in CLOUD_CONTROL_TABLES:
            for place in root.places.get(type_, ()):
                for variants in self.entries(root, place, budget, lambda each: cloud_control.read_tables(root, each)):
                    self._add_tables(variants)
        for type_ in CLOUD_CONTROL_KEYS:
            for place in root.places.get(type_, ()):
                found = self.entries(root, place, budget, lambda each: cloud_control.read_key(root, each))
                self.keys.extend(map(Entry, found))

    def _gather_backups(self, root: Root, budget: Budget) -> None:
        from recoverable.read.backup_entries import BackupEntries  # noqa: PLC0415 (not in all)
        from recoverable.read.terraform.backup_resources import READERS  # noqa: PLC0415 (not in all)

        self.backups = self.backups or BackupEntries()
        for type_, reader in READERS.items():
            for place in root.places.get(type_, ()):
                for variants in self.entries(
                    root,
                    place,
                    budget,
                    lambda each, reader=reader: reader(root, each),  # type: ignore[misc]
                ):
                    self.backups.add(variants)

    def tell_unread(self) -> None:
        """One note for each absent module that is about tables or backups, and one for all others."""
        others: list[tuple[str, Span]] = []
        for source, (address, span) in sorted(self.unread.items(), key=lambda item: (item[1][1], item[0])):
            if any(word in source for word in ("dynamo", "backup")):
                self._note_unread(f"{address} was not read: its source {source} is not in the repository", span)
            else:
                others.append((f"{address} ({source or 'its source is no plain text'})", span))
        if len(others) == 1:
            self._note_unread(f"{others[0][0]} was not read: it is not in the repository", others[0][1])
        elif others:
            shown = ", ".join(name for name, _ in others[:SHOWN])
            more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
            self._note_unread(
                f"{len(others)} modules were not read, as they are not in the repository: {shown}{more}", others[0][1]
            )

    def _note_unread(self, message: str, span: Span) -> None:
        do = "run `terraform init` first if tables or backups are made there: installed modules are read"
        self.notes.append(Fault("module-unread", message, span, do))

    def entries(
        self, root: Root, place: Place, budget: Budget, make: Callable[[Instance], T | None]
    ) -> list[tuple[Variant[T], ...]]:
        """The instances of a resource, each with what it is in every scenario that matters to it."""

        if not place.calls and not repeated(place.resource.body):
            addresses_, overflowed = [place.resource.address], False
        else:
            addresses_, overflowed = _addresses(root, place, budget)
        found = []
        for address in addresses_:

            def step(run: Run, room: int | None, address: str = address) -> T | None:
                instance = root.find(place, address, Walk(run, room=room, budget=budget))
                return None if instance is None else make(instance)

            variants, over = variants_of(step)
            overflowed = overflowed or over
            found.append(variants)
        shown = ".".join((*(f"module.{name}" for name in place.calls), place.resource.address))
        if overflowed or budget.left < 0:
            self.notes.append(
                Fault(
                    "too-many-scenarios",
                    f"{shown} depends on more choices than the {LIMIT} scenarios that are followed; "
                    "what depends on the rest of them is taken as unknown",
                    place.resource.span,
                    "fix variables with --parameters to check one deployment",
                )
            )
        if len(found) >= MOST_INSTANCES:
            self.notes.append(
                Fault(
                    "too-many-instances",
                    f"{shown} has more than {MOST_INSTANCES} instances; only so many are looked at",
                    place.resource.span,
                    "split it if they differ",
                )
            )
        return found

    def _add_tables(self, variants: tuple[Variant[Tables], ...]) -> None:
        self.tables.append(Entry(tuple(Variant(each.scenario, each.item and each.item.table) for each in variants)))
        parts = dict.fromkeys(
            replica.subject.part for each in variants if each.item is not None for replica in each.item.replicas
        )
        for part in parts:
            self.replicas.append(Entry(tuple(Variant(each.scenario, _replica(each.item, part)) for each in variants)))


def _addresses(root: Root, place: Place, budget: Budget) -> tuple[list[str], bool]:
    """The addresses of the instances that a resource has in some scenario, and whether there are too many of those."""

    def addresses(run: Run, room: int | None) -> tuple[str, ...]:
        return tuple(each.address for each in root.instances(place, Walk(run, room=room, budget=budget)))

    listed, overflowed = variants_of(addresses)
    return list(dict.fromkeys(each for variant in listed for each in variant.item or ())), overflowed


def _resource(instance: Instance) -> Resource:
    """A resource as it was written, for rules about single arguments."""
    name: Value[str] = Value("name", Unknown("what its name is depends on its type"))
    return Resource(subject_of(instance, "resource", name), instance.resource.type, worked_out(instance.arguments))


def _backups_elsewhere(root: Root) -> str:
    """Why there may be more of AWS Backup's things than the configuration shows; empty if nothing says so."""
    for unread in root.unread:
        if "backup" in f"{unread.call.source} {unread.address}".lower():
            return f"{unread.address} was not read"
    for type_, places in sorted(root.places.items()):
        for resource in (place.resource for place in places):
            where = f"{resource.address} in {resource.span.path}"
            if type_ == "data" and resource.type in ("aws_backup_plan", "aws_backup_selection"):
                return f"{where} is made elsewhere"
    return "too many modules call each other" if root.overflowed else ""


def _replica(tables: Tables | None, part: str) -> Replica | None:
    if tables is None:
        return None
    return next((replica for replica in tables.replicas if replica.subject.part == part), None)
