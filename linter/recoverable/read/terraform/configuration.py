"""A module's configuration: what the files of one folder say together.

https://developer.hashicorp.com/terraform/language/files
"""

from __future__ import annotations

from recoverable.read.hcl.syntax import Argument, Block, Body, Template
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.source import Span


class Variable(NamedTuple):
    """An input variable. `type` is the argument as written, None if it has none."""

    name: str
    default: Argument | None
    type: Argument | None
    sensitive: Argument | None
    span: Span
    nullable: Argument | None = None


class Resource(NamedTuple):
    """A resource or data source as written; `address` is `type.name`, or `data.type.name`."""

    address: str
    type: str
    name: str
    body: Body
    span: Span
    extent: Span


class Call(NamedTuple):
    """A `module` block."""

    name: str
    source: str
    body: Body
    span: Span
    extent: Span


class Module(NamedTuple):
    """What the files of one folder declare. `path` is the folder; `open` says why there may be more than this.

    `foreign`: its text is not the repository's own, so all of it stands at the place of its call.
    """

    path: str
    variables: dict[str, Variable]
    locals: dict[str, Argument]
    outputs: dict[str, Block]
    resources: dict[str, Resource]
    calls: dict[str, Call]
    providers: dict[str, Block]
    open: str = ""
    foreign: bool = False


def together(path: str, files: Iterable[tuple[str, Body]]) -> Module:
    """The files of a folder as one module. Files named `override` or `..._override` change what others declare."""
    module = Module(path, {}, {}, {}, {}, {}, {})
    reasons = []
    for name, body in sorted(files, key=lambda file: (_is_override(file[0]), file[0])):
        reasons.append(body.open)
        for block in body.blocks:
            if block.type == "locals":
                # Which names it gives is not known; of other blocks the labels say that much.
                reasons.append(block.body.open)
            _add(module, block, overriding=_is_override(name))
    return module._replace(open="; ".join(dict.fromkeys(filter(None, reasons))))


_ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")


def _is_override(path: str) -> bool:
    name = path.rpartition("/")[2]
    stem = next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)
    return stem == "override" or stem.endswith("_override")


def _add(module: Module, block: Block, *, overriding: bool) -> None:
    label = block.labels[0] if block.labels else ""
    match block.type:
        case "variable":
            arguments = block.body.arguments
            earlier = module.variables.get(label) if overriding else None
            module.variables[label] = Variable(
                label,
                arguments.get("default", earlier.default if earlier else None),
                arguments.get("type", earlier.type if earlier else None),
                arguments.get("sensitive", earlier.sensitive if earlier else None),
                block.span,
                arguments.get("nullable", earlier.nullable if earlier else None),
            )
        case "locals":
            module.locals.update(block.body.arguments)
        case "output":
            module.outputs[label] = block
        case "provider":
            alias = literal(block.body.arguments.get("alias"))
            key = f"{label}.{alias}" if alias else label
            module.providers[key] = _merged(module.providers.get(key) if overriding else None, block)
        case "module":
            source = literal(block.body.arguments.get("source")) or ""
            known = module.calls.get(label) if overriding else None
            body = block.body if known is None else _over(known.body, block.body)
            module.calls[label] = Call(label, source or (known.source if known else ""), body, block.span, block.extent)
        case "resource" | "data" if len(block.labels) == 2:
            address = ".".join(block.labels if block.type == "resource" else ("data", *block.labels))
            before = module.resources.get(address) if overriding else None
            body = block.body if before is None else _over(before.body, block.body)
            at = block if before is None else before
            module.resources[address] = Resource(address, block.labels[0], block.labels[1], body, at.span, at.extent)
        case _:
            pass


def _merged(before: Block | None, block: Block) -> Block:
    return block if before is None else block._replace(body=_over(before.body, block.body))


def _over(before: Body, after: Body) -> Body:
    """A body with another merged over it: arguments one by one, blocks by type.

    https://developer.hashicorp.com/terraform/language/files/override
    """
    types = {block.type for block in after.blocks}
    kept = tuple(block for block in before.blocks if block.type not in types)
    return Body({**before.arguments, **after.arguments}, kept + after.blocks, before.open or after.open)


def literal(argument: Argument | None) -> str | None:
    """The text of an argument that is a plain quoted text."""
    if argument is None:
        return None
    expression = argument.expression()
    if isinstance(expression, Template) and all(isinstance(part, str) for part in expression.parts):
        return "".join(part for part in expression.parts if isinstance(part, str))
    return None
