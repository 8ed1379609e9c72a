"""The syntax of an HCL file: bodies, blocks, attributes and expressions, each with its place.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import dataclass_transform

    from recoverable.source import Span

    # mypy compares tuples item by item, which takes it minutes where they hold one another as these do.
    @dataclass_transform(frozen_default=True)
    class Record: ...
else:
    Record = NamedTuple


class Literal(Record):
    """A number, `true`, `false` or `null`. Texts are Templates."""

    value: int | float | bool | None
    span: Span


class Directive(Record):
    """`%{ if }` or `%{ for }` in a template. For `if`: `subject` is the condition, `body` and `otherwise` the parts.

    For `for`: `subject` is the collection, `key` (may be empty) and `value` name the variables, `body` the parts.
    """

    kind: str
    subject: Expression
    body: tuple[Part, ...]
    otherwise: tuple[Part, ...]
    key: str
    value: str
    span: Span


class Template(Record):
    """A quoted text or heredoc: literal parts, interpolations and directives, in order.

    Escapes are done, strip markers and heredoc indentation taken off; no two literal parts in a row, none empty.

    `"${x}"` alone is `x` itself, not a text: one part that is an expression, and `wrapped` is true.
    """

    parts: tuple[Part, ...]
    span: Span
    wrapped: bool = False


class Name(Record):
    """The first word of a reference: `var`, `local`, `aws_dynamodb_table`, `each` ..."""

    name: str
    span: Span


class Attribute(Record):
    """`target.name`; legacy `target.0` is an Index."""

    target: Expression
    name: str
    span: Span


class Index(Record):
    """`target[key]`."""

    target: Expression
    key: Expression
    span: Span


class Splat(Record):
    """`target.*` or `target[*]` and what follows for each: a chain of attribute names and index expressions.

    `full` tells `[*]`, whose `each` may hold indexes, from `.*`. A splat behind a splat (`a[*].b[*].c`) is one of
    `each` too: a Splat whose target is the name `*`, to be applied to what has been reached by then.
    """

    target: Expression
    each: tuple[str | Expression, ...]
    full: bool
    span: Span


class Call(Record):
    """`name(arguments)`; with `expanded` the last argument is a list that is spread (`...`)."""

    name: str
    arguments: tuple[Expression, ...]
    expanded: bool
    span: Span


class Unary(Record):
    """`-` or `!`."""

    operator: str
    operand: Expression
    span: Span


class Binary(Record):
    """`== != < > <= >= + - * / % && ||`."""

    operator: str
    left: Expression
    right: Expression
    span: Span


class Conditional(Record):
    condition: Expression
    when_true: Expression
    when_false: Expression
    span: Span


class ListOf(Record):
    items: tuple[Expression, ...]
    span: Span


class ObjectItem(Record):
    """A bare word key is a Template of that word; `(expression)` keys are expressions.

    A reference without parentheses stays one: Terraform takes it in `providers = { aws.east = aws }`, nowhere else.
    """

    key: Expression
    value: Expression


class ObjectOf(Record):
    items: tuple[ObjectItem, ...]
    span: Span


class For(Record):
    """`[for key, value in collection : result if condition]`, or with `key_result` the `{for ... : k => v}` form.

    `grouped`: `v...` collects values of one key in a list.
    """

    key: str
    value: str
    collection: Expression
    key_result: Expression | None
    result: Expression
    condition: Expression | None
    grouped: bool
    span: Span


class Unreadable(Record):
    """An expression that is no HCL; its error has been told."""

    reason: str
    span: Span


Expression = (
    Literal
    | Template
    | Name
    | Attribute
    | Index
    | Splat
    | Call
    | Unary
    | Binary
    | Conditional
    | ListOf
    | ObjectOf
    | For
    | Unreadable
)
Part = str | Expression | Directive


class Argument(NamedTuple):
    """`name = expression` in a body. The expression is parsed when it is asked for."""

    name: str
    span: Span
    value_span: Span
    expression: Callable[[], Expression]


class Block(NamedTuple):
    """`type "label" ... { body }`. `span` is the header (type and labels), `extent` all of it."""

    type: str
    labels: tuple[str, ...]
    body: Body
    span: Span
    extent: Span


class Body(NamedTuple):
    """Arguments by name, and blocks in their order. `open` says why some of it could not be read, else empty."""

    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]
    open: str = ""

    def of_type(self, type_: str) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.type == type_)
