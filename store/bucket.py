"""Files in a bucket of an S3-compatible store: `core.ports.Files` over the network, by obstore
(docs/decisions/files-in-s3.md)."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.errors import Misconfigured
from store.files import named

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

WAIT: ClientConfig = {"connect_timeout": timedelta(seconds=3), "timeout": timedelta(seconds=15)}
"""How long a connection, and a whole request, may take: somebody at the console waits for it."""

TRIES: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
"""How often it is tried, and how long in all. The worker tries again by itself, much later."""

NOT_INSTALLED = (
    "PLAINLINE_FILES_S3_BUCKET needs the package obstore, which does not load here ({missing}). Install it "
    "(pip install 'plainline[s3]'), or leave the setting out to keep files in a folder."
)


class Bucket:
    """Files in one bucket. Safe to share between threads. Raises `Misconfigured` where obstore is not installed."""

    def __init__(self, *, bucket: str, endpoint: str, region: str, access_key: str, secret_key: str) -> None:
        try:
            self._obstore = importlib.import_module("obstore")
            store: Any = importlib.import_module("obstore.store")
        except ImportError as missing:
            raise Misconfigured([NOT_INSTALLED.format(missing=missing)]) from missing
        # Some of what goes wrong is obstore's own, some of it Python's.
        self._missing: tuple[type[Exception], ...] = (self._obstore.exceptions.NotFoundError, FileNotFoundError)
        self._failed: tuple[type[Exception], ...] = (self._obstore.exceptions.BaseError, OSError)
        self._store = store.S3Store(
            bucket,
            **({"endpoint": endpoint} if endpoint else {}),
            region=region,
            access_key_id=access_key,
            secret_access_key=secret_key,
            client_options={**WAIT, "allow_http": endpoint.startswith("http:")},
            retry_config=TRIES,
        )

    def put(self, name: str, content: bytes) -> None:
        """Keep a file: a store takes it as a whole or not at all."""
        try:
            self._obstore.put(self._store, named(name), content, use_multipart=False)
        except self._failed as fault:
            raise _as_os_error(fault) from fault

    def get(self, name: str) -> bytes | None:
        """What is in the file, None if there is none."""
        try:
            return bytes(self._obstore.get(self._store, named(name)).bytes())
        except self._missing:
            return None
        except self._failed as fault:
            raise _as_os_error(fault) from fault

    def delete(self, name: str) -> None:
        """Delete the file, if there is one."""
        try:
            self._obstore.delete(self._store, named(name))
        except self._missing:
            return
        except self._failed as fault:
            raise _as_os_error(fault) from fault


def _as_os_error(fault: Exception) -> OSError:
    """As `core.ports.Files` says it. Only its kind: what the store answers may hold addresses and keys."""
    return OSError(type(fault).__name__)
