"""PyYAML's event parser: the C one where there is one, else the pure one."""

from __future__ import annotations

from yaml import CBaseLoader as Parser
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    # The published stubs say that an event may lack its marks; a parser's never does.
    Event: TypeAlias = Any
    EventParser: TypeAlias = Any
    Mark: TypeAlias = Any

__all__ = [
    "AliasEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "Parser",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YAMLError",
]
