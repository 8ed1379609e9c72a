"""All stacks that the templates make: roots, the stacks nested in them, and what they export to each other."""

from __future__ import annotations

import posixpath

from recoverable.read.cloudformation.stacks import Stack
from recoverable.read.cloudformation.template import parse
from recoverable.read.data import literal
from recoverable.read.nodes import Mapping, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Dict

    from recoverable.read.cloudformation.template import Resource, Template
    from recoverable.read.nodes import Node
    from recoverable.source import Span

#: Nested stacks in nested stacks; deeper ones are somebody's circle.
DEEPEST_NESTING = 8

#: A run with more stacks than this is made of templates that nest each other many times over.
MOST_STACKS = 2_000

NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}


class World:
    """All stacks of a run."""

    __slots__ = ("_count", "_exports", "_lookup", "_templates", "given", "grown", "hidden", "roots", "unread")

    def __init__(
        self,
        templates: Dict[str, Template],
        lookup: Callable[[str], Node | None],
        given: Callable[[str], Dict[str, str]],
    ) -> None:
        self.given = given
        self._lookup = lookup
        self._templates = dict(templates)
        self._exports: dict[str, list[tuple[Stack, Mapping]]] | None = None
        self._count = 0
        #: Whether all stacks are there; until then nothing that depends on others is kept.
        self.grown = False
        #: Nested stacks whose template was not read: their place, what they are called, and why.
        self.unread: list[tuple[Span, str, str]] = []
        #: Places where a transform may make more resources than are written, and what to say of it.
        self.hidden: dict[Span, str] = {}
        self.roots: list[Stack] = []
        nested = dict.fromkeys(path for template in templates.values() for path in self._nested_in(template))
        # A template that is nested nowhere is a root; so is one that only a circle of templates leads to.
        seen: set[str] = set()
        for path in (*(path for path in templates if path not in nested), *filter(templates.__contains__, nested)):
            if path not in seen:
                root = self._grow(Stack(self, self._templates[path]), (path,))
                seen.update(stack.template.path for stack in root.within())
                self.roots.append(root)
        self.grown = True

    def _nested_in(self, template: Template) -> Iterator[str]:
        for resource in Stack(self, template).resources().values() if template.loops else template.resources.values():
            path = self._nested_path(template, resource)
            if path is not None and path != template.path:
                yield path

    def local(self, base: str, location: str) -> Node | None:
        """The document at a location relative to the file `base`, None if it is not in the tree."""
        path = beside(base, location)
        return None if path is None else self._lookup(path)

    def exports(self, name: str) -> list[tuple[Stack, Node]]:
        """The stacks that may export a name, with the value exported."""
        found = ((stack, output.get("Value")) for stack, output in self.exporting(name))
        return [(stack, value) for stack, value in found if value is not None]

    def exporting(self, name: str) -> list[tuple[Stack, Mapping]]:
        """The stacks that may export a name, with the output that does."""
        if not self.grown:
            return []
        if self._exports is None:
            # A name that is itself imported finds nothing: exports cannot wait for each other.
            self._exports = {}
            found: dict[str, list[tuple[Stack, Mapping]]] = {}
            for root in self.roots:
                for stack in root.within():
                    for exported, output in self._exported(stack):
                        found.setdefault(exported, []).append((stack, output))
            self._exports = found
        return self._exports.get(name, [])

    def _exported(self, stack: Stack) -> Iterator[tuple[str, Mapping]]:
        evaluation = stack.at_rest()
        for output in stack.outputs().values():
            if not isinstance(output, Mapping):
                continue
            export = output.get("Export")
            named = export.get("Name") if isinstance(export, Mapping) else None
            name = literal(evaluation.value(named)) if named is not None else None
            if name is not None:
                yield name, output

    def _grow(self, stack: Stack, above: tuple[str, ...]) -> Stack:
        self._count += 1
        for resource in stack.resources().values():
            if resource.type not in NESTED:
                continue
            path = self._nested_path(stack.template, resource)
            template = None if path is None else self._template(path)
            if template is None or path is None:
                self._miss(stack, resource, _shown_location(resource))
            elif path in above:
                self._miss(stack, resource, f"{path}, in which it is nested itself")
            elif len(above) > DEEPEST_NESTING or self._count >= MOST_STACKS:
                self._miss(stack, resource, f"{path}, and there are too many stacks in stacks")
            else:
                stack.children[resource.logical_id] = self._grow(Stack(self, template, stack, resource), (*above, path))
        return stack

    def _miss(self, stack: Stack, resource: Resource, why: str) -> None:
        self.unread.append((resource.origin, f"{stack.prefix}{resource.logical_id}", why))

    def _template(self, path: str) -> Template | None:
        found = self._templates.get(path)
        if found is None:
            root = self._lookup(path)
            if not isinstance(root, Mapping) or not isinstance(root.get("Resources"), Mapping):
                return None
            found = self._templates[path] = parse(path, root)
        return found

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


def _shown_location(resource: Resource) -> str:
    properties = resource.attribute("Properties")
    where = properties.get(NESTED[resource.type]) if isinstance(properties, Mapping) else None
    return where.text if isinstance(where, Scalar) and not where.tag else "somewhere else"


def beside(base: str, location: str) -> str | None:
    """The path of a file named relative to another, None for URLs, absolute paths and what leaves the root."""
    if "://" in location or location.startswith(("/", "~")) or "\\" in location or not location:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), location))
    return None if path == ".." or path.startswith("../") else path
