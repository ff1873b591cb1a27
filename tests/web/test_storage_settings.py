"""Where files lie, as the environment says it."""

from __future__ import annotations

import sys

import pytest
from attrs import evolve

from crm_core.refusals import Refused
from crm_core.store.blobs import FolderOfFiles
from web.bootstrap import assemble
from web.settings import BucketPlace, Settings

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ENDPOINT = "https://s3.example.com"


@pytest.mark.parametrize(
    ("url", "endpoint", "place"),
    [
        ("", "", None),
        ("s3://acme-files", "", BucketPlace(name="acme-files")),
        ("s3://acme-files/", "", BucketPlace(name="acme-files")),
        ("s3://acme/crm/live/", "", BucketPlace(name="acme", prefix="crm/live")),
        ("s3://acme", f"{ENDPOINT}/", BucketPlace(name="acme", endpoint=ENDPOINT)),
        ("s3://acme", f"{ENDPOINT}:9000", BucketPlace(name="acme", endpoint=f"{ENDPOINT}:9000")),
    ],
)
def test_the_bucket_is_named_in_the_environment(
    url: str, endpoint: str, place: BucketPlace | None
) -> None:
    found = Settings.from_environment({"CRM_FILES": url, "CRM_S3_ENDPOINT": endpoint})
    assert found.bucket == place


@pytest.mark.parametrize(
    "url",
    ["acme", "/srv/files", "https://acme", "s3://", "s3://A", "s3://u:p@acme", "s3://acme/../x"],
)
def test_what_is_no_bucket_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Refused, match="CRM_FILES must look like"):
        Settings.from_environment({"CRM_FILES": url})


@pytest.mark.parametrize(
    "endpoint",
    ["s3.example.com", "ftp://x", "https://", f"{ENDPOINT}/x", "http://h:x", "http://a b"],
)
def test_what_is_no_endpoint_is_refused_in_a_sentence(endpoint: str) -> None:
    with pytest.raises(Refused, match="CRM_S3_ENDPOINT must look like"):
        Settings.from_environment({"CRM_FILES": "s3://acme", "CRM_S3_ENDPOINT": endpoint})


@on_sqlite
def test_without_a_bucket_files_lie_in_the_data_folder(settings: Settings) -> None:
    files = assemble(settings).store.files
    assert files == FolderOfFiles(folder=settings.folder / "files")


@on_sqlite
def test_where_the_extra_is_missing_it_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.startswith("crm_core.store.bucket")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setitem(sys.modules, "botocore", None)
    with pytest.raises(Refused) as told:
        assemble(evolve(settings, bucket=BucketPlace(name="acme")))
    assert "pip install practice-crm[s3]" in str(told.value.sentence)
