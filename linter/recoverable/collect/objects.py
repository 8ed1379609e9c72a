"""Objects below a prefix in S3, for stores that a team shares: list, get, and put what is not there yet.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from recoverable.typed import Any


class ObjectError(Exception):
    """S3 said no, or could not be reached; the message says to what."""


class Objects:
    """The bucket at `s3://BUCKET/PREFIX`. Credentials, Region and endpoint are those of the environment."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        bucket, _, prefix = self.place.removeprefix("s3://").partition("/")
        if not bucket:
            raise ObjectError(f"{place} names no bucket: s3://BUCKET/PREFIX")
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        from botocore.config import Config  # noqa: PLC0415 (it takes its time)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
        from botocore.session import get_session  # noqa: PLC0415

        self._errors = (BotoCoreError, ClientError)
        try:
            self._client: Any = get_session().create_client(
                "s3", config=Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10)
            )
        except BotoCoreError as error:
            raise ObjectError(f"{self.place}: {error}") from error

    def folders(self) -> tuple[str, ...]:
        """The names of the folders right below the prefix, in order."""
        pages = self._pages(Prefix=self._prefix, Delimiter="/")
        found = (each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ()))
        return tuple(sorted(each.removeprefix(self._prefix).rstrip("/") for each in found))

    def newest(self, folder: str) -> bytes | None:
        """The object of a folder whose name is last in order, None where there is none."""
        pages = self._pages(Prefix=f"{self._prefix}{folder}/")
        last = max((each["Key"] for page in pages for each in page.get("Contents", ())), default=None)
        if last is None:
            return None
        try:
            data: bytes = self._client.get_object(Bucket=self._bucket, Key=last)["Body"].read()
        except self._errors as error:
            raise ObjectError(f"s3://{self._bucket}/{last}: {error}") from error
        return data

    def put(self, folder: str, name: str, data: bytes) -> None:
        """A new object; never over one that is there."""
        key = f"{self._prefix}{folder}/{name}"
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, IfNoneMatch="*")
        except self._errors as error:
            raise ObjectError(f"s3://{self._bucket}/{key}: {error}") from error

    def _pages(self, **asked: str) -> list[dict[str, Any]]:
        try:
            return list(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, **asked))
        except self._errors as error:
            raise ObjectError(f"{self.place}: {error}") from error
