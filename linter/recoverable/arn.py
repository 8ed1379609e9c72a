"""ARNs and patterns of ARNs, of which parts may not be known: whether a pattern fits, surely, possibly or not at all.

In a pattern `*` is any text, and nothing else is special: AWS Backup knows no `?`.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
"""

from __future__ import annotations

from recoverable.text import Hole, Text
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PARTITION, REGION, ACCOUNT = "AWS::Partition", "AWS::Region", "AWS::AccountId"
_PSEUDO = (PARTITION, REGION, ACCOUNT)

#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
PARTITIONS = frozenset(("aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"))

#: No ARN, and no value of a tag, has as many characters. Longer ones are compared only where all of them is known.
LONGEST = 4_096

#: What a partition, a Region or an account id is made of.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

#: A piece of a text: one character, a hole by its name, or one of these.
Piece = str | tuple[str]
_ANY = ("*",)  # any text
_HOLE = ("?",)  # one text, nobody knows which
_WORD = ("-",)  # one text without a colon: a partition, a Region or an account

Field = tuple[str | Hole, ...]
_STAR = ("*",)


def match(pattern: Text, subject: Text, *, wild: bool = True) -> Answer:
    """Whether `pattern` fits all of `subject`. Not `wild`: a star means itself.

    *Yes* if it does whatever the holes are, *no* if it does for nothing that they may be; a hole has one value wherever
    it stands. A *no* is always right and a *yes* is, too; some texts that can never be equal are still called unknown.
    A partition that is left open is that of the other side: no account has two. Time grows with the product of the
    lengths, over the width of a machine word.
    """
    whole, fixed = pattern.literal(), subject.literal()
    if whole is not None and fixed is not None:
        return Answer.YES if _fits(whole.split("*") if wild else [whole], fixed) else Answer.NO
    if wild and whole is not None and whole.endswith("*") and "*" not in whole[:-1]:
        answer = _begins(whole[:-1], subject)
        if answer is not None:
            return answer
    if _length(pattern) > LONGEST or _length(subject) > LONGEST:
        return Answer.UNKNOWN
    pattern, subject = _without_partition(pattern, subject)
    wanted, given = _pieces(pattern, wild=wild), _pieces(subject, wild=False)
    _drop_the_same(wanted, given)
    if _surely(wanted, given):
        return Answer.YES
    return Answer.UNKNOWN if _possibly(wanted, given) else Answer.NO


def is_documented(pattern: Text) -> bool:
    """Whether AWS says what the pattern means: a star at its end, or for the whole Region or account of an ARN.

    The API page takes prefixes only (`arn:aws:ec2:us-east-1:123456789012:volume/*`); its examples have stars for Region
    and account. A star elsewhere may be any text or mean nothing.
    """
    shown = "".join(part if isinstance(part, str) else "-" for part in pattern.parts).removesuffix("*")
    if "*" not in shown:
        return True
    fields = shown.split(":", 5)
    return all("*" not in field or (field == "*" and at in (3, 4)) for at, field in enumerate(fields))


def match_arn(pattern: Text, arn: Text) -> Answer:
    """`match` for the ARN of a resource whose name holds no colon, such as a table's: no star goes across a colon.

    Field is compared with field then, which tells more.
    """
    wanted, given = _fields(pattern), _fields(arn)
    if wanted is None or given is None:
        return match(pattern, arn)
    answer = Answer.YES
    for one, other in _different(wanted, given):
        match match(one, other):
            case Answer.NO:
                return Answer.NO
            case Answer.UNKNOWN:
                answer = Answer.UNKNOWN
    return answer


def why_unknown(pattern: Text, arn: Text) -> str:
    """Why `match_arn` cannot tell, in words: the reasons of the holes that matter."""
    wanted, given = _fields(pattern), _fields(arn)
    if wanted is None or given is None:
        return pattern.why_open() or arn.why_open()
    open_ = [(one, other) for one, other in _different(wanted, given) if match(one, other) is Answer.UNKNOWN]
    return "; ".join(dict.fromkeys(one.why_open() or other.why_open() for one, other in open_))


def _different(wanted: list[Field], given: list[Field]) -> Iterator[tuple[Text, Text]]:
    """The fields that have to be compared: most are the same, or a star."""
    for at, (one, other) in enumerate(zip(wanted, given, strict=True)):
        same = one == _STAR or (at < 5 and one == other) or (at == 1 and _are_one_partition(one, other))
        if not same:
            yield Text(one), Text(other)


def resource_of(text: Text) -> Text | None:
    """The part of an ARN after its fifth colon, None for a text that is no ARN as far as it is written."""
    colons = 0
    for at, part in enumerate(text.parts):
        if not isinstance(part, str):
            continue
        more = part.count(":")
        if colons + more < 5:
            colons += more
            continue
        rest = part.split(":", 5 - colons)[-1]
        return Text((rest, *text.parts[at + 1 :]) if rest else text.parts[at + 1 :])
    return None


def _fields(text: Text) -> list[Field] | None:
    """The six fields of an ARN, the last one with all that follows; None where a hole may hide a colon before it."""
    fields: list[Field] = [()]
    for part in text.parts:
        if isinstance(part, Hole):
            if len(fields) < 6 and part.stands_for not in _PSEUDO:
                return None
            fields[-1] += (part,)
            continue
        first, *others = part.split(":", 6 - len(fields))
        if first:
            fields[-1] += (first,)
        fields += [(other,) if other else () for other in others]
    return fields if len(fields) == 6 else None


def _are_one_partition(one: Field, other: Field) -> bool:
    """Whether one of them leaves the partition open and the other does, too, or names one."""
    return all(
        len(field) == 1 and (field[0] in PARTITIONS if isinstance(field[0], str) else field[0].stands_for == PARTITION)
        for field in (one, other)
    ) and not (isinstance(one[0], str) and isinstance(other[0], str))


def _fits(stretches: list[str], text: str) -> bool:
    """Whether `text` is these stretches with anything between them."""
    first, *others = stretches
    if not others:
        return first == text
    last = others.pop()
    if not (len(first) + len(last) <= len(text) and text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for stretch in others:
        found = text.find(stretch, at, end)
        if found < 0:
            return False
        at = found + len(stretch)
    return True


def _length(text: Text) -> int:
    return sum(len(part) if isinstance(part, str) else 1 for part in text.parts)


def _begins(beginning: str, subject: Text) -> Answer | None:
    """Whether a text begins in one way, None where that takes a closer look."""
    first = subject.parts[0]
    written = first if isinstance(first, str) else ""
    if written.startswith(beginning):
        return Answer.YES
    hole = subject.parts[1] if written else first
    if not beginning.startswith(written):
        return Answer.NO
    return None if isinstance(hole, str) or hole.stands_for in _PSEUDO else Answer.UNKNOWN


def _without_partition(pattern: Text, subject: Text) -> tuple[Text, Text]:
    """Both without their partitions where one of them leaves it open and the other names it."""
    one, other = _partition(pattern), _partition(subject)
    if one is None or other is None or one[0] == other[0] or PARTITION not in (one[0], other[0]):
        return pattern, subject
    return one[1], other[1]


def _partition(text: Text) -> tuple[str, Text] | None:
    """The partition of an ARN and what follows, None where it begins in some other way."""
    parts = text.parts
    if not parts or not isinstance(parts[0], str) or not parts[0].startswith("arn:"):
        return None
    partition, colon, rest = parts[0][4:].partition(":")
    if colon and partition in PARTITIONS:
        return partition, Text(((rest,) if rest else ()) + parts[1:])
    if partition or colon or len(parts) < 3 or not isinstance(parts[1], Hole) or parts[1].stands_for != PARTITION:
        return None
    after = parts[2]
    if not isinstance(after, str) or not after.startswith(":"):
        return None
    return PARTITION, Text(((after[1:],) if after[1:] else ()) + parts[3:])


def _pieces(text: Text, *, wild: bool) -> list[Piece]:
    pieces: list[Piece] = []
    for part in text.parts:
        if isinstance(part, Hole):
            name = part.stands_for or part.parameter
            pieces.append((f"#{name}",) if name else _HOLE)
        elif wild and "*" in part:
            pieces.extend(_ANY if letter == "*" else letter for letter in part)
        else:
            pieces.extend(part)
    return pieces


def _drop_the_same(wanted: list[Piece], given: list[Piece]) -> None:
    """Take off the beginning and the end that both have: what is equal on both sides tells nothing."""
    least = min(len(wanted), len(given))
    at = 0
    while at < least and wanted[at] == given[at] != _HOLE:
        at += 1
    del wanted[:at], given[:at]
    least -= at
    at = 0
    while at < least and wanted[-1 - at] == given[-1 - at] != _HOLE:
        at += 1
    if at:
        del wanted[-at:], given[-at:]


def _surely(wanted: Sequence[Piece], given: Sequence[Piece]) -> bool:
    """Whether the pattern fits whatever the holes are: each is one letter that equals nothing but itself."""
    if _HOLE in wanted:
        return False
    if _ANY not in wanted:
        return wanted == given
    places = _places(given)
    everywhere = (1 << len(given) + 1) - 1
    reached = 1
    for piece in wanted:
        reached = everywhere & ~((reached & -reached) - 1) if piece == _ANY else (reached & places.get(piece, 0)) << 1
        if not reached:
            return False
    return bool(reached >> len(given))


def _possibly(wanted: Sequence[Piece], given: Sequence[Piece]) -> bool:
    """Whether some text is fit by both, every hole being any text that it can be."""
    merged: list[Piece] = []
    for piece in given:
        kind = _kind(piece)
        if isinstance(kind, str) or not merged or isinstance(merged[-1], str):
            merged.append(kind)
        elif kind == _ANY:
            merged[-1] = _ANY
    places = _places(merged)
    anything, words = places.get(_ANY, 0), places.get(_WORD, 0)
    gaps = anything | words
    everywhere = (1 << len(merged) + 1) - 1
    reached = 1 | ((1 & gaps) << 1)
    for piece in map(_kind, wanted):
        if isinstance(piece, str):
            within = anything | words if piece in _PLAIN else anything
            reached = (reached & places.get(piece, 0)) << 1 | (reached & within)
        else:
            reached = everywhere & ~((reached & -reached) - 1)
        reached |= (reached & gaps) << 1
        if not reached:
            return False
    return bool(reached >> len(merged))


def _kind(piece: Piece) -> Piece:
    """What may stand for a piece when nothing is known of the other side."""
    if isinstance(piece, str):
        return piece
    return _WORD if piece[0].removeprefix("#") in _PSEUDO else _ANY


def _places(pieces: Sequence[Piece]) -> dict[Piece, int]:
    """Where each piece stands, as bits."""
    listed: dict[Piece, list[int]] = {}
    for at, piece in enumerate(pieces):
        listed.setdefault(piece, []).append(at)
    found: dict[Piece, int] = {}
    for piece, places in listed.items():
        bits = bytearray(len(pieces) // 8 + 1)
        for at in places:
            bits[at >> 3] |= 1 << (at & 7)
        found[piece] = int.from_bytes(bits, "little")
    return found
