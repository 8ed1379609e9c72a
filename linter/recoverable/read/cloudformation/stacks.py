"""One stack that a template makes: what is in it, and what is given to it."""

from __future__ import annotations

from recoverable.read.cloudformation.choices import compared, domain
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.loops import LOOP, written_out
from recoverable.read.cloudformation.template import Parameter, Resource, Template, as_resource, refers_to
from recoverable.read.cloudformation.walk import Settled, Walk, identity
from recoverable.read.data import Datum, Open, literal
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.scenario import Choice
from recoverable.text import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Dict

    from recoverable.read.cloudformation.choices import Compared
    from recoverable.read.cloudformation.walk import Part
    from recoverable.read.cloudformation.world import World

_PARTITIONS = (("cn-", "aws-cn", "amazonaws.com.cn"), ("us-gov-", "aws-us-gov", "amazonaws.com"))


class Stack:
    """One stack: a template, where it is nested, and what its parent passes."""

    __slots__ = (
        "_aliases", "_by_type", "_choices", "_compared", "_resources", "_sections", "_targets",
        "children", "open_items", "owner", "parent", "prefix", "root", "scope", "template", "world",
    )  # fmt: skip

    def __init__(
        self, world: World, template: Template, parent: Stack | None = None, owner: Resource | None = None
    ) -> None:
        self.world = world
        self.template = template
        self.parent = parent
        self.owner = owner
        self.prefix: str = "" if parent is None or owner is None else f"{parent.prefix}{owner.logical_id}/"
        self.scope = f"{template.path}#{self.prefix}" if self.prefix else template.path
        self.root: Stack = self if parent is None else parent.root
        self.children: dict[str, Stack] = {}
        #: The variables of loops over collections that are not known.
        self.open_items: set[str] = set()
        self._resources: dict[str, Resource] | None = None
        self._by_type: dict[str, list[Resource]] | None = None
        self._sections: dict[str, dict[str, Node]] = {}
        self._compared: Compared | None = None
        self._choices: dict[str, Choice | None] = {}
        self._targets: tuple[dict[tuple[Part, ...], Resource], Resource | None] | None = None
        self._aliases: dict[str, list[Resource]] | None = None

    def symbol(self, name: str, attribute: str = "") -> str:
        """What stands for a parameter, or an attribute of a resource (or its `Ref`): the same in no other stack."""
        dot = "." if attribute else ""
        return f"{self.root.template.path}#{self.prefix}{name}{dot}{attribute}"

    def resources(self) -> dict[str, Resource]:
        """The resources by logical id, loops written out and local includes merged."""
        if self._resources is None:
            section = self.template.root.get("Resources")
            self._resources = {}
            if isinstance(section, Mapping):
                expanded = self.expanded(section)
                for key, node in expanded.entries:
                    resource = as_resource(key.text, key.span, node)
                    if resource is not None:
                        self._resources[key.text] = resource
                self._note_hidden(section)
                if self.template.globals is not None:
                    self._resources = self._with_globals(self._resources, self.template.globals)
        return self._resources

    def _with_globals(self, resources: dict[str, Resource], settings: Node) -> dict[str, Resource]:
        from recoverable.read.cloudformation.sam_globals import with_globals  # noqa: PLC0415 (SAM alone has them)

        return {name: with_globals(resource, settings) for name, resource in resources.items()}

    def _note_hidden(self, section: Mapping) -> None:
        """Leave word of what may make further resources."""
        hidden = self.world.hidden
        transform = section.get("Fn::Transform")
        if transform is not None and self.included(transform) is None:
            hidden[transform.span] = "a transform adds resources that are not in the template"
        macro = self.template.macro
        written = self.template.root.get("Transform")
        if macro and written is not None:
            hidden[written.span] = f"the transform {macro} may add resources that are not in the template"

    def of_type(self, kind: str) -> list[Resource]:
        """The resources of one type."""
        if self._by_type is None:
            self._by_type = {}
            for resource in self.resources().values():
                self._by_type.setdefault(resource.type, []).append(resource)
        return self._by_type.get(kind, [])

    def at_rest(self) -> Evaluation:
        """The stack's values as far as they are the same in all scenarios."""
        return Evaluation(self, Walk(self.world, Settled()))

    def scalable_target(self, resource: Resource) -> Resource | Open | None:
        """The target by which application autoscaling scales a table; open if that may be one that is not known."""
        targets, unclear = self._scalable_targets()
        if targets:
            named = self.at_rest().reference(resource.logical_id, resource.body)
            target = targets.get(identity(named._replace(content=joined("table/", named.text()))) or ())
            if target is not None:
                return target
        if unclear is not None:
            return Open(f"the table that {unclear.logical_id} scales is not known")
        return None

    def _scalable_targets(self) -> tuple[dict[tuple[Part, ...], Resource], Resource | None]:
        """What application autoscaling scales (`table/orders`), and a target of which that is not known."""
        if self._targets is None:
            found: dict[tuple[Part, ...], Resource] = {}
            unclear: Resource | None = None
            for resource in self.of_type("AWS::ApplicationAutoScaling::ScalableTarget"):
                datum = self.at_rest().properties(resource).fields().get("ResourceId")
                what = None if datum is None else identity(datum)
                if what is None:
                    unclear = unclear or resource
                else:
                    found.setdefault(what, resource)
            self._targets = found, unclear
        return self._targets

    def aliases(self, symbols: Iterable[str]) -> list[Resource]:
        """The KMS aliases of the keys that the symbols stand for."""
        if self._aliases is None:
            self._aliases = {}
            for resource in self.of_type("AWS::KMS::Alias"):
                datum = self.at_rest().properties(resource).fields().get("TargetKeyId")
                if datum is not None:
                    self._aliases.setdefault(datum.text().stands_for(), []).append(resource)
        return [resource for symbol in symbols for resource in self._aliases.get(symbol, ())]

    def conditions(self) -> dict[str, Node]:
        return self._section("Conditions", self.template.conditions)

    def mappings(self) -> dict[str, Node]:
        return self._section("Mappings", self.template.mappings)

    def outputs(self) -> dict[str, Node]:
        return self._section("Outputs", self.template.outputs)

    def _section(self, name: str, written: dict[str, Node]) -> dict[str, Node]:
        """A section with its loops written out and local includes merged."""
        found = self._sections.get(name)
        if found is None:
            found = self._sections[name] = written
            section = self.template.root.get(name)
            if isinstance(section, Mapping) and any(key == "Fn::Transform" or key.startswith(LOOP) for key in written):
                found = self._sections[name] = {key.text: node for key, node in self.expanded(section).entries}
        return found

    def expanded(self, section: Mapping) -> Mapping:
        """A section with its loops written out and what it includes from the local tree."""
        transform = section.get("Fn::Transform")
        included = self.included(transform) if transform is not None else None
        if included is not None:
            own = {key.text for key, _ in section.entries}
            more = tuple((key, node) for key, node in included.entries if key.text not in own)
            section = section._replace(entries=section.entries + more)
        return written_out(section, self._collection, self.open_items, self.world.hidden)

    def _collection(self, node: Node) -> tuple[str, ...] | None:
        evaluation = self.at_rest()
        texts: list[str | None] = []
        for item in node.items if isinstance(node, Sequence) and not node.tag else (node,):
            datum = evaluation.value(item)
            if isinstance(datum.content, Open) or datum.list().open:
                return None
            texts.extend(literal(member) for member in datum.list())
        return None if None in texts else tuple(text or "" for text in texts)

    def included(self, transform: Node) -> Mapping | None:
        """The local file that an `AWS::Include` names, None if it is elsewhere or something else is called."""
        if not isinstance(transform, Mapping):
            return None
        name, parameters = transform.get("Name"), transform.get("Parameters")
        location = parameters.get("Location") if isinstance(parameters, Mapping) else None
        if not isinstance(name, Scalar) or name.text != "AWS::Include" or not isinstance(location, Scalar):
            return None
        where = literal(self.at_rest().value(location))
        node = None if where is None else self.world.local(self.template.path, where)
        return node if isinstance(node, Mapping) else None

    def compared(self) -> Compared:
        """What parameters are compared with, in this template and in those to which they are passed on."""
        if self._compared is not None:
            return self._compared
        found = dict(compared(self.template))
        for child in self.children.values():
            for name, node in _passed(child):
                above = refers_to(node)
                if above is not None:
                    further = (value for value in child.compared().get(name, ()) if value not in found.get(above, ()))
                    found[above] = (*found.get(above, ()), *further)
        if self.world.grown:
            self._compared = found
        return found

    def choice(self, parameter: Parameter) -> Choice | None:
        """The values of a parameter to follow one by one, None if it is not a choice."""
        if parameter.name in self._choices:
            return self._choices[parameter.name]
        values = domain(parameter, self.compared().get(parameter.name, ()))
        found = Choice(self.scope, parameter.name, values) if values else None
        if self.world.grown:
            self._choices[parameter.name] = found
        return found

    def given(self, name: str) -> str | None:
        """The value that was given for a parameter of a root stack."""
        return self._given().get(name) if self.parent is None else None

    def _given(self) -> Dict[str, str]:
        """What was given for the root that this stack is nested in."""
        return self.world.given(self.root.template.path)

    def pseudo(self, name: str) -> str | None:
        """A pseudo parameter that is given, or that follows from the Region given."""
        known = self._given()
        given = None if self.parent is not None and name.startswith("AWS::Stack") else known.get(name)
        region = known.get("AWS::Region")
        if given is not None or region is None:
            return given
        partition, suffix = next(
            ((partition, suffix) for prefix, partition, suffix in _PARTITIONS if region.startswith(prefix)),
            ("aws", "amazonaws.com"),
        )
        return {"AWS::Partition": partition, "AWS::URLSuffix": suffix}.get(name)

    def passed(self, name: str, walk: Walk) -> Datum | None:
        """What the parent stack passes for a parameter, None if it passes nothing."""
        if self.parent is None or self.owner is None:
            return None
        above = Evaluation(self.parent, walk)
        parameters = above.properties(self.owner).fields().get("Parameters")
        if parameters is None:
            return None
        fields = parameters.fields()
        found = fields.get(name)
        if found is None and fields.open:
            return Datum(Open(fields.open), parameters.origin)
        return found

    def exists(self, walk: Walk) -> bool | Open:
        """Whether the stack is made at all."""
        if self.parent is None or self.owner is None:
            return True
        return Evaluation(self.parent, walk).exists(self.owner)

    def may_generate(self, name: str) -> bool:
        """Whether the SAM transform may make a resource of this name (`FunctionRole`, `ServerlessRestApi`)."""
        return name.startswith("Serverless") or any(
            name.startswith(resource.logical_id)
            for resource in self.resources().values()
            if resource.type.startswith("AWS::Serverless::")
        )

    def within(self) -> Iterator[Stack]:
        """This stack and all stacks nested in it."""
        yield self
        for child in self.children.values():
            yield from child.within()


def _passed(child: Stack) -> tuple[tuple[str, Node], ...]:
    """The parameters that a nested stack is given, as written."""
    properties = child.owner.attribute("Properties") if child.owner is not None else None
    parameters = properties.get("Parameters") if isinstance(properties, Mapping) else None
    return tuple((key.text, node) for key, node in parameters.entries) if isinstance(parameters, Mapping) else ()
