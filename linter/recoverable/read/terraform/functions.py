"""Terraform's built-in functions that are pure, on values that may not be known.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Datum
    from recoverable.read.terraform.values import Files
    from recoverable.source import Span

    Function = Callable[[Files, tuple[Datum, ...], Span], Datum]

#: By name: the files that may be read, the arguments, and the call's own place.
FUNCTIONS: dict[str, Function] = {}
