"""What a table is for: which tables must come back, and which may be lost.

A table is for production unless something that was *written* says otherwise: the configuration, the table's own
metadata, its tags, the key of a Terraform lock table, or items that expire in a table whose name speaks of a cache.
Where the deciding words were written but cannot be read, the class carries a doubt: what would be a finding is then
undetermined. Tags that may come from elsewhere (stack tags, macros) raise no doubt: what nobody wrote says nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from recoverable.text import Hole
from recoverable.truth import Answer, Fact
from recoverable.value import Known, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate import Table
    from recoverable.source import Origin
    from recoverable.value import Value


class TableClass(NamedTuple):
    """A class name (`production`, `lock`, `cache`, `rebuildable`, or one that the configuration names).

    `spared` classes are exempt from the rules for production tables, for the `reason` given. `doubt` says why a table
    that counts as not spared might be spared all the same.
    """

    name: str
    spared: bool
    reason: Fact | None = None
    doubt: Fact | None = None


class ClassRule(NamedTuple):
    """What the configuration says about some tables.

    Every kind of criterion that is given must match. Of `names`, `addresses` and `paths` one glob is enough; of `tags`
    (key, glob of the value) each must match. In globs `*` stands for any text and `?` for one character.
    """

    name: str
    spared: bool
    reason: str
    tags: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    origin: Origin | None = None


PRODUCTION = TableClass("production", spared=False)

#: Classes that are spared wherever they are declared.
SPARED = ("cache", "lock", "rebuildable")
