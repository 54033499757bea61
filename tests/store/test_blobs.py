"""Blobs: kept by their own hash, in a folder and in a bucket, and checked when they are read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from moto.server import ThreadedMotoServer

from actwright.errors import ConfigError, StoreError
from actwright.store.blobs import Blobs, FileBlobs, PurgeableBlobs, open_blobs
from actwright.store.s3 import S3Blobs

CONTENT = b"a large result" * 9000
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3_service() -> Iterator[str]:
    """Give the address of an S3 service on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_service: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a client of that service, which everybody else finds in the environment, and a bucket."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_service,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="results")
    return client


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> PurgeableBlobs:
    """Give an empty blob store of each kind."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
        return open_blobs(f"s3://results/{tmp_path.name}/runs")
    return open_blobs(tmp_path / "blobs")


def test_what_goes_in_comes_out(blobs: Blobs) -> None:
    """Contents stand under their own hash, and the same one may come again."""
    for content in (CONTENT, b"", CONTENT):
        assert blobs.put(content) == sha256(content).hexdigest()
        assert blobs.get(sha256(content).hexdigest()) == content


def test_what_is_removed_is_gone(blobs: PurgeableBlobs) -> None:
    """Once and again; what else is there stays, and it may be kept anew."""
    other = blobs.put(b"other")
    assert blobs.put(CONTENT) == DIGEST
    for _ in range(2):
        blobs.remove(DIGEST)
        with pytest.raises(StoreError, match="is not there"):
            blobs.get(DIGEST)
    assert blobs.get(other) == b"other"
    assert blobs.get(blobs.put(CONTENT)) == CONTENT


def test_what_is_not_there_is_told(blobs: Blobs) -> None:
    """A hash nobody put anything under is a store error with a way out."""
    with pytest.raises(StoreError, match="not there") as caught:
        blobs.get("0" * 64)
    assert "ACTWRIGHT_BLOBS" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "\uff10" * 64, "a" * 64 + "\n"]
)
def test_only_hashes_are_names(blobs: Blobs, name: str) -> None:
    """Nothing but a SHA-256 is ever looked up."""
    with pytest.raises(StoreError, match="no SHA-256"):
        blobs.get(name)


def test_a_changed_file_is_told(tmp_path: Path) -> None:
    """A content that was changed where it lies is refused, and can be put anew."""
    blobs = FileBlobs(tmp_path)
    blobs.put(CONTENT)
    (tmp_path / DIGEST[:2] / DIGEST).write_bytes(CONTENT[:-1])
    with pytest.raises(StoreError, match="was changed"):
        blobs.get(DIGEST)
    blobs.put(CONTENT)
    assert blobs.get(DIGEST) == CONTENT


def test_files_are_their_owners_only(tmp_path: Path) -> None:
    """Nobody else may read results, and no draft is left behind."""
    FileBlobs(tmp_path / "blobs").put(CONTENT)
    found = [each for each in (tmp_path / "blobs").rglob("*") if each.is_file()]
    assert [each.name for each in found] == [DIGEST]
    assert found[0].stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Where the folder's place is taken by a file, keeping and reading say so."""
    (tmp_path / "blobs").write_text("a file", encoding="utf-8")
    blobs = FileBlobs(tmp_path / "blobs")
    with pytest.raises(StoreError, match="kept"):
        blobs.put(CONTENT)
    with pytest.raises(StoreError, match="read"):
        blobs.get(DIGEST)
    with pytest.raises(StoreError, match="removed"):
        blobs.remove(DIGEST)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails before the content is safe, there is no file, not even a part of one."""

    def failing(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match="No space left"):
        FileBlobs(tmp_path).put(CONTENT)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_changed_object_is_told(bucket: Any) -> None:
    """What somebody changed in the bucket is refused."""
    S3Blobs("s3://results/changed").put(CONTENT)
    bucket.put_object(Bucket="results", Key=f"changed/{DIGEST[:2]}/{DIGEST}", Body=b"other")
    with pytest.raises(StoreError, match="was changed"):
        S3Blobs("s3://results/changed").get(DIGEST)


def test_a_bucket_that_is_not_there_is_told(bucket: Any) -> None:
    """A wrong bucket is a store error that names it, when it is first used."""
    assert bucket.list_buckets()["Buckets"]
    blobs = S3Blobs("s3://absent/runs")
    for use in (
        lambda: blobs.put(CONTENT),
        lambda: blobs.get(DIGEST),
        lambda: blobs.remove(DIGEST),
    ):
        with pytest.raises(StoreError, match=r"NoSuchBucket|does not exist") as caught:
            use()
        assert "s3://absent/runs" in str(caught.value)


def test_a_service_that_is_away_is_told(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that cannot be reached is a store error, after the few tries it is given."""
    assert urlsplit(bucket.meta.endpoint_url).hostname == "127.0.0.1"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr("actwright.store.s3._TRIES", 1)
    with pytest.raises(StoreError, match="kept"):
        S3Blobs("s3://results").put(CONTENT)


@pytest.mark.parametrize(
    ("name", "told"),
    [("AWS_PROFILE", r"profile \(nobody\) could not be found"), ("AWS_ENDPOINT_URL", "endpoint: nobody")],
)  # fmt: skip
def test_settings_of_aws_that_do_not_fit_are_told(
    bucket: Any, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    """Also where something is read: nobody sees an error of the library beneath."""
    assert bucket.meta.region_name
    monkeypatch.setenv(name, "nobody")
    blobs = S3Blobs("s3://results")
    for use in (lambda: blobs.put(CONTENT), lambda: blobs.get(DIGEST)):
        with pytest.raises(StoreError, match=told):
            use()


@pytest.mark.parametrize("where", ["gs://bucket/x", "s3://", "s3:///x", "s3://key:secret@bucket"])
def test_other_addresses_are_refused(where: str) -> None:
    """An address of another kind, or without a bucket, is a matter of settings; no secret is repeated."""
    with pytest.raises(ConfigError) as caught:
        open_blobs(where)
    assert "secret" not in str(caught.value)
