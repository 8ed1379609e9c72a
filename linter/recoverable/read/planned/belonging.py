"""Which sources a plan or state was made from: by where it lies, and by what both declare."""

from __future__ import annotations

import posixpath

from recoverable.read.planned.configuration import mapping, sequence, text
from recoverable.read.terraform.configuration import literal
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.read.planned.documents import Outcome
    from recoverable.read.terraform.configuration import Module
    from recoverable.read.terraform.sources import Sources


class Belonging(NamedTuple):
    """The folder of the root that an outcome was made from; None if there is none, or (`among`) one of several."""

    folder: str | None
    among: tuple[str, ...] = ()


def belonging(outcome: Outcome, sources: Sources, roots: Iterable[str]) -> Belonging:
    """The root that a plan or state belongs to.

    Beside the file what both declare has to overlap, above it most of it: sources change. Elsewhere it has to be the
    same, and only one root may fit.
    """
    own = declared_in(outcome)
    if not own:
        return Belonging(None)
    folder = posixpath.dirname(outcome.path)
    while True:
        module = sources.module(folder)
        if module is not None and not _contradicts(outcome, module):
            common = len(names_in(module) & own)
            beside = folder == posixpath.dirname(outcome.path)
            if common and (beside or common * 2 >= len(own)):
                return Belonging(folder)
        if not folder:
            break
        folder = posixpath.dirname(folder)
    fitting = tuple(root for root in roots if _fits(outcome, own, sources.module(root)))
    return Belonging(fitting[0]) if len(fitting) == 1 else Belonging(None, fitting)


def _fits(outcome: Outcome, own: set[str], module: Module | None) -> bool:
    return module is not None and names_in(module) == own and not _contradicts(outcome, module)


def declared_in(outcome: Outcome) -> set[str]:
    """What the root module of an outcome declares: resources, and calls of modules."""
    node = outcome.configuration.get("root_module")
    if isinstance(node, dict):
        names = {text(mapping(each).get("address")) for each in sequence(node.get("resources"))} | {
            f"module.{name}" for name in mapping(node.get("module_calls"))
        }
        return names - {""}
    found = set()
    for head in outcome.present:
        calls = head.place.calls
        found.add(f"module.{calls[0][0]}" if calls else head.place.resource)
    return found


def names_in(module: Module) -> set[str]:
    """What a module declares, in the same words."""
    return set(module.resources) | {f"module.{name}" for name in module.calls}


def _contradicts(outcome: Outcome, module: Module) -> bool:
    """Whether most plain texts that both have of the same argument differ: then they are two roots of one shape."""
    same = other = 0
    for each in sequence(mapping(outcome.configuration.get("root_module")).get("resources")):
        node = mapping(each)
        resource = module.resources.get(text(node.get("address")))
        if resource is None:
            continue
        for name, expression in mapping(node.get("expressions")).items():
            said = mapping(expression).get("constant_value")
            written = literal(resource.body.arguments.get(name))
            if isinstance(said, str) and written is not None:
                same, other = same + (said == written), other + (said != written)
    return other > same
