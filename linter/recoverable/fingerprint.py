"""The identity of a finding, which stays the same when lines move and words change."""

from __future__ import annotations

try:  # without OpenSSL, which takes 3 ms to load
    from _sha2 import sha256  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    try:  # its name before Python 3.12
        from _sha256 import sha256  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject


def fingerprint(verdict: str, rule: str, subject: Subject) -> str:
    """32 hex digits that identify what `rule` says of `subject`; never lines or messages.

    `verdict` keeps what is wrong apart from what cannot be told: a baseline of one does not hide the other.
    """
    place = subject.path or subject.account.known() or ""
    return _digest(verdict, rule, subject.kind, place, subject.address, subject.part)


def again(first: str, occurrence: int) -> str:
    """The fingerprint of a further result that nothing tells apart from the one with the fingerprint `first`."""
    return _digest(first, str(occurrence))


def _digest(*parts: str) -> str:
    digest: str = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:32]
