"""What a template's values are in one scenario: references followed, functions applied, the rest open with a reason.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from recoverable.read.cloudformation.conditions import holds
from recoverable.read.cloudformation.functions import FUNCTIONS
from recoverable.read.cloudformation.loops import LOOP
from recoverable.read.cloudformation.template import ANY_OTHER, Parameter, function_of
from recoverable.read.data import Datum, Fields, Items, Nothing, Open
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.scenario import Choice, Run
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.stacks import Stack, World
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Pending
    from recoverable.source import Span

#: Deeper than any template goes; only references in a circle get here.
DEEPEST = 60

#: Far more values than one resource has; only a text built to explode gets here.
MOST_STEPS = 200_000

#: The property whose value `Ref` returns, for the types whose names are looked at.
NAME_PROPERTY = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::Serverless::SimpleTable": "TableName",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::Backup::LogicallyAirGappedBackupVault": "BackupVaultName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
    "AWS::KMS::Alias": "AliasName",
}


class UndecidedError(Exception):
    """A choice was met that this walk must not make."""


class Settled(Run):
    """A run that follows choices already made and makes none."""

    __slots__ = ()

    def decide(self, choice: Choice) -> str:
        value = self.settled.get(choice)
        if value is None:
            raise UndecidedError
        return value


class Walk:
    """What is shared while one scenario is walked through all the stacks it touches."""

    __slots__ = ("conditions", "depth", "quiet", "run", "steps", "world")

    def __init__(self, world: World, run: Run) -> None:
        self.world = world
        self.run = run
        self.conditions: dict[tuple[str, str], bool | Open] = {}
        self.depth = 0
        self.steps = 0
        self.quiet = 0

    def decide(self, choice: Choice, shown: str) -> str | None:
        """The value of a choice in this scenario, None when it must stay open. `shown` names it for people."""
        try:
            value = self.run.decide(choice)
        except UndecidedError:
            return None
        if shown and not self.quiet:
            self.run.note(shown, value)
        return value


class Deferred:
    """A node whose value is worked out when it is asked for."""

    __slots__ = ("_evaluation", "_node")

    def __init__(self, evaluation: Evaluation, node: Node) -> None:
        self._evaluation = evaluation
        self._node = node

    def force(self) -> Datum:
        return self._evaluation.value(self._node)


class Evaluation:
    """One stack's values in one walk."""

    __slots__ = ("stack", "walk")

    def __init__(self, stack: Stack, walk: Walk) -> None:
        self.stack = stack
        self.walk = walk

    def inside(self, stack: Stack) -> Evaluation:
        """The values of another stack in the same walk."""
        return Evaluation(stack, self.walk)

    def value(self, node: Node) -> Datum:
        """The value of a node; the items of lists and mappings are worked out only when they are asked for."""
        self.walk.steps += 1
        if self.walk.depth > DEEPEST or self.walk.steps > MOST_STEPS:
            return Datum(Open("its references go round in a circle, or too far"), node.span)
        self.walk.depth += 1
        try:
            return self._value(node)
        finally:
            self.walk.depth -= 1

    def _value(self, node: Node) -> Datum:
        called = function_of(node)
        if called is not None:
            return self._call(called[0], called[1], node)
        match node:
            case Scalar():
                return self._scalar(node)
            case Sequence():
                return Datum(Items(tuple(Deferred(self, item) for item in node.items)), node.span)
            case Mapping():
                return self._mapping(node)

    def _scalar(self, node: Scalar) -> Datum:
        if isinstance(node.value, str):
            if "{{resolve:" in node.value:
                return Datum(Open("it is looked up when the stack is deployed ({{resolve:...}})"), node.span)
            if self.stack.template.framework and "${" in node.value:
                return Datum(framework_text(node.value), node.span)
        return Datum(node.value, node.span)

    def _mapping(self, node: Mapping) -> Datum:
        if any(key.text.startswith(LOOP) for key, _ in node.entries):
            node = self.stack.expanded(node)
        entries: dict[str, tuple[Span, Datum | Pending]] = {
            key.text: (key.span, Deferred(self, value)) for key, value in node.entries
        }
        opened = ""
        transform = node.get("Fn::Transform")
        if transform is not None:
            entries.pop("Fn::Transform")
            included = self.stack.included(transform)
            if included is None:
                opened = "Fn::Transform may add to it when the stack is deployed"
            else:
                for key, value in included.entries:
                    entries.setdefault(key.text, (key.span, Deferred(self, value)))
        return Datum(Fields(entries, opened), node.span)

    def _call(self, name: str, argument: Node, node: Node) -> Datum:
        match name:
            case "Ref":
                if isinstance(argument, Scalar):
                    return self.reference(argument.text, node)
                return Datum(Open("a Ref takes one name"), node.span)
            case "Fn::If":
                return self._choose(argument, node)
            case "Condition":
                return Datum(Open("a condition is not a value"), node.span)
        function = FUNCTIONS.get(name)
        if function is None:
            if name == "Fn::Transform":
                included = self.stack.included(argument)
                if included is not None:
                    return self.value(included)
            return Datum(Open(f"{name} is worked out only when the stack is deployed"), node.span)
        return function(self, argument, node)

    def _choose(self, argument: Node, node: Node) -> Datum:
        if not isinstance(argument, Sequence) or len(argument.items) != 3 or not isinstance(argument.items[0], Scalar):
            return Datum(Open("Fn::If takes a condition's name and two values"), node.span)
        name, when_true, when_false = argument.items
        assert isinstance(name, Scalar)
        held = self.condition(name.text)
        if isinstance(held, Open):
            return Datum(held, node.span)
        return self.value(when_true if held else when_false)

    def condition(self, name: str) -> bool | Open:
        """Whether a named condition holds in this scenario."""
        key = (self.stack.scope, name)
        held = self.walk.conditions.get(key)
        if held is None:
            node = self.stack.template.conditions.get(name)
            if node is None:
                return Open(f"there is no condition {name} in the template")
            self.walk.conditions[key] = Open(f"condition {name} refers to itself")
            self.walk.quiet += 1
            try:
                held = holds(self, node)
            finally:
                self.walk.quiet -= 1
            self.walk.conditions[key] = held
        if not isinstance(held, Open) and not self.walk.quiet:
            self.walk.run.note(name, "true" if held else "false")
        return held

    def reference(self, name: str, node: Node) -> Datum:
        """What `Ref` returns."""
        if name.startswith("AWS::"):
            return self.pseudo(name, node.span)
        parameter = self.stack.template.parameters.get(name)
        if parameter is not None:
            return self.parameter(parameter, node)
        resource = self.stack.resources().get(name)
        if resource is not None:
            return self._named(resource, node)
        if self.stack.template.serverless and self.stack.may_generate(name):
            return Datum(Open(f"{name} is made by the SAM transform", self.stack.symbol(name, "Ref")), node.span)
        return Datum(Open(f"{name} is neither a parameter nor a resource of the template"), node.span)

    def pseudo(self, name: str, origin: Span) -> Datum:
        """The value of a pseudo parameter, seen from `origin`."""
        if name == "AWS::NoValue":
            return Datum(Nothing(), origin)
        given = self.stack.pseudo(name)
        if given is not None:
            return Datum(given, origin)
        domain = self.stack.pseudo_domain(name)
        if domain and self.walk.quiet:
            value = self.walk.decide(Choice("", name, domain), name)
            if value is not None and value != ANY_OTHER:
                return Datum(value, origin)
        return Datum(Open(f"{name} is known only when the stack is deployed", name), origin)

    def parameter(self, parameter: Parameter, node: Node) -> Datum:
        """The value of a parameter: given, passed by the parent stack, chosen, or its default."""
        given = self.stack.given(parameter.name)
        if given is not None:
            note = Fact(f"{parameter.name} was given as {given}", parameter.origin)
            return self._typed(parameter, Datum(given, node.span, (note,)))
        passed = self.stack.passed(parameter.name, self.walk)
        if passed is not None:
            note = Fact(f"the parent stack passes {parameter.name}", passed.origin)
            return self._typed(parameter, Datum(passed.content, node.span, (*passed.notes, note)))
        if parameter.is_looked_up:
            return Datum(Open(f"parameter {parameter.name} is read from SSM when the stack is deployed"), node.span)
        if parameter.secret:
            return Datum(Open(f"parameter {parameter.name} is secret (NoEcho)"), node.span)
        domain = self.stack.domain(parameter)
        if domain:
            return self._chosen(parameter, domain, node)
        if parameter.default is None:
            return Datum(Open(f"it comes from parameter {parameter.name}, which has no default"), node.span)
        note = Fact(f"{parameter.name} defaults to {parameter.default or 'empty'}", parameter.default_origin)
        return self._typed(parameter, Datum(parameter.default, node.span, (note,)))

    def _chosen(self, parameter: Parameter, domain: tuple[str, ...], node: Node) -> Datum:
        value = self.walk.decide(Choice(self.stack.scope, parameter.name, domain), parameter.name)
        if value is None:
            return Datum(Open(f"parameter {parameter.name} may be {_some_of(domain)}"), node.span)
        if value == ANY_OTHER:
            return Datum(Open(f"parameter {parameter.name} may be any other value", parameter.name), node.span)
        return Datum(value, node.span, (Fact(f"{parameter.name} may be {value}", parameter.origin),))

    def _typed(self, parameter: Parameter, datum: Datum) -> Datum:
        if parameter.is_list and isinstance(datum.content, str):
            parts = [part.strip() for part in datum.content.split(",")]
            return datum._replace(content=Items(tuple(Datum(part, datum.origin, datum.notes) for part in parts)))
        return datum

    def _named(self, resource: Resource, node: Node) -> Datum:
        name = NAME_PROPERTY.get(resource.type)
        if name is not None:
            written = self.properties(resource).fields().get(name)
            if written is not None:
                return Datum(written.text(), node.span, written.notes)
        reason = f"{resource.logical_id} gets its name when the stack is deployed"
        return Datum(Open(reason, self.stack.symbol(resource.logical_id, "Ref")), node.span)

    def properties(self, resource: Resource) -> Datum:
        """A resource's properties; open where a macro of the author's own may add to them."""
        node = resource.attribute("Properties")
        macro = self.stack.template.macro
        datum = Datum(Fields({}), resource.origin) if node is None else self.value(node)
        if macro and isinstance(datum.content, Fields):
            datum.content.open = datum.content.open or f"the transform {macro} may set it"
        return datum

    def exists(self, resource: Resource) -> bool | Open:
        """Whether the resource is made in this scenario: its own condition's and its stack's."""
        above = self.stack.exists(self.walk)
        if above is not True:
            return above
        node = resource.attribute("Condition")
        if not isinstance(node, Scalar):
            return True
        return self.condition(node.text)


def framework_text(content: str) -> Text:
    """A text of the Serverless Framework, its `${...}` variables as holes."""
    parts: list[str | Hole] = []
    rest = content
    while "${" in rest:
        before, _, rest = rest.partition("${")
        parts.append(before)
        depth, end = 1, len(rest)
        for index, letter in enumerate(rest):
            depth += (letter == "{") - (letter == "}")
            if depth == 0:
                end = index
                break
        name = rest[:end]
        parts.append(Hole(f"${{{name}}} is worked out by the Serverless Framework"))
        rest = rest[end + 1 :]
    return joined(*parts, rest)


def _some_of(values: tuple[str, ...]) -> str:
    shown = [value or "empty" for value in values[:4]]
    return ", ".join(shown[:-1]) + (" or " if len(shown) > 1 else "") + shown[-1] + (" ..." if len(values) > 4 else "")
