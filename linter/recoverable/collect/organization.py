"""Which accounts of an organization are meant: by id, by unit, by tag."""

from __future__ import annotations

import re

from recoverable.collect.accounts import entries, text
from recoverable.collect.folder import is_account
from recoverable.typed import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ACCOUNT, _UNIT, _TAG = re.compile(r"\d{12}"), re.compile(r"(?:ou|r)-[a-z0-9-]+"), re.compile(r"tag:([^=]+)(?:=(.*))?")


class SelectorError(Exception):
    """A word that selects no accounts; the message says what words there are."""


class Member(NamedTuple):
    """An account of the organization. `units` are the root and the units it is in, from the top."""

    id: str
    name: str | None
    active: bool
    units: tuple[str, ...]
    tags: Mapping[str, str] | None = None


def check(words: Iterable[str]) -> None:
    """Raise SelectorError for a word that selects nothing."""
    for word in words:
        if not (_ACCOUNT.fullmatch(word) or _UNIT.fullmatch(word) or _TAG.fullmatch(word)):
            raise SelectorError(
                f'"{word}" selects no accounts: give 12 digits of an account, a unit (ou-...), tag:KEY or tag:KEY=VALUE'
            )


def by_tag(words: Iterable[str]) -> bool:
    return any(_TAG.fullmatch(word) for word in words)


def selected(word: str, member: Member) -> bool:
    tag = _TAG.fullmatch(word)
    if tag is None:
        return word == member.id or word in member.units
    if member.tags is None or tag[1] not in member.tags:
        return False
    return tag[2] is None or member.tags[tag[1]] == tag[2]


def why_left_out(member: Member, include: Sequence[str], exclude: Sequence[str]) -> str:
    """Why an account is not looked at, empty if it is. An account whose tags are not known is not chosen by tag."""
    if not member.active:
        return "the account is not active"
    for word in exclude:
        if selected(word, member):
            return f"excluded by {word}"
        if _TAG.fullmatch(word) and member.tags is None:
            return f"its tags are not known, so it may be excluded by {word}"
    if include and not any(selected(word, member) for word in include):
        return f"not included by {' or '.join(include)}"
    return ""


def units(parents: Mapping[str, str], path: str, account: str) -> tuple[str, ...]:
    """The root and units of an account from the top: from the path that Organizations tells, else from parents."""
    if path:
        return tuple(part for part in path.split("/") if part.startswith(("r-", "ou-")))
    found: list[str] = []
    child = account
    while child in parents and parents[child] not in found:
        child = parents[child]
        found.insert(0, child)
    return tuple(found)


def members(told: Mapping[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]]) -> list[Member] | None:
    """The accounts of an organization by what it was asked, in order; None if it did not say which there are."""
    lists = told.get("ListAccounts")
    if not lists or not lists[0][1]:
        return None
    parents = {
        asked["ChildId"]: text(each, "Id")
        for asked, said in told.get("ListParents", ())
        for each in entries(said, "Parents")
    }
    tags = {
        asked["ResourceId"]: {text(each, "Key"): text(each, "Value") for each in entries(said, "Tags")}
        for asked, said in told.get("ListTagsForResource", ())
        if said
    }
    found = []
    for each in entries(lists[0][1], "Accounts"):
        account, paths = text(each, "Id"), each.get("Paths")
        if not is_account(account):
            continue
        path = str(paths[0]) if isinstance(paths, list) and paths else ""
        active = (text(each, "State") or text(each, "Status")) == "ACTIVE"
        name = text(each, "Name") or None
        found.append(Member(account, name, active, units(parents, path, account), tags.get(account)))
    return sorted(found, key=lambda member: member.id)
