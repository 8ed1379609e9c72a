"""GitHub's own fingerprint of a line, for uploads that do not go through its action.

As its action computes it: a polynomial hash of the 100 characters from the line's start on, without blanks, with a mark
for the end of the file; then how often the same hash has come before. It has to be this one, so that alerts stay the
same whichever way a file is uploaded (https://docs.github.com/en/code-security/code-scanning, "fingerprints").
"""

from __future__ import annotations

from operator import mul

_LENGTH = 100
_MASK = 2**64 - 1
_END_OF_FILE = 0xFFFF
_WEIGHTS = [37**power & _MASK for power in reversed(range(_LENGTH))]


def line_hashes(text: str) -> list[str]:
    """One `hash:count` for each line, the empty one after a final line break included."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    units = _utf16(text)
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == 0x0A)]
    units += [_END_OF_FILE, *[0] * _LENGTH]
    seen: dict[str, int] = {}
    hashes = []
    for start in starts:
        value = f"{sum(map(mul, units[start : start + _LENGTH], _WEIGHTS)) & _MASK:x}"
        seen[value] = seen.get(value, 0) + 1
        hashes.append(f"{value}:{seen[value]}")
    return hashes


def _utf16(text: str) -> list[int]:
    """The code units that JavaScript counts."""
    if text.isascii():
        return list(text.encode("ascii"))
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]
