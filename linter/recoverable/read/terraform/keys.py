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
REPLICA_KEY = "aws_kms_replica_key"
ALIAS = "aws_kms_alias"
POLICY = "aws_kms_key_policy"
TYPES = (KEY, REPLICA_KEY)


def read_key(root: Root, instance: Instance) -> Key:
    """A customer managed key."""
    resource = instance.resource
    name: Value[str] = Value("key_id", Unknown("KMS makes the key's id", resource.span))
    symbols = [instance.symbol(attribute) for attribute in ("arn", "id", "key_id")]
    reason = f"{instance.address} is known only after it is made"
    return Key(
        subject=subject_of(instance, "key", name),
        names=(*(Text((Hole(reason, symbol),)) for symbol in symbols), *_aliases(root, instance, symbols)),
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


def _aliases(root: Root, instance: Instance, symbols: list[str]) -> tuple[Text, ...]:
    """`alias/name`, the alias's ARN and what refers to it, for every alias whose target is the key."""
    names: list[Text] = []
    for alias in root.all_of(ALIAS, instance.evaluation.walk):
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
        name = arguments.get("name")
        if name is not None:
            names.append(name.text())
            names.append(arn_of(subject_of(alias, "alias", Value("name", Unknown(reason))), "kms", name.text(), ""))
    return tuple(names)
