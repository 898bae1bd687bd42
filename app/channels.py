"""What a channel is to the shell: a folder with a `channel.py` that exposes `CHANNELS`; and what a site is."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from core.ports import Caller, Inviter, Recorder, Sender
from core.render import Capabilities

if TYPE_CHECKING:
    from app.bootstrap import Plainline

ROOMS = ("ivr", "bot")
"""Folders that may hold a channel; the scan takes those that are there."""

SITES = ("front", "handoff")
"""Folders that may hold web pages of their own."""


def _no_fallback(_plainline: Plainline) -> str:
    return ""


def _nothing_amiss(_settings: Settings) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to reach us. `blueprint` makes its web routes (a Flask blueprint), `sender` what sends its texts,
    `caller` what places telephone calls, `recorder` what fetches recordings.

    `fallback` makes the static answer for another host. `process` runs the channel until it is stopped, where it has a
    process of its own: that one sends its texts too, so it has no `sender`. `check` says what is amiss with the
    provider. `within` is how long after they wrote a resident may be written to, None where that is always allowed;
    after that `inviter` asks them to write. All import their framework only when called, so that no process loads what
    it does not use.
    """

    name: str
    capabilities: Capabilities
    blueprint: Callable[[Plainline], Any] | None = None
    sender: Callable[[Settings], Sender | None] | None = None
    caller: Callable[[Settings], Caller | None] | None = None
    recorder: Callable[[Settings], Recorder | None] | None = None
    fallback: Callable[[Plainline], str] = _no_fallback
    process: Callable[[Plainline], int] | None = None
    check: Callable[[Settings], Iterator[str]] = _nothing_amiss
    within: timedelta | None = None
    inviter: Callable[[Settings], Inviter | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Web pages that are no channel: the console, the front page. `blueprint` makes their routes, and imports what
    they are made with only when called."""

    name: str
    blueprint: Callable[[Plainline], Any]


def find_sites(rooms: Iterable[str] = SITES) -> tuple[Site, ...]:
    """The site of every folder that has a `site.py`, which exposes `SITE`."""
    names = [f"{room}.site" for room in rooms if _has_module(room, "site")]
    return tuple(importlib.import_module(name).SITE for name in names)


def find_channels(rooms: Iterable[str] = ROOMS) -> tuple[Channel, ...]:
    """Every channel of every folder that has a `channel.py`."""
    names = [f"{room}.channel" for room in rooms if _has_module(room, "channel")]
    return tuple(channel for name in names for channel in importlib.import_module(name).CHANNELS)


def _has_module(room: str, wanted: str) -> bool:
    try:
        package = importlib.import_module(room)
    except ModuleNotFoundError:
        return False
    return any(module.name == wanted for module in pkgutil.iter_modules(package.__path__))
