"""`templatefile` and `templatestring`: a template with names of its own, and no others.

https://developer.hashicorp.com/terraform/language/functions/templatefile
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Open
from recoverable.read.nodes import MalformedError
from recoverable.read.terraform.functions.arguments import MOST_CHARACTERS, StopError, unknown, whole, wrong
from recoverable.read.terraform.functions.paths import path_in
from recoverable.read.terraform.kinds import refused
from recoverable.read.terraform.operators import as_text
from recoverable.typed import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Call, Expression
    from recoverable.read.terraform.evaluate import Evaluation
    from recoverable.read.terraform.instances import ModuleInstance
    from recoverable.read.terraform.values import Files
    from recoverable.source import Span

NAMES = ("templatefile", "templatestring")


class Surroundings:
    """What a template sees instead of a module: nothing."""

    __slots__ = ("files", "scope")

    def __init__(self, files: Files, scope: str) -> None:
        self.files = files
        self.scope = scope

    def root(self, _evaluation: Evaluation, name: str, _steps: tuple[str | Expression, ...], span: Span) -> Datum:
        return Datum(refused(f"the template is not given a {name}"), span)


def rendered(evaluation: Evaluation, call: Call) -> Datum:
    """What a template makes of the names that it is given."""
    around: object = evaluation.module
    if isinstance(around, Surroundings):
        return Datum(refused(f"{call.name}() does not work in a template"), call.span)
    if len(call.arguments) != 2 or call.expanded:
        return Datum(refused(f"{call.name}() takes a template and the names in it"), call.span)
    try:
        return _rendered(evaluation, call)
    except StopError as stop:
        return Datum(stop.content, call.span)


def _rendered(evaluation: Evaluation, call: Call) -> Datum:
    from recoverable.read.hcl.parse import parse_template  # noqa: PLC0415 (few configurations have templates)

    source, given = (evaluation.value(argument) for argument in call.arguments)
    text = as_text(source)
    if isinstance(text, Open):
        raise StopError(text)
    written, path = whole(text), call.span.path
    if call.name == "templatefile":
        path = path_in(evaluation.module.files, written)
        found = evaluation.module.files.read(path)
        if found is None:
            raise wrong(f"there is no file {path[:100]}")
        written = found
    if len(written) > MOST_CHARACTERS:
        raise unknown("too long a template")
    try:
        template = parse_template(written, path)
    except MalformedError as error:
        raise unknown(f"{path} is no template: {error.message}") from None
    surroundings = cast("ModuleInstance", Surroundings(evaluation.module.files, evaluation.module.scope))
    inner = type(evaluation)(surroundings, evaluation.walk, None, _names(given))
    made = inner.value(template)
    return made._replace(origin=call.span)


def _names(given: Datum) -> dict[str, Datum]:
    match given.content:
        case Fields() as fields:
            if fields.open:
                raise unknown(fields.open)
            return dict(fields.items())
        case Open() as open_:
            raise StopError(Open(open_.reason, type=open_.type) if open_.type == "wrong" else Open(open_.reason))
        case _:
            raise wrong("a template takes a map of names")
