"""Addresses of resources and modules as plans and states have them: `module.tables["eu"].aws_dynamodb_table.orders[0]`.

https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from __future__ import annotations

import re

from recoverable.typed import NamedTuple

_PART = re.compile(r'([^.\["]+)((?:\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?)(?:\.|$)')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Place(NamedTuple):
    """Where a resource is: the module calls that lead to it, each with the suffix of its instance, and its own."""

    calls: tuple[tuple[str, str], ...]
    resource: str
    suffix: str = ""

    @property
    def prefix(self) -> str:
        """The address of its module with a full stop behind it, empty for the root."""
        return "".join(f"module.{name}{suffix}." for name, suffix in self.calls)

    @property
    def declared(self) -> str:
        """The address without its own suffix."""
        return self.prefix + self.resource

    @property
    def address(self) -> str:
        return self.declared + self.suffix


def module_calls(address: str) -> tuple[tuple[str, str], ...] | None:
    """The calls in a module's address, empty for the root; None if it is no such address."""
    calls: list[tuple[str, str]] = []
    position = 0
    while position < len(address):
        word = _PART.match(address, position)
        name = None if word is None or word[1] != "module" or word[2] else _PART.match(address, word.end())
        if name is None:
            return None
        calls.append((name[1], plain(name[2])))
        position = name.end()
    return tuple(calls)


def suffix_of(index: object) -> str:
    """What an instance key adds to an address; empty for what is none."""
    if isinstance(index, bool):
        return ""
    if isinstance(index, int):
        return f"[{index}]"
    if isinstance(index, str):
        return f'["{index}"]'
    return ""


def plain(suffix: str) -> str:
    """A suffix with the escapes of its key undone, as our own addresses have it."""
    if not suffix.startswith('["') or "\\" not in suffix:
        return suffix
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), suffix)
