"""Who a resource of a template is: its address, Region, account and CDK construct."""

from __future__ import annotations

from recoverable.estate import Subject
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.data import Datum, Fields, Property, literal
from recoverable.text import Text
from recoverable.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.template import Resource


def subject_of(evaluation: Evaluation, resource: Resource, kind: str, name: Value[str], region: Value[str]) -> Subject:
    """The subject that a resource is."""
    path = metadata(evaluation, resource).fields().get("aws:cdk:path")
    return Subject(
        kind=kind,
        address=f"{evaluation.stack.prefix}{resource.logical_id}",
        name=name,
        path=evaluation.stack.template.path,
        origin=resource.origin,
        region=region,
        account=pseudo_value(evaluation, "AWS::AccountId", resource),
        construct=(literal(path) or "") if path is not None else "",
        extent=resource.extent,
    )


def metadata(evaluation: Evaluation, resource: Resource) -> Datum:
    """A resource's Metadata, empty where there is none."""
    node = resource.attribute("Metadata")
    return Datum(Fields({}), resource.origin) if node is None else evaluation.value(node)


def kept(evaluation: Evaluation, resource: Resource, attribute: str) -> Value[str]:
    """What happens to a resource when its stack lets go of it: its DeletionPolicy or UpdateReplacePolicy.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    node = resource.attribute(attribute)
    datum = None if node is None else evaluation.value(node)
    return Property(attribute, datum, resource.origin, evaluation.macro(resource)).string("Delete")


def pseudo_value(evaluation: Evaluation, name: str, resource: Resource) -> Value[str]:
    """A pseudo parameter such as `AWS::Region`, as seen from a resource."""
    return Property(name.removeprefix("AWS::"), evaluation.pseudo(name, resource.origin), resource.origin).string("")


def pseudo_text(evaluation: Evaluation, name: str, resource: Resource) -> Text:
    """A pseudo parameter as text, a hole where it is not known."""
    return evaluation.pseudo(name, resource.origin).text()
