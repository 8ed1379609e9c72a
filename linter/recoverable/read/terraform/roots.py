"""A root module with all modules that it calls: where each resource is declared, and its instances in a scenario.

https://developer.hashicorp.com/terraform/language/modules
"""

from __future__ import annotations

from itertools import islice

from recoverable.read.terraform.instances import DEEPEST_NESTING, ModuleInstance
from recoverable.read.terraform.repetition import MOST_INSTANCES
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.terraform.configuration import Call, Module, Resource
    from recoverable.read.terraform.instances import Configuration, Instance
    from recoverable.read.terraform.walk import Walk

#: Calls of modules in one root that are followed; more are somebody's bomb.
MOST_CALLS = 2_000


class Place(NamedTuple):
    """Where a resource is declared: the names of the calls that lead to its module, from the root."""

    calls: tuple[str, ...]
    resource: Resource


class Unread(NamedTuple):
    """A call whose module is not in what can be read."""

    address: str
    call: Call


class Root:
    """One root. `places` are all resources by type; `unread` the calls whose modules are absent."""

    __slots__ = ("configuration", "module", "overflowed", "paths", "places", "unread")

    def __init__(self, configuration: Configuration, module: Module) -> None:
        self.configuration = configuration
        self.module = module
        self.places: dict[str, list[Place]] = {}
        self.unread: list[Unread] = []
        self.paths: dict[str, None] = {}
        self.overflowed = False
        self._gather()

    def _gather(self) -> None:
        waiting: list[tuple[tuple[str, ...], tuple[str, ...], ModuleInstance]] = [((), (), self.instance())]
        followed = 0
        while waiting:
            calls, folders, instance = waiting.pop()
            module = instance.module
            for resource in module.resources.values():
                self.places.setdefault(
                    resource.type if not resource.address.startswith("data.") else "data", []
                ).append(Place(calls, resource))
                self.paths[resource.span.path] = None
            for name, call in module.calls.items():
                followed += 1
                below = instance.module_of(call)
                if below is None:
                    self.unread.append(Unread("module." + ".module.".join((*calls, name)), call))
                elif followed > MOST_CALLS or len(calls) >= DEEPEST_NESTING or below.path in folders:
                    self.overflowed = True
                else:
                    inner = instance.below(call, below)
                    waiting.append(((*calls, name), (*folders, module.path), inner))

    def instance(self) -> ModuleInstance:
        """The root module itself, afresh: what is worked out in it belongs to one walk."""
        return ModuleInstance(self.configuration, self.module)

    def instances(self, place: Place, walk: Walk) -> Iterator[Instance]:
        """The instances of a resource in the scenario of a walk, those in all instances of its module."""
        return islice(self._instances(place, walk), MOST_INSTANCES)

    def all_of(self, type_: str, walk: Walk) -> Iterator[Instance]:
        """All instances of a type."""
        for place in self.places.get(type_, ()):
            yield from self.instances(place, walk)

    def find(self, place: Place, address: str, walk: Walk) -> Instance | None:
        """The instance of that address, None where it is not made."""
        return next(self._instances(place, walk, address), None)

    def _instances(self, place: Place, walk: Walk, wanted: str = "") -> Iterator[Instance]:
        modules = [self.instance()]
        for name in place.calls:
            inner = (below for module in modules for below in module.called(name, walk) or ())
            modules = list(
                islice((each for each in inner if wanted.startswith(each.prefix) or not wanted), MOST_INSTANCES)
            )
        for module in modules:
            yield from module.instances(place.resource, walk, wanted)
