"""`data "aws_iam_policy_document"`: statements as blocks, put together with other documents.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.policies import MOST_STATEMENTS, parsed
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Pending
    from recoverable.read.terraform.instances import Instance
    from recoverable.source import Span

_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)


def document(instance: Instance) -> Datum:
    """The document's JSON, as what it is made of: a mapping, each statement at its own place."""
    made = instance.evaluation.walk.locals
    key = (instance.evaluation.module.scope, f"{instance.address}.json")
    if key not in made:
        # Documents are made of documents; each is put together once.
        made[key] = Datum(Open(f"{instance.address} is made of itself"), instance.resource.span)
        made[key] = _document(instance)
    return made[key]


def _document(instance: Instance) -> Datum:
    arguments = instance.arguments.fields()
    span = instance.resource.span
    own = arguments.get("statement")
    opened = arguments.open
    statements: list[Datum] = []
    for each in _documents(arguments, "source_policy_documents", "source_json"):
        opened = _joined(each, statements, instead=False) or opened
    if own is not None:
        written = own.list()
        opened = written.open or opened
        made = Datum(Items(tuple(_statement(item) for item in written)), span)
        opened = _joined(_of(made, span), statements, instead=True) or opened
    for each in _documents(arguments, "override_policy_documents", "override_json"):
        opened = _joined(each, statements, instead=True) or opened
    version = arguments.get("version") or Datum("2012-10-17", span)
    made = Datum(_mapping(span, Version=version, Statement=Datum(Items(tuple(statements), opened), span)), span)
    reason = f"the text of {instance.address} is not worked out"
    return Datum(Open(reason, instance.symbol("json"), type=instance.resource.type), span, encoded=made)


def _documents(arguments: Fields, many: str, one: str) -> list[Datum]:
    found: list[Datum] = []
    for name in (one, many):
        written = arguments.get(name)
        if written is not None:
            listed = written.list()
            found.extend(parsed(item) for item in listed if item.content is not None)
            if listed.open:
                found.append(Datum(Open(listed.open), written.origin))
    return found


def _joined(document: Datum, statements: list[Datum], *, instead: bool) -> str:
    """Adds the statements of a document; one with the Sid of an earlier one takes its place. Says why more may be."""
    content = document.content
    if not isinstance(content, Fields):
        return content.reason if isinstance(content, Open) else "a policy document is JSON text"
    listed = content.get("Statement")
    if listed is None:
        return content.open
    places = {_sid(each): at for at, each in reversed(tuple(enumerate(statements)))}
    for statement in listed.list():
        sid = _sid(statement)
        if instead and sid and sid in places:
            statements[places[sid]] = statement
        elif len(statements) > MOST_STATEMENTS:
            return f"more than {MOST_STATEMENTS} statements"
        else:
            statements.append(statement)
    return listed.list().open


def _sid(statement: Datum) -> str:
    found = statement.fields().get("Sid")
    return "" if found is None else literal(found) or ""


def _statement(block: Datum) -> Datum:
    fields = block.fields()
    entries: dict[str, tuple[Span, Datum | Pending]] = {}

    def add(key: str, value: Datum | None, name: str) -> None:
        if value is not None:
            entries[key] = (fields.place(name) or block.origin, value)

    add("Sid", fields.get("sid"), "sid")
    add("Effect", fields.get("effect") or Datum("Allow", block.origin), "effect")
    for name, key in _LISTS:
        written = fields.get(name)
        if written is not None and not (isinstance(written.content, Items) and _is_empty(written.content)):
            add(key, _for_aws(written), name)
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        written = fields.get(name)
        none = written is None or (isinstance(written.content, Items) and _is_empty(written.content))
        add(key, None if written is None or none else _principals(written), name)
    condition = fields.get("condition")
    add("Condition", None if condition is None else _conditions(condition), "condition")
    return Datum(Fields(entries, fields.open), block.origin)


def _for_aws(written: Datum) -> Datum:
    """What is written as `&{aws:username}` for AWS to fill in, and not for Terraform."""
    match written.content:
        case str() as text if "&{" in text:
            return written._replace(content=text.replace("&{", "${"))
        case Text(parts) if any(isinstance(part, str) and "&{" in part for part in parts):
            made = (part.replace("&{", "${") if isinstance(part, str) else part for part in parts)
            return written._replace(content=Text(tuple(made)))
        case Items() as items:
            made_items = tuple(_for_aws(one) if isinstance(one, Datum) else _ForAws(one) for one in items.unforced())
            return written._replace(content=Items(made_items, items.open))
    return written


class _ForAws:
    """The same of a value that is worked out later."""

    __slots__ = ("_value",)

    def __init__(self, value: Pending) -> None:
        self._value = value

    def force(self) -> Datum:
        return _for_aws(self._value.force())


def _is_empty(items: Items) -> bool:
    return not items.open and next(iter(items), None) is None


def _principals(blocks: Datum) -> Datum:
    """`principals` blocks: identifiers by type; `*` of the type `*` is everybody."""
    kinds: dict[str, list[Datum]] = {}
    listed = blocks.list()
    opened = listed.open
    for block in listed:
        fields = block.fields()
        kind, identifiers = fields.get("type"), fields.get("identifiers")
        name = None if kind is None else literal(kind)
        if name is None or identifiers is None:
            opened = opened or fields.open or "the type of a principal is not known"
            continue
        kinds.setdefault(name, []).extend(map(_for_aws, identifiers.list()))
        opened = opened or identifiers.list().open
    if kinds.get("*") and not opened:
        return kinds["*"][0]
    return Datum(_lists(kinds, opened, blocks.origin), blocks.origin)


def _conditions(blocks: Datum) -> Datum:
    tests: dict[str, dict[str, list[Datum]]] = {}
    listed = blocks.list()
    opened = listed.open
    for block in listed:
        fields = block.fields()
        test, variable, values = (fields.get(key) for key in ("test", "variable", "values"))
        operator = None if test is None else literal(test)
        key = None if variable is None else literal(variable)
        if operator is None or key is None or values is None:
            opened = opened or fields.open or "a condition is not wholly known"
            continue
        tests.setdefault(operator, {}).setdefault(key, []).extend(map(_for_aws, values.list()))
        opened = opened or values.list().open
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        operator: (blocks.origin, Datum(_lists(keys, "", blocks.origin), blocks.origin))
        for operator, keys in tests.items()
    }
    return Datum(Fields(entries, opened), blocks.origin)


def _lists(named: dict[str, list[Datum]], opened: str, span: Span) -> Fields:
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        name: (span, Datum(Items(tuple(items)), items[0].origin if items else span)) for name, items in named.items()
    }
    return Fields(entries, opened)


def _of(statements: Datum, span: Span) -> Datum:
    return Datum(_mapping(span, Statement=statements), span)


def _mapping(span: Span, **values: Datum) -> Fields:
    return Fields({key: (span, value) for key, value in values.items()})
