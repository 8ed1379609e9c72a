"""Patterns of IAM as languages: whether one fits a text, meets another pattern, or contains all of it.

`*` is any text, `?` any one character, and nothing else is special. Parts of either side may not be known (holes): an
answer is yes if it holds whatever they are, no if it holds for nothing that they may be. A yes and a no are always
right; some questions with holes that could be decided are still answered with unknown.

In an ARN the wildcards of the first five fields do not go across colons, those of the sixth do, and an ARN with fewer
fields is completed with stars. Case counts in resources and not in actions.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from functools import lru_cache

from recoverable.arn import ACCOUNT, PARTITION, PARTITIONS
from recoverable.policy.overlays import (
    EVERYTHING,
    LONGEST,
    PSEUDO,
    Glob,
    Sense,
    Wild,
    fits_literal,
    named,
    runs_through,
    too_long,
)
from recoverable.text import Hole, Text
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def glob(text: Text, *, wild: bool = True) -> Glob:
    """A text as a pattern. Not `wild`: its stars and question marks mean themselves."""
    return glued(
        piece for part in text.parts for piece in (_pieces(part) if wild and isinstance(part, str) else (part,))
    )


def glued(pieces: Iterable[str | Hole | Wild]) -> Glob:
    """Pieces of a pattern with neighbouring stretches made one, and runs of wildcards in one order: `??*`."""
    made: list[str | Hole | Wild] = []
    for piece in pieces:
        if piece == "":
            continue
        last = made[-1] if made else None
        if isinstance(piece, str) and isinstance(last, str):
            made[-1] = last + piece
        elif last is Wild.ANY and isinstance(piece, Wild):
            if piece is Wild.ONE:
                made.insert(-1, piece)
        else:
            made.append(piece)
    return tuple(made)


def lowered(pattern: Glob) -> Glob:
    """The same for comparisons in which case does not count."""
    return tuple(piece.lower() if isinstance(piece, str) else piece for piece in pattern)


def literal(pattern: Glob) -> str | None:
    """The one text that fits, if there is no wildcard and no hole."""
    if not pattern:
        return ""
    return pattern[0] if len(pattern) == 1 and isinstance(pattern[0], str) else None


# ---- Texts as they stand in policies.


def fits(pattern: Text, subject: Text) -> Answer:
    """Whether a pattern fits a text in which nothing is a wildcard; case counts."""
    return glob_contains(glob(pattern), glob(subject, wild=False))


def meets(one: Text, other: Text) -> Answer:
    """Whether there is a text that both patterns fit; case counts."""
    return glob_meets(glob(one), glob(other))


def contains(wide: Text, narrow: Text) -> Answer:
    """Whether `wide` fits every text that `narrow` fits; case counts."""
    return glob_contains(glob(wide), glob(narrow))


@lru_cache(20_000)
def fits_action(pattern: Text, action: Text) -> Answer:
    """Whether a pattern of an Action element means an action (`dynamodb:CreateBackup`). Asked of the same ones again
    and again, so that it is worked out once."""
    return glob_contains(lowered(glob(pattern)), lowered(glob(action, wild=False)))


def meets_action(one: Text, other: Text) -> Answer:
    return glob_meets(lowered(glob(one)), lowered(glob(other)))


def contains_action(wide: Text, narrow: Text) -> Answer:
    return glob_contains(lowered(glob(wide)), lowered(glob(narrow)))


def fits_arn(pattern: Text, arn: Text) -> Answer:
    """Whether a pattern of a Resource element means a resource: an ARN, or `*` for actions that are about none."""
    return arn_contains(glob(pattern), glob(arn, wild=False))


def meets_arn(one: Text, other: Text) -> Answer:
    return arn_meets(glob(one), glob(other))


def contains_arn(wide: Text, narrow: Text) -> Answer:
    return arn_contains(glob(wide), glob(narrow))


# ---- Patterns, as one text.


def glob_contains(wide: Glob, narrow: Glob) -> Answer:
    if wide == EVERYTHING:
        return Answer.YES
    whole, given = literal(wide), literal(narrow)
    if given is not None:
        if whole is not None:
            return Answer.YES if whole == given else Answer.NO
        quick = fits_literal(wide, given)
        if quick is not None:
            return Answer.YES if quick else Answer.NO
    elif whole is not None and not any(isinstance(piece, Hole) for piece in narrow):
        return Answer.NO  # a wildcard fits more than one text
    elif wide == narrow and all(not isinstance(piece, Hole) or named(piece) for piece in wide):
        return Answer.YES
    if _of_two_things(wide, narrow) or _is_no_account(wide, given) or _is_no_account(narrow, whole):
        return Answer.NO
    if too_long(wide) or too_long(narrow):
        return Answer.UNKNOWN
    if runs_through(wide, narrow, Sense.SURELY_CONTAINS):
        return Answer.YES
    if not any(isinstance(piece, Hole) for side in (wide, narrow) for piece in side):
        return Answer.NO
    return Answer.UNKNOWN if runs_through(wide, narrow, Sense.MAY_CONTAIN) else Answer.NO


def glob_meets(one: Glob, other: Glob) -> Answer:
    if EVERYTHING in (one, other):
        return Answer.YES
    for pattern, text in ((one, literal(other)), (other, literal(one))):
        if text is not None:
            quick = fits_literal(pattern, text)
            if quick is not None:
                return Answer.YES if quick else Answer.NO
    if too_long(one) or too_long(other):
        return Answer.UNKNOWN
    if runs_through(one, other, Sense.SURELY_MEETS):
        return Answer.YES
    if not any(isinstance(piece, Hole) for side in (one, other) for piece in side) or _of_two_things(one, other):
        return Answer.NO
    return Answer.UNKNOWN if runs_through(one, other, Sense.MAY_MEET) else Answer.NO


# ---- Patterns of ARNs.


def arn_contains(wide: Glob, narrow: Glob) -> Answer:
    if wide == EVERYTHING:
        return Answer.YES
    if _is_star(narrow):
        return Answer.UNKNOWN if _may_be_all(wide) else Answer.NO
    return _by_fields(wide, narrow, glob_contains)


def arn_meets(one: Glob, other: Glob) -> Answer:
    if EVERYTHING in (one, other):
        return Answer.YES
    return _by_fields(one, other, glob_meets)


def _is_star(pattern: Glob) -> bool:
    """Whether it is what a request has for a resource where its action is about none, or the pattern for everything."""
    return pattern in (EVERYTHING, ("*",))


def _may_be_all(pattern: Glob) -> bool:
    return bool(pattern) and all(
        piece is Wild.ANY or (isinstance(piece, Hole) and piece.stands_for not in PSEUDO) for piece in pattern
    )


def _by_fields(one: Glob, other: Glob, compare: Callable[[Glob, Glob], Answer]) -> Answer:
    first, second = fields(one), fields(other)
    if first is None or second is None:
        answer = compare(one, other)
        if answer is Answer.NO:
            # With fewer colons than an ARN has, it may be one that is completed.
            longer = [_completed(side) if fields(side) is None else side for side in (one, other)]
            return Answer.NO if compare(*longer) is Answer.NO else Answer.UNKNOWN
        # Where the colons are not known, a wildcard may seem to go across one that it may not.
        return Answer.UNKNOWN if answer is Answer.YES and not _after_the_colons(one) else answer
    answer = Answer.YES
    for at, (mine, theirs) in enumerate(zip(first, second, strict=True)):
        if mine == EVERYTHING or (at == 1 and _one_partition(mine, theirs)):
            continue
        match compare(mine, theirs):
            case Answer.NO:
                return Answer.NO
            case Answer.UNKNOWN:
                answer = Answer.UNKNOWN
    return answer


def fields(pattern: Glob) -> list[Glob] | None:
    """The six fields of an ARN, the last one with all that follows; None where a hole may hide a colon before it."""
    found: list[list[str | Hole | Wild]] = [[]]
    for piece in pattern:
        if isinstance(piece, Hole) and len(found) < 6 and piece.stands_for not in PSEUDO:
            return None
        if not isinstance(piece, str):
            found[-1].append(piece)
            continue
        first, *others = piece.split(":", 6 - len(found))
        if first:
            found[-1].append(first)
        found.extend([other] if other else [] for other in others)
    found.extend([Wild.ANY] for _ in range(6 - len(found)))
    return [glued(each) for each in found]


def _completed(pattern: Glob) -> Glob:
    colons = sum(piece.count(":") for piece in pattern if isinstance(piece, str))
    return pattern if colons >= 5 else glued((*pattern, ":", Wild.ANY))


def _after_the_colons(pattern: Glob) -> bool:
    """Whether all wildcards stand after the fifth colon, one that begins with a hole (`${Table.Arn}/*`) included."""
    if not any(isinstance(piece, Wild) for piece in pattern):
        return True
    return isinstance(pattern[0], Hole) and pattern[0].stands_for not in PSEUDO


def _one_partition(one: Glob, other: Glob) -> bool:
    """Whether one leaves the partition open and the other does, too, or names one: no account has two."""
    return all(
        len(field) == 1
        and (field[0] in PARTITIONS or (isinstance(field[0], Hole) and field[0].stands_for == PARTITION))
        for field in (one, other)
    ) and not (isinstance(one[0], str) and isinstance(other[0], str))


# ---- How it is worked out.


def _pieces(part: str) -> Sequence[str | Wild]:
    if "*" not in part and "?" not in part:
        return (part,)
    found: list[str | Wild] = []
    start = 0
    for at, letter in enumerate(part):
        if letter in "*?":
            found.extend((part[start:at], Wild.ANY if letter == "*" else Wild.ONE))
            start = at + 1
    found.append(part[start:])
    return found


def _of_two_things(one: Glob, other: Glob) -> bool:
    """Whether both are alike up to the names of two things of one kind (`${Orders}`, `${Customers}`), which differ."""
    for at, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine == theirs and not isinstance(mine, Wild):
            continue
        return (
            isinstance(mine, Hole)
            and isinstance(theirs, Hole)
            and _are_two(mine, theirs)
            and _is_whole(one[at + 1 :])
            and _is_whole(other[at + 1 :])
        )
    return False


def _are_two(one: Hole, other: Hole) -> bool:
    mine, _, attribute = one.stands_for.rpartition(".")
    theirs, _, same = other.stands_for.rpartition(".")
    alike = bool(one.type) and one.type == other.type and attribute == same
    # `tables` may be all instances of a resource, `tables[0]` one of them.
    return alike and mine != theirs and not (f"{mine}[".startswith(f"{theirs}[") or f"{theirs}[".startswith(f"{mine}["))


def _is_no_account(one: Glob, other: str | None) -> bool:
    """Whether one is an account of which only that is known, and the other a text that no account is called by."""
    if other is None or len(one) != 1 or not isinstance(one[0], Hole) or one[0].stands_for != ACCOUNT:
        return False
    return not (len(other) == 12 and other.isascii() and other.isdigit())


def _is_whole(rest: Glob) -> bool:
    """Whether a name ends before what follows it."""
    return not rest or (isinstance(rest[0], str) and rest[0][0] in "/:")


__all__ = [
    "EVERYTHING", "LONGEST", "Glob", "Wild", "arn_contains", "arn_meets", "contains", "contains_action", "contains_arn",
    "fields", "fits", "fits_action", "fits_arn", "glob", "glob_contains", "glob_meets", "glued", "literal", "lowered",
    "meets", "meets_action", "meets_arn",
]  # fmt: skip
