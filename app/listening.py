"""The socket that the web server listens on. Whoever keeps the server running may open it, and it outlives the server:
while nobody accepts, callers wait in it for a moment, and are not refused.

`plainline up` hands it on by `LISTENING`, systemd by `LISTEN_FDS` (man 3 sd_listen_fds).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from core.errors import Misconfigured

LISTENING = "PLAINLINE_LISTENING"
"""The number of the open socket, in the environment of the web server that `up` starts."""

BACKLOG = 1024
"""Connections that wait while nobody accepts."""

_SYSTEMDS_FIRST = 3


def listening(host: str, port: int) -> socket.socket:
    """The socket that was handed on to this process, or else a new one.

    Connections inherit that nothing small is held back (tcp(7), TCP_NODELAY): else the second half of an answer waits
    until the first is acknowledged, which takes 40 milliseconds.
    """
    handed = handed_on(os.environ, os.getpid())
    made = opened(host, port) if handed is None else socket.socket(fileno=handed)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def handed_on(environ: Mapping[str, str], process: int) -> int | None:
    """The number of the socket that whoever started this process holds open; None if there is none."""
    if given := environ.get(LISTENING):
        return int(given)
    ours = environ.get("LISTEN_PID") == str(process) and environ.get("LISTEN_FDS") == "1"
    return _SYSTEMDS_FIRST if ours else None


def opened(host: str, port: int) -> socket.socket:
    """A new socket that listens. Raises `Misconfigured` where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        where = f"{host}:{port}: {fault.strerror or 'no such address'}"
        raise Misconfigured([f"{where}. Stop what listens there, or give another --host or --port."]) from fault
