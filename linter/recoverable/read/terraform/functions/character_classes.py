"""Classes of characters in regular expressions (RE2), as ranges of code points.

https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

from recoverable.read.terraform.functions.arguments import unknown

Range = tuple[int, int]
#: The last character that there is.
LAST = 0x10FFFF

#: By the letter behind a backslash.
CLASSES: dict[str, tuple[Range, ...]] = {
    "d": ((48, 57),),
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
#: By the name between `[:` and `:]`.
NAMED: dict[str, tuple[Range, ...]] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": CLASSES["w"],
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}


def folded(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """With the other case of each letter; beyond ASCII that is not known here."""
    if any(first > 127 or last > 127 for first, last in ranges if last != LAST):
        raise unknown("letters of either case beyond ASCII")
    made = list(ranges)
    for first, last in ranges:
        for start, end, by in ((65, 90, 32), (97, 122, -32)):
            low, high = max(first, start), min(last, end)
            if low <= high:
                made.append((low + by, high + by))
                # Two letters have a third form.
                for letter, form in ((75, 0x212A), (83, 0x17F)):
                    if low <= letter <= high or low <= letter + 32 <= high:
                        made.append((form, form))
    return tuple(made)


def inverted(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """All other characters."""
    made = []
    here = 0
    for first, last in sorted(ranges):
        if first > here:
            made.append((here, first - 1))
        here = max(here, last + 1)
    if here <= LAST:
        made.append((here, LAST))
    return tuple(made)
