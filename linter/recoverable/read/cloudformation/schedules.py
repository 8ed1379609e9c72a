"""Code that runs on a schedule: what EventBridge rules, EventBridge Scheduler and SAM's Schedule events start.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from recoverable.estate.principals import ScheduledCode
from recoverable.read.cloudformation import sam
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.cloudformation.references import Item, below, identity, identity_of, items
from recoverable.read.cloudformation.walk import Settled, Walk
from recoverable.read.data import Datum, Property, find, literal
from recoverable.read.nodes import Scalar
from recoverable.read.scheduled_calls import LOCAL_NAME, MOST_TEXTS, calls, texts, whole
from recoverable.text import Text
from recoverable.typed import NamedTuple
from recoverable.value import Entry, Known, Unknown, Value, Variant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.cloudformation.principals import Explored
    from recoverable.read.cloudformation.stacks import Stack
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.cloudformation.world import World
    from recoverable.source import Span

RULE = "AWS::Events::Rule"
SCHEDULE = "AWS::Scheduler::Schedule"

#: Code by type: the kind of subject it is, the property with its name, and the one with its role.
CODE = {
    "AWS::Lambda::Function": ("function", "FunctionName", "Role"),
    sam.FUNCTION: ("function", "FunctionName", "Role"),
    "AWS::StepFunctions::StateMachine": ("state-machine", "StateMachineName", "RoleArn"),
    sam.STATE_MACHINE: ("state-machine", "Name", "Role"),
}
#: What stands for code under another name, and the properties that lead to it.
_ALIASES = {
    "AWS::Lambda::Alias": (("FunctionName",),),
    "AWS::Lambda::Version": (("FunctionName",),),
    "AWS::StepFunctions::StateMachineVersion": (("StateMachineArn",),),
    "AWS::StepFunctions::StateMachineAlias": (
        ("DeploymentPreference", "StateMachineVersionArn"),
        ("RoutingConfiguration", "StateMachineVersionArn"),
    ),
}

#: State machines that start state machines that start ...
_DEEPEST = 4


def read_schedules(world: World, explored: Explored) -> tuple[Entry[ScheduledCode], ...]:
    """Everything that a schedule starts, in the order of files and schedules."""
    reader = _Reader(world)
    entries: list[Entry[ScheduledCode]] = []
    for root in world.roots:
        for stack in root.within():
            for resource in stack.resources().values():
                if resource.type in (RULE, SCHEDULE) or resource.type in _BY_EVENTS:
                    variants = explored(stack, resource, reader.started)
                    keys = dict.fromkeys(key for variant in variants for key in variant.item or ())
                    entries.extend(
                        Entry(tuple(Variant(each.scenario, (each.item or {}).get(key)) for each in variants))
                        for key in keys
                    )
    return tuple(entries)


_BY_EVENTS = (sam.FUNCTION, sam.STATE_MACHINE)


class Trigger(NamedTuple):
    """A schedule: its expression, where it stands, and whether it fires."""

    schedule: Value[str]
    origin: Span
    enabled: Value[bool]


Place = tuple["Stack", "Resource"]
#: Tells apart what the schedules of one resource start: which of them, and what leads to the code.
Key = tuple[str, ...]


class _Reader:
    def __init__(self, world: World) -> None:
        self._code: dict[str, Place] = {}
        self._named: dict[str, list[Place]] = {}
        for root in world.roots:
            for stack in root.within():
                evaluation = Evaluation(stack, Walk(world, Settled(())))
                for resource in stack.resources().values():
                    if resource.type in CODE or resource.type in _ALIASES:
                        self._code[identity(stack, resource.logical_id)] = (stack, resource)
                    if resource.type in CODE:
                        named = evaluation.properties(resource).fields().get(CODE[resource.type][1])
                        name = None if named is None else literal(named)
                        if name:
                            self._named.setdefault(name, []).append((stack, resource))

    def started(self, evaluation: Evaluation, resource: Resource) -> dict[Key, ScheduledCode] | None:
        """All that the schedules of one resource start; None where there is nothing."""
        found: dict[Key, ScheduledCode] = {}
        if resource.type in _BY_EVENTS:
            for index, trigger in enumerate(_events(evaluation, resource)):
                found.update(self._start(evaluation, (evaluation.stack, resource), trigger, (str(index),)))
        else:
            written = _written(evaluation, resource)
            targets = items(evaluation, resource, "Targets" if resource.type == RULE else "Target")
            for index, item in enumerate(targets if written is not None else ()):
                if written is not None:
                    found.update(self._target(evaluation, resource, written, item, (str(index),)))
        return found or None

    def _target(
        self, evaluation: Evaluation, resource: Resource, trigger: Trigger, item: Item, key: Key
    ) -> Iterator[tuple[Key, ScheduledCode]]:
        named = find(item.datum, item.datum.origin, "Arn")
        if named.datum is None:
            return
        called = tuple(calls(named.datum))
        text = named.datum.text()
        # A target of which nothing is known may be code, or a call.
        opened = text.why_open() if len(text.parts) == 1 and text.holes() and not text.stands_for() else ""
        if called or opened:
            name = find(evaluation.properties(resource), resource.origin, "Name").string("")
            region = pseudo_value(evaluation, "AWS::Region", resource)
            subject = subject_of(evaluation, resource, "schedule", name, region)
            role = _role(find(item.datum, item.datum.origin, "RoleArn"))
            code = ScheduledCode(subject, trigger.schedule, trigger.origin, trigger.enabled, role, called, open=opened)
            yield key, code
        for place in self._meant(evaluation, named.datum):
            yield from self._start(evaluation, place, trigger, key)

    def _start(
        self, evaluation: Evaluation, place: Place, trigger: Trigger, key: Key, through: str = ""
    ) -> Iterator[tuple[Key, ScheduledCode]]:
        stack, resource = place
        there = evaluation.inside(stack)
        own = identity(stack, resource.logical_id)
        if own in key or len(key) > _DEEPEST or there.exists(resource) is False:
            return
        kind, name_property, role_property = CODE[resource.type]
        name = find(there.properties(resource), resource.origin, name_property)
        reason = name.open or "CloudFormation makes a name up when the stack is deployed"
        called = Value(name_property, Unknown(reason, resource.origin)) if name.datum is None else name.string("")
        subject = subject_of(there, resource, kind, called, pseudo_value(there, "AWS::Region", resource))
        if resource.type in _BY_EVENTS and sam.makes_role(there, resource):
            role = Value(role_property, Known(sam.role_item(there, resource).text, resource.origin))
        else:
            role = _role(find(there.properties(resource), resource.origin, role_property))
        written = list(_definition(there, resource)) if kind == "state-machine" else []
        actions = tuple(dict.fromkeys(call for text in written for call in calls(text)))
        code = ScheduledCode(subject, trigger.schedule, trigger.origin, trigger.enabled, role, actions, through)
        yield (*key, own), code
        for text in written:
            for further in self._meant(there, text):
                yield from self._start(there, further, trigger, (*key, own), subject.address)

    def _meant(self, evaluation: Evaluation, datum: Datum) -> list[Place]:
        """The code of the stacks that a text names by ARN or reference."""
        found: dict[str, Place] = {}
        text = datum.text()
        for hole in text.holes():
            place = self._behind(evaluation, identity_of(hole.stands_for))
            if place is not None:
                found[identity(place[0], place[1].logical_id)] = place
        for name in LOCAL_NAME.findall(whole(text)):
            places = self._named.get(name, [])
            near = [one for one in places if one[0] is evaluation.stack]
            for place in (near or places)[:1] if len(near or places) == 1 else ():
                found[identity(place[0], place[1].logical_id)] = place
        return list(found.values())

    def _behind(self, evaluation: Evaluation, meant: str, steps: int = 3) -> Place | None:
        """The code that a reference leads to, by way of aliases and versions."""
        place = self._code.get(meant)
        if place is None or place[1].type in CODE or not steps:
            return place if steps else None
        there = evaluation.inside(place[0])
        for path in _ALIASES[place[1].type]:
            for item in items(there, place[1], *path[:1]):
                target = item.identity or _inner_identity(item.datum, path[1:])
                behind = self._behind(there, target, steps - 1)
                if behind is not None:
                    return behind
        return None


def _inner_identity(datum: Datum, path: tuple[str, ...]) -> str:
    found = find(datum, datum.origin, *path).datum if path else None
    return "" if found is None else identity_of(found.text().stands_for())


def _written(evaluation: Evaluation, resource: Resource) -> Trigger | None:
    """The schedule that a rule or a schedule of EventBridge is; None for a rule that waits for events."""
    settings = evaluation.properties(resource)
    schedule = find(settings, resource.origin, "ScheduleExpression")
    if schedule.datum is None and not schedule.open:
        return None
    return Trigger(schedule.string(""), schedule.near, _enabled(find(settings, resource.origin, "State")))


def _events(evaluation: Evaluation, resource: Resource) -> Iterator[Trigger]:
    """The schedules that SAM makes of a resource's events."""
    keys = {"Schedule": "Schedule", "ScheduleV2": "ScheduleExpression"}
    for event in sam.events_of(evaluation, resource):
        kind = find(event, event.origin, "Type").string("")
        key = keys.get(kind.known() or "")
        if isinstance(kind.state, Unknown):
            reason = f"whether it is a schedule is not known: {kind.state.reason}"
            schedule: Value[str] = Value("Schedule", Unknown(reason, kind.origin))
            yield Trigger(schedule, event.origin, Value("Enabled", Unknown(reason, kind.origin)))
        elif key is not None:
            written = find(event, event.origin, "Properties", key)
            state = find(event, event.origin, "Properties", "State")
            enabled = find(event, event.origin, "Properties", "Enabled")
            on = enabled.boolean(default=True) if state.datum is None and enabled.datum is not None else _enabled(state)
            yield Trigger(written.string(""), written.near, on)


def _enabled(state: Property) -> Value[bool]:
    return state.string("ENABLED").map(lambda value: value != "DISABLED")


def _role(found: Property) -> Value[Text]:
    if found.datum is None:
        return Value(found.name, Unknown(found.open or "it names no role", found.near))
    return Value(found.name, Known(found.datum.text(), found.datum.origin, notes=found.datum.notes))


def _definition(evaluation: Evaluation, resource: Resource) -> Iterator[Datum]:
    """All texts of a state machine's definition, those included that are put into it when it is deployed."""
    settings = evaluation.properties(resource).fields()
    budget = [MOST_TEXTS]
    for key in ("Definition", "DefinitionString", "DefinitionSubstitutions"):
        written = settings.get(key)
        if written is not None:
            yield from texts(written, budget)
    uri = below(resource.attribute("Properties"), "DefinitionUri")
    if isinstance(uri, Scalar) and not uri.tag:
        stack = evaluation.stack
        tree = stack.world.local(stack.template.path, uri.text)
        if tree is not None:
            yield from texts(evaluation.value(tree), budget)
