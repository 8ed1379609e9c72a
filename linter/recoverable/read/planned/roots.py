"""A plan or state as a root module: its instances are those of the file, with the values that the file gives them.

Where the sources that it was made from are at hand, they say where things stand and what unknown values are made of;
else the plan's own configuration does, and of a state only its values are known.
"""

from __future__ import annotations

import posixpath

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.nodes import Scalar
from recoverable.read.planned.configuration import handed_on, mapping, sequence, text
from recoverable.read.planned.moments import IDENTIFIED, UNDECLARED, World
from recoverable.read.planned.overlay import View
from recoverable.read.terraform.configuration import Module
from recoverable.read.terraform.evaluate import Each, Evaluation
from recoverable.read.terraform.instances import Configuration, Instance, ModuleInstance
from recoverable.read.terraform.roots import Root
from recoverable.read.terraform.walk import Walk
from recoverable.scenario import Run
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.hcl.syntax import Argument
    from recoverable.read.planned.moments import Moment
    from recoverable.read.terraform.configuration import Call, Resource
    from recoverable.read.terraform.roots import Place as Declared


class PlannedModule(ModuleInstance):
    """A module of a plan or state in one of its instances."""

    __slots__ = ("world",)

    def __init__(
        self,
        configuration: Configuration,
        module: Module,
        world: World,
        *,
        parent: Evaluation | None = None,
        call: Call | None = None,
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        super().__init__(configuration, module, parent=parent, call=call, prefix=prefix, suffix=suffix)
        self.world = world

    def below(
        self, call: Call, module: Module, evaluation: Evaluation | None = None, suffix: str = ""
    ) -> ModuleInstance:
        parent = Evaluation(self, Walk(Run(), room=0)) if evaluation is None else evaluation
        if self.world.is_shown(module):
            call = handed_on(call, self.world.providers)
        prefix = f"{self.prefix}module.{call.name}{suffix}."
        return PlannedModule(
            self.configuration, module, self.world, parent=parent, call=call, prefix=prefix, suffix=suffix
        )

    def module_of(self, call: Call) -> Module | None:
        calls = (*self.calls(), call.name)
        local = call.source.startswith(("./", "../"))
        at = None if call.span.path == self.world.moment.outcome.path else call.span
        if self.world.sources is None or at is None:
            return self.world.module(calls, None)
        if local or self.folder_of(call) is not None or self.world.node(calls) is None:
            return self.world.module(calls, super().module_of(call), None if local else at)
        return self.world.module(calls, None, at)

    def instances(self, resource: Resource, walk: Walk, wanted: str = "") -> list[Instance]:
        return [self._seen(each) for each in super().instances(resource, walk, wanted)]

    def _seen(self, instance: Instance) -> Instance:
        """The instance with the values that the file has for it."""
        world = self.world
        head = world.heads.get(instance.address)
        if head is None:
            return instance
        outcome = world.moment.outcome
        values = world.values(head)
        resource = instance.resource
        named = outcome.named(head)
        declared = resource.body.open != UNDECLARED
        from_sources = resource.span.path != outcome.path
        own = f"{world.moment.scope}#{instance.address}."

        def symbol(text: str) -> Open | None:
            """What a text stands for, unless it is the resource's own name for itself."""
            found = world.symbol(text)
            return None if found is None or found.stands_for.startswith(own) else found

        view = View(lambda span: outcome.place(head, span), outcome.secrets, symbol, declared, from_sources)
        arguments = view.arguments(values.node, values.unknown, values.sensitive, instance.arguments)
        if not from_sources:
            # Instances of one resource stand side by side in the file.
            resource = resource._replace(span=named, extent=outcome.extent(head))
            arguments = arguments._replace(origin=named)
            return instance._replace(resource=resource, arguments=arguments)
        return instance._replace(arguments=arguments, seen=named)

    def _repeated(self, arguments: dict[str, Argument], address: str, walk: Walk) -> Iterator[tuple[str, Each | None]]:
        known = self.world.suffixes.get(address)
        if known is None:
            if self._is_made(address):
                yield from super()._repeated(arguments, address, walk)
            return
        worked_out = dict(super()._repeated(arguments, address, walk)) if known != [""] else {}
        for suffix in known:
            yield suffix, worked_out.get(suffix) or _each(suffix, Span(self.world.moment.outcome.path, 1, 1, 1, 1))

    def _is_made(self, address: str) -> bool:
        """Whether something that is not in the file may be there: only what no plan shows, data and empty modules."""
        return address.removeprefix(self.prefix).startswith(("data.", "module."))


def _each(suffix: str, at: Span) -> Each | None:
    """What `each` and `count` are in an instance of which only its key is known."""
    if not suffix:
        return None
    key = suffix[1:-1]
    value = Datum(Open("a plan does not show what each.value is"), at)
    if key.startswith('"'):
        return Each(Datum(key[1:-1], at), value)
    return Each(value, value, Datum(int(key), at))


class PlannedRoot(Root):
    """The root module of a plan or state. It is one deployment: nothing in it is left to choose.

    So its instances are the same whoever asks, and made once: every table asks for all policies that may be its own.
    """

    __slots__ = ("_made", "_world")

    def __init__(self, configuration: Configuration, module: Module, world: World) -> None:
        self._world = world
        self._made: dict[tuple[tuple[str, ...], str], dict[str, Instance]] = {}
        super().__init__(configuration, module)

    def instance(self) -> ModuleInstance:
        return PlannedModule(self.configuration, self.module, self._world)

    def _instances(self, place: Declared, walk: Walk, wanted: str = "") -> Iterator[Instance]:
        key = (place.calls, place.resource.address)
        made = self._made.get(key)
        if made is None:
            own = Walk(Run(), room=0, budget=walk.budget)
            # It serves all instances: the budget of the root is its bound.
            own.steps = -walk.budget.left
            made = self._made[key] = {each.address: each for each in super()._instances(place, own)}
        if wanted:
            return iter([made[wanted]] if wanted in made else [])
        return iter(made.values())


def root_of(moment: Moment, sources: Configuration | None, written: Module | None) -> PlannedRoot:
    """A moment of a plan or state as a root. `written` is its root module in the `sources`, None without any."""
    world = World(moment, sources if written is not None else None)
    module = world.module((), written)
    if module is None:
        module = Module(posixpath.dirname(moment.outcome.path), {}, {}, {}, {}, {}, {}, foreign=True)
    fixed = _fixed(moment, module)
    if sources is None or written is None:
        nothing = Configuration(_none, _none, _none, {}, {}, fixed, lambda _call, _folder: None, scope=moment.scope)
        return PlannedRoot(nothing, module, world)
    return PlannedRoot(sources._replace(given={}, choices={}, fixed=fixed, scope=moment.scope), module, world)


def _none(_: str) -> None:
    """There are no files."""


def _fixed(moment: Moment, module: Module) -> dict[str, Datum]:
    """The values of the root's variables, and the account if the plan has looked it up."""
    outcome = moment.outcome
    at = Span(outcome.path, 1, 1, 1, 1)
    declared = mapping(mapping(outcome.configuration.get("root_module")).get("variables"))
    fixed: dict[str, Datum] = {}
    for name, each in declared.items():
        variable = module.variables.get(name)
        span = variable.span if variable is not None else at
        if mapping(each).get("sensitive") is True:
            fixed[name] = Datum(Open(f"var.{name} is sensitive"), span)
        elif name in outcome.variables:
            fixed[name] = plain_datum(outcome.variables[name], span)
    fixed |= {name: Datum(value, at) for name, value in (moment.given or {}).items()}
    regions, accounts = _places(moment)
    if len(regions) == 1:
        fixed["AWS::Region"] = Datum(regions.pop(), at)
    if len(accounts) == 1:
        fixed["AWS::AccountId"] = Datum(accounts.pop(), at)
    return fixed


def _places(moment: Moment) -> tuple[set[str], set[str]]:
    """The Regions and accounts of the default provider, as far as ARNs tell that it has made, or looked up."""
    outcome = moment.outcome
    providers = _providers(outcome.configuration.get("root_module"))
    regions, accounts = set(), set()
    for head in (*moment.heads, *outcome.prior):
        names = (*(name for name, _ in head.place.calls), head.place.resource)
        if providers.get(names, "aws") != "aws" or not head.type.startswith((*IDENTIFIED, "aws_caller_identity")):
            continue
        node = (outcome.before(head) if moment.before else outcome.after(head)).node
        arn = None if node is None else node.get("arn")
        parts = arn.text.split(":") if isinstance(arn, Scalar) and arn.value else []
        if len(parts) > ARN_PARTS:
            regions.add(parts[3])
            accounts.add(parts[4])
    return regions - {""}, accounts - {""}


#: An ARN has a resource behind its partition, service, Region and account.
ARN_PARTS = 5


def _providers(node: object, names: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """The key of the provider of each resource, by the names of the calls that lead to it and its address."""
    module = mapping(node)
    found = {
        (*names, text(mapping(each).get("address"))): text(mapping(each).get("provider_config_key"))
        for each in sequence(module.get("resources"))
    }
    for name, call in mapping(module.get("module_calls")).items():
        found |= _providers(mapping(call).get("module"), (*names, name))
    return found


def plain_datum(value: object, at: Span) -> Datum:
    """A value as the standard library reads JSON, all of it at one place."""
    match value:
        case dict():
            return Datum(Fields({str(key): (at, plain_datum(each, at)) for key, each in value.items()}), at)
        case list():
            return Datum(Items(tuple(plain_datum(each, at) for each in value)), at)
        case str() | bool() | int() | float() | None:
            return Datum(value, at)
        case _:
            return Datum(Open("it is no value of Terraform"), at)
