"""Code that runs on a schedule: what rules of EventBridge and EventBridge Scheduler start.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_rule
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/scheduler_schedule
"""

from __future__ import annotations

from recoverable.estate.principals import ScheduledCode
from recoverable.read.data import Datum, Property, find, literal
from recoverable.read.scheduled_calls import LOCAL_NAME, MOST_TEXTS, calls, texts, whole
from recoverable.read.terraform.identity import subject_of
from recoverable.read.terraform.managed_policies import Made
from recoverable.scenario import Variant
from recoverable.typed import NamedTuple
from recoverable.value import Entry, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.principals import Explored
    from recoverable.read.terraform.roots import Root
    from recoverable.read.terraform.walk import Walk
    from recoverable.source import Span
    from recoverable.text import Text

TARGET = "aws_cloudwatch_event_target"

#: What starts code, and where its target stands: in itself, or in resources that name it.
STARTING = {
    "aws_cloudwatch_event_rule": "",
    "aws_scheduler_schedule": "target",
    "awscc_events_rule": "targets",
    "awscc_scheduler_schedule": "target",
}

#: Code by type: the kind of subject it is, its name, its role, and its definition where it has one.
CODE = {
    "aws_lambda_function": ("function", "function_name", "role", ""),
    "aws_sfn_state_machine": ("state-machine", "name", "role_arn", "definition"),
    "awscc_lambda_function": ("function", "function_name", "role", ""),
    "awscc_stepfunctions_state_machine": ("state-machine", "state_machine_name", "role_arn", "definition_string"),
}
#: What stands for code under another name, and the argument that leads to it.
_ALIASES = {
    "aws_lambda_alias": "function_name",
    "awscc_lambda_alias": "function_name",
    "awscc_lambda_version": "function_name",
    "awscc_stepfunctions_state_machine_version": "state_machine_arn",
}

#: All types that start code.
TYPES = tuple(STARTING)

#: State machines that start state machines that start ...
_DEEPEST = 4


class Trigger(NamedTuple):
    """A schedule: its expression, where it stands, and whether it fires."""

    schedule: Value[str]
    origin: Span
    enabled: Value[bool]


#: Tells apart what one schedule starts: its targets, and what leads from them to the code.
Key = tuple[str, ...]


def read_schedules(roots: Sequence[Root], explored: Explored) -> tuple[Entry[ScheduledCode], ...]:
    """Everything that a schedule starts, in the order of roots and schedules."""
    reader = _Reader(roots, explored)
    entries: list[Entry[ScheduledCode]] = []
    for root in roots:
        for type_ in STARTING:
            for place in root.places.get(type_, ()):
                for variants in explored(root, place, lambda each, root=root: reader.started(root, each)):  # type: ignore[misc]
                    for key in dict.fromkeys(key for variant in variants for key in variant.item or ()):
                        entries.append(
                            Entry(tuple(Variant(each.scenario, (each.item or {}).get(key)) for each in variants))
                        )
    return tuple(entries)


class _Reader:
    def __init__(self, roots: Sequence[Root], explored: Explored) -> None:
        #: By what it is called by reference (see `Instance.scope`).
        self._code: dict[str, Made] = {}
        self._named: dict[str, list[Made]] = {}
        for root in roots:
            for type_ in (*CODE, *_ALIASES):
                for place in root.places.get(type_, ()):
                    for variants in explored(root, place, _called):
                        for address, scope, name in {each.item for each in variants if each.item is not None}:
                            made = Made(root, place, address)
                            self._code[scope] = made
                            if name:
                                self._named.setdefault(name, []).append(made)

    def started(self, root: Root, instance: Instance) -> dict[Key, ScheduledCode] | None:
        """All that a schedule starts; None where there is nothing."""
        trigger = _trigger(instance)
        if trigger is None:
            return None
        found: dict[Key, ScheduledCode] = {}
        for index, (arn, role) in enumerate(_targets(root, instance)):
            found.update(self._target(instance, trigger, arn, role, (str(index),)))
        return found or None

    def _target(
        self, instance: Instance, trigger: Trigger, arn: Datum, role: Property, key: Key
    ) -> Iterator[tuple[Key, ScheduledCode]]:
        called = tuple(calls(arn))
        text = arn.text()
        # A target of which nothing is known may be code, or a call.
        opened = text.why_open() if len(text.parts) == 1 and text.holes() and not text.stands_for() else ""
        if called or opened:
            subject = subject_of(
                instance, "schedule", find(instance.arguments, instance.resource.span, "name").string("")
            )
            yield (
                key,
                ScheduledCode(
                    subject, trigger.schedule, trigger.origin, trigger.enabled, _role(role), called, open=opened
                ),
            )
        for made in self._meant(instance, arn):
            yield from self._start(instance.evaluation.walk, made, trigger, key)

    def _start(
        self, walk: Walk, made: Made, trigger: Trigger, key: Key, through: str = ""
    ) -> Iterator[tuple[Key, ScheduledCode]]:
        instance = made.find(walk)
        if instance is None or instance.scope in key or len(key) > _DEEPEST:
            return
        kind, name, role, definition = CODE[instance.resource.type]
        settings, at = instance.arguments, instance.resource.span
        subject = subject_of(instance, kind, find(settings, at, name).string(""))
        written = settings.fields().get(definition) if definition else None
        parts = [] if written is None else list(texts(written, [MOST_TEXTS]))
        actions = tuple(dict.fromkeys(call for part in parts for call in calls(part)))
        runs_as = _role(find(settings, at, role))
        own = (*key, instance.scope)
        yield own, ScheduledCode(subject, trigger.schedule, trigger.origin, trigger.enabled, runs_as, actions, through)
        for part in parts:
            for further in self._meant(instance, part):
                yield from self._start(walk, further, trigger, own, subject.address)

    def _meant(self, instance: Instance, datum: Datum) -> list[Made]:
        """The code of the roots that a text names by ARN or reference."""
        found: dict[str, Made] = {}
        text = datum.text()
        for hole in text.holes():
            made = self._behind(instance.evaluation.walk, hole.stands_for.rpartition(".")[0])
            if made is not None:
                found[made.address] = made
        for name in LOCAL_NAME.findall(whole(text)):
            places = self._named.get(name, [])
            near = [one for one in places if one.root.module is _root_module(instance)]
            if len(near or places) == 1:
                found[(near or places)[0].address] = (near or places)[0]
        return list(found.values())

    def _behind(self, walk: Walk, scope: str, steps: int = 3) -> Made | None:
        """The code that a reference leads to, by way of aliases and versions."""
        made = self._code.get(scope)
        if made is None or made.place.resource.type in CODE or not steps:
            return made if steps else None
        instance = made.find(walk)
        about = None if instance is None else instance.arguments.fields().get(_ALIASES[made.place.resource.type])
        if about is None:
            return None
        named = self._named.get(literal(about) or "", [])
        if len(named) == 1:
            return named[0]
        return self._behind(walk, about.text().stands_for().rpartition(".")[0], steps - 1)


def _root_module(instance: Instance) -> object:
    module = instance.evaluation.module
    while module.parent is not None:
        module = module.parent.module
    return module.module


def _called(instance: Instance) -> tuple[str, str, str]:
    """The address of code, what it is called by reference, and its name where that is written out."""
    type_ = instance.resource.type
    name = instance.arguments.fields().get(CODE[type_][1]) if type_ in CODE else None
    return instance.address, instance.scope, (literal(name) or "") if name is not None else ""


def _trigger(instance: Instance) -> Trigger | None:
    """The schedule that a rule or a schedule of EventBridge is; None for a rule that waits for events."""
    settings, at = instance.arguments, instance.resource.span
    schedule = find(settings, at, "schedule_expression")
    if schedule.datum is None and not schedule.open:
        return None
    enabled = find(settings, at, "state").string("ENABLED").map(lambda state: state != "DISABLED")
    switched = find(settings, at, "is_enabled")
    return Trigger(
        schedule.string(""), schedule.near, enabled if switched.datum is None else switched.boolean(default=True)
    )


def _targets(root: Root, instance: Instance) -> Iterator[tuple[Datum, Property]]:
    """What a schedule starts, by ARN, each with the role that starts it."""
    key = STARTING[instance.resource.type]
    if key:
        written = instance.arguments.fields().get(key)
        for block in () if written is None else written.list():
            arn = block.fields().get("arn")
            if arn is not None:
                yield arn, find(block, block.origin, "role_arn")
        return
    name = instance.arguments.fields().get("name")
    own = None if name is None else name.text().identity()
    for each in root.all_of(TARGET, instance.evaluation.walk):
        fields = each.arguments.fields()
        rule, arn = fields.get("rule"), fields.get("arn")
        if rule is None or arn is None:
            continue
        text: Text = rule.text()
        meant = text.stands_for().rpartition(".")[0] == instance.scope if text.stands_for() else False
        if meant or (own is not None and text.identity() == own):
            yield arn, find(each.arguments, each.resource.span, "role_arn")


def _role(found: Property) -> Value[Text]:
    if found.datum is None:
        return Value(found.name, Unknown(found.open or "it names no role", found.near))
    return Value(found.name, Known(found.datum.text(), found.datum.origin, notes=found.datum.notes))
