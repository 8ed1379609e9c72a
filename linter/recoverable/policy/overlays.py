"""One pattern laid over another, place by place: whether it fits all of the other, or has a text in common with it."""

from __future__ import annotations

from enum import Enum

from recoverable.arn import ACCOUNT, PARTITION, REGION
from recoverable.text import Hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: No policy has more characters (10,240 is the largest quota). Longer texts are compared only where that is easy.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = 10_240

_PIECES = 100

PSEUDO = (PARTITION, REGION, ACCOUNT)

#: What a partition, a Region or an account id is made of.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Wild(Enum):
    ANY = "*"
    ONE = "?"


#: A pattern: literal stretches, wildcards, and holes. Never two stretches in a row, never an empty one.
Glob = tuple[str | Hole | Wild, ...]

EVERYTHING: Glob = (Wild.ANY,)


class Sense(Enum):
    """How two sides are laid beside each other: see `runs_through`."""

    SURELY_CONTAINS = 1
    MAY_CONTAIN = 2
    SURELY_MEETS = 3
    MAY_MEET = 4


def named(hole: Hole) -> str:
    """What a hole is told apart by; nothing where that is not known."""
    return hole.stands_for or hole.parameter


def too_long(pattern: Glob) -> bool:
    """Whether it takes too long to be laid beside another: by its letters, or by its holes."""
    if len(pattern) > _PIECES and sum(isinstance(piece, Hole) for piece in pattern) > _PIECES:
        return True
    return sum(len(piece) if isinstance(piece, str) else 1 for piece in pattern) > LONGEST


def fits_literal(pattern: Glob, text: str) -> bool | None:
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
            tokens.append((f"#{named(piece)}",) if named(piece) else _GAP)
    return tokens


def _loose(token: _Token) -> _Token:
    """A hole that may be what suits the question best."""
    if isinstance(token, tuple):
        return _WORD if token[0].removeprefix("#") in PSEUDO else _GAP
    return token


def runs_through(one: Glob, other: Glob, sense: Sense) -> bool:
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
