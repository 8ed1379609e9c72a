"""The functions that the `aws` provider brings: all of them are about ARNs.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_parse
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields
from recoverable.read.terraform.functions.arguments import Function, Given, plain, unknown, wrong
from recoverable.text import Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content, Pending
    from recoverable.source import Span

_PARTS = ("partition", "service", "region", "account_id", "resource")


def build(given: Given) -> Content:
    return plain(joined("arn", *(part for at in range(5) for part in (":", given.template(at)))))


def parse(given: Given) -> Content:
    """The parts between the colons; the last one may have colons of its own."""
    fields = _split(given.template(0))
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        name: (given.span, given.datum(plain(part))) for name, part in zip(_PARTS, fields, strict=True)
    }
    return Fields(entries)


def trim_role_path(given: Given) -> Content:
    """The ARN of a role without the path before its name."""
    text = given.text(0)
    *before, resource = text.split(":", 5)
    if len(before) != 5 or before[0] != "arn" or before[2] != "iam" or not resource.startswith("role/"):
        raise wrong(f"{text[:100]} is no ARN of a role")
    return ":".join((*before, f"role/{resource.rpartition('/')[2]}"))


def _split(arn: Text) -> list[Text]:
    """The five parts of an ARN. What is not known in one is taken for a part of it, without colons."""
    if not arn.parts or not isinstance(arn.parts[0], str):
        raise unknown(arn.why_open())
    fields = [Text(())]
    for piece in arn.parts:
        if not isinstance(piece, str):
            if len(fields) < 6 and piece is arn.parts[-1]:
                raise unknown(arn.why_open())
            fields[-1] = joined(fields[-1], piece)
            continue
        first, *others = piece.split(":", 6 - len(fields)) if len(fields) < 6 else [piece]
        fields[-1] = joined(fields[-1], first)
        fields += [joined(each) for each in others]
    if len(fields) != 6 or fields[0].literal() != "arn":
        raise wrong(f"{arn.shown()[:100]} is no ARN")
    return fields[1:]


FUNCTIONS = {
    "provider::aws::arn_build": Function(build, 5, 5),
    "provider::aws::arn_parse": Function(parse, 1, 1),
    "provider::aws::trim_iam_role_path": Function(trim_role_path, 1, 1),
}
