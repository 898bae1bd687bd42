"""Where files are kept: a folder, or a bucket of a real S3-compatible server; both do the same."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

from app.bootstrap import kept_files
from app.settings import S3, Settings
from core.errors import Misconfigured
from core.ports import Files
from store.bucket import Bucket
from store.files import Folder

KEY, SECRET = "a key for tests", "a secret for tests"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a store with the bucket `ours`."""
    served = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    served.start()
    host, port = served.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        urlopen(Request(f"{address}/ours", method="PUT"), timeout=10).close()
        yield address
    finally:
        served.stop()


def bucket(server: str, name: str = "ours") -> Bucket:
    return Bucket(bucket=name, endpoint=server, region="us-east-1", access_key=KEY, secret_key=SECRET)


def acts(files: Files, name: str) -> tuple[Callable[[], object], ...]:
    """Everything that can be done with a file of this name."""
    return (partial(files.put, name, b""), partial(files.get, name), partial(files.delete, name))


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return Folder(tmp_path / "files")
    return bucket(request.getfixturevalue("server"))


def test_what_is_kept_is_given_back_until_it_is_deleted(files: Files) -> None:
    assert files.get("RE1.wav") is None
    files.put("RE1.wav", b"RIFF\x00\xff")
    assert files.get("RE1.wav") == b"RIFF\x00\xff"
    files.put("RE1.wav", b"")
    assert files.get("RE1.wav") == b""
    files.delete("RE1.wav")
    files.delete("RE1.wav")
    assert files.get("RE1.wav") is None


def test_a_file_as_large_as_any_we_take_comes_back_whole(files: Files) -> None:
    large = os.urandom(4 * 1024 * 1024)
    files.put("RE2.wav", large)
    assert files.get("RE2.wav") == large


@pytest.mark.parametrize("name", ["", "../secret", "a/b", ".hidden", "1.wav", "a" * 65, "a b", "a\n", "ä"])
def test_a_name_that_is_none_reaches_nothing(files: Files, name: str) -> None:
    for act in acts(files, name):
        with pytest.raises(ValueError, match="no name"):
            act()


def test_a_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    Folder(tmp_path / "files").put("RE1.wav", b"RIFF")
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "files" / "RE1.wav").stat().st_mode) == 0o600


def test_a_bucket_that_is_not_there_takes_nothing(server: str) -> None:
    with pytest.raises(OSError, match="Error"):
        bucket(server, "another").put("RE1.wav", b"RIFF")


def test_a_store_that_does_not_answer_is_an_error_that_names_no_address() -> None:
    gone = bucket("http://127.0.0.1:9")
    for act in acts(gone, "RE1.wav"):
        with pytest.raises(OSError, match="Error") as fault:
            act()
        assert "127.0.0.1" not in str(fault.value)


# --- settings ----------------------------------------------------------------------------------------------------

NAMES = ("BUCKET", "ACCESS_KEY", "SECRET_KEY", "ENDPOINT", "REGION")


def environ(tmp_path: Path, *values: str) -> dict[str, str]:
    given = {f"PLAINLINE_FILES_S3_{name}": value for name, value in zip(NAMES, values, strict=False) if value}
    return {"PLAINLINE_DATA": str(tmp_path), **given}


def test_without_a_bucket_files_are_in_the_folder(tmp_path: Path) -> None:
    settings = Settings.from_env(environ(tmp_path))
    assert settings.s3 is None
    assert isinstance(kept_files(settings), Folder)


def test_a_bucket_that_is_set_keeps_the_files(tmp_path: Path, server: str) -> None:
    settings = Settings.from_env(environ(tmp_path, "ours", KEY, SECRET, server))
    assert settings.s3 == S3(bucket="ours", endpoint=server, region="us-east-1", access_key=KEY, secret_key=SECRET)
    kept_files(settings).put("RE3.wav", b"RIFF")
    assert bucket(server).get("RE3.wav") == b"RIFF"
    assert KEY not in repr(settings)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("values", "more", "told"),
    [
        (("ours",), {}, "PLAINLINE_FILES_S3_ACCESS_KEY, PLAINLINE_FILES_S3_SECRET_KEY: missing"),
        (("", KEY, SECRET), {}, "PLAINLINE_FILES_S3_BUCKET: missing"),
        (
            ("ours", KEY, SECRET, "http://s3.example.org"),
            {},
            "_ENDPOINT: http://s3.example.org is not",
        ),
        (("ours", KEY, SECRET, "s3.example.org"), {}, "PLAINLINE_FILES_S3_ENDPOINT: s3.example.org is no address"),
        (("ours", KEY, SECRET), {"PLAINLINE_FILES": "files"}, "PLAINLINE_FILES: of no use"),
    ],
)
def test_what_is_missing_or_wrong_is_told(
    tmp_path: Path, values: tuple[str, ...], more: dict[str, str], told: str
) -> None:
    with pytest.raises(Misconfigured) as wrong:
        Settings.from_env(environ(tmp_path, *values) | more)
    assert told in "\n".join(wrong.value.mistakes)


def test_where_the_package_is_missing_the_cure_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    modules: Any = __import__("sys").modules
    monkeypatch.setitem(modules, "obstore", None)
    with pytest.raises(Misconfigured, match=r"pip install 'plainline\[s3\]'"):
        kept_files(Settings.from_env(environ(tmp_path, "ours", KEY, SECRET)))
