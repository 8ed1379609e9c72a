"""What Terraform expressions are in one scenario: references followed, functions applied, the rest open with a reason.

https://developer.hashicorp.com/terraform/language/expressions
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.hcl import syntax
from recoverable.read.policies import InLines
from recoverable.read.terraform.choosing import chosen_key, contained, is_equal, is_null
from recoverable.read.terraform.conversions import converted, refusal
from recoverable.read.terraform.functions import FUNCTIONS, GIVING_TEXT
from recoverable.read.terraform.kinds import STRING, WRONG
from recoverable.read.terraform.operators import as_bool, as_text, binary, negated, same
from recoverable.read.terraform.values import LONGEST, item, open_of, pairs_of, wrong
from recoverable.scenario import Choice
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Expression, Part
    from recoverable.read.terraform.instances import ModuleInstance
    from recoverable.read.terraform.walk import Walk
    from recoverable.source import Span


#: A text longer than this, in characters and holes, is somebody's bomb: a policy has some thousands.
LONGEST_TEXT = 500_000


class Deferred:
    """An expression whose value is worked out when it is asked for."""

    __slots__ = ("_datum", "_evaluation", "_expression")

    def __init__(self, evaluation: Evaluation, expression: Expression) -> None:
        self._evaluation = evaluation
        self._expression = expression
        self._datum: Datum | None = None

    def force(self) -> Datum:
        if self._datum is None:
            self._datum = self._evaluation.value(self._expression)
        return self._datum


class Each(NamedTuple):
    """Which instance of a block with `for_each` or `count` is being read."""

    key: Datum
    value: Datum
    number: Datum | None = None


class Evaluation:
    """The values of one module instance in one walk, with the names that `for`, `dynamic` and `for_each` add."""

    __slots__ = ("each", "module", "names", "walk")

    def __init__(
        self, module: ModuleInstance, walk: Walk, each: Each | None = None, names: dict[str, Datum] | None = None
    ) -> None:
        self.module = module
        self.walk = walk
        self.each = each
        self.names = names or {}

    def inside(self, walk: Walk) -> Evaluation:
        """The same place in another walk."""
        return self if walk is self.walk else Evaluation(self.module, walk, self.each, self.names)

    def naming(self, names: dict[str, Datum]) -> Evaluation:
        """The same with further names."""
        return Evaluation(self.module, self.walk, self.each, {**self.names, **names})

    def value(self, expression: Expression) -> Datum:
        if not self.walk.step():
            return Datum(Open("its references go round in a circle, or too far"), expression.span)
        self.walk.depth += 1
        try:
            return self._value(expression)
        finally:
            self.walk.depth -= 1

    def _value(self, expression: Expression) -> Datum:
        span = expression.span
        match expression:
            case syntax.Literal(value):
                return Datum(value, span)
            case syntax.Template():
                return self._template(expression)
            case syntax.Name(name):
                return self._name(name, span)
            case syntax.Attribute() | syntax.Index():
                return self._traversal(expression)
            case syntax.Splat():
                return self._splat(expression)
            case syntax.Call():
                return self._call(expression)
            case syntax.Unary(operator, operand):
                return negated(operator, self.value(operand), span)
            case syntax.Binary():
                return self._binary(expression)
            case syntax.Conditional():
                return self._conditional(expression)
            case syntax.ListOf(items):
                return Datum(Items(tuple(Deferred(self, item) for item in items)), span)
            case syntax.ObjectOf():
                return self._object(expression)
            case syntax.For():
                return self._for(expression)
            case syntax.Unreadable(reason):
                return Datum(Open(reason), span)

    def _template(self, template: syntax.Template) -> Datum:
        if template.wrapped and len(template.parts) == 1:
            part = template.parts[0]
            if not isinstance(part, str | syntax.Directive):
                datum = self.value(part)
                return datum._replace(origin=template.span)
        parts: list[str | Hole | Text] = []
        stopped = self._parts(template.parts, parts)
        if stopped is not None:
            return Datum(stopped, template.span)
        if sum(map(_size, parts)) > LONGEST_TEXT:
            return Datum(Open("it makes too long a text"), template.span)
        text = joined(*parts)
        whole = text.literal()
        datum = Datum(text if whole is None else whole, template.span)
        lines = template.span.end_line - template.span.line - 1
        if lines > 0 and lines == sum(part.count("\n") for part in text.parts if isinstance(part, str)):
            # A heredoc whose lines are those of the file.
            datum = datum._replace(encoded=InLines(datum, template.span.line))
        return datum

    def _parts(self, written: tuple[Part, ...], into: list[str | Hole | Text]) -> Open | None:
        """Adds the parts of a template; says why that is not possible where a directive cannot be followed."""
        for part in written:
            if isinstance(part, str):
                into.append(part)
                continue
            if not isinstance(part, syntax.Directive):
                text = as_text(self.value(part))
                if isinstance(text, Open):
                    return text
                into.append(text)
                continue
            subject = self.value(part.subject)
            if part.kind == "if":
                held = as_bool(subject)
                if isinstance(held, Open):
                    return held
                stopped = self._parts(part.body if held else part.otherwise, into)
            else:
                stopped = self._repeated(part, subject, into)
            if stopped is not None:
                return stopped
            if len(into) > LONGEST:
                return Open("it makes too long a text")
        return None

    def _repeated(self, part: syntax.Directive, subject: Datum, into: list[str | Hole | Text]) -> Open | None:
        pairs = pairs_of(subject)
        if isinstance(pairs, Open):
            return pairs
        if open_of(subject):
            return Open(open_of(subject))
        for key, value in pairs:
            names = {part.value: value, **({part.key: key} if part.key else {})}
            stopped = self.naming(names)._parts(part.body, into)
            if stopped is not None:
                return stopped
            if len(into) > LONGEST:
                return Open("it makes too long a text")
        return None

    def _name(self, name: str, span: Span) -> Datum:
        found = self.names.get(name)
        if found is not None:
            return found._replace(origin=span)
        return self.module.root(self, name, (), span)

    def _traversal(self, expression: syntax.Attribute | syntax.Index) -> Datum:
        """A chain of attributes and indexes: what its first words refer to, then step by step into that."""
        steps: list[str | Expression] = []
        here: Expression = expression
        while isinstance(here, syntax.Attribute | syntax.Index):
            steps.append(here.name if isinstance(here, syntax.Attribute) else here.key)
            here = here.target
        steps.reverse()
        if isinstance(here, syntax.Name) and here.name not in self.names:
            return self.module.root(self, here.name, tuple(steps), expression.span)
        return self.into(self.value(here), tuple(steps), expression.span)

    def into(self, datum: Datum, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        """What is reached from a value by names and indexes: its notes say where it is written."""
        notes = datum.notes
        for step in steps:
            key = Datum(step, span) if isinstance(step, str) else self.value(step)
            datum = item(datum, chosen_key(self, datum, key), span)
            notes += datum.notes
        elsewhere = isinstance(datum.content, bool | int | float | str) and datum.origin != span
        if elsewhere and all(note.origin != datum.origin for note in notes):
            notes += (Fact("the value is written here", datum.origin),)
        return Datum(datum.content, span, tuple(dict.fromkeys(notes)), datum.encoded)

    def _splat(self, splat: syntax.Splat) -> Datum:
        target = self.value(splat.target)
        match target.content:
            case None:
                return Datum(Items(()), splat.span)
            case Open(reason):
                return Datum(Open(reason), splat.span)
            case Items() as items:
                open_ = items.open
            case _:
                items, open_ = Items((target,)), ""
        found = tuple(self.into(each, splat.each, splat.span) for each in items)
        return Datum(Items(found, open_), splat.span)

    def _call(self, call: syntax.Call) -> Datum:
        if call.name in ("try", "can"):
            return self._try(call)
        if call.name in ("templatefile", "templatestring"):
            from recoverable.read.terraform.functions.templates import rendered  # noqa: PLC0415 (few have templates)

            return rendered(self, call)
        function = FUNCTIONS.get(call.name)
        if function is None:
            return Datum(Open(f"{call.name}() is worked out only when Terraform runs"), call.span)
        arguments = [self.value(argument) for argument in call.arguments]
        if call.expanded and arguments:
            last = arguments.pop().content
            if isinstance(last, Open):
                return Datum(last if last.type == WRONG else Open(last.reason), call.span)
            if not isinstance(last, Items):
                return wrong(f"{call.name}() is spread over what is no list", call.span)
            if last.open:
                return Datum(Open(last.open), call.span)
            arguments.extend(last)
        if len(arguments) > 1 and call.name in ("lookup", "contains"):
            if call.name == "contains":
                held = contained(self, arguments[0], arguments[1])
                if held is not None:
                    return Datum(held, call.span)
            else:
                self.walk.lenient += len(arguments) > 2
                arguments[1] = chosen_key(self, arguments[0], arguments[1])
                self.walk.lenient -= len(arguments) > 2
        return function(self.module.files, tuple(arguments), call.span)

    def _try(self, call: syntax.Call) -> Datum:
        """`try` takes the first argument that makes no error, `can` tells whether its one does.

        An error is what Terraform knows to be wrong; what is only unknown is no error.
        """
        if call.expanded:
            return Datum(Open(f"{call.name}() of a list that is spread"), call.span)
        for argument in call.arguments:
            self.walk.lenient += 1
            datum = self.value(argument)
            self.walk.lenient -= 1
            failed = refusal(datum, whole=False) or self._refusal_within(argument, datum)
            if call.name == "can":
                unsure = isinstance(datum.content, Open) and failed is None
                return datum._replace(origin=call.span) if unsure else Datum(failed is None, call.span)
            if failed is None:
                return datum._replace(origin=call.span)
        return wrong("no argument of try() works", call.span)

    def _refusal_within(self, expression: Expression, datum: Datum) -> Open | None:
        """What is wrong with the parts of a value that an expression makes; not with those of what it refers to."""
        root = expression
        while isinstance(root, syntax.Attribute | syntax.Index):
            root = root.target
        if isinstance(root, syntax.Name):
            return None
        return refusal(datum if root is expression else self.value(root), whole=True)

    def _binary(self, expression: syntax.Binary) -> Datum:
        left = self.value(expression.left)
        if expression.operator in ("&&", "||"):
            decisive = expression.operator == "||"
            held = as_bool(left)
            if isinstance(held, Open) and held.type == WRONG:
                return Datum(held, expression.span)
            if held is decisive:
                return Datum(decisive, expression.span)
            other = as_bool(self.value(expression.right))
            if other is decisive:
                return Datum(decisive, expression.span)
            unsure = next((each for each in (held, other) if isinstance(each, Open)), None)
            return Datum(unsure if unsure is not None else not decisive, expression.span)
        right = self.value(expression.right)
        if expression.operator in ("==", "!="):
            equal = self._equal(left, right)
            if isinstance(equal, Open):
                return Datum(equal, expression.span)
            return Datum(equal is (expression.operator == "=="), expression.span)
        return binary(expression.operator, left, right, expression.span)

    def _equal(self, left: Datum, right: Datum) -> bool | Open:
        """Whether two values are equal; what cannot be told is a choice, and both ways are followed."""
        told = same(left, right)
        if not isinstance(told, Open):
            return told
        for unknown, other in ((left, right), (right, left)):
            if isinstance(unknown.content, Open) and unknown.content.parameter and other.content is None:
                return is_null(self, unknown.content.parameter)
            value = literal(other)
            if isinstance(unknown.content, Open) and unknown.content.parameter and value is not None:
                return is_equal(self, unknown.content.parameter, value)
        # Whether they are equal is no parameter, even if one of them is.
        return told if told.type == WRONG else Open(told.reason)

    def _conditional(self, expression: syntax.Conditional) -> Datum:
        held = self.holds(expression.condition)
        if not isinstance(held, Open):
            chosen = self.value(expression.when_true if held else expression.when_false)
            other = expression.when_false if held else expression.when_true
            single = isinstance(chosen.content, bool | int | float)
            # Both ways are of one type: next to a text, that is a text.
            return converted(chosen, STRING) if single and _is_text(other) else chosen
        if held.type == WRONG:
            return Datum(held, expression.span)
        when_true, when_false = self.value(expression.when_true), self.value(expression.when_false)
        if same(when_true, when_false) is True:
            return when_true
        return Datum(Open(held.reason), expression.span)

    def holds(self, condition: Expression) -> bool | Open:
        """Whether a condition holds. One that is a variable without a value is a choice, and both ways are followed."""
        match condition:
            case syntax.Unary("!", operand):
                held = self.holds(operand)
                return held if isinstance(held, Open) else not held
            case syntax.Binary("&&" | "||" as operator, left, right):
                decisive = operator == "||"
                held = self.holds(left)
                if held is decisive:
                    return decisive
                other = self.holds(right)
                if other is decisive:
                    return decisive
                return held if isinstance(held, Open) else other
        datum = self.value(condition)
        held = as_bool(datum)
        if not isinstance(held, Open) or not isinstance(datum.content, Open) or not datum.content.parameter:
            return held
        scope, _, shown = datum.content.parameter.rpartition("#")
        answer = self.walk.decide(Choice(scope, shown, ("true", "false")))
        return held if answer is None else answer == "true"

    def _object(self, written: syntax.ObjectOf) -> Datum:
        entries: dict[str, tuple[Span, Datum | Deferred]] = {}
        opened = ""
        for entry in written.items:
            key = literal(self.value(entry.key))
            if key is None:
                opened = "a key that is not known"
            else:
                entries[key] = (entry.key.span, Deferred(self, entry.value))
        return Datum(Fields(dict(entries), opened), written.span)

    def _for(self, written: syntax.For) -> Datum:
        collection = self.value(written.collection)
        pairs = pairs_of(collection)
        if isinstance(pairs, Open):
            return Datum(pairs, written.span)
        opened = open_of(collection)
        entries: dict[str, tuple[Span, Datum]] = {}
        grouped: dict[str, list[Datum]] = {}
        items: list[Datum] = []
        for key, value in pairs:
            inner = self.naming({written.value: value, **({written.key: key} if written.key else {})})
            if written.condition is not None:
                held = as_bool(inner.value(written.condition))
                if isinstance(held, Open):
                    if held.type == WRONG:
                        return Datum(held, written.span)
                    opened = held.reason
                    continue
                if not held:
                    continue
            result = inner.value(written.result)
            if written.key_result is None:
                items.append(result)
                continue
            name = literal(inner.value(written.key_result))
            if name is None:
                opened = "a key that is not known"
            elif written.grouped:
                grouped.setdefault(name, []).append(result)
            elif name in entries:
                return wrong(f"the key {name} stands twice", written.span)
            else:
                entries[name] = (result.origin, result)
        if written.key_result is None:
            return Datum(Items(tuple(items), opened), written.span)
        for name, values in grouped.items():
            entries[name] = (values[0].origin, Datum(Items(tuple(values)), values[0].origin))
        return Datum(Fields(dict(entries), opened), written.span)


def _is_text(expression: Expression) -> bool:
    """Whether an expression is surely a text, as it is written."""
    match expression:
        case syntax.Template(wrapped=wrapped):
            return not wrapped
        case syntax.Call(name=name):
            return name.removeprefix("core::") in GIVING_TEXT
        case _:
            return False


def _size(part: str | Hole | Text) -> int:
    """How much of a text it is: characters, and one for each hole."""
    if isinstance(part, Text):
        return sum(len(piece) if isinstance(piece, str) else 1 for piece in part.parts)
    return len(part) if isinstance(part, str) else 1
