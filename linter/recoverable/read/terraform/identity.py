"""Who a resource of a configuration is: its address, name, Region, account and ARN."""

from __future__ import annotations

from recoverable.estate import Subject
from recoverable.read.data import Property
from recoverable.read.terraform.providers import account_of, region_of
from recoverable.text import Hole, joined
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Datum
    from recoverable.read.terraform.instances import Instance
    from recoverable.text import Text


def subject_of(instance: Instance, kind: str, name: Value[str]) -> Subject:
    """The subject that an instance of a resource is."""
    resource = instance.resource
    return Subject(
        kind=kind,
        address=instance.address,
        name=name,
        path=resource.span.path,
        origin=resource.span,
        region=as_value("region", region_of(instance)),
        account=as_value("account", account_of(instance)),
        extent=resource.extent,
        seen=instance.seen,
        called=None if instance.evaluation.module.module.foreign else instance.evaluation.module.root_call(),
    )


def as_value(name: str, datum: Datum) -> Value[str]:
    """A text as a property of that name."""
    return Property(name, datum, datum.origin).string("")


def arn_of(subject: Subject, service: str, name: Text, kind: str) -> Text:
    """The ARN of something in the Region and account of its subject."""
    partition = Hole("the partition is known when Terraform runs", "AWS::Partition")
    region, account = (_part(value) for value in (subject.region, subject.account))
    return joined("arn:", partition, f":{service}:", region, ":", account, f":{kind}", name)


def _part(value: Value[str]) -> str | Hole | Text:
    state = value.state
    return state.value if isinstance(state, Known) else state.text or Hole(state.reason)
