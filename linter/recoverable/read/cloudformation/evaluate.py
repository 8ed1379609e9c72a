"""What a template's values are in one scenario: references followed, functions applied, the rest open with a reason.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re

from recoverable.read.cloudformation.choices import ANY_OTHER
from recoverable.read.cloudformation.conditions import holds
from recoverable.read.cloudformation.functions import FUNCTIONS
from recoverable.read.cloudformation.loops import LOOP
from recoverable.read.cloudformation.template import Parameter, function_of
from recoverable.read.cloudformation.walk import DEEPEST
from recoverable.read.data import Datum, Fields, Items, Nothing, Open
from recoverable.read.mending import AMBIGUOUS, PLACEHOLDER
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.scenario import Choice
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.stacks import Stack
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.cloudformation.walk import Walk
    from recoverable.read.data import Pending
    from recoverable.source import Span

#: Far more values than one resource has; only a text built to explode gets here.
MOST_STEPS = 50_000

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


DYNAMIC = "{{resolve:"
LOOKED_UP = "it is looked up when the stack is deployed ({{resolve:...}})"

# Variables that only the Serverless Framework knows: no text of CloudFormation's own holds these. `${aws:PrincipalArn}`
# and `${s3:prefix}` are variables of policies.
_FRAMEWORK = (
    r"\$\{(?:(?:self|opt|env|file|param|sls|cf|ssm|git|strToBool)[:(.]|aws:(?:accountId|region)\b|s3:[^}]*/|\w+\()"
)


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
        # A condition is named where conditions are made; anywhere else the word is data, as in an IAM statement.
        if called is not None and (called[0] != "Condition" or node.tag):
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
            if PLACEHOLDER in node.value:
                return Datum(Open("another template language fills it in"), node.span)
            if DYNAMIC in node.value:
                return Datum(Open(LOOKED_UP), node.span)
            if "${" in node.value and (self.stack.template.framework or re.search(_FRAMEWORK, node.value)):
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
            if node.tag == AMBIGUOUS:
                return Datum(Open("its key stands twice, and it cannot be told which is meant"), node.span)
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
        if not isinstance(held, Open):
            return self.value(when_true if held else when_false)
        if name.text in self.stack.conditions():
            one, other = self.value(when_true), self.value(when_false)
            if _plain(one) is not None and _plain(one) == _plain(other):
                return one._replace(
                    notes=(*one.notes, Fact(f"it is the same whether or not {name.text}", other.origin))
                )
        return Datum(held, node.span)

    def condition(self, name: str) -> bool | Open:
        """Whether a named condition holds in this scenario."""
        key = (self.stack.scope, name)
        held = self.walk.conditions.get(key)
        if held is None:
            node = self.stack.conditions().get(name)
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
            self.walk.run.note(name, "true" if held else "false", self.stack.scope)
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
        if name in self.stack.open_items:
            return Datum(Open(f"{name} is an item of a list that is known only when the stack is deployed"), node.span)
        if re.match(_FRAMEWORK, "${" + name) is not None:
            return Datum(Open(f"${{{name}}} is worked out by the Serverless Framework"), node.span)
        if self.stack.template.serverless and self.stack.may_generate(name):
            return Datum(Open(f"{name} is made by the SAM transform", self.stack.symbol(name, "Ref")), node.span)
        return Datum(Open(f"{name} is neither a parameter nor a resource of the template"), node.span)

    def pseudo(self, name: str, origin: Span, keys: tuple[str, ...] = ()) -> Datum:
        """The value of a pseudo parameter, seen from `origin`.

        It is a choice where conditions compare it, and where it picks one of the `keys` of a mapping.
        """
        if name == "AWS::NoValue":
            return Datum(Nothing(), origin)
        given = self.stack.pseudo(name)
        if given is not None:
            return Datum(given, origin)
        choice: Choice | None = None
        if self.walk.quiet or keys:
            differences = tuple(dict.fromkeys((*self.stack.compared().get(name, ()), *keys)))
            if differences:
                # Names and ids differ from stack to stack; a Region or an account is that of all.
                scope = self.stack.scope if name.startswith(("AWS::Stack", "AWS::Notification")) else ""
                choice = Choice(scope, name, (*differences, ANY_OTHER))
                value = self.walk.decide(choice, name)
                if value is not None and value != ANY_OTHER:
                    return Datum(value, origin)
        # Each stack has a name and an id of its own.
        symbol = self.stack.symbol(name) if name.startswith("AWS::Stack") else name
        return Datum(Open(f"{name} is known only when the stack is deployed", symbol, choice=choice), origin)

    def parameter(self, parameter: Parameter, node: Node) -> Datum:
        """The value of a parameter: given, passed by the parent stack, chosen, or its default."""
        if parameter.is_looked_up:
            # What is given, passed or written as the default is the name under which SSM keeps the value.
            return self._open(
                parameter, f"parameter {parameter.name} is read from SSM when the stack is deployed", node
            )
        given = self.stack.given(parameter.name)
        if given is not None:
            note = Fact(f"{parameter.name} was given as {given}", parameter.origin)
            return self._typed(parameter, Datum(given, node.span, (note,)))
        passed = self.stack.passed(parameter.name, self.walk)
        if passed is not None:
            note = Fact(f"the parent stack passes {parameter.name}", passed.origin)
            return self._typed(parameter, Datum(passed.content, node.span, (*passed.notes, note)))
        if parameter.secret:
            return self._open(parameter, f"parameter {parameter.name} is secret (NoEcho)", node)
        choice = self.stack.choice(parameter)
        if choice is not None:
            return self._chosen(parameter, choice, node)
        if parameter.default is None:
            return self._open(parameter, f"it comes from parameter {parameter.name}, which has no default", node)
        if DYNAMIC in parameter.default:
            return self._open(parameter, LOOKED_UP, node)
        note = Fact(f"{parameter.name} defaults to {parameter.default or 'empty'}", parameter.default_origin)
        return self._typed(parameter, Datum(parameter.default, node.span, (note,)))

    def _open(self, parameter: Parameter, reason: str, node: Node, choice: Choice | None = None) -> Datum:
        """A parameter of which the value is not known; one that is no list is a text, and always the same text."""
        listed = parameter.is_list or parameter.type.startswith("AWS::SSM::Parameter::Value<List<")
        same = "" if listed else self.stack.symbol(parameter.name)
        return Datum(Open(reason, parameter=same, choice=choice), node.span)

    def _chosen(self, parameter: Parameter, choice: Choice, node: Node) -> Datum:
        value = self.walk.decide(choice, parameter.name)
        if value is None:
            return self._open(parameter, f"parameter {parameter.name} may be {_some_of(choice.domain)}", node, choice)
        if value == ANY_OTHER:
            return self._open(parameter, f"parameter {parameter.name} may be any other value", node, choice)
        return Datum(value, node.span, (Fact(f"{parameter.name} may be {value}", parameter.origin),))

    def _typed(self, parameter: Parameter, datum: Datum) -> Datum:
        if parameter.is_list and isinstance(datum.content, str):
            parts = [part.strip() for part in datum.content.split(",")]
            return datum._replace(content=Items(tuple(Datum(part, datum.origin, datum.notes) for part in parts)))
        return datum

    def _named(self, resource: Resource, node: Node) -> Datum:
        name = NAME_PROPERTY.get(resource.type)
        if name is not None:
            key = (self.stack.scope, resource.logical_id)
            if key not in self.walk.names:
                self.walk.names[key] = self.properties(resource).fields().get(name)
            written = self.walk.names[key]
            if written is not None:
                return Datum(written.text(), node.span, written.notes)
        reason = f"{resource.logical_id} gets its name when the stack is deployed"
        symbol = self.stack.symbol(resource.logical_id, "Ref")
        return Datum(Open(reason, symbol, type=resource.type), node.span)

    def properties(self, resource: Resource) -> Datum:
        """A resource's properties; open where a macro of the author's own may add to them."""
        key = (self.stack.scope, resource.logical_id)
        found = self.walk.properties.get(key)
        if found is None:
            node = resource.attribute("Properties")
            found = Datum(Fields({}), resource.origin) if node is None else self.value(node)
            macro = self.macro(resource)
            if macro and isinstance(found.content, Fields):
                found.content.open = found.content.open or macro
            self.walk.properties[key] = found
        return found

    def macro(self, resource: Resource) -> str:
        """Why more than what is written may be set on a resource, empty if it cannot be."""
        if resource.attribute("Fn::Transform") is not None:
            return "Fn::Transform may set it when the stack is deployed"
        macro = self.stack.template.macro
        return f"the transform {macro} may set it" if macro else ""

    def exists(self, resource: Resource) -> bool | Open:
        """Whether the resource is made in this scenario: its own condition's and its stack's."""
        above = self.stack.exists(self.walk)
        if above is not True:
            return above
        return self._exists(resource.body)

    def may_exist(self, output: Mapping) -> bool:
        """Whether an output of the stack is made in this scenario, as far as can be told."""
        return self._exists(output) is not False

    def _exists(self, body: Mapping) -> bool | Open:
        node = body.get("Condition")
        return self.condition(node.text) if isinstance(node, Scalar) else True


def _plain(datum: Datum) -> tuple[type, object] | None:
    content = datum.content
    return (type(content), content) if isinstance(content, bool | int | float | str) else None


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
