"""Modules and resources as they are made: which instances there are, what they refer to, where they land.

https://developer.hashicorp.com/terraform/language/modules
https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

import posixpath

from recoverable.read.data import Datum, Fields, Open
from recoverable.read.terraform.attributes import SYMBOLS, Attributes
from recoverable.read.terraform.blocks import body_datum
from recoverable.read.terraform.choosing import WORKSPACE, variable_file, workspace
from recoverable.read.terraform.evaluate import Evaluation
from recoverable.read.terraform.repetition import collected, each_of, repetition_in, repetitions
from recoverable.read.terraform.values import Files, wrong
from recoverable.read.terraform.walk import Walk
from recoverable.scenario import Run
from recoverable.truth import Fact
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from recoverable.read.hcl.syntax import Argument, Expression
    from recoverable.read.terraform.choosing import Apart
    from recoverable.read.terraform.configuration import Call, Module, Resource, Variable
    from recoverable.read.terraform.evaluate import Each
    from recoverable.source import Span

#: Modules in modules; deeper ones are somebody's circle.
DEEPEST_NESTING = 12


class Configuration(NamedTuple):
    """What a root and its modules are read through.

    `module` gives the module in a folder of the repository, None if there is none; `installed` the folder of a module
    that was installed, by its key in `.terraform/modules/modules.json`; `read` the text of a file.
    `given` are values for variables of the root, by name; `choices` sets of values of which one is used, by file name;
    `fixed` are values that win over both. `foreign` gives a module whose text is not the repository's own, at the place
    of its call: from the folder it was installed in, or what is known of it without. `names` are those of the files in
    a folder. `scope` tells its symbols from those of other roots, the folder if it is empty. `apart` are the values by
    which the root tells apart what is not known, `workspaces` those that there are, empty where nobody can tell.
    """

    module: Callable[[str], Module | None]
    installed: Callable[[str], str | None]
    read: Callable[[str], str | None]
    given: dict[str, Datum]
    choices: dict[str, dict[str, Datum]]
    fixed: dict[str, Datum]
    foreign: Callable[[Call, str | None], Module | None]
    names: Callable[[str], Collection[str]] | None = None
    scope: str = ""
    apart: Apart | None = None
    workspaces: tuple[str, ...] = ()


class Instance(NamedTuple):
    """One instance of a resource: its address, and the evaluation in which `each` and `count` are its own.

    `seen` is where a plan or state has it that was made from these sources.
    """

    address: str
    resource: Resource
    evaluation: Evaluation
    arguments: Datum
    suffix: str = ""
    seen: Span | None = None

    @property
    def scope(self) -> str:
        return f"{self.evaluation.module.root_scope}#{self.address}"

    def symbol(self, attribute: str) -> str:
        """What others call an attribute of it."""
        return f"{self.scope}.{SYMBOLS.get(attribute, attribute)}"


class ModuleInstance:
    """A module as called from one place (or the root): its variables have values here."""

    __slots__ = (
        "call",
        "configuration",
        "depth",
        "files",
        "module",
        "parent",
        "prefix",
        "root_scope",
        "scope",
        "suffix",
    )

    def __init__(
        self,
        configuration: Configuration,
        module: Module,
        *,
        parent: Evaluation | None = None,
        call: Call | None = None,
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        above = parent.module if parent is not None else None
        self.configuration = configuration
        self.module = module
        self.parent = parent
        self.call = call
        self.prefix = prefix
        self.suffix = suffix
        self.depth: int = above.depth + 1 if above is not None else 0
        folder: str = above.files.root if above is not None else module.path or "."
        self.root_scope: str = above.root_scope if above is not None else configuration.scope or folder
        self.scope = f"{self.root_scope}#{prefix}" if prefix else self.root_scope
        self.files: Files = Files(module.path, folder, configuration.read, configuration.names)

    def root_call(self) -> Span | None:
        """The call in the root that all of this comes from; None for the root itself."""
        if self.parent is None or self.call is None:
            return None
        return self.parent.module.root_call() or self.call.span

    # References

    def root(self, evaluation: Evaluation, name: str, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        """What a reference that begins with `name` refers to."""
        first = steps[0] if steps and isinstance(steps[0], str) else ""
        match name:
            case "var":
                found = self.variable(evaluation.walk, first, span)
                if self.module.foreign and found.origin != span:
                    # Its text is not the reader's to change: what the caller wrote decides.
                    span = found.origin
                return evaluation.into(found, steps[1:], span)
            case "local":
                return evaluation.into(self._local(evaluation.walk, first, span), steps[1:], span)
            case "each" | "count":
                return evaluation.into(each_of(evaluation, name, first, span), steps[1:], span)
            case "path":
                # As Terraform has it: relative to the root module, in whose folder it runs.
                inner = posixpath.relpath(self.module.path or ".", self.files.root) if first == "module" else "."
                return Datum(inner, span)
            case "terraform":
                shown = f"terraform.{first}"
                if shown == WORKSPACE and self.configuration.workspaces:
                    named = workspace(evaluation, self.configuration.workspaces)
                    if named is not None:
                        return Datum(named, span)
                return Datum(
                    Open(f"{shown} is known when Terraform runs", parameter=f"{self.root_scope}#{shown}"), span
                )
            case "module":
                return self._output(evaluation, steps, span)
            case "data":
                return self._data(evaluation, steps, span)
            case "self":
                return Datum(Open("self is known only to provisioners"), span)
            case "ephemeral":
                return Datum(Open("an ephemeral value is there only while Terraform runs"), span)
            case _:
                return self._resource(evaluation, name, steps, span)

    def variable(self, walk: Walk, name: str, span: Span) -> Datum:
        """The value of an input variable: what the caller passes, what is given, a choice of files, or its default."""
        variable = self.module.variables.get(name)
        if variable is None:
            return self._missing(f"there is no variable {name}", span)
        key = (self.scope, f"var.{name}")
        found = walk.locals.get(key)
        if found is None:
            walk.locals[key] = Datum(Open(f"var.{name} refers to itself"), span)
            found = walk.locals[key] = self._variable(walk, variable, span)
        return found

    def _variable(self, walk: Walk, variable: Variable, span: Span) -> Datum:
        name = variable.name
        if self.parent is not None and self.call is not None:
            argument = self.call.body.arguments.get(name)
            if argument is not None:
                passed = self.parent.inside(walk).value(argument.expression())
                if passed.content is not None or self._nullable(walk, variable):
                    note = Fact(f"var.{name} is set by module.{self.call.name}", argument.value_span)
                    notes = passed.notes if self.module.foreign else (note, *passed.notes)
                    return self._complete(walk, variable, passed._replace(notes=notes))
            return self._default(walk, variable, span)
        fixed = self.configuration.fixed.get(name)
        if fixed is not None:
            return self._complete(walk, variable, fixed)
        value = self.configuration.given.get(name)
        if any(name in values for values in self.configuration.choices.values()):
            chosen = variable_file(Evaluation(self, walk))
            if chosen is None:
                return Datum(Open(f"var.{name} depends on the variable file"), span)
            value = self.configuration.choices[chosen].get(name, value)
        if value is None or (value.content is None and not self._nullable(walk, variable)):
            return self._default(walk, variable, span)
        note = Fact(f"var.{name} is set here", value.origin)
        return self._complete(walk, variable, value._replace(notes=(*value.notes, note)))

    def _nullable(self, walk: Walk, variable: Variable) -> bool:
        """Whether `null` is a value of a variable, and not another word for its default.

        https://developer.hashicorp.com/terraform/language/values/variables#disallowing-null-module-input-values
        """
        if variable.nullable is None:
            return True
        return Evaluation(self, walk).value(variable.nullable.expression()).content is not False

    def _default(self, walk: Walk, variable: Variable, span: Span) -> Datum:
        if variable.default is None:
            reason = f"it comes from var.{variable.name}, which has no default"
            return Datum(Open(reason, parameter=f"{self.scope}#var.{variable.name}"), span)
        datum = Evaluation(self, walk).value(variable.default.expression())
        if self.module.foreign:
            return self._complete(walk, variable, datum._replace(origin=span))
        note = Fact(f"var.{variable.name} has a default", variable.default.value_span)
        return self._complete(walk, variable, datum._replace(notes=(*datum.notes, note)))

    def _complete(self, walk: Walk, variable: Variable, datum: Datum) -> Datum:
        """A value with the defaults that the variable's type gives to optional attributes."""
        if variable.type is None:
            return datum
        from recoverable.read.terraform.types import completed  # noqa: PLC0415 (few types need it)

        return completed(Evaluation(self, walk), variable.type.expression(), datum)

    def _local(self, walk: Walk, name: str, span: Span) -> Datum:
        argument = self.module.locals.get(name)
        if argument is None:
            return self._missing(f"there is no local value {name}", span)
        key = (self.scope, name)
        found = walk.locals.get(key)
        if found is None:
            walk.locals[key] = Datum(Open(f"local.{name} refers to itself"), span)
            found = walk.locals[key] = Evaluation(self, walk).value(argument.expression())
        return found

    def _output(self, evaluation: Evaluation, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        if name not in self.module.calls:
            return self._missing(f"there is no module {name}", span)
        instances = self.called(name, evaluation.walk)
        if instances is None:
            unread = Open(f"module.{name} was not read", f"{self.scope}#module.{name}")
            return evaluation.into(Datum(unread, span), steps[1:], span)
        whole = collected(
            [(instance.suffix, Datum(_Outputs(instance, evaluation.walk), span)) for instance in instances],
            by=repetition_in(self.module.calls[name].body.arguments),
            span=span,
        )
        return evaluation.into(whole, steps[1:], span)

    def _data(self, evaluation: Evaluation, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        kind, name = ("", "") if len(steps) < 2 else (str(steps[0]), str(steps[1]))
        resource = self.module.resources.get(f"data.{kind}.{name}")
        if resource is None:
            return self._missing(f"there is no data.{kind}.{name}", span)
        return evaluation.into(self._instances_datum(evaluation, resource, span), steps[2:], span)

    def _resource(self, evaluation: Evaluation, kind: str, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        resource = self.module.resources.get(f"{kind}.{name}")
        if resource is None:
            return self._missing(f"there is no {kind}.{name}", span)
        return evaluation.into(self._instances_datum(evaluation, resource, span), steps[1:], span)

    def _missing(self, reason: str, span: Span) -> Datum:
        """What is declared nowhere: Terraform refuses it, unless it stands in what could not be read."""
        return Datum(Open(self.module.open), span) if self.module.open else wrong(reason, span)

    def _instances_datum(self, evaluation: Evaluation, resource: Resource, span: Span) -> Datum:
        instances = self.instances(resource, evaluation.walk)
        return collected(
            [(instance.suffix, Datum(Attributes(instance), span)) for instance in instances],
            by=repetition_in(resource.body.arguments),
            span=span,
        )

    # Instances

    def called(self, name: str, walk: Walk) -> list[ModuleInstance] | None:
        """The instances of a module call, None if its source is not in what can be read."""
        call = self.module.calls[name]
        module = self.module_of(call)
        if module is None:
            return None
        key = (self.scope, name)
        found = walk.modules.get(key)
        if found is None:
            found = walk.modules[key] = []
            for suffix, each in self._repeated(call.body.arguments, f"{self.prefix}module.{name}", walk):
                found.append(self.below(call, module, Evaluation(self, walk, each), suffix))
        return found

    def below(
        self, call: Call, module: Module, evaluation: Evaluation | None = None, suffix: str = ""
    ) -> ModuleInstance:
        """A module that is called from here; without an evaluation it is good for looking at what it declares only."""
        parent = Evaluation(self, Walk(Run())) if evaluation is None else evaluation
        prefix = f"{self.prefix}module.{call.name}{suffix}."
        return ModuleInstance(self.configuration, module, parent=parent, call=call, prefix=prefix, suffix=suffix)

    def module_of(self, call: Call) -> Module | None:
        """What a module call calls: a folder of the repository, or a module from elsewhere."""
        if self.depth >= DEEPEST_NESTING:
            return None
        folder = self.folder_of(call)
        if folder is not None and ".terraform" not in folder.split("/"):
            return self.configuration.module(folder)
        return self.configuration.foreign(call, folder)

    def folder_of(self, call: Call) -> str | None:
        """The folder that a module call's source is in: beside the caller, or where it was installed."""
        if call.source.startswith(("./", "../")):
            folder = posixpath.normpath(posixpath.join(self.module.path or ".", call.source))
            if folder == ".." or folder.startswith("../"):
                return None
            return "" if folder == "." else folder
        return self.configuration.installed(".".join((*self.calls(), call.name)))

    def calls(self) -> tuple[str, ...]:
        """The names of the calls that lead here from the root."""
        if self.parent is None or self.call is None:
            return ()
        return (*self.parent.module.calls(), self.call.name)

    def instances(self, resource: Resource, walk: Walk, wanted: str = "") -> list[Instance]:
        """The instances of a resource in this scenario, or only that of the address that is wanted."""
        made = []
        for suffix, each in self._repeated(resource.body.arguments, f"{self.prefix}{resource.address}", walk):
            address = f"{self.prefix}{resource.address}{suffix}"
            if wanted and address != wanted:
                continue
            evaluation = Evaluation(self, walk, each)
            arguments = body_datum(evaluation, resource.body, resource.span)
            made.append(Instance(address, resource, evaluation, arguments, suffix))
        return made

    def _repeated(self, arguments: dict[str, Argument], address: str, walk: Walk) -> Iterator[tuple[str, Each | None]]:
        """The suffix of each instance's address, and what `each` and `count` are in it; a plan knows its own."""
        return repetitions(Evaluation(self, walk), arguments, address)


class _Outputs(Fields):
    """The outputs of a module instance."""

    __slots__ = ("_instance", "_walk")

    def __init__(self, instance: ModuleInstance, walk: Walk) -> None:
        super().__init__({}, instance.module.open)
        self._instance = instance
        self._walk = walk

    def get(self, key: str) -> Datum | None:
        block = self._instance.module.outputs.get(key)
        if block is None:
            return None
        value = block.body.arguments.get("value")
        if value is None:
            return Datum(Open(block.body.open or f"the output {key} has no value"), block.span)
        return Evaluation(self._instance, self._walk).value(value.expression())
