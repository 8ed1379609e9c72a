"""The stacks that the templates make: roots, the stacks nested in them, what they export, and what is given to them."""

from __future__ import annotations

import posixpath

from recoverable.read.cloudformation.evaluate import Evaluation, Settled, Walk
from recoverable.read.cloudformation.loops import written_out
from recoverable.read.cloudformation.template import ANY_OTHER, Parameter, Resource, Template, as_resource, parse
from recoverable.read.data import Datum, Open, literal
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Dict

    from recoverable.source import Span

#: Nested stacks in nested stacks; deeper ones are somebody's circle.
DEEPEST_NESTING = 8

NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}

_PARTITIONS = (("cn-", "aws-cn", "amazonaws.com.cn"), ("us-gov-", "aws-us-gov", "amazonaws.com"))


class Stack:
    """One stack: a template, where it is nested, and what its parent passes."""

    __slots__ = ("_domains", "_resources", "children", "owner", "parent", "prefix", "scope", "template", "world")

    def __init__(
        self, world: World, template: Template, parent: Stack | None = None, owner: Resource | None = None
    ) -> None:
        self.world = world
        self.template = template
        self.parent = parent
        self.owner = owner
        self.prefix: str = "" if parent is None or owner is None else f"{parent.prefix}{owner.logical_id}/"
        self.scope = f"{template.path}#{self.prefix}" if self.prefix else template.path
        self.children: dict[str, Stack] = {}
        self._resources: dict[str, Resource] | None = None
        self._domains: dict[str, tuple[str, ...]] = {}

    def symbol(self, name: str, attribute: str) -> str:
        """What stands for an attribute of a resource (or its `Ref`), the same in no other stack of the run."""
        here = self
        while here.parent is not None:
            here = here.parent
        return f"{here.template.path}#{self.prefix}{name}.{attribute}"

    def resources(self) -> dict[str, Resource]:
        """The resources by logical id, loops written out and local includes merged."""
        if self._resources is None:
            section = self.template.root.get("Resources")
            if not isinstance(section, Mapping):
                self._resources = {}
            else:
                self._resources = {
                    key.text: resource
                    for key, node in self.expanded(section).entries
                    if (resource := as_resource(key.text, key.span, node)) is not None
                }
                if self.template.globals is not None:
                    self._resources = self._with_globals(self._resources, self.template.globals)
        return self._resources

    def _with_globals(self, resources: dict[str, Resource], settings: Node) -> dict[str, Resource]:
        from recoverable.read.cloudformation.sam_globals import with_globals  # noqa: PLC0415 (SAM alone has them)

        return {name: with_globals(resource, settings) for name, resource in resources.items()}

    def expanded(self, section: Mapping) -> Mapping:
        """A section with its loops written out and what it includes from the local tree."""
        transform = section.get("Fn::Transform")
        included = self.included(transform) if transform is not None else None
        if included is not None:
            own = {key.text for key, _ in section.entries}
            more = tuple((key, node) for key, node in included.entries if key.text not in own)
            section = section._replace(entries=section.entries + more)
        return written_out(section, self._collection)

    def _collection(self, node: Node) -> tuple[str, ...] | None:
        evaluation = Evaluation(self, Walk(self.world, Settled(())))
        if isinstance(node, Sequence) and not node.tag:
            texts = [literal(evaluation.value(item)) for item in node.items]
            listed = None
        else:
            listed = evaluation.value(node)
            if isinstance(listed.content, Open) or listed.list().open:
                return None
            texts = [literal(item) for item in listed.list()]
        return None if None in texts else tuple(text or "" for text in texts)

    def included(self, transform: Node) -> Mapping | None:
        """The local file that an `AWS::Include` names, None if it is elsewhere or something else is called."""
        if not isinstance(transform, Mapping):
            return None
        name, parameters = transform.get("Name"), transform.get("Parameters")
        location = parameters.get("Location") if isinstance(parameters, Mapping) else None
        if not isinstance(name, Scalar) or name.text != "AWS::Include" or not isinstance(location, Scalar):
            return None
        node = self.world.local(self.template.path, location.text)
        return node if isinstance(node, Mapping) else None

    def domain(self, parameter: Parameter) -> tuple[str, ...]:
        """The values to follow one by one; see `Template.domain`."""
        found = self._domains.get(parameter.name)
        if found is None:
            found = self._domains[parameter.name] = self.template.domain(parameter)
        return found

    def pseudo_domain(self, name: str) -> tuple[str, ...]:
        """What conditions compare a pseudo parameter with, and anything else."""
        found = self._domains.get(name)
        if found is None:
            compared = self.template.compared(name)
            found = self._domains[name] = (*compared, ANY_OTHER) if compared else ()
        return found

    def given(self, name: str) -> str | None:
        """The value that was given for a parameter of a root stack."""
        return self._given().get(name) if self.parent is None else None

    def _given(self) -> Dict[str, str]:
        """What was given for the root that this stack is nested in."""
        root = self
        while root.parent is not None:
            root = root.parent
        return self.world.given(root.template.path)

    def pseudo(self, name: str) -> str | None:
        """A pseudo parameter that is given, or that follows from the Region given."""
        known = self._given()
        given = known.get(name)
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


class World:
    """All stacks of a run."""

    __slots__ = ("_exports", "_lookup", "_templates", "given", "roots", "unread")

    def __init__(
        self,
        templates: Dict[str, Template],
        lookup: Callable[[str], Node | None],
        given: Callable[[str], Dict[str, str]],
    ) -> None:
        self.given = given
        self._lookup = lookup
        self._templates = dict(templates)
        self._exports: dict[str, list[tuple[Stack, Node]]] | None = None
        #: Nested stacks whose template was not read: their place and what they name.
        self.unread: list[tuple[Span, str, str]] = []
        nested: set[str] = set()
        for template in templates.values():
            for resource in template.resources.values():
                path = self._nested_path(template, resource)
                if path is not None and path != template.path:
                    nested.add(path)
        paths = [path for path in templates if path not in nested] or list(templates)
        self.roots = [self._grow(Stack(self, templates[path]), (path,)) for path in paths]

    def local(self, base: str, location: str) -> Node | None:
        """The document at a location relative to the file `base`, None if it is not in the tree."""
        path = beside(base, location)
        return None if path is None else self._lookup(path)

    def exports(self, name: str) -> list[tuple[Stack, Node]]:
        """The stacks that export a name, with the value exported."""
        if self._exports is None:
            self._exports = {}
            for root in self.roots:
                for stack in root.within():
                    for exported, value in self._exported(stack):
                        self._exports.setdefault(exported, []).append((stack, value))
        return self._exports.get(name, [])

    def _exported(self, stack: Stack) -> Iterator[tuple[str, Node]]:
        evaluation = Evaluation(stack, Walk(self, Settled(())))
        for output in stack.template.outputs.values():
            if not isinstance(output, Mapping):
                continue
            export, value = output.get("Export"), output.get("Value")
            named = export.get("Name") if isinstance(export, Mapping) else None
            name = literal(evaluation.value(named)) if named is not None else None
            if name is not None and value is not None:
                yield name, value

    def _grow(self, stack: Stack, above: tuple[str, ...]) -> Stack:
        for resource in stack.resources().values():
            if resource.type not in NESTED:
                continue
            path = self._nested_path(stack.template, resource)
            template = None if path is None or path in above else self._template(path)
            if template is None or path is None or len(above) > DEEPEST_NESTING:
                self._miss(stack, resource)
                continue
            stack.children[resource.logical_id] = self._grow(Stack(self, template, stack, resource), (*above, path))
        return stack

    def _template(self, path: str) -> Template | None:
        found = self._templates.get(path)
        if found is None:
            root = self._lookup(path)
            if not isinstance(root, Mapping) or not isinstance(root.get("Resources"), Mapping):
                return None
            found = self._templates[path] = parse(path, root)
        return found

    def _miss(self, stack: Stack, resource: Resource) -> None:
        properties = resource.attribute("Properties")
        where = properties.get(NESTED[resource.type]) if isinstance(properties, Mapping) else None
        shown = where.text if isinstance(where, Scalar) and not where.tag else "somewhere else"
        self.unread.append((resource.origin, f"{stack.prefix}{resource.logical_id}", shown))

    def _nested_path(self, template: Template, resource: Resource) -> str | None:
        """The local template that a nested stack names, as CDK's asset metadata or as a path beside the template."""
        name = NESTED.get(resource.type)
        if name is None:
            return None
        metadata = resource.attribute("Metadata")
        asset = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
        properties = resource.attribute("Properties")
        location = properties.get(name) if isinstance(properties, Mapping) else None
        for node in (asset, location):
            if isinstance(node, Scalar) and not node.tag and isinstance(node.value, str):
                path = beside(template.path, node.value)
                if path is not None:
                    return path
        return None


def beside(base: str, location: str) -> str | None:
    """The path of a file named relative to another, None for URLs, absolute paths and what leaves the root."""
    if "://" in location or location.startswith(("/", "~")) or "\\" in location or not location:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), location))
    return None if path == ".." or path.startswith("../") else path
