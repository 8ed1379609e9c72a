"""Modules and resources as they are made: which instances there are, what they refer to, where they land.

https://developer.hashicorp.com/terraform/language/modules
https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

import posixpath

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.terraform.blocks import Arguments, body_datum
from recoverable.read.terraform.evaluate import Each, Evaluation
from recoverable.read.terraform.operators import as_number
from recoverable.read.terraform.values import Files, pairs_of, wrong
from recoverable.scenario import Choice
from recoverable.truth import Fact
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.read.hcl.syntax import Argument, Expression
    from recoverable.read.terraform.configuration import Call, Module, Resource, Variable
    from recoverable.read.terraform.walk import Walk
    from recoverable.source import Span

#: Modules in modules; deeper ones are somebody's circle.
DEEPEST_NESTING = 12

#: More instances of one resource than this are not followed one by one.
MOST_INSTANCES = 500

#: What `arn`, `id` and the like of a resource stand for, in the words that all readers share (`text.Hole`).
SYMBOLS = {"arn": "Arn", "id": "Ref", "name": "Ref", "key_id": "KeyId", "target_key_id": "TargetKeyId"}

#: The types of resources by the names that all readers share.
TYPES = {
    "aws_dynamodb_table": "AWS::DynamoDB::Table",
    "aws_backup_vault": "AWS::Backup::BackupVault",
    "aws_backup_logically_air_gapped_vault": "AWS::Backup::LogicallyAirGappedBackupVault",
    "aws_backup_plan": "AWS::Backup::BackupPlan",
    "aws_kms_key": "AWS::KMS::Key",
    "aws_kms_alias": "AWS::KMS::Alias",
    "aws_iam_role": "AWS::IAM::Role",
}

#: Resources whose `id` is their `name`.
NAMED = ("aws_dynamodb_table", "aws_backup_vault", "aws_iam_role", "aws_iam_user", "aws_iam_group")


class Configuration(NamedTuple):
    """What a root and its modules are read through.

    `module` gives the module in a folder of the repository, None if there is none; `installed` the folder of a module
    that was installed, by its key in `.terraform/modules/modules.json`; `read` the text of a file.
    `given` are values for variables of the root, by name; `choices` sets of values of which one is used, by file name.
    """

    module: Callable[[str], Module | None]
    installed: Callable[[str, str], str | None]
    read: Callable[[str], str | None]
    given: dict[str, Datum]
    choices: dict[str, dict[str, Datum]]


class Instance(NamedTuple):
    """One instance of a resource: its address, and the evaluation in which `each` and `count` are its own."""

    address: str
    resource: Resource
    evaluation: Evaluation
    arguments: Datum

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
        "children",
        "configuration",
        "depth",
        "files",
        "module",
        "parent",
        "prefix",
        "root_scope",
        "scope",
    )

    def __init__(
        self,
        configuration: Configuration,
        module: Module,
        *,
        parent: Evaluation | None = None,
        call: Call | None = None,
        prefix: str = "",
    ) -> None:
        above = parent.module if parent is not None else None
        self.configuration = configuration
        self.module = module
        self.parent = parent
        self.call = call
        self.prefix = prefix
        self.depth: int = above.depth + 1 if above is not None else 0
        self.root_scope: str = above.root_scope if above is not None else module.path or "."
        self.scope = f"{self.root_scope}#{prefix}" if prefix else self.root_scope
        self.files = Files(module.path, self.root_scope, configuration.read)
        self.children: dict[str, list[ModuleInstance] | None] = {}

    # References

    def root(self, evaluation: Evaluation, name: str, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        """What a reference that begins with `name` refers to."""
        first = steps[0] if steps and isinstance(steps[0], str) else ""
        match name:
            case "var":
                return evaluation.into(self.variable(evaluation.walk, first, span), steps[1:], span)
            case "local":
                return evaluation.into(self._local(evaluation.walk, first, span), steps[1:], span)
            case "each" | "count":
                return evaluation.into(_each(evaluation, name, first, span), steps[1:], span)
            case "path":
                folder = self.module.path if first == "module" else self.root_scope
                return Datum(folder or ".", span)
            case "terraform":
                shown = f"terraform.{first}"
                return Datum(
                    Open(f"{shown} is known when Terraform runs", parameter=f"{self.root_scope}#{shown}"), span
                )
            case "module":
                return self._output(evaluation, steps, span)
            case "data":
                return self._data(evaluation, steps, span)
            case "self":
                return Datum(Open("self is known only to provisioners"), span)
            case _:
                return self._resource(evaluation, name, steps, span)

    def variable(self, walk: Walk, name: str, span: Span) -> Datum:
        """The value of an input variable: what the caller passes, what is given, a choice of files, or its default."""
        variable = self.module.variables.get(name)
        if variable is None:
            return wrong(f"there is no variable {name}", span)
        if self.parent is not None and self.call is not None:
            argument = self.call.body.arguments.get(name)
            if argument is not None:
                passed = self.parent.inside(walk).value(argument.expression())
                # `null` for a variable means its default, unless it is declared otherwise.
                if passed.content is not None:
                    return self._complete(walk, variable, passed)
            return self._default(walk, variable, span)
        given = self.configuration.given.get(name)
        if given is not None:
            return given._replace(notes=(*given.notes, Fact(f"var.{name} is set here", given.origin)))
        files = tuple(file for file, values in self.configuration.choices.items() if name in values)
        if files:
            domain = tuple(self.configuration.choices)
            chosen = walk.decide(Choice(self.root_scope, "the variable file", domain))
            if chosen is None:
                return Datum(Open(f"var.{name} depends on the variable file"), span)
            value = self.configuration.choices[chosen].get(name)
            if value is not None:
                return self._complete(walk, variable, value)
        return self._default(walk, variable, span)

    def _default(self, walk: Walk, variable: Variable, span: Span) -> Datum:
        if variable.default is None:
            reason = f"it comes from var.{variable.name}, which has no default"
            return Datum(Open(reason, parameter=f"{self.scope}#var.{variable.name}"), span)
        datum = Evaluation(self, walk).value(variable.default.expression())
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
            return wrong(f"there is no local value {name}", span)
        key = (self.scope, name)
        found = walk.locals.get(key)
        if found is None:
            walk.locals[key] = Datum(Open(f"local.{name} refers to itself"), span)
            found = walk.locals[key] = Evaluation(self, walk).value(argument.expression())
        return found

    def _output(self, evaluation: Evaluation, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        if name not in self.module.calls:
            return wrong(f"there is no module {name}", span)
        instances = self.called(name, evaluation.walk)
        if instances is None:
            return Datum(Open(f"module.{name} was not read", f"{self.scope}#module.{name}"), span)
        whole = _collected(
            [
                (instance.prefix.removesuffix("."), Datum(_Outputs(instance, evaluation.walk), span))
                for instance in instances
            ],
            repeated=_repetition(self.module.calls[name].body.arguments) is not None,
            span=span,
        )
        return evaluation.into(whole, steps[1:], span)

    def _data(self, evaluation: Evaluation, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        kind, name = ("", "") if len(steps) < 2 else (str(steps[0]), str(steps[1]))
        resource = self.module.resources.get(f"data.{kind}.{name}")
        if resource is None:
            return wrong(f"there is no data.{kind}.{name}", span)
        return evaluation.into(self._instances_datum(evaluation, resource, span), steps[2:], span)

    def _resource(self, evaluation: Evaluation, kind: str, steps: tuple[str | Expression, ...], span: Span) -> Datum:
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        resource = self.module.resources.get(f"{kind}.{name}")
        if resource is None:
            return wrong(f"there is no {kind}.{name}", span)
        return evaluation.into(self._instances_datum(evaluation, resource, span), steps[1:], span)

    def _instances_datum(self, evaluation: Evaluation, resource: Resource, span: Span) -> Datum:
        instances = self.instances(resource, evaluation.walk)
        if isinstance(instances, Open):
            return Datum(instances, span)
        return _collected(
            [(instance.address, Datum(Attributes(instance), span)) for instance in instances],
            repeated=_repetition(resource.body.arguments) is not None,
            span=span,
        )

    # Instances

    def called(self, name: str, walk: Walk) -> list[ModuleInstance] | None:
        """The instances of a module call, None if its source is not in what can be read."""
        call = self.module.calls[name]
        folder = self.folder_of(call)
        module = None if folder is None or self.depth >= DEEPEST_NESTING else self.configuration.module(folder)
        if module is None:
            return None
        made = []
        for suffix, each in self._repeated(call.body.arguments, f"module.{name}", walk):
            evaluation = Evaluation(self, walk, each)
            prefix = f"{self.prefix}module.{name}{suffix}."
            made.append(ModuleInstance(self.configuration, module, parent=evaluation, call=call, prefix=prefix))
        return made

    def folder_of(self, call: Call) -> str | None:
        """The folder that a module call's source is in: beside the caller, or where it was installed."""
        if call.source.startswith(("./", "../")):
            folder = posixpath.normpath(posixpath.join(self.module.path or ".", call.source))
            return None if folder == ".." or folder.startswith("../") else folder.removeprefix("./")
        steps = [part.partition("[")[0] for part in f"{self.prefix}module.{call.name}".split("module.") if part]
        return self.configuration.installed(self.root_scope, ".".join(step.strip(".") for step in steps))

    def instances(self, resource: Resource, walk: Walk) -> list[Instance] | Open:
        """The instances of a resource in this scenario."""
        made = []
        for suffix, each in self._repeated(resource.body.arguments, f"{self.prefix}{resource.address}", walk):
            evaluation = Evaluation(self, walk, each)
            arguments = body_datum(evaluation, resource.body, resource.span)
            made.append(Instance(f"{self.prefix}{resource.address}{suffix}", resource, evaluation, arguments))
        return made

    def _repeated(self, arguments: dict[str, Argument], address: str, walk: Walk) -> Iterator[tuple[str, Each | None]]:
        """The suffix of each instance's address, and what `each` and `count` are in it."""
        repetition = _repetition(arguments)
        if repetition is None:
            yield "", None
            return
        datum = Evaluation(self, walk).value(repetition.expression())
        if repetition.name == "count":
            number = as_number(datum)
            if not isinstance(number, Open):
                for index in range(min(int(number), MOST_INSTANCES)):
                    at = Datum(index, repetition.value_span)
                    yield f"[{index}]", Each(at, at, at)
                return
            reason = number
        else:
            pairs = pairs_of(datum)
            if not isinstance(pairs, Open):
                for key, value in pairs[:MOST_INSTANCES]:
                    named = value if isinstance(datum.content, Items) else key
                    text = literal(named)
                    yield f'["{text}"]' if text is not None else "[?]", Each(named, value)
                return
            reason = pairs
        # How many there are is left to the deployment: none, or some of which one stands for all.
        made = walk.decide(Choice(self.scope, f"{address} is made", ("true", "false")))
        if made != "false":
            unknown = Datum(reason, repetition.value_span)
            yield "[?]", Each(unknown, unknown, unknown)


class Attributes(Arguments):
    """A resource as others see it: what is written, and what is known only after it is made."""

    __slots__ = ("_instance",)

    def __init__(self, instance: Instance) -> None:
        super().__init__({}, f"{instance.address} has attributes that are known only after it is made")
        self._instance = instance

    def get(self, key: str) -> Datum | None:
        instance = self._instance
        kind = instance.resource.type
        if instance.resource.address.startswith("data."):
            return _looked_up(instance, key)
        asked = "name" if key == "id" and kind in NAMED else key
        written = instance.arguments.fields().get(asked)
        if written is not None:
            return written
        reason = f"{instance.address}.{key} is known only after it is made"
        return Datum(Open(reason, instance.symbol(key), type=TYPES.get(kind, kind)), instance.resource.span)


class _Outputs(Fields):
    """The outputs of a module instance."""

    __slots__ = ("_instance", "_walk")

    def __init__(self, instance: ModuleInstance, walk: Walk) -> None:
        super().__init__({}, "")
        self._instance = instance
        self._walk = walk

    def get(self, key: str) -> Datum | None:
        block = self._instance.module.outputs.get(key)
        value = block.body.arguments.get("value") if block is not None else None
        return None if value is None else Evaluation(self._instance, self._walk).value(value.expression())


def _looked_up(instance: Instance, key: str) -> Datum:
    """An attribute of a data source. Those about the account and the Region have names that all readers share."""
    span = instance.resource.span
    match instance.resource.type, key:
        case "aws_caller_identity", "account_id" | "id":
            return Datum(Open("the account is known when Terraform runs", "AWS::AccountId"), span)
        case "aws_region", "name" | "id" | "region":
            from recoverable.read.terraform.providers import region_of  # noqa: PLC0415 (it looks at this module)

            return region_of(instance)
        case "aws_partition", "partition" | "id":
            return Datum(Open("the partition is known when Terraform runs", "AWS::Partition"), span)
        case "aws_partition", "dns_suffix":
            return Datum(Open("the partition is known when Terraform runs", "AWS::URLSuffix"), span)
        case "aws_iam_policy_document", "json" | "minified_json":
            from recoverable.read.terraform.policy_documents import document  # noqa: PLC0415 (few ask)

            return document(instance)
    written = instance.arguments.fields().get(key)
    if written is not None:
        return written
    reason = f"{instance.address}.{key} is looked up when Terraform runs"
    return Datum(Open(reason, instance.symbol(key), type=instance.resource.type), span)


def _repetition(arguments: dict[str, Argument]) -> Argument | None:
    return arguments.get("count") or arguments.get("for_each")


def _collected(instances: list[tuple[str, Datum]], *, repeated: bool, span: Span) -> Datum:
    """Instances as an expression sees them: one, a list by index, or a mapping by key."""
    if not repeated:
        return instances[0][1] if instances else Datum(Open("it is not made"), span)
    keys = [address.rpartition("[")[2].removesuffix("]") for address, _ in instances]
    if any(key == "?" for key in keys):
        return Datum(Items((), "how many there are is known when Terraform runs"), span)
    if all(key.isdigit() for key in keys):
        return Datum(Items(tuple(datum for _, datum in instances)), span)
    return Datum(Fields({key.strip('"'): (span, datum) for key, (_, datum) in zip(keys, instances, strict=True)}), span)


def _each(evaluation: Evaluation, name: str, first: str, span: Span) -> Datum:
    each = evaluation.each
    if each is None:
        return wrong(f"there is no {name} here", span)
    if name == "count":
        return each.index._replace(origin=span) if each.index is not None else wrong("there is no count here", span)
    return (each.key if first == "key" else each.value)._replace(origin=span)
