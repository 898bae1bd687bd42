"""What a channel is to the shell. A channel is a folder with a `channel.py` that exposes `CHANNELS`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from core.ports import Sender
from core.render import Capabilities

if TYPE_CHECKING:
    from app.bootstrap import Plainline

ROOMS = ("ivr", "bot")
"""Folders that may hold a channel; the scan takes those that are there."""


def _no_fallback(_plainline: Plainline) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to reach us. `blueprint` makes its web routes (a Flask blueprint), `sender` what sends its texts.

    `fallback` makes the static answer for another host. All import their
    framework only when called, so that no process loads what it does not use.
    """

    name: str
    capabilities: Capabilities
    blueprint: Callable[[Plainline], Any] | None = None
    sender: Callable[[Settings], Sender | None] | None = None
    fallback: Callable[[Plainline], str] = _no_fallback


def find_channels(rooms: Iterable[str] = ROOMS) -> tuple[Channel, ...]:
    """Every channel of every folder that has a `channel.py`."""
    names = [f"{room}.channel" for room in rooms if _has_channel(room)]
    return tuple(channel for name in names for channel in importlib.import_module(name).CHANNELS)


def _has_channel(room: str) -> bool:
    try:
        package = importlib.import_module(room)
    except ModuleNotFoundError:
        return False
    return any(module.name == "channel" for module in pkgutil.iter_modules(package.__path__))
