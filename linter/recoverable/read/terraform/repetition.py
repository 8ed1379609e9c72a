"""`count` and `for_each`: how often something is made, and what its instances are to expressions.

https://developer.hashicorp.com/terraform/language/meta-arguments/count
https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.terraform.evaluate import Each
from recoverable.read.terraform.operators import as_number
from recoverable.read.terraform.values import open_of, pairs_of, wrong
from recoverable.scenario import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.hcl.syntax import Argument, Body
    from recoverable.read.terraform.evaluate import Evaluation
    from recoverable.source import Span

#: More instances of one resource than this are not followed one by one.
MOST_INSTANCES = 500


def repeated(body: Body) -> bool:
    """Whether what a block declares has `count` or `for_each`."""
    return repetition_in(body.arguments) is not None


def repetition_in(arguments: dict[str, Argument]) -> Argument | None:
    """The argument that says how often something is made."""
    return arguments.get("count") or arguments.get("for_each")


def repetitions(
    evaluation: Evaluation, arguments: dict[str, Argument], address: str
) -> Iterator[tuple[str, Each | None]]:
    """The suffix of each instance's address, and what `each` and `count` are in it."""
    repetition = repetition_in(arguments)
    if repetition is None:
        yield "", None
        return
    datum = evaluation.value(repetition.expression())
    opened = ""
    if repetition.name == "count":
        number = as_number(datum)
        if not isinstance(number, Open):
            for index in range(min(int(number), MOST_INSTANCES)):
                at = Datum(index, repetition.value_span)
                yield f"[{index}]", Each(at, at, at)
            return
        opened = number.reason
    else:
        pairs = pairs_of(datum)
        if isinstance(pairs, Open):
            opened = pairs.reason
        else:
            opened = open_of(datum)
            seen = set()
            for key, value in pairs[:MOST_INSTANCES]:
                named = value if isinstance(datum.content, Items) else key
                text = literal(named)
                if text is None:
                    opened = opened or "a key that is not known"
                elif text not in seen:
                    seen.add(text)
                    yield f'["{text}"]', Each(named, value)
            if not opened:
                return
    # How many there are is left to the deployment: none, or some of which one stands for all.
    made = evaluation.walk.decide(Choice(evaluation.module.root_scope, f"{address}[?]", ("made", "not made")))
    if made != "not made":
        unknown = Datum(Open(opened), repetition.value_span)
        yield "[?]", Each(unknown, unknown, unknown)


def collected(instances: list[tuple[str, Datum]], *, by: Argument | None, span: Span) -> Datum:
    """Instances as an expression sees them: one, a list by index, or a mapping by key. Each comes with its suffix;
    `by` says how they are repeated.
    """
    if by is None:
        return instances[0][1] if instances else Datum(Open("it is not made"), span)
    keys = [suffix[1:-1] for suffix, _ in instances]
    if "?" in keys:
        reason = "how many there are is known when Terraform runs"
        # Of those that are counted there is a first one, if there is any.
        return Datum(Items((instances[0][1],), reason) if by.name == "count" else Open(reason), span)
    if all(key.isdigit() for key in keys):
        return Datum(Items(tuple(datum for _, datum in instances)), span)
    return Datum(Fields({key[1:-1]: (span, datum) for key, (_, datum) in zip(keys, instances, strict=True)}), span)


def each_of(evaluation: Evaluation, name: str, first: str, span: Span) -> Datum:
    """`each.key`, `each.value` or `count.index` of the instance that is being read."""
    each = evaluation.each
    if each is None:
        return wrong(f"there is no {name} here", span)
    if name == "count":
        return each.number._replace(origin=span) if each.number is not None else wrong("there is no count here", span)
    return (each.key if first == "key" else each.value)._replace(origin=span)
