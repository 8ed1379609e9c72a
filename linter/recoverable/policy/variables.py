"""Policy variables: `${aws:username}` in a resource or a condition, and the three that stand for `*`, `?` and `$`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re

from recoverable.policy.patterns import Wild, glob, glued
from recoverable.policy.request import Present
from recoverable.text import Hole, Text
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.policy.patterns import Glob
    from recoverable.policy.request import Context

#: `${key}` or `${key, 'default'}`.
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"\s*([^,]*?)\s*,\s*'([^']*)'\s*")

_SPECIAL = {"*", "?", "$"}

#: In policies of other versions, `${` is text like any other.
VERSION = "2012-10-17"


def has_variables(policy: Policy) -> Answer:
    """Whether `${...}` is a variable in a policy, by its version."""
    if policy.version_open:
        return Answer.UNKNOWN
    return Answer.YES if policy.version == VERSION else Answer.NO


def filled(text: Text, context: Context, *, variables: Answer, wild: bool, before: int = 0) -> Glob | None:
    """A text of a policy as a pattern, its variables replaced by what the request has; what they bring in is literal.

    `variables` is what `has_variables` says of the policy. None if a variable has no value in the request, so that the
    text fits nothing. A variable of which nobody knows is a hole. In the first `before` fields of an ARN there are no
    variables.
    """
    if variables is Answer.NO or not _may_have_variables(text):
        return glob(text, wild=wild)
    pieces: list[str | Hole | Wild] = []
    colons = 0
    parts = _with_whole_variables(text.parts)
    for part in parts:
        if isinstance(part, Hole):
            pieces.append(part)
            if not part.stands_for.startswith("AWS::"):
                colons = max(colons, before)  # it may be a whole ARN
            continue
        end = 0
        for found in _VARIABLE.finditer(part):
            pieces.extend(_stretch(part[end : found.start()], wild=wild))
            colons += part.count(":", end, found.start())
            end = found.end()
            if variables is Answer.UNKNOWN:
                pieces.append(Hole("the version of the policy is not known, so that this may be a variable or not"))
                continue
            if colons < before:
                return None
            value = _value(found[1], context)
            if value is None:
                return None
            pieces.extend(value)
        rest = part[end:]
        pieces.extend(_stretch(rest, wild=wild))
        colons += rest.count(":")
    return glued(pieces)


def may_lack_value(text: Text, context: Context, *, variables: Answer) -> bool:
    """Whether a variable of a text has no value, or may have none."""
    if variables is Answer.NO or not _may_have_variables(text):
        return False
    if variables is Answer.UNKNOWN or text.holes():
        return True
    for written in _VARIABLE.findall(text.literal() or ""):
        if written in _SPECIAL or _DEFAULT.fullmatch(written):
            continue
        found = context.find(written.strip())
        if not isinstance(found, Present) or found.many or len(found.values) != 1:
            return True
    return False


def _may_have_variables(text: Text) -> bool:
    if len(text.parts) == 1:
        return isinstance(text.parts[0], str) and "${" in text.parts[0]
    return any(isinstance(part, str) and ("$" in part or "}" in part) for part in text.parts)


def _with_whole_variables(parts: tuple[str | Hole, ...]) -> list[str | Hole]:
    """The parts of a text where a hole that may be a part of a variable is the whole of it."""
    found: list[str | Hole] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Hole):
            if isinstance(last, str):
                opened = last.rfind("${")
                found[-1] = last[:opened] if opened > last.rfind("}") else last.removesuffix("$")
            found.append(part)
        elif isinstance(last, Hole) and -1 < part.find("}") < (part.find("${") + 1 or len(part) + 1) - 1:
            found.append(part[part.find("}") + 1 :])
        else:
            found.append(part)
    return found


def _stretch(part: str, *, wild: bool) -> Glob:
    return glob(Text((part,)), wild=wild) if part else ()


def _value(written: str, context: Context) -> tuple[str | Hole, ...] | None:
    if written in _SPECIAL:
        return (written,)
    with_default = _DEFAULT.fullmatch(written)
    key, default = (with_default[1], with_default[2]) if with_default else (written.strip(), None)
    found = context.find(key)
    if isinstance(found, str):
        return (Hole(f"{key}: {found}"),)
    if isinstance(found, Present) and not found.many and len(found.values) == 1:
        return found.values[0].parts
    return None if default is None else (default,)
