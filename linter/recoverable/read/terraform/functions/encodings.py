"""Base64, URLs, CSV and digests.

https://developer.hashicorp.com/terraform/language/functions#encoding-functions
"""

from __future__ import annotations

import re

from recoverable.read.data import Datum, Fields
from recoverable.read.terraform.functions.arguments import MOST_ITEMS, Function, Given, unknown, wrong
from recoverable.read.terraform.kinds import STRING, ListOf, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.read.data import Content, Pending
    from recoverable.source import Span

_PLAIN = re.compile(r"[A-Za-z0-9_.~-]")
_FIELD = re.compile(r'"((?:[^"]|"")*+)"(?=,|\n|\Z)|([^",\n]*+)(?=,|\n|\Z)')
_ENCODINGS = ("utf-8", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1")


def base64_encode(given: Given) -> Content:
    return _base64(given.text(0).encode("utf-8", "replace"))


def _base64(data: bytes) -> str:
    import base64  # noqa: PLC0415 (few ask)

    return base64.b64encode(data).decode("ascii")


def base64_decode(given: Given) -> Content:
    try:
        return _unbase64(given).decode("utf-8")
    except UnicodeDecodeError:
        raise wrong("base64decode() makes no text of it") from None


def _unbase64(given: Given) -> bytes:
    import base64  # noqa: PLC0415 (few ask)
    import binascii  # noqa: PLC0415

    try:
        return base64.b64decode(given.text(0).replace("\n", "").replace("\r", "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise wrong(f"{given.name}() takes a text in Base64") from None


def text_encode(given: Given) -> Content:
    try:
        return _base64(given.text(0).encode(_encoding(given)))
    except UnicodeEncodeError:
        raise wrong("textencodebase64() finds characters that the encoding has not") from None


def text_decode(given: Given) -> Content:
    try:
        return _unbase64(given).decode(_encoding(given))
    except UnicodeDecodeError:
        raise wrong("textdecodebase64() finds what is not in the encoding") from None


def _encoding(given: Given) -> str:
    name = given.text(1).lower()
    if name not in _ENCODINGS:
        raise unknown(f"the encoding {name[:40]}")
    return name


def url_encode(given: Given) -> Content:
    """As in a query: a blank is a plus."""
    text = given.text(0)
    if len(text) > 100_000:
        raise unknown("it makes too long a text")
    encoded = ("+" if each == " " else each if _PLAIN.match(each) else _percent(each) for each in text)
    return "".join(encoded)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def csv_decode(given: Given) -> Content:
    """Rows as maps; the names stand in the first one."""
    rows = list(_rows(given.text(0).replace("\r\n", "\n")))
    if not rows:
        raise wrong("csvdecode() takes a text with a line of names")
    names, *others = rows
    if len(set(names)) < len(names):
        raise wrong("csvdecode() finds a column twice")
    if any(len(row) != len(names) for row in others):
        raise wrong("csvdecode() finds a line with another number of fields")
    columns = tuple(sorted(names))
    type_ = Type("object", (STRING,) * len(columns), columns)
    return ListOf(tuple(given.datum(_mapping(names, row, given.span)) for row in others), of=type_)


def _mapping(names: list[str], row: list[str], span: Span) -> Fields:
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        name: (span, Datum(value, span)) for name, value in zip(names, row, strict=True)
    }
    return Fields(entries)


def _rows(text: str) -> Iterator[list[str]]:
    at = 0
    rows = 0
    while at < len(text):
        if text[at] == "\n":
            at += 1
            continue
        row = []
        while True:
            found = _FIELD.match(text, at)
            if found is None:
                raise wrong("csvdecode() finds a quote in the wrong place")
            row.append(found[2] if found[1] is None else found[1].replace('""', '"'))
            at = found.end() + 1
            if text[found.end() : at] != ",":
                break
        rows += 1
        if rows > MOST_ITEMS:
            raise unknown("it makes too long a list")
        yield row


def _digest(algorithm: str, *, base64: bool = False) -> Callable[[Given], str]:
    """A function that makes a digest: of what is the same in every run."""

    def call(given: Given) -> str:
        import hashlib  # noqa: PLC0415 (few ask)

        made = hashlib.new(algorithm, given.text(0).encode("utf-8", "replace"), usedforsecurity=False)
        return _base64(made.digest()) if base64 else made.hexdigest()

    return call


def uuid_of(given: Given) -> Content:
    import uuid  # noqa: PLC0415 (few ask)

    space = given.text(0)
    named = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }.get(space)
    if named is None:
        if not re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", space):
            raise wrong(f"{space[:40]} is no name space of uuidv5()")
        named = uuid.UUID(space)
    return str(uuid.uuid5(named, given.text(1)))


FUNCTIONS = {
    "base64decode": Function(base64_decode, 1, 1),
    "base64encode": Function(base64_encode, 1, 1),
    "base64sha256": Function(_digest("sha256", base64=True), 1, 1),
    "base64sha512": Function(_digest("sha512", base64=True), 1, 1),
    "csvdecode": Function(csv_decode, 1, 1),
    "md5": Function(_digest("md5"), 1, 1),
    "sha1": Function(_digest("sha1"), 1, 1),
    "sha256": Function(_digest("sha256"), 1, 1),
    "sha512": Function(_digest("sha512"), 1, 1),
    "textdecodebase64": Function(text_decode, 2, 2),
    "textencodebase64": Function(text_encode, 2, 2),
    "urlencode": Function(url_encode, 1, 1),
    "uuidv5": Function(uuid_of, 2, 2),
}
