"""Configurations of Terraform in texts: read without a file system."""

from __future__ import annotations

import posixpath
from textwrap import dedent
from typing import TYPE_CHECKING

from recoverable.read import terraform
from recoverable.read.terraform.sources import Sources

if TYPE_CHECKING:
    from recoverable.estate import Replica, Table
    from recoverable.read.reading import Reading
    from recoverable.value import Entry


def read(files: dict[str, str] | str, aside: dict[str, str] | None = None, **given: str) -> Reading:
    """What the files make; a text alone is `main.tf`. Those `aside` are only found by who looks for them."""
    texts = {"main.tf": files} if isinstance(files, str) else files
    everything = {path: dedent(text).encode() for path, text in {**texts, **(aside or {})}.items()}

    def listing(folder: str) -> list[str]:
        return [posixpath.basename(path) for path in everything if posixpath.dirname(path) == folder]

    sources = Sources({path: everything[path] for path in texts}, everything.get, listing)
    return terraform.read(sources, terraform.roots_of(sources), lambda _: given)


def table(files: dict[str, str] | str, aside: dict[str, str] | None = None, **given: str) -> Table:
    """The only table, in its only scenario."""
    (entry,) = read(files, aside, **given).tables
    (variant,) = entry.variants
    assert variant.item is not None
    return variant.item


def replica(files: dict[str, str] | str) -> Replica:
    (entry,) = read(files).replicas
    (variant,) = entry.variants
    assert variant.item is not None
    return variant.item


def tables(reading: Reading) -> dict[str, Table]:
    """The tables that there may be, by address, each as it is in the first scenario that has it."""
    found = [next(each.item for each in entry.variants if each.item is not None) for entry in reading.tables]
    return {table.subject.address: table for table in found}


def addresses(reading: Reading) -> list[str]:
    """The addresses of all tables that there may be."""
    return list(tables(reading))


def scenarios(entry: Entry[Table]) -> dict[str, Table | None]:
    """A table by the circumstances in which it is so."""
    return {" and ".join(map(str, variant.scenario.circumstances)): variant.item for variant in entry.variants}
