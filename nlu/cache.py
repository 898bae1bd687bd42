"""Keeps what was learnt in a folder, so that the next start takes a fraction of a second.

The files are pickles, and unpickling runs code: a file is read only if it belongs to this user, nobody else may read
or write it, and its checksum is right. Anything else counts as not there, and is learnt and written anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core import commands
from nlu import apart, calibrating, encoder, features, learning, loader
from nlu.learning import Learnt

_LIBRARIES = ("scikit-learn", "numpy", "scipy", "opencc-python-reimplemented")
_CODE = (commands, apart, calibrating, encoder, features, learning, loader)
"""The modules that decide what is learnt from the same examples, and how it is kept."""

_FOR_OTHERS = 0o077
"""The permissions of group and others."""


def fingerprint(mark: bytes) -> str:
    """Names everything that decides what is learnt: the examples (their `mark`), our code, the libraries' versions."""
    libraries = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    code = [Path(str(module.__file__)).read_bytes() for module in _CODE]
    return _checksum(repr((libraries, code)).encode() + mark).hex()[:24]


def keep(learnt: Learnt, path: Path) -> None:
    """Write the file whole or not at all, for this user alone (mode 0600).

    A folder that cannot be written to costs the seconds of learning at each start, nothing else.
    """
    body = pickle.dumps(learnt, protocol=pickle.HIGHEST_PROTOCOL)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".embedded-")
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(body) + body)
        Path(name).replace(path)


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process learn, while others wait to read what it keeps. Where a folder cannot be locked none waits."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(folder, os.O_RDONLY)
            held.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(path: Path) -> Learnt | None:
    """What the file holds; None if there is none, it is damaged, or it could be somebody else's."""
    try:
        with path.open("rb") as file:
            owner = os.fstat(file.fileno())
            content = memoryview(file.read())  # whose parts are no copies
    except OSError:
        return None
    checksum, body = content[: hashlib.sha256().digest_size], content[hashlib.sha256().digest_size :]
    if owner.st_uid != os.getuid() or owner.st_mode & _FOR_OTHERS or _checksum(body) != checksum:
        return None
    learnt: Learnt = pickle.loads(body)
    return learnt


def _checksum(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).digest()
