"""moto as a server on loopback, for what it does well: DynamoDB, IAM, KMS, STS, Organizations, tagging.

It keeps one state for the whole process; `moto_server()` empties it. What it does not do, or does otherwise than AWS
(no replicas, no pages of accounts, hardly anything of AWS Backup), the stub in `aws_stub` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

#: The account of keys that moto did not give out itself.
ACCOUNT = "123456789012"


@contextmanager
def moto_server() -> Iterator[str]:
    """The address of a server with nothing in it."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  it takes a second to import

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with urlopen(Request(f"{url}/moto-api/reset", method="POST")) as answer:
        answer.read()
    try:
        yield url
    finally:
        server.stop()


def environment(url: str) -> dict[str, str]:
    """Variables for a command line that is to meet moto, and nothing else."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
