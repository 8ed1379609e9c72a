"""AWS Backup's settings of a Region, which CloudFormation has no type for: set by a call of CDK's `AwsCustomResource`.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources.AwsCustomResource.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
"""

from __future__ import annotations

from recoverable.estate.backup import RegionSettings
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import Open, find, literal
from recoverable.read.policies import parsed
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Datum

CALL = "Custom::AWS"

#: How version 2 of the SDK for JavaScript calls the service and the action, and version 3 does.
_SERVICES = {"backup", "@aws-sdk/client-backup", "client-backup"}
_ACTIONS = {"updateregionsettings", "updateregionsettingscommand"}


def read_region_settings(evaluation: Evaluation, resource: Resource) -> RegionSettings | None:
    """The settings that a call makes, None for a call of anything else.

    What a call leaves out stays as it is: on, by default.
    """
    settings = evaluation.properties(resource)
    created = find(settings, resource.origin, "Create")
    made = created if created.datum is not None else find(settings, resource.origin, "Update")
    if made.datum is None:
        return None
    call = parsed(made.datum)
    if isinstance(call.content, Open) and literal(made.datum) is not None:
        # Other tools than CDK may have a Custom::AWS of their own.
        return None
    if _is(call, "service", _SERVICES) is False or _is(call, "action", _ACTIONS) is False:
        return None
    named = find(call, made.near, "region").optional_string()
    region = pseudo_value(evaluation, "AWS::Region", resource)
    if isinstance(named.state, Unknown) or named.state.value is not None:
        region = named.map(str)
    name: Value[str] = Value("Region", Known("", resource.origin, defaulted=True))
    if _is(call, "service", _SERVICES) is None or _is(call, "action", _ACTIONS) is None:
        call = call._replace(content=Open("it is a call of which service and action are not known"))
    return RegionSettings(
        subject=subject_of(evaluation, resource, "region-settings", name, region),
        opted_in=find(call, made.near, "parameters", "ResourceTypeOptInPreference", "DynamoDB").boolean(default=True),
        advanced=find(call, made.near, "parameters", "ResourceTypeManagementPreference", "DynamoDB").boolean(
            default=True
        ),
    )


def _is(call: Datum, key: str, names: set[str]) -> bool | None:
    """Whether the call has one of these names there, None if that is not known."""
    name = find(call, call.origin, key).string("").known()
    return None if name is None else name.lower() in names
