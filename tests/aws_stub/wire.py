"""How requests and answers of AWS look on the wire, by botocore's own service models.

Routing is by `X-Amz-Target`, by path, or by `Action`, whichever the service's protocol uses; an answer is written by
the shape of its output, so that a client reads from it what it would read from AWS.
"""

from __future__ import annotations

import json
import re
import struct
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import botocore.session

#: The services that answer here, by the name in a signature.
SERVICES = {
    "account": "account", "application-autoscaling": "application-autoscaling", "backup": "backup", "config": "config",
    "dynamodb": "dynamodb", "ec2": "ec2", "events": "events", "iam": "iam", "kms": "kms", "monitoring": "cloudwatch",
    "organizations": "organizations", "scheduler": "scheduler", "sts": "sts", "tagging": "resourcegroupstaggingapi",
}  # fmt: skip


class Asked(NamedTuple):
    """One request: who asks, where, for what. `parameters` are in botocore's names; times are numbers or texts.

    `protocol` is the one that the client chose of those that the service speaks.
    """

    protocol: str

    key: str
    account: str
    region: str
    service: str
    operation: str
    parameters: dict[str, Any]


@cache
def session() -> Any:  # noqa: ANN401
    return botocore.session.Session()


@cache
def model(service: str) -> Any:  # noqa: ANN401
    return session().get_service_model(service)


def read(method: str, target: str, headers: dict[str, str], body: bytes) -> Asked:
    """A request, with the account of which its key tells. Raises LookupError for what is not ours."""
    found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request", headers.get("authorization", ""))
    if found is None:
        raise LookupError("not signed")
    key, region, signed = found.groups()
    service = SERVICES[signed]
    url = urlsplit(target)
    form = model(service).metadata["protocol"]

    def asked(protocol: str, operation: str, parameters: dict[str, Any]) -> Asked:
        return Asked(protocol, key, key[4:16], region, service, operation, parameters)

    if "x-amz-target" in headers and headers.get("content-type", "").startswith("application/x-amz-json"):
        return asked("json", headers["x-amz-target"].rpartition(".")[2], json.loads(body or b"{}"))
    if "smithy-protocol" in headers:
        return asked("smithy-rpc-v2-cbor", url.path.rpartition("/")[2], _Cbor(body).value() if body else {})
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        # Older releases of botocore speak it to services that have since learned others.
        form = "ec2" if form == "ec2" else "query"
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return asked(form, fields.pop("Action"), _unfolded(fields))
    return asked(form, *_route(service, method, url.path, dict(parse_qsl(url.query)), body))


@cache
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Method, path and operation; the more a path spells out, the earlier."""
    routes = []
    for name in model(service).operation_names:
        http = model(service).operation_model(name).http
        path = http["requestUri"].partition("?")[0].rstrip("/")
        pattern = re.sub(r"\{(\w+)(\+?)\}", lambda m: f"(?P<{m[1]}>{'.+' if m[2] else '[^/]+'})", path)
        routes.append((-len(re.sub(r"\{[^}]*\}", "", path)), http["method"], re.compile(f"{pattern}/?"), name))
    return tuple((method, pattern, name) for _, method, pattern, name in sorted(routes, key=lambda each: each[0]))


def _route(service: str, method: str, path: str, query: dict[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
    for verb, pattern, name in _routes(service):
        if verb == method and (found := pattern.fullmatch(path)):
            shape = model(service).operation_model(name).input_shape
            given = json.loads(body) if body else {}
            for member, inner in shape.members.items() if shape else ():
                where = inner.serialization.get("location")
                wire = inner.serialization.get("name", member)
                if where == "uri":
                    given[member] = unquote(found[wire])
                elif where == "querystring" and wire in query:
                    given[member] = query[wire]
            return name, given
    raise LookupError(f"{service} has no {method} {path}")


def _unfolded(form: dict[str, str]) -> dict[str, Any]:
    """`Filter.member.1=User` as `{"Filter": ["User"]}`."""
    parameters: dict[str, Any] = {}
    for name, value in form.items():
        head, _, rest = name.partition(".")
        if rest:
            parameters.setdefault(head, []).append(value)
        else:
            parameters[head] = value
    return parameters


class Reply(NamedTuple):
    """What goes back."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(asked: Asked, result: dict[str, Any]) -> Reply:
    shape = model(asked.service).operation_model(asked.operation).output_shape
    match asked.protocol:
        case "smithy-rpc-v2-cbor":
            body = _cbor(_shaped(shape, result, "cbor"))
            return Reply(200, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, body)
        case "query":
            inner = "".join(_xml(shape, result)) if shape else ""
            name = asked.operation
            text = (
                f'<{name}Response xmlns="{model(asked.service).metadata["xmlNamespace"]}"><{name}Result>{inner}'
                f"</{name}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{name}Response>"
            )
            return Reply(200, {"Content-Type": "text/xml"}, text.encode())
        case "ec2":
            inner = "".join(_xml(shape, result))
            text = f"<{asked.operation}Response><requestId>r</requestId>{inner}</{asked.operation}Response>"
            return Reply(200, {"Content-Type": "text/xml"}, text.encode())
        case "json":
            kind = f"application/x-amz-json-{model(asked.service).metadata['jsonVersion']}"
            return Reply(200, {"Content-Type": kind}, json.dumps(_shaped(shape, result, "json")).encode())
        case _:
            return Reply(
                200, {"Content-Type": "application/json"}, json.dumps(_shaped(shape, result, "rest-json")).encode()
            )


def error(protocol: str, code: str, message: str, status: int = 400) -> Reply:
    match protocol:
        case "smithy-rpc-v2-cbor":
            body = _cbor({"__type": f"com.amazonaws#{code}", "message": message})
            return Reply(status, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, body)
        case "query":
            text = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
                "</Error><RequestId>r</RequestId></ErrorResponse>"
            )
            return Reply(status, {"Content-Type": "text/xml"}, text.encode())
        case "ec2":
            told = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
            text = f"<Response><Errors><Error>{told}</Error></Errors></Response>"
            return Reply(status, {"Content-Type": "text/xml"}, text.encode())
        case "json":
            body = json.dumps({"__type": f"com.amazonaws#{code}", "message": message}).encode()
            return Reply(status, {"Content-Type": "application/x-amz-json-1.1"}, body)
        case _:
            headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
            return Reply(status, headers, json.dumps({"message": message}).encode())


def _shaped(shape: Any, value: Any, how: str) -> Any:  # noqa: ANN401
    """A value in the names and types of the wire."""
    match getattr(shape, "type_name", "structure"):
        case "structure" if shape is not None:
            known = shape.members
            return {
                known[name].serialization.get("name", name) if name in known else name: (
                    _shaped(known[name], inner, how) if name in known else inner
                )
                for name, inner in value.items()
                if inner is not None
            }
        case "list":
            return [_shaped(shape.member, inner, how) for inner in value]
        case "map":
            return {key: _shaped(shape.value, inner, how) for key, inner in value.items()}
        case "timestamp" if isinstance(value, datetime):
            if how == "cbor":
                return value
            return value.timestamp()
    return value


def _xml(shape: Any, value: Any) -> list[str]:  # noqa: ANN401
    """The inside of an element."""
    match shape.type_name:
        case "structure":
            parts = []
            for name, member in shape.members.items():
                inner = value.get(name)
                if inner is None:
                    continue
                tag = member.serialization.get("name", name)
                if member.type_name == "list" and member.serialization.get("flattened"):
                    parts += [f"<{tag}>{''.join(_xml(member.member, each))}</{tag}>" for each in inner]
                else:
                    parts.append(f"<{tag}>{''.join(_xml(member, inner))}</{tag}>")
            return parts
        case "list":
            tag = shape.member.serialization.get("name", "member")
            return [f"<{tag}>{''.join(_xml(shape.member, each))}</{tag}>" for each in value]
        case "map":
            return [
                f"<entry><key>{escape(key)}</key><value>{''.join(_xml(shape.value, each))}</value></entry>"
                for key, each in value.items()
            ]
        case "timestamp":
            return [value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]
        case "boolean":
            return ["true" if value else "false"]
    return [escape(str(value))]


def _cbor(value: Any) -> bytes:  # noqa: ANN401
    """https://www.rfc-editor.org/rfc/rfc8949, as much of it as answers need."""

    def head(major: int, number: int) -> bytes:
        for size, (most, code) in enumerate(
            ((24, ""), (1 << 8, "B"), (1 << 16, ">H"), (1 << 32, ">I"), (1 << 64, ">Q"))
        ):
            if number < most:
                return bytes([major << 5 | (number if not size else 23 + size)]) + (
                    struct.pack(code, number) if size else b""
                )
        raise OverflowError(number)

    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case datetime():
            return b"\xc1" + _cbor(value.timestamp())
        case str():
            data = value.encode()
            return head(3, len(data)) + data
        case dict():
            return head(5, len(value)) + b"".join(_cbor(key) + _cbor(inner) for key, inner in value.items())
        case _:
            return head(4, len(value)) + b"".join(_cbor(inner) for inner in value)


class _Cbor:
    """Reads what a client sends."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def value(self) -> Any:  # noqa: ANN401
        first = self._data[self._at]
        self._at += 1
        major, number = first >> 5, first & 31
        if major == 7:
            return self._simple(number)
        if number == 31:
            return self._open(major)
        if number >= 24:
            size = 1 << (number - 24)
            number = int.from_bytes(self._take(size), "big")
        match major:
            case 0:
                return number
            case 1:
                return -1 - number
            case 2:
                return self._take(number)
            case 3:
                return self._take(number).decode()
            case 4:
                return [self.value() for _ in range(number)]
            case 5:
                return {self.value(): self.value() for _ in range(number)}
        return self.value()  # a tag: what it is about

    def _simple(self, number: int) -> Any:  # noqa: ANN401
        if number in (26, 27):
            return struct.unpack(">f" if number == 26 else ">d", self._take(4 if number == 26 else 8))[0]
        return {20: False, 21: True}.get(number)

    def _open(self, major: int) -> Any:  # noqa: ANN401
        items = []
        while self._data[self._at] != 0xFF:
            items.append(self.value())
        self._at += 1
        match major:
            case 5:
                return dict(zip(items[::2], items[1::2], strict=True))
            case 3:
                return "".join(items)
        return items

    def _take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]
