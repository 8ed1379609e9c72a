"""Whether properties fit a JSON Schema: yes, no, or unknown where the schema asks for what cannot be told.

Values are taken as CloudFormation takes them: `"true"` is true and `"5"` is 5 where the schema asks for such a type,
and the other way round. https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from recoverable.read.data import Datum, Fields, Items, Nothing, Open, kind_of
from recoverable.text import Text
from recoverable.truth import Answer, Truth, every, no, some, unknown, yes
from recoverable.typed import Any
from recoverable.value import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.source import Span

#: Words that ask something of a single value.
OF_VALUES = (
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "pattern",
)  # fmt: skip

#: Words that ask something of a mapping, of a list, or of several schemas together.
OF_STRUCTURES = (
    "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependentRequired",
    "minProperties", "maxProperties", "items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems",
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref",
)  # fmt: skip

_COMBINING = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref"}

#: Words that ask nothing.
REMARKS = ("$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples", "format")

#: How many schemas deep a value is followed; one that refers to itself without end gets no answer.
DEPTH = 100


def fits(datum: Datum, schema: dict[str, Any], name: str = "Properties") -> Truth:
    """Whether a value fits. The facts of a no are what does not fit, each with its place."""
    return _fits(datum, schema, _Place(name, datum.origin, schema, 0))


class _Place:
    """What a value is called, where it stands, and the whole schema that `$ref` points into."""

    __slots__ = ("depth", "name", "origin", "whole")

    def __init__(self, name: str, origin: Span, whole: Any, depth: int) -> None:  # noqa: ANN401 (JSON)
        self.name = name
        self.origin = origin
        self.whole = whole
        self.depth = depth

    def inner(self, step: str | int, origin: Span) -> _Place:
        name = (
            f"{self.name}[{step + 1}]" if isinstance(step, int) else f"{self.name}.{step}".removeprefix("Properties.")
        )
        return _Place(name, origin, self.whole, self.depth + 1)

    def deeper(self) -> _Place:
        return _Place(self.name, self.origin, self.whole, self.depth + 1)


def _fits(datum: Datum, schema: Any, place: _Place) -> Truth:  # noqa: ANN401 (JSON)
    if isinstance(schema, bool):
        said = f"{place.name} is {_shown(datum)}"
        return yes(said, datum.origin) if schema else no(f"{said}, which the rule does not allow", datum.origin)
    if place.depth > DEPTH:
        return unknown(f"{place.name}: the rule's schema goes deeper than {DEPTH} levels", datum.origin)
    asked = {word: said for word, said in schema.items() if word not in REMARKS}
    if not asked:
        return yes(f"{place.name} is {_shown(datum)}", datum.origin)
    content = datum.content
    if isinstance(content, Open):
        hidden = unknown(f"{place.name} is not known: {content.reason}", datum.origin)
        return every([*([] if asked.keys() <= _COMBINING else [hidden]), *_of_schemas(datum, asked, place)])
    truths = [_of_value(datum, {word: said for word, said in asked.items() if word in OF_VALUES}, place)]
    if isinstance(content, Fields):
        truths.extend(_of_mapping(content, datum, asked, place))
    elif isinstance(content, Items):
        truths.extend(_of_list(content, datum, asked, place))
    truths.extend(_of_schemas(datum, asked, place))
    return every(truths)


def _of_value(datum: Datum, asked: dict[str, Any], place: _Place) -> Truth:
    """What is asked of a single value, or of the kind of a mapping or a list."""
    content = datum.content
    if not asked:
        return Truth(Answer.YES)
    match content:
        case Fields() | Items():
            if "const" in asked or "enum" in asked:
                return unknown(f"{place.name} is {kind_of(content)}; only single values are compared", datum.origin)
            forms: list[Any] = [{} if isinstance(content, Fields) else []]
        case Text():
            literal = content.literal()
            if literal is None and set(asked) != {"type"}:
                return unknown(f"{place.name} is not known: {content.why_open()}", datum.origin)
            if literal is None and not _is_all_text(asked["type"]):
                # It may become any text, one that CloudFormation takes for a number included.
                return unknown(f"{place.name} is not known: {content.why_open()}", datum.origin)
            forms = _forms(literal if literal is not None else "")
        case bool() | int() | float() | str():
            forms = _forms(content)
        case _:
            forms = [None]
    if any(not list(_broken(form, asked)) for form in forms):
        return yes(f"{place.name} is {_shown(datum)}", datum.origin)
    word = next(_broken(forms[0], asked))
    wanted = json.dumps(asked[word], ensure_ascii=False)
    return no(f"{place.name} is {_shown(datum)}; the rule asks for {word} {wanted[:80]}", datum.origin)


def _is_all_text(said: Any) -> bool:  # noqa: ANN401 (JSON)
    return "string" in ([said] if isinstance(said, str) else said)


def _broken(form: object, asked: dict[str, Any]) -> Iterator[str]:
    for word, said in asked.items():
        if not Draft202012Validator({word: said}).is_valid(form):
            yield word


def _forms(content: str | float | bool) -> list[Any]:
    """A value, and what CloudFormation would take it for."""
    if not isinstance(content, str):
        return [content, written(content)]
    forms: list[Any] = [content]
    if content.lower() in {"true", "false"}:
        forms.append(content.lower() == "true")
    try:
        number = float(content) if len(content) < 40 else None
    except ValueError:
        return forms
    if number is not None and number - number == 0:
        forms.append(int(number) if number.is_integer() else number)
    return forms


def _of_mapping(fields: Fields, datum: Datum, asked: dict[str, Any], place: _Place) -> Iterator[Truth]:
    present = dict(fields.items())
    named = asked.get("properties", {})
    patterns = asked.get("patternProperties", {})
    for key, inner in named.items():
        if key in present:
            yield _fits(present[key], inner, place.inner(key, present[key].origin))
        elif fields.open and inner is not True and inner != {}:
            yield unknown(f"{place.name} may have {key}: {fields.open}", datum.origin)
    for key in asked.get("required", ()):
        yield _has(key, present, fields, place)
    for key, others in asked.get("dependentRequired", {}).items():
        there = _has(key, present, fields, place)
        yield some((~there, every([_has(other, present, fields, place) for other in others])))
    for key, value in present.items():
        inner_place = place.inner(key, value.origin)
        matching = [
            inner for pattern, inner in patterns.items() if Draft202012Validator({"pattern": pattern}).is_valid(key)
        ]
        for inner in matching:
            yield _fits(value, inner, inner_place)
        if key not in named and not matching and "additionalProperties" in asked:
            yield _fits(value, asked["additionalProperties"], inner_place)
        if "propertyNames" in asked:
            yield _fits(Datum(key, fields.place(key) or datum.origin), asked["propertyNames"], inner_place)
    if fields.open and {"patternProperties", "additionalProperties", "propertyNames"} & asked.keys():
        yield unknown(f"{place.name} may have more: {fields.open}", datum.origin)
    yield from _counted(
        len(present), fields.open, (asked.get("minProperties"), asked.get("maxProperties")), datum, place
    )


def _has(key: str, present: dict[str, Datum], fields: Fields, place: _Place) -> Truth:
    near = fields.place(key) or place.origin
    name = place.inner(key, near).name
    if key in present:
        return yes(f"{name} is set", near)
    return unknown(f"{name} may be set: {fields.open}", near) if fields.open else no(f"{name} is not set", near)


def _of_list(items: Items, datum: Datum, asked: dict[str, Any], place: _Place) -> Iterator[Truth]:
    members = list(items)
    first = asked.get("prefixItems", [])
    for index, member in enumerate(members):
        inner = first[index] if index < len(first) else asked.get("items", True)
        yield _fits(member, inner, place.inner(index, member.origin))
    if items.open and (first or asked.get("items", True) is not True):
        yield unknown(f"{place.name} may have more: {items.open}", datum.origin)
    if "contains" in asked:
        found = some([_fits(item, asked["contains"], place.inner(at, item.origin)) for at, item in enumerate(members)])
        if found.answer is Answer.NO:
            said = f"nothing in {place.name} is as the rule asks"
            found = unknown(f"{said}, but {items.open}", datum.origin) if items.open else no(said, datum.origin)
        yield found
    if asked.get("uniqueItems"):
        yield _unique(members, items, datum, place)
    yield from _counted(len(members), items.open, (asked.get("minItems"), asked.get("maxItems")), datum, place)


def _unique(members: list[Datum], items: Items, datum: Datum, place: _Place) -> Truth:
    seen: set[tuple[str, Any]] = set()
    vague = items.open
    for member in members:
        content = member.content
        text = content.literal() if isinstance(content, Text) else content
        if text is None or isinstance(text, Open | Fields | Items | Nothing):
            vague = vague or f"one of them is {kind_of(content)}"
            continue
        if (type(text).__name__, text) in seen:
            return no(f"{place.name} has {_shown(member)} twice", member.origin)
        seen.add((type(text).__name__, text))
    if vague:
        return unknown(f"whether {place.name} has something twice is not known: {vague}", datum.origin)
    return yes(f"{place.name} has nothing twice", datum.origin)


def _counted(count: int, opened: str, bounds: tuple[Any, Any], datum: Datum, place: _Place) -> Iterator[Truth]:
    """Whether there are as many as `bounds` say; either of them may be None."""
    least, most = bounds
    said = f"{place.name} has {count}"
    if least is not None and count < least:
        short = f"{said}; the rule asks for {least} at least"
        yield unknown(f"{short}, but {opened}", datum.origin) if opened else no(short, datum.origin)
    if most is not None and count > most:
        yield no(f"{said}; the rule asks for {most} at most", datum.origin)
    elif most is not None and opened:
        yield unknown(f"{said}, but {opened}", datum.origin)


def _of_schemas(datum: Datum, asked: dict[str, Any], place: _Place) -> Iterator[Truth]:
    inner = place.deeper()
    if "$ref" in asked:
        yield _fits(datum, _referred(asked["$ref"], place.whole), inner)
    yield from (_fits(datum, one, inner) for one in asked.get("allOf", ()))
    if "anyOf" in asked:
        yield some([_fits(datum, one, inner) for one in asked["anyOf"]])
    if "oneOf" in asked:
        yield _one([_fits(datum, one, inner) for one in asked["oneOf"]], datum, place)
    if "not" in asked:
        yield ~_fits(datum, asked["not"], inner)
    if "if" in asked:
        condition = _fits(datum, asked["if"], inner)
        then = _fits(datum, asked.get("then", True), inner)
        otherwise = _fits(datum, asked.get("else", True), inner)
        yield some((every((condition, then)), every((~condition, otherwise)), every((then, otherwise))))


def _one(truths: list[Truth], datum: Datum, place: _Place) -> Truth:
    """Whether exactly one holds."""
    holding = [truth for truth in truths if truth.answer is Answer.YES]
    if len(holding) > 1:
        return no(f"{place.name} fits {len(holding)} forms, and the rule asks for one", datum.origin)
    if any(truth.answer is Answer.UNKNOWN for truth in truths):
        return every([truth for truth in truths if truth.answer is Answer.UNKNOWN])
    return holding[0] if holding else some(truths)


def _referred(reference: str, whole: Any) -> Any:  # noqa: ANN401 (JSON)
    """The schema that a `$ref` within the rule means; `property_rules` has checked that it is there."""
    found = whole
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def _shown(datum: Datum) -> str:
    match datum.content:
        case Text() as text:
            return text.shown()
        case Fields() | Items() | Open() | Nothing() as content:
            return kind_of(content)
        case content:
            return written(content)
