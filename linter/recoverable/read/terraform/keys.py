"""KMS keys of a configuration, with the aliases that mean them.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_alias
"""

from __future__ import annotations

from recoverable.estate import Key
from recoverable.read.policies import read_policy
from recoverable.read.terraform.blocks import dig
from recoverable.read.terraform.identity import arn_of, subject_of
from recoverable.text import Hole, Text
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root

KEY = "aws_kms_key"
#: Those of `aws` that say `enabled`, not `is_enabled`.
OTHER_KEYS = ("aws_kms_external_key", "aws_kms_replica_external_key", "aws_kms_replica_key")
#: Aliases by type: the argument that names them.
ALIASES = {"aws_kms_alias": "name", "awscc_kms_alias": "alias_name"}
POLICY = "aws_kms_key_policy"
TYPES = (KEY, *OTHER_KEYS)


def read_key(root: Root, instance: Instance) -> Key:
    """A customer managed key."""
    resource = instance.resource
    name: Value[str] = Value("key_id", Unknown("KMS makes the key's id", resource.span))
    symbols = key_symbols(instance)
    reason = f"{instance.address} is known only after it is made"
    return Key(
        subject=subject_of(instance, "key", name),
        names=(*(Text((Hole(reason, symbol),)) for symbol in symbols), *alias_names(root, instance, symbols)),
        enabled=dig(instance.arguments, resource.span, "is_enabled" if resource.type == KEY else "enabled").boolean(
            default=True
        ),
        kept_on_delete=None,
        deletion_date=Value("deletion date", Known(None, resource.span, defaulted=True)),
        policy=_policy(root, instance, symbols),
    )


def _policy(root: Root, instance: Instance, symbols: list[str]) -> Value[Policy | None]:
    found = dig(instance.arguments, instance.resource.span, "policy")
    if found.datum is None:
        for each in root.all_of(POLICY, instance.evaluation.walk):
            key = each.arguments.fields().get("key_id")
            if key is not None and key.text().stands_for() in symbols:
                found = dig(each.arguments, each.resource.span, "policy")
    if found.datum is not None:
        return Value(found.name, Known(read_policy(found.datum), found.datum.origin, notes=found.datum.notes))
    if found.open:
        return Value(found.name, Unknown(found.open, found.near))
    return Value(found.name, Known(None, found.near, defaulted=True))


def key_symbols(instance: Instance) -> list[str]:
    """What others call a key by."""
    return [instance.symbol(attribute) for attribute in ("arn", "id", "key_id")]


def alias_names(root: Root, instance: Instance, symbols: list[str]) -> tuple[Text, ...]:
    """`alias/name`, the alias's ARN and what refers to it, for every alias whose target is the key."""
    names: list[Text] = []
    walk = instance.evaluation.walk
    for alias in (each for type_ in ALIASES for each in root.all_of(type_, walk)):
        arguments = alias.arguments.fields()
        target = arguments.get("target_key_id")
        if target is None or target.text().stands_for() not in symbols:
            continue
        reason = f"{alias.address} is known only after it is made"
        names.extend(Text((Hole(reason, alias.symbol(attribute)),)) for attribute in ("arn", "id"))
        # The key's own ARN and id, as attributes of the alias.
        names.extend(
            Text((Hole(reason, alias.symbol(attribute)),)) for attribute in ("target_key_arn", "target_key_id")
        )
        name = arguments.get(ALIASES[alias.resource.type])
        if name is not None:
            names.append(name.text())
            names.append(arn_of(subject_of(alias, "alias", Value("name", Unknown(reason))), "kms", name.text(), ""))
    return tuple(names)
