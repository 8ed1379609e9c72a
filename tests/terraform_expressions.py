"""Expressions of Terraform, worked out in a module with nothing in it, as plain data."""

from __future__ import annotations

import math
from typing import cast

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.hcl.parse import parse_expression
from recoverable.read.terraform.evaluate import Evaluation
from recoverable.read.terraform.values import Files, wrong
from recoverable.read.terraform.walk import Walk
from recoverable.scenario import Run
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.read.terraform.instances import ModuleInstance
    from recoverable.source import Span


class Unknown:
    """What cannot be told; equal to itself only."""

    def __repr__(self) -> str:
        return "UNKNOWN"


class Refused:
    """What Terraform refuses."""

    def __repr__(self) -> str:
        return "REFUSED"


class _EmptyModule:
    """A module that declares nothing; all that an expression meets of it."""

    scope = "."

    def __init__(self, files: Files) -> None:
        self.files = files

    def root(self, _evaluation: Evaluation, name: str, _steps: object, span: Span) -> Datum:
        return wrong(f"there is no {name}", span)


UNKNOWN = Unknown()
REFUSED = Refused()


def evaluated(
    expression: str, given: Mapping[str, Datum] | None = None, files: Mapping[str, str] | None = None, folder: str = ""
) -> Datum:
    """The value of an expression; `given` are names that it may use, `files` what is in the repository."""
    module = cast("ModuleInstance", _EmptyModule(Files(folder or ".", folder or ".", (files or {}).get)))
    return Evaluation(module, Walk(Run()), None, dict(given or {})).value(parse_expression(expression, "main.tf"))


def plain(datum: Datum) -> object:
    """A value as plain data. Parts that are not known are UNKNOWN, and so is a collection that may hold more."""
    match datum.content:
        case Open(type="wrong"):
            return REFUSED
        case Open():
            return UNKNOWN
        case Text() as text:
            known = text.literal()
            return UNKNOWN if known is None else known
        case Items() as items:
            members = [plain(item) for item in items]
            return REFUSED if REFUSED in members else UNKNOWN if items.open else members
        case Fields() as fields:
            pairs = {key: plain(value) for key, value in fields.items()}
            return REFUSED if REFUSED in pairs.values() else UNKNOWN if fields.open else pairs
        case content:
            return content


def shown(expression: str, given: Mapping[str, Datum] | None = None, files: Mapping[str, str] | None = None) -> str:
    """A value as a text in which what is not known is `${what}`."""
    return evaluated(expression, given, files).text().shown()


def agrees(ours: object, theirs: object) -> bool:
    """Whether our answer says no other than Terraform's: what we do not know may be anything."""
    if ours is UNKNOWN:
        return True
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(agrees, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return set(ours) == set(theirs) and all(agrees(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return ours == theirs or math.isclose(ours, theirs, rel_tol=1e-12)
    return type(ours) is type(theirs) and ours == theirs


def is_known(ours: object) -> bool:
    """Whether no part of an answer is unknown."""
    if isinstance(ours, list):
        return all(map(is_known, ours))
    if isinstance(ours, dict):
        return all(map(is_known, ours.values()))
    return ours is not UNKNOWN
