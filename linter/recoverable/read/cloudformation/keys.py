"""KMS keys of a stack, with the aliases that mean them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
"""

from __future__ import annotations

from recoverable.estate import Key
from recoverable.read.cloudformation.identity import kept, pseudo_value, subject_of
from recoverable.read.data import find
from recoverable.text import Hole, Text, joined
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Property

KEY = "AWS::KMS::Key"
REPLICA_KEY = "AWS::KMS::ReplicaKey"
TYPES = (KEY, REPLICA_KEY)


def read_key(evaluation: Evaluation, resource: Resource) -> Key:
    """A customer managed key. A template cannot schedule its deletion: that happens when its stack lets go of it."""
    name: Value[str] = Value("KeyId", Unknown("KMS makes the key's id when the stack is deployed", resource.origin))
    region = pseudo_value(evaluation, "AWS::Region", resource)
    symbols = [evaluation.stack.symbol(resource.logical_id, attribute) for attribute in ("Arn", "Ref", "KeyId")]
    reason = f"{resource.logical_id} is made when the stack is deployed"
    return Key(
        subject=subject_of(evaluation, resource, "key", name, region),
        names=tuple(Text((Hole(reason, symbol),)) for symbol in symbols) + _aliases(evaluation, symbols),
        enabled=find(evaluation.properties(resource), resource.origin, "Enabled").boolean(default=True),
        kept_on_delete=kept(evaluation, resource, "DeletionPolicy"),
        deletion_date=Value("DeletionDate", Known(None, resource.origin, defaulted=True)),
        policy=_policy(find(evaluation.properties(resource), resource.origin, "KeyPolicy")),
    )


def _policy(found: Property) -> Value[Policy | None]:
    """Left out, the key policy lets in the key's own account alone.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    if found.datum is not None:
        from recoverable.read.policies import read_policy  # noqa: PLC0415 (few templates have keys)

        return Value(found.name, Known(read_policy(found.datum), found.near, notes=found.datum.notes))
    if found.open:
        return Value(found.name, Unknown(found.open, found.near))
    return Value(found.name, Known(None, found.near, defaulted=True))


def _aliases(evaluation: Evaluation, symbols: list[str]) -> tuple[Text, ...]:
    """`alias/name`, the alias's ARN and its `Ref`, for every alias of the stack whose target is the key."""
    names: list[Text] = []
    for other in evaluation.stack.aliases(symbols):
        alias = evaluation.properties(other).fields().get("AliasName")
        symbol = evaluation.stack.symbol(other.logical_id, "Ref")
        names.append(Text((Hole(f"{other.logical_id} is made when the stack is deployed", symbol),)))
        if alias is not None:
            names.append(alias.text())
            names.append(joined(Hole("it is in the stack's own Region and account", "arn:aws:kms"), ":", alias.text()))
    return tuple(names)
