"""Blobs in an S3 bucket, or in anything that speaks S3; the address and the keys come from AWS's own settings."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from actwright.errors import ConfigError, StoreError
from actwright.store.blobs import checked, missing, place_of

_CONNECT_SECONDS = 5
_READ_SECONDS = 30
_TRIES = 3


class S3Blobs:
    """Blobs in a bucket. ``AWS_ENDPOINT_URL`` points it at a service other than Amazon's.

    Args:
        url: ``s3://bucket/prefix``; the prefix may be left out.

    Raises:
        ConfigError: It names no bucket, or boto3 is not installed.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if find_spec("boto3") is None:
            raise ConfigError(
                "Blobs in a bucket need boto3.", where="blobs", hint="pip install 'actwright[s3]'"
            )
        if not parts.hostname or parts.username or parts.query:
            raise ConfigError(
                "The blobs' address names no bucket.", where="blobs", hint="s3://bucket/prefix"
            )
        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/")
        self._name = f"s3://{self._bucket}/{self._prefix}"

    def put(self, content: bytes) -> str:
        """Upload a content, which the service checks as it arrives."""
        digest = sha256(content).hexdigest()
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=self._key(digest), Body=content, ChecksumAlgorithm="SHA256"
            )
        except self._errors as error:
            raise self._failed("kept", error) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Download a content, and check it."""
        key = self._key(digest)
        try:
            content = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._errors as error:
            if _is_missing(error):
                raise missing(digest, self._name) from error
            raise self._failed("read", error) from error
        return checked(content, digest, f"s3://{self._bucket}/{key}")

    def remove(self, digest: str) -> None:
        """Remove a content."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(digest))
        except self._errors as error:
            raise self._failed("removed", error) from error

    def has(self, name: str) -> bool:
        """Tell whether the bucket has a file of that name.

        Raises:
            StoreError: It cannot be asked.
        """
        try:
            found = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=self._named(name), MaxKeys=1
            )
        except self._errors as error:
            raise self._failed("looked for", error) from error
        return any(each["Key"] == self._named(name) for each in found.get("Contents", ()))

    def keep(self, name: str, source: Path) -> str:
        """Upload a file under a name, in parts where it is large, and return its address.

        Raises:
            StoreError: It cannot be uploaded.
        """
        try:
            self._client.upload_file(
                str(source),
                self._bucket,
                self._named(name),
                ExtraArgs={"ChecksumAlgorithm": "SHA256"},
            )
        except self._errors as error:
            raise self._failed("kept", error) from error
        return f"s3://{self._bucket}/{self._named(name)}"

    @cached_property
    def _client(self) -> Any:
        import boto3  # noqa: PLC0415 - an extra, and slow to import
        from botocore.config import Config  # noqa: PLC0415 - the same

        config = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": _TRIES},
        )
        return boto3.session.Session().client("s3", config=config)

    @cached_property
    def _errors(self) -> tuple[type[Exception], ...]:
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 - an extra, and slow to import
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the same

        # botocore says by a plain ValueError that AWS_ENDPOINT_URL is no address
        return (Boto3Error, BotoCoreError, ClientError, OSError, ValueError)

    def _key(self, digest: str) -> str:
        return self._named(place_of(digest))

    def _named(self, name: str) -> str:
        return "/".join(filter(None, (self._prefix, name)))

    def _failed(self, what: str, error: Exception) -> StoreError:
        return StoreError(
            f"A blob cannot be {what}: {error}.",
            where=self._name,
            hint="Check the bucket, the keys and AWS_ENDPOINT_URL.",
        )


def _is_missing(error: Exception) -> bool:
    """Tell whether the service says that there is no such content; asked of its answer, which there may not be."""
    answer: dict[str, dict[str, object]] = getattr(error, "response", {})
    return answer.get("Error", {}).get("Code") == "NoSuchKey"
