"""Resources of a stack as they were written, worked out to the last value, for rules about properties."""

from __future__ import annotations

from recoverable.estate.resources import Resource
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import worked_out
from recoverable.value import Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource as Written


def read_resource(evaluation: Evaluation, resource: Written) -> Resource:
    """A resource in this scenario, with all of its properties."""
    name: Value[str] = Value("Name", Unknown("what its name is depends on its type"))
    region = pseudo_value(evaluation, "AWS::Region", resource)
    subject = subject_of(evaluation, resource, "resource", name, region)
    # What a missing property is said of is the resource, wherever `Properties` stands.
    properties = worked_out(evaluation.properties(resource))._replace(origin=resource.origin)
    return Resource(subject, resource.type, properties)
