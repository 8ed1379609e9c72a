"""The HTTP server: reads requests, looks for faults, answers, cuts into pages, counts."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import DataNotFoundError
from botocore.validate import ParamValidator

from aws_stub import wire
from aws_stub.answers import ANSWERS
from aws_stub.faults import Fault, Limit
from aws_stub.wire import Asked, Reply
from aws_stub.world import Json, Refused, World

#: Silence: the request is read and never answered.
SILENCE = Reply(0, {}, b"")


class Stub:
    """A server for one world.

    `page` is the most entries of a page, whatever is asked for; `strict` checks every answer against the shape of its
    output; `latency` is how long an answer takes, in seconds; `limits` are requests a second by call, for each account
    and Region.
    """

    def __init__(
        self,
        world: World,
        *,
        page: int = 1000,
        strict: bool = True,
        latency: float = 0.0,
        limits: dict[str, float] | None = None,
        port: int = 0,
    ) -> None:
        self.world, self.page, self.strict, self.latency = world, page, strict, latency
        self.limits = limits or {}
        self.counts: Counter[str] = Counter()
        self.throttled: Counter[str] = Counter()
        self.asked: list[Asked] = []
        self.agents: set[str] = set()
        self.mistakes: list[str] = []
        self.faults: list[Fault] = []
        self.expired: set[str] = set()
        self.requests_of_a_key: int | None = None
        self.connections: set[asyncio.Transport] = set()
        #: The account that an access key belongs to; a test beside moto, which makes keys up, says so itself.
        self.account_of: Callable[[str], str] = lambda key: key[4:16]
        #: What to make of an answer that is right, before it is sent.
        self.mangle: Callable[[str, Json], Json] | None = None
        self.url = ""
        self._port, self._used, self._issued = port, Counter[str](), 0
        self._buckets: dict[tuple[str, str, str], Limit] = {}
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Stub:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def environment(self, *services: str, account: str = "") -> dict[str, str]:
        """Variables for a command line. Only `services` come here, all if none is named."""
        names = [f"AWS_ENDPOINT_URL_{name.upper().replace('-', '_').replace(' ', '_')}" for name in services]
        return {
            **dict.fromkeys(names or ["AWS_ENDPOINT_URL"], self.url),
            "AWS_ACCESS_KEY_ID": self.key(account),
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def key(self, account: str = "") -> str:
        return f"AKIA{account or next(iter(self.world.accounts))}ROOT"

    def deny(self, call: str, *, account: str = "", region: str = "", scp: bool = False, **parameters: object) -> None:
        """Requests that fit are denied, by a service control policy if `scp`."""
        why = (
            "with an explicit deny in a service control policy" if scp else "because no identity-based policy allows it"
        )
        message = f"User: arn:aws:iam::111122223333:user/root is not authorized to perform: {call} {why}"
        self.faults.append(
            Fault("error", call, account, region, parameters, code="AccessDeniedException", message=message)
        )

    def fail(self, call: str = "*", *, times: int | None = None, status: int = 500,
             code: str = "InternalServerError", **parameters: object) -> None:  # fmt: skip
        self.faults.append(Fault("error", call, parameters=parameters, times=times, code=code, status=status))

    def fault(self, kind: str, call: str = "*", *, times: int | None = None, **parameters: object) -> None:
        """`silence`, `drop`, `nonsense`, `unknown-fields`, `empty-pages` or `repeated-token`."""
        self.faults.append(Fault(kind, call, parameters=parameters, times=times))

    # What follows runs in the server's thread.

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self), "127.0.0.1", self._port, backlog=512)
        )
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for transport in tuple(self.connections):
                transport.abort()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def reply(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply | None:
        """The answer to one request; None to drop the connection."""
        try:
            asked = wire.read(method, target, headers, body)
            asked = asked._replace(account=self.account_of(asked.key))
        except LookupError as error:
            self.mistakes.append(str(error))
            return Reply(404, {"Content-Type": "application/json"}, b'{"message": "not here"}')
        name = f"{asked.service}:{asked.operation}"
        self.counts[name] += 1
        self.agents.add(headers.get("user-agent", ""))
        if len(self.asked) < 100_000:
            self.asked.append(asked)
        try:
            return self._answer(asked, name)
        except Refused as refused:
            return wire.error(asked.protocol, refused.code, refused.message, refused.status)

    def _answer(self, asked: Asked, name: str) -> Reply | None:
        self._check_key(asked)
        rate = self.limits.get(name)
        if rate is not None:
            bucket = self._buckets.setdefault((asked.account, asked.region, name), Limit(rate))
            if not bucket.takes():
                self.throttled[name] += 1
                raise Refused("ThrottlingException", "Rate exceeded")
        kinds = set()
        for fault in self.faults:
            if fault.fits(asked):
                match fault.kind:
                    case "error":
                        raise Refused(fault.code, fault.message or "something is wrong here", fault.status)
                    case "silence":
                        return SILENCE
                    case "drop":
                        return None
                    case "nonsense":
                        return Reply(200, {"Content-Type": "application/json"}, b'{"TableNames": [')
                kinds.add(fault.kind)
        if name == "sts:AssumeRole":
            return wire.answer(asked, self._assume(asked))
        if name not in ANSWERS:
            raise Refused("UnknownOperationException", f"{name} is not known here")
        result = self._paged(asked, ANSWERS[name](self.world, asked), kinds)
        if self.strict and "empty-pages" not in kinds:  # some lists are never empty
            self._check(asked, name, result)
        if "unknown-fields" in kinds:
            result = _with_unknown_fields(result)
        if self.mangle is not None:
            result = self.mangle(name, result)
        return wire.answer(asked, result)

    def _check_key(self, asked: Asked) -> None:
        self._used[asked.key] += 1
        spent = self.requests_of_a_key is not None and asked.key.startswith("ASIA")
        if asked.key in self.expired or (spent and self._used[asked.key] > (self.requests_of_a_key or 0)):
            raise Refused("ExpiredTokenException", "The security token included in the request is expired")
        account = self.world.accounts.get(asked.account)
        if account is None:
            raise Refused("UnrecognizedClientException", "The security token included in the request is invalid")
        if asked.service in ("dynamodb", "backup") and asked.region not in {*account.opted, *account.regions}:
            raise Refused("UnrecognizedClientException", "The security token included in the request is invalid")

    def _assume(self, asked: Asked) -> Json:
        arn = asked.parameters["RoleArn"]
        external = self.world.roles.get(arn)
        if self.world.roles and (external is None or external not in ("", asked.parameters.get("ExternalId"))):
            raise Refused(
                "AccessDenied", f"{asked.key} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403
            )
        self._issued += 1
        return {
            "Credentials": {
                "AccessKeyId": f"ASIA{arn.split(':')[4]}{self._issued:04}",
                "SecretAccessKey": "assumed-secret-assumed-secret-assumed-se",
                "SessionToken": f"assumed-token-{self._issued}",
                "Expiration": datetime.now(UTC) + timedelta(hours=1),
            },
            "AssumedRoleUser": {"AssumedRoleId": "AROAEXAMPLE:recoverable", "Arn": arn},
        }

    def _paged(self, asked: Asked, result: Json, kinds: set[str]) -> Json:
        """One page of a list. A token is the number of the entry that comes first."""
        try:
            pages = wire.session().get_paginator_model(asked.service).get_paginator(asked.operation)
        except (ValueError, DataNotFoundError):
            pages = {}
        inputs = wire.model(asked.service).operation_model(asked.operation).input_shape
        token_in = pages.get("input_token", "NextToken")
        if inputs is None or token_in not in inputs.members:
            return result
        token_out = pages.get("output_token", "NextToken")
        token_out = (token_out if isinstance(token_out, str) else token_out[0]).partition(" ")[0]
        lists = [key for key, value in result.items() if isinstance(value, list)]
        entries = [(key, entry) for key in lists for entry in result[key]]
        size = next(
            (n for n in ("MaxResults", "Limit", "MaxItems", "ResourcesPerPage", "MaxRecords") if n in inputs.members),
            "",
        )
        most = min(self.page, int(asked.parameters.get(size, 100)))
        token = str(asked.parameters.get(token_in) or "")
        start = int(token.rpartition("-")[2]) if token else 0
        if "empty-pages" in kinds and not token.startswith("after"):
            most = 0
        cut = entries[start : start + most]
        page: Json = {**{k: v for k, v in result.items() if k not in lists}, **{k: [] for k in lists}}
        for key, entry in cut:
            page[key].append(entry)
        end = start + most
        if end < len(entries) or "repeated-token" in kinds or most == 0:
            # As long as an ARN: that is what some tokens are.
            page[token_out] = (
                f"{'after' if most == 0 else 'from'}-{'0' * 32}-{start if 'repeated-token' in kinds else end}"
            )
            if "more_results" in pages:
                page[pages["more_results"]] = True
        elif token_out == "PaginationToken":
            page[token_out] = ""
        elif "more_results" in pages:
            page[pages["more_results"]] = False
        return page

    def _check(self, asked: Asked, name: str, result: Json) -> None:
        report = ParamValidator().validate(
            result, wire.model(asked.service).operation_model(asked.operation).output_shape
        )
        if report.has_errors():
            self.mistakes.append(f"{name}: {report.generate_report()}")


def _with_unknown_fields(value: Any) -> Any:  # noqa: ANN401
    match value:
        case dict():
            return {
                **{key: _with_unknown_fields(inner) for key, inner in value.items()},
                "NeverHeardOf": {"Of": ["it"]},
            }
        case list():
            return [_with_unknown_fields(inner) for inner in value]
    return value


class _Connection(asyncio.Protocol):
    def __init__(self, stub: Stub) -> None:
        self._stub, self._data = stub, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._stub.connections.add(transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._stub.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._data[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
            if len(self._data) < end + 4 + length:
                return
            body, self._data = self._data[end + 4 : end + 4 + length], self._data[end + 4 + length :]
            method, target, _ = first.split(" ")
            self._answer(method, target, headers, body)

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        try:
            reply = self._stub.reply(method, target, headers, body)
        except Exception as error:
            self._stub.mistakes.append(f"{method} {target}: {error!r}")
            reply = Reply(500, {"Content-Type": "text/plain"}, b"a mistake of the test")
        if reply is None:
            self._transport.abort()
        elif reply is not SILENCE:
            named = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
            head = (
                f"HTTP/1.1 {reply.status} X\r\n{named}x-amzn-RequestId: r\r\nContent-Length: {len(reply.body)}\r\n\r\n"
            )
            data = head.encode() + reply.body
            if self._stub.latency:
                asyncio.get_running_loop().call_later(self._stub.latency, self._transport.write, data)
            else:
                self._transport.write(data)
