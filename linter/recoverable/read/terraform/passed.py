"""Policies that a root passes to modules that cannot be read: what such a module does with them, nobody knows.

https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws
https://registry.terraform.io/modules/terraform-aws-modules/iam/aws
"""

from __future__ import annotations

from recoverable.estate.documents import PolicyDocument
from recoverable.estate.subject import Subject
from recoverable.read.data import Datum, Fields, Items
from recoverable.read.exploring import variants_of
from recoverable.read.policies import parsed, read_policy
from recoverable.read.terraform.evaluate import Evaluation
from recoverable.read.terraform.walk import Budget, Walk
from recoverable.value import Entry, Known, Unknown, Value, Variant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recoverable.policy.document import Policy
    from recoverable.read.terraform.roots import Root, Unread
    from recoverable.scenario import Run

#: What says where a module is and how often, and no more.
_META = ("source", "version", "providers", "count", "for_each", "depends_on")
#: More documents than this in one list are not looked at.
_MOST_DOCUMENTS = 50


def read_passed(roots: Sequence[Root]) -> tuple[Entry[PolicyDocument], ...]:
    """The policies among the arguments of such modules, as ones that somebody may have.

    One with principals hangs on some resource that is of no concern here.
    """
    entries: list[Entry[PolicyDocument]] = []
    budget = Budget()
    for root in roots:
        for unread in root.unread:

            def step(run: Run, room: int | None, root: Root = root, unread: Unread = unread) -> dict[str, Policy]:
                return _policies(root, unread, Walk(run, room=room, budget=budget))

            variants, _ = variants_of(step)
            for part in dict.fromkeys(part for variant in variants for part in variant.item or ()):
                entries.append(
                    Entry(
                        tuple(
                            Variant(each.scenario, _document(root, unread, part, (each.item or {}).get(part)))
                            for each in variants
                        )
                    )
                )
    return tuple(entries)


def _policies(root: Root, unread: Unread, walk: Walk) -> dict[str, Policy]:
    """The policies among the arguments of one call, by argument and place in it."""
    modules = [root.instance()]
    for name in unread.address.split(".")[1:-2:2]:
        modules = [below for module in modules for below in module.called(name, walk) or ()]
    found: dict[str, Policy] = {}
    for module in modules[:1]:
        evaluation = Evaluation(module, walk)
        for name, argument in unread.call.body.arguments.items():
            if name not in _META:
                for part, datum in _documents(name, evaluation.value(argument.expression())):
                    found[part] = read_policy(datum)
    return {
        part: policy
        for part, policy in found.items()
        if policy.statements and not any(one.principals or one.not_principal for one in policy.statements)
    }


def _documents(part: str, datum: Datum) -> Iterator[tuple[str, Datum]]:
    """The policy documents in a value: itself, or the members of a list of them."""
    if isinstance(datum.content, Items) and datum.encoded is None:
        for number, item in enumerate(datum.content.unforced()[:_MOST_DOCUMENTS], 1):
            inner = item if isinstance(item, Datum) else item.force()
            yield from ((f"{part} #{number}", inner),) if _is_policy(inner) else ()
    elif _is_policy(datum):
        yield part, datum


def _is_policy(datum: Datum) -> bool:
    text = datum.text().literal() or "" if datum.encoded is None and not isinstance(datum.content, Fields) else ""
    if text and '"Statement"' not in text:
        return False
    fields = parsed(datum).content
    statement = fields.get("Statement") if isinstance(fields, Fields) else None
    if statement is None:
        return False
    return any(one.fields().get("Effect") is not None for one in statement.list())


def _document(root: Root, unread: Unread, part: str, policy: Policy | None) -> PolicyDocument | None:
    if policy is None:
        return None
    span = unread.call.span
    subject = Subject(
        kind="policy",
        address=unread.address,
        name=Value("name", Known(part, span)),
        path=span.path,
        origin=span,
        region=Value("region", Unknown("IAM is the same in all Regions")),
        account=Value("account", Unknown(f"{unread.address} was not read")),
        part=part,
        extent=span,
    )
    key = f"{root.module.path or '.'}#{unread.address}|{part}"
    return PolicyDocument(key, "unattached", subject, policy, holders_open=f"{unread.address} was not read")
