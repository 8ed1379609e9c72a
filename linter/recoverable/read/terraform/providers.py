"""Where a resource lands: the Region, account and default tags of the provider that makes it.

https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider
https://registry.terraform.io/providers/hashicorp/aws/latest/docs#provider-configuration
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Open, literal
from recoverable.read.hcl import syntax
from recoverable.read.terraform.blocks import body_datum, dig
from recoverable.read.terraform.evaluate import Evaluation
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Argument, Expression
    from recoverable.read.terraform.instances import Instance, ModuleInstance
    from recoverable.source import Span

#: By the way that a provider is called: `aws` or `aws.eu`.
_REGION = "AWS::Region"
_ACCOUNT = "AWS::AccountId"


class Provider(NamedTuple):
    """A configured provider: how it is called where it is configured, and what its block says (None without one).

    `open` says why it is not known which one it is; empty when it is.
    """

    name: str
    module: ModuleInstance
    settings: Datum | None = None
    open: str = ""

    @property
    def is_default(self) -> bool:
        return "." not in self.name and not self.open


def provider_of(instance: Instance) -> Provider:
    """The provider that makes a resource."""
    evaluation = instance.evaluation
    argument = instance.resource.body.arguments.get("provider")
    named = _called(argument.expression()) if argument is not None else ""
    name = named or instance.resource.type.partition("_")[0]
    return _configured(evaluation.module, evaluation, name)


def region_of(instance: Instance) -> Datum:
    """The Region of a resource: its own argument, or that of its provider."""
    own = instance.arguments.fields().get("region") or of_arn(instance, 3)
    if own is not None:
        return own
    return region_in(provider_of(instance), instance.resource.span)


def region_in(provider: Provider, span: Span) -> Datum:
    """The Region that a provider works in."""
    if provider.open:
        return Datum(Open(provider.open, _own(provider, "region")), span)
    written = None if provider.settings is None else provider.settings.fields().get("region")
    if written is not None:
        return written
    given = provider.module.configuration.fixed.get(_REGION)
    if given is not None and provider.is_default:
        return given
    reason = "the Region is known when Terraform runs: its provider names none"
    return Datum(Open(reason, _REGION if provider.is_default else _own(provider, "region")), span)


def account_of(instance: Instance) -> Datum:
    """The account of a resource: the one account that its provider allows, or that of the role it assumes."""
    own = of_arn(instance, 4)
    if own is not None:
        return own
    provider = provider_of(instance)
    span = instance.resource.span
    if provider.open:
        return Datum(Open(provider.open, _own(provider, "account")), span)
    if provider.settings is not None:
        allowed = provider.settings.fields().get("allowed_account_ids")
        members = () if allowed is None else tuple(allowed.list())
        if len(members) == 1 and literal(members[0]):
            return members[0]
        role = dig(provider.settings, span, "assume_role", "role_arn").datum
        if role is not None:
            parts = (literal(role) or "").split(":")
            if len(parts) > 4 and len(parts[4]) == 12 and parts[4].isdigit():
                return role._replace(content=parts[4])
            return Datum(Open("the account is that of the role its provider assumes", _own(provider, "account")), span)
        if not provider.is_default and provider.settings.fields().get("profile") is not None:
            return Datum(Open("the account is that of its provider's profile", _own(provider, "account")), span)
    given = provider.module.configuration.fixed.get(_ACCOUNT)
    return Datum(Open("the account is known when Terraform runs", _ACCOUNT), span) if given is None else given


def of_arn(instance: Instance, part: int) -> Datum | None:
    """The Region (part 3) or account (part 4) in the resource's own ARN, which a plan or state may know."""
    arn = instance.arguments.fields().get("arn")
    parts = [] if arn is None else (literal(arn) or "").split(":")
    return arn._replace(content=parts[part]) if arn is not None and len(parts) > part + 1 and parts[part] else None


def default_tags(instance: Instance) -> Datum | None:
    """The tags that the provider puts on every resource, None where there are none."""
    provider = provider_of(instance)
    span = instance.resource.span
    if provider.open:
        return Datum(Open(provider.open), span)
    if provider.settings is None:
        return None
    found = dig(provider.settings, span, "default_tags", "tags")
    if found.datum is None and found.open:
        return Datum(Fields({}, found.open), span)
    return found.datum


def _own(provider: Provider, what: str) -> str:
    return f"{provider.module.scope}#provider.{provider.name}.{what}"


def _configured(module: ModuleInstance, evaluation: Evaluation, name: str) -> Provider:
    """The provider that a name means in a module: what the caller passes, else what the module itself configures."""
    while module.parent is not None and module.call is not None:
        passed = _passed(module.call.body.arguments.get("providers"))
        if passed is not None and name in passed:
            name = passed[name]
        elif name in module.module.providers:
            break
        elif "." in name:
            return Provider(name, module, open=f"which provider {name} is in module.{module.call.name} is not said")
        module = module.parent.module
    block = module.module.providers.get(name)
    if block is None:
        if "." in name:
            return Provider(name, module, open=f"there is no provider {name}")
        return Provider(name, module)
    here = Evaluation(module, evaluation.walk)
    if "for_each" in block.body.arguments:
        return Provider(name, module, open=f"provider {name} is made several times")
    return Provider(name, module, body_datum(here, block.body, block.span))


def _passed(argument: Argument | None) -> dict[str, str] | None:
    """The `providers` of a module call: by the name in the module, the name in the caller."""
    written = argument.expression() if argument is not None else None
    if not isinstance(written, syntax.ObjectOf):
        return None
    return {_called(item.key): _called(item.value) for item in written.items}


def _called(expression: Expression) -> str:
    """A provider as a name: `aws`, `aws.eu`, or either as a text."""
    match expression:
        case syntax.Name(name=name):
            return name
        case syntax.Attribute(target=syntax.Name(name=owner), name=name):
            return f"{owner}.{name}"
        case syntax.Template(parts=(str(text),)):
            return text
        case syntax.Index(target=target):
            return _called(target)
        case _:
            return "?"
