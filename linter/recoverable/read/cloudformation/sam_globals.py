"""SAM's Globals: what a template sets once for all its functions, tables and so on.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from __future__ import annotations

from recoverable.read.cloudformation.template import Resource, function_of
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence

_SERVERLESS = "AWS::Serverless::"

#: Deeper settings than any resource has are left as they are.
_DEEPEST = 20


def with_globals(resource: Resource, settings: Node) -> Resource:
    """The resource with what Globals sets beside its own properties, unless it ignores them."""
    if not resource.type.startswith(_SERVERLESS) or not isinstance(settings, Mapping):
        return resource
    common = settings.get(resource.type.removeprefix(_SERVERLESS))
    if not isinstance(common, Mapping):
        return resource
    ignored = resource.attribute("IgnoreGlobals")
    if isinstance(ignored, Scalar) and ignored.text == "*":
        return resource
    if isinstance(ignored, Sequence):
        left_out = {item.text for item in ignored.items if isinstance(item, Scalar)}
        common = common._replace(entries=tuple(each for each in common.entries if each[0].text not in left_out))
    body = resource.body
    own = body.get("Properties")
    if own is None:
        key = Scalar("Properties", resource.origin, "Properties")
        return resource._replace(body=body._replace(entries=(*body.entries, (key, common))))
    merged = _merged(common, own, 0)
    entries = tuple((key, merged if key.text == "Properties" else node) for key, node in body.entries)
    return resource._replace(body=body._replace(entries=entries))


def _merged(common: Node, own: Node, depth: int) -> Node:
    """Mappings are merged, lists put one after the other; of anything else the resource's own goes before."""
    if function_of(common) is not None or function_of(own) is not None or depth > _DEEPEST:
        return own
    match common, own:
        case Mapping(), Mapping():
            entries = {key.text: (key, node) for key, node in common.entries}
            for key, node in own.entries:
                shared = entries.get(key.text)
                entries[key.text] = (key, node if shared is None else _merged(shared[1], node, depth + 1))
            return own._replace(entries=tuple(entries.values()))
        case Sequence(), Sequence():
            return own._replace(items=common.items + own.items)
        case _:
            return own
