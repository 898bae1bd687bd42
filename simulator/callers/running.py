"""Many calls, in several processes at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import Plainline
from app.caller import Caller
from simulator.callers.calling import Outcome, Plan, make_call
from simulator.callers.chats import chatting
from simulator.callers.designs import CHANGES, OURS, ClassicLine, variant
from simulator.callers.line import Clock, Line, ours, served, wired
from simulator.callers.threads import make_thread
from simulator.callers.truth import Truth
from simulator.callers.unread import unread

LANES = 2
"""Processes at once: as many as the smallest machine has cores."""


def run(made: Sequence[Plan], design: str, data: Path, lanes: int = LANES) -> list[Outcome]:
    """Make all calls on a design; in the plan's order. `data` is where what the engine learnt is kept."""
    shares = [made[lane::lanes] for lane in range(lanes)]
    if lanes == 1:
        found = [_lane(made, design, data)]
    else:
        with ProcessPoolExecutor(lanes, mp_context=multiprocessing.get_context("spawn")) as processes:
            found = list(processes.map(_lane, shares, [design] * lanes, [data] * lanes))
    by_key = {one.key: one for outcomes in found for one in outcomes}
    return [by_key[plan.key] for plan in made]


def _lane(made: Sequence[Plan], design: str, data: Path) -> list[Outcome]:
    """One process's share."""
    built = wired(data)
    truth = truth_of(built)
    chats = [plan for plan in made if plan.channel == "chat"]
    with line_of(design, built, truth) as line:
        found = [
            make_thread(line, truth, plan) if plan.channel == "sms" else make_call(line, truth, plan)
            for plan in made
            if plan.channel != "chat"
        ]
    if chats:
        with chatting(built.settings, truth) as line:
            found += line.make(chats)
    return found


def truth_of(built: Plainline) -> Truth:
    """What the town's answers say."""
    voice = next(channel.capabilities for channel in built.channels if channel.name == "voice")
    return Truth(caller=Caller(catalog=built.catalog, words=built.words, voice=voice))


@contextmanager
def line_of(design: str, built: Plainline, truth: Truth) -> Iterator[Line]:
    """A line of this design. Raises Misconfigured for one that there is not."""
    if design in OURS:
        installed = unread(built) if design == "not read back" else built
        with ours(installed, design, CHANGES.get(design), numbers=design != "no service numbers") as line:
            yield line
        return
    clock = Clock()
    with served(ClassicLine(name=design, of=variant(design), truth=truth), clock, built.catalog) as line:
        yield line
