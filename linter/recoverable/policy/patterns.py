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

from enum import Enum

from recoverable.arn import ACCOUNT, PARTITION, PARTITIONS, REGION
from recoverable.text import Hole, Text
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: No policy has more characters (10,240 is the largest quota). Longer texts are compared only where that is easy.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = 10_240

_PIECES = 100

_PSEUDO = (PARTITION, REGION, ACCOUNT)

#: What a partition, a Region or an account id is made of.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Wild(Enum):
    ANY = "*"
    ONE = "?"


#: A pattern: literal stretches, wildcards, and holes. Never two stretches in a row, never an empty one.
Glob = tuple[str | Hole | Wild, ...]

EVERYTHING: Glob = (Wild.ANY,)


class Sense(Enum):
    """How two sides are laid beside each other: see `_runs_through`."""

    SURELY_CONTAINS = 1
    MAY_CONTAIN = 2
    SURELY_MEETS = 3
    MAY_MEET = 4


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


def fits_action(pattern: Text, action: Text) -> Answer:
    """Whether a pattern of an Action element means an action (`dynamodb:CreateBackup`)."""
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
        quick = _fits_literal(wide, given)
        if quick is not None:
            return Answer.YES if quick else Answer.NO
    elif whole is not None and not any(isinstance(piece, Hole) for piece in narrow):
        return Answer.NO  # a wildcard fits more than one text
    elif wide == narrow and all(not isinstance(piece, Hole) or _named(piece) for piece in wide):
        return Answer.YES
    if _of_two_things(wide, narrow):
        return Answer.NO
    if _too_long(wide) or _too_long(narrow):
        return Answer.UNKNOWN
    if _runs_through(wide, narrow, Sense.SURELY_CONTAINS):
        return Answer.YES
    if not any(isinstance(piece, Hole) for side in (wide, narrow) for piece in side):
        return Answer.NO
    return Answer.UNKNOWN if _runs_through(wide, narrow, Sense.MAY_CONTAIN) else Answer.NO


def glob_meets(one: Glob, other: Glob) -> Answer:
    if EVERYTHING in (one, other):
        return Answer.YES
    for pattern, text in ((one, literal(other)), (other, literal(one))):
        if text is not None:
            quick = _fits_literal(pattern, text)
            if quick is not None:
                return Answer.YES if quick else Answer.NO
    if _too_long(one) or _too_long(other):
        return Answer.UNKNOWN
    if _runs_through(one, other, Sense.SURELY_MEETS):
        return Answer.YES
    if not any(isinstance(piece, Hole) for side in (one, other) for piece in side) or _of_two_things(one, other):
        return Answer.NO
    return Answer.UNKNOWN if _runs_through(one, other, Sense.MAY_MEET) else Answer.NO


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
        piece is Wild.ANY or (isinstance(piece, Hole) and piece.stands_for not in _PSEUDO) for piece in pattern
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
        if isinstance(piece, Hole) and len(found) < 6 and piece.stands_for not in _PSEUDO:
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
    return isinstance(pattern[0], Hole) and pattern[0].stands_for not in _PSEUDO


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


def _named(hole: Hole) -> str:
    return hole.stands_for or hole.parameter


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


def _is_whole(rest: Glob) -> bool:
    """Whether a name ends before what follows it."""
    return not rest or (isinstance(rest[0], str) and rest[0][0] in "/:")


def _too_long(pattern: Glob) -> bool:
    """Whether it takes too long to be laid beside another: by its letters, or by its holes."""
    if len(pattern) > _PIECES and sum(isinstance(piece, Hole) for piece in pattern) > _PIECES:
        return True
    return sum(len(piece) if isinstance(piece, str) else 1 for piece in pattern) > LONGEST


def _fits_literal(pattern: Glob, text: str) -> bool | None:
    """Whether a pattern of stretches and stars fits a text; None where it has more than that and takes a closer look.

    The leftmost place of each stretch is the best one, so that nothing is tried twice.
    """
    if not pattern:
        return not text
    for piece in pattern:
        if piece is not Wild.ANY and not isinstance(piece, str):
            return None
    first, last = pattern[0], pattern[-1]
    at, end = 0, len(text)
    inner = pattern
    if isinstance(first, str):
        if not text.startswith(first):
            return False
        at, inner = len(first), inner[1:]
    if isinstance(last, str) and inner:
        if end - len(last) < at or not text.endswith(last):
            return False
        end, inner = end - len(last), inner[:-1]
    if not inner:
        return at == end
    for piece in inner:
        if isinstance(piece, str):
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
    return True


#: What a side is made of when the two are laid beside each other. A letter is itself; a hole with a name is ("#name",).
_Token = str | Wild | tuple[str]
_WORD = ("-",)  # a hole for a text without a colon: a partition, a Region or an account
_GAP = ("?",)  # any other hole


def _tokens(pattern: Glob) -> list[_Token]:
    tokens: list[_Token] = []
    for piece in pattern:
        if isinstance(piece, str):
            tokens.extend(piece)
        elif isinstance(piece, Wild):
            tokens.append(piece)
        else:
            tokens.append((f"#{_named(piece)}",) if _named(piece) else _GAP)
    return tokens


def _loose(token: _Token) -> _Token:
    """A hole that may be what suits the question best."""
    if isinstance(token, tuple):
        return _WORD if token[0].removeprefix("#") in _PSEUDO else _GAP
    return token


def _runs_through(one: Glob, other: Glob, sense: Sense) -> bool:
    """Whether `one` can be laid over all of `other`, by the places in `other` that are reached, as bits of a number.

    To *contain*, what `one` has must take in whatever a wildcard of `other` may be, so that only a star of `one` goes
    over a star of `other`; to *meet*, a wildcard of either side takes in what the other has. *Surely*: a hole is a
    letter that only a star or the same hole goes over. *May*: a hole takes in what suits. Time grows with the product
    of the lengths over the width of a machine word.
    """
    surely = sense in (Sense.SURELY_CONTAINS, Sense.SURELY_MEETS)
    meeting = sense in (Sense.SURELY_MEETS, Sense.MAY_MEET)
    mine, theirs = _tokens(one), _tokens(other)
    if not surely:
        mine, theirs = _in_order([_loose(token) for token in mine]), [_loose(token) for token in theirs]
    places = _places(theirs)
    length = len(theirs)
    everywhere = (1 << length + 1) - 1
    holes = 0
    for token, where in places.items():
        if isinstance(token, tuple):
            holes |= where
    stars, ones = places.get(Wild.ANY, 0), places.get(Wild.ONE, 0)
    # `gaps` take in what `one` has and may be passed by; `fixed` are single letters; `passed` needs a star of `one`.
    gaps = (stars if meeting else 0) | (0 if surely else holes)
    words = 0 if surely else places.get(_WORD, 0)
    open_gaps = gaps & ~words
    passed = (0 if meeting else stars) | (holes if surely else 0)
    letters = ((1 << length) - 1) & ~(stars | holes | ones)
    reached = _past(1, gaps)
    for at, token in enumerate(mine):
        if token is Wild.ANY or token in (_GAP, _WORD):
            if surely and token is not Wild.ANY:
                return False
            reached = everywhere & ~((reached & -reached) - 1)
            continue
        if token is Wild.ONE:
            if _in_starred_run(mine, at):
                reached = _past(reached, passed)
            reached = ((reached & (letters | ones)) << 1) | (reached & gaps)
        elif isinstance(token, tuple):  # a hole with a name, and surely
            reached = ((reached & places.get(token, 0)) << 1) | (reached & stars if meeting else 0)
        else:
            within = open_gaps | (words if token in _PLAIN else 0)
            steps = places.get(token, 0) | (ones if meeting else 0)
            reached = ((reached & steps) << 1) | (reached & within)
        reached = _past(reached, gaps)
        if not reached:
            return False
    return bool(reached >> length & 1)


def _in_order(tokens: list[_Token]) -> list[_Token]:
    """Tokens with each run of wildcards and holes, which may be nothing, made one of question marks and then a star."""
    found: list[_Token] = []
    for token in tokens:
        if found and found[-1] is Wild.ANY and not isinstance(token, str):
            if token is Wild.ONE:
                found.insert(-1, token)
        else:
            found.append(Wild.ANY if isinstance(token, tuple) else token)
    return found


def _in_starred_run(tokens: list[_Token], at: int) -> bool:
    """Whether a question mark stands in a run of wildcards that ends in a star: then it may stand anywhere in it."""
    while at < len(tokens) and tokens[at] is Wild.ONE:
        at += 1
    return at < len(tokens) and tokens[at] is Wild.ANY


def _past(reached: int, gaps: int) -> int:
    """Also the places behind what may be passed by."""
    while True:
        more = reached | ((reached & gaps) << 1)
        if more == reached:
            return reached
        reached = more


def _places(tokens: Sequence[_Token]) -> dict[_Token, int]:
    """Where each token stands, as bits."""
    listed: dict[_Token, list[int]] = {}
    for at, token in enumerate(tokens):
        listed.setdefault(token, []).append(at)
    found: dict[_Token, int] = {}
    for token, places in listed.items():
        bits = bytearray(len(tokens) // 8 + 1)
        for at in places:
            bits[at >> 3] |= 1 << (at & 7)
        found[token] = int.from_bytes(bits, "little")
    return found
