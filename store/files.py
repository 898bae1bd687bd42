"""Files in one folder of this machine: `core.ports.Files`."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


class Folder:
    """Files in a folder that only its owner may read; it is made when the first one is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Keep a file: it is there as a whole or not at all, also after the power failed."""
        file = self._file(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=self._folder, prefix=".")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            Path(written).replace(file)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes | None:
        """What is in the file, None if there is none."""
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Delete the file, if there is one."""
        self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / named(name)


def named(name: str) -> str:
    """The name, if it is one for a file of ours. Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError("no name for a file of ours")
    return name
