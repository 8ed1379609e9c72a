"""CloudFormation, SAM and CDK templates: trees in, things for the estate out."""

from __future__ import annotations

from recoverable.read.cloudformation.conditions import may_be
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.keys import TYPES as KEY_TYPES
from recoverable.read.cloudformation.keys import read_key
from recoverable.read.cloudformation.stacks import Stack
from recoverable.read.cloudformation.tables import TYPES as TABLE_TYPES
from recoverable.read.cloudformation.tables import Tables, read_tables
from recoverable.read.cloudformation.template import parse
from recoverable.read.cloudformation.walk import Settled, Walk
from recoverable.read.cloudformation.world import World
from recoverable.read.exploring import variants_of
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.read.reading import Reading, Remark
from recoverable.rule import Fault
from recoverable.scenario import LIMIT, Run, Variant
from recoverable.value import Entry, Later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from collections.abc import Mapping as Dict
    from typing import TypeVar

    from recoverable.estate import Key, Replica, Table
    from recoverable.estate.documents import PolicyDocument
    from recoverable.estate.guardrails import Guardrail
    from recoverable.estate.principals import Principal, ScheduledCode
    from recoverable.estate.resources import Resource as AnyResource
    from recoverable.read.backup_entries import BackupEntries
    from recoverable.read.cloudformation.principals import Reader
    from recoverable.read.cloudformation.template import Resource

    T = TypeVar("T")

#: The types that may start code on a schedule. Without one of them nothing does, and nobody need look.
SCHEDULING_TYPES = (
    "AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::Serverless::Function", "AWS::Serverless::StateMachine",
)  # fmt: skip
#: Other types of code that they start.
SCHEDULED_TYPES = ("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine")

#: How the types of those who may act, and of what hangs on them, begin: what their authors say to us counts.
PRINCIPAL_TYPES = ("AWS::IAM::", "AWS::SSO::", "AWS::Organizations::Policy")
#: How the types begin that make principals of their own, or policies on those of others.
ACTING_TYPES = ("AWS::IAM::", "AWS::SSO::", "AWS::Serverless::")
ORGANIZATION_POLICY = "AWS::Organizations::Policy"

#: How the types of AWS Backup begin; an organization's policies may be backup plans, and calls of
#: CDK's may make the settings of a Region.
BACKUP_TYPES = ("AWS::Backup::", "AWS::Organizations::Policy", "Custom::AWS")


def read(
    documents: Dict[str, tuple[str, Node]],
    lookup: Callable[[str], Node | None],
    given: Callable[[str], Dict[str, str]],
    types: Collection[str] = (),
) -> Reading:
    """What the templates hold.

    `documents`: by path, the kind (`cloudformation`, `serverless`) and the tree. `lookup` gives the tree of another
    file of the repository by its path, None if there is none: nested stacks and includes are read through it.
    `given`: by the path of a template, the parameters and pseudo parameters (`AWS::Region`) whose values are fixed in
    its stack and in those nested in it. Of the resources of these `types` all properties are handed over as well.
    """
    templates = {}
    for path, (kind, node) in sorted(documents.items()):
        root = _framework_resources(node) if kind == "serverless" else node
        if isinstance(root, Mapping):
            templates[path] = parse(path, root, framework=kind == "serverless")
    world = World(templates, lookup, given)
    harvest = _Harvest(world)
    for root_stack in world.roots:
        for stack in root_stack.within():
            harvest.gather(stack)
    reading = Reading(
        tables=tuple(harvest.tables),
        replicas=tuple(harvest.replicas),
        keys=tuple(harvest.keys),
        resources=harvest.resources(types) if types else (),
        principals=Later(harvest.principals) if harvest.may_act else (),
        documents=Later(harvest.documents) if harvest.may_act or harvest.may_share else (),
        guardrails=Later(harvest.guardrails) if harvest.may_guard else (),
        scheduled=Later(harvest.scheduled) if harvest.may_schedule else (),
        remarks=tuple(harvest.remarks),
        notes=tuple(harvest.notes) + _unread(world),
        examined=tuple(templates),
        principals_open=next((f"nested stack {address} was not read" for _, address, _ in world.unread), ""),
    )
    return reading if harvest.backups is None else harvest.backups.added_to(reading)


def _framework_resources(node: Node) -> Node | None:
    """The template in a Serverless Framework file: `resources`, a mapping or a list of mappings put together."""
    parts = node.get("resources") if isinstance(node, Mapping) else None
    if not isinstance(parts, Sequence):
        return parts
    sections: dict[str, tuple[Scalar, list[tuple[Scalar, Node]]]] = {}
    for part in parts.items:
        for key, section in part.entries if isinstance(part, Mapping) else ():
            if isinstance(section, Mapping):
                sections.setdefault(key.text, (key, []))[1].extend(section.entries)
    return Mapping(tuple((key, Mapping(tuple(entries), parts.span)) for key, entries in sections.values()), parts.span)


def _unread(world: World) -> tuple[Fault, ...]:
    hidden = tuple(
        Fault("transform-unread", message, origin, "check the template as it is deployed, with transforms applied")
        for origin, message in world.hidden.items()
    )
    return hidden + tuple(
        Fault(
            "nested-stack-unread",
            f"nested stack {address} was not read: its template is {where}",
            origin,
            "name a file of the repository, or check the template where it is kept",
        )
        for origin, address, where in world.unread
    )


class _Harvest:
    """Collects what the stacks make, resource by resource, in all scenarios that matter to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tables: list[Entry[Table]] = []
        self.replicas: list[Entry[Replica]] = []
        self.keys: list[Entry[Key]] = []
        self.backups: BackupEntries | None = None
        self.may_schedule = False
        self.may_act = False
        self.may_share = False
        self.may_guard = False
        self._reader: Reader | None = None
        self.remarks: list[Remark] = []
        self.notes: list[Fault] = []

    def gather(self, stack: Stack) -> None:
        for resource in stack.resources().values():
            self.may_act = self.may_act or resource.type.startswith(ACTING_TYPES)
            if resource.type in TABLE_TYPES:
                self.may_share = self.may_share or _may_have_streams(resource)
                self._add_tables(stack, resource, self._variants(stack, resource, read_tables))
            elif resource.type in KEY_TYPES:
                variants = self._variants(stack, resource, read_key)
                if any(variant.item is not None for variant in variants):
                    self.keys.append(Entry(variants))
            elif resource.type in SCHEDULING_TYPES:
                self.may_schedule = True
            elif (
                resource.type not in SCHEDULED_TYPES
                and not (resource.type.startswith(BACKUP_TYPES) and self._add_backups(stack, resource))
                and not resource.type.startswith(PRINCIPAL_TYPES)
            ):
                continue
            self.may_guard = self.may_guard or resource.type == ORGANIZATION_POLICY
            self._remark(stack, resource)

    def _add_backups(self, stack: Stack, resource: Resource) -> bool:
        """Whether the resource is one of AWS Backup's that are read."""
        from recoverable.read.backup_entries import BackupEntries  # noqa: PLC0415 (not in all)
        from recoverable.read.cloudformation.backup_resources import READERS  # noqa: PLC0415 (not in all)

        reader = READERS.get(resource.type)
        if reader is None:
            return False
        self.backups = self.backups or BackupEntries()
        self.backups.add(self._variants(stack, resource, reader))
        return True

    def resources(self, types: Collection[str]) -> tuple[Entry[AnyResource], ...]:
        from recoverable.read.cloudformation.resources import read_resource  # noqa: PLC0415 (few runs ask)

        entries = [
            Entry(self._variants(stack, resource, read_resource))
            for root in self.world.roots
            for stack in root.within()
            for resource in stack.resources().values()
            if resource.type in types
        ]
        return tuple(entry for entry in entries if any(variant.item is not None for variant in entry.variants))

    def principals(self) -> tuple[Entry[Principal], ...]:
        from recoverable.read.cloudformation.principals import read_principals  # noqa: PLC0415 (few runs ask)

        return read_principals(self.world, self._who_is_there(), self._variants)

    def documents(self) -> tuple[Entry[PolicyDocument], ...]:
        from recoverable.read.cloudformation.documents import read_documents  # noqa: PLC0415 (few runs ask)

        return read_documents(self.world, self._who_is_there(), self._variants)

    def guardrails(self) -> tuple[Entry[Guardrail], ...]:
        from recoverable.read.cloudformation.documents import read_guardrails  # noqa: PLC0415 (few runs ask)

        return read_guardrails(self.world, self._variants)

    def _who_is_there(self) -> Reader:
        if self._reader is None:
            from recoverable.read.cloudformation.principals import Reader  # noqa: PLC0415 (few runs ask)

            self._reader = Reader(self.world)
        return self._reader

    def scheduled(self) -> tuple[Entry[ScheduledCode], ...]:
        from recoverable.read.cloudformation.schedules import read_schedules  # noqa: PLC0415 (few runs ask)

        return read_schedules(self.world, self._variants)

    def _add_tables(self, stack: Stack, resource: Resource, variants: tuple[Variant[Tables], ...]) -> None:
        if all(variant.item is None for variant in variants):
            self.notes.append(
                Fault(
                    "never-made",
                    f"{stack.prefix}{resource.logical_id} is never made: its condition cannot hold",
                    resource.origin,
                    "nothing, if that is meant; no rule looks at it",
                )
            )
            return
        self.tables.append(Entry(tuple(Variant(each.scenario, each.item and each.item.table) for each in variants)))
        parts = dict.fromkeys(
            replica.subject.part for each in variants if each.item is not None for replica in each.item.replicas
        )
        for part in parts:
            self.replicas.append(Entry(tuple(Variant(each.scenario, _replica(each.item, part)) for each in variants)))

    def _variants(
        self, stack: Stack, resource: Resource, make: Callable[[Evaluation, Resource], T | None]
    ) -> tuple[Variant[T], ...]:
        """What the resource is in every scenario that matters to it."""

        def step(run: Run, room: int | None) -> T | None:
            evaluation = Evaluation(stack, Walk(self.world, run, room=room))
            return None if evaluation.exists(resource) is False else make(evaluation, resource)

        def allowed(run: Run) -> bool:
            return _allowed(stack, self.world, run)

        variants, overflowed = variants_of(step, may_be=allowed)
        if overflowed:
            self.notes.append(
                Fault(
                    "too-many-scenarios",
                    f"{stack.prefix}{resource.logical_id} depends on more choices than the {LIMIT} scenarios that are "
                    "followed; what depends on the rest of them is taken as unknown",
                    resource.origin,
                    "fix parameters with --parameters to check one deployment",
                )
            )
        return variants

    def _remark(self, stack: Stack, resource: Resource) -> None:
        metadata = resource.attribute("Metadata")
        said = metadata.get("recoverable") if isinstance(metadata, Mapping) else None
        if said is not None:
            self.remarks.append(Remark(stack.template.path, f"{stack.prefix}{resource.logical_id}", said))


def _may_have_streams(table: Resource) -> bool:
    """Whether a table may have a stream, on which a policy may hang."""
    properties = table.attribute("Properties")
    if not isinstance(properties, Mapping):
        return properties is not None
    own = ("StreamSpecification", "Replicas")
    return any(key.text in own or key.text.startswith("Fn::") for key, _ in properties.entries)


def _replica(tables: Tables | None, part: str) -> Replica | None:
    if tables is None:
        return None
    return next((replica for replica in tables.replicas if replica.subject.part == part), None)


def _allowed(stack: Stack, world: World, run: Run) -> bool:
    """Whether the Rules of the stack's template, and of those above it, allow the scenario."""
    settled = Settled(())
    settled.settled.update(run.settled)
    here: Stack | None = stack
    while here is not None:
        if here.template.rules and not may_be(Evaluation(here, Walk(world, settled))):
            return False
        here = here.parent
    return True
