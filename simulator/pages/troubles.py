"""Trouble at the provider, to be switched on and off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.phrases import phrase
from core.types import Phrase
from simulator.exchange import Exchange, Fault
from simulator.exchange.trouble import Line

SLOW_BY = 4.0
"""Seconds."""

EVERY_SECOND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of trouble: its name, what it does, in words, and how it is arranged on the exchange."""

    id: str
    title: Phrase
    told: Phrase
    on: Callable[[Exchange], None]
    faults: tuple[Fault, ...]


def _lines(exchange: Exchange) -> list[Line]:
    chat = [exchange.bot.trouble] if exchange.bot else []
    return [exchange.trouble, exchange.rest_trouble, *chat]


def _slow(exchange: Exchange) -> None:
    exchange.trouble.keep(Fault.LATE_ANSWER, seconds=SLOW_BY)
    exchange.rest_trouble.keep(Fault.LATE_ANSWER, seconds=SLOW_BY)
    if exchange.bot:
        exchange.bot.trouble.keep(Fault.LATE_ANSWER, "/sendMessage", seconds=SLOW_BY)


def _failing(exchange: Exchange) -> None:
    exchange.trouble.keep(Fault.LOST_ANSWER, every=EVERY_SECOND)
    exchange.rest_trouble.keep(Fault.REFUSED, every=EVERY_SECOND, status=503)
    if exchange.bot:
        exchange.bot.trouble.keep(Fault.REFUSED, "/sendMessage", every=EVERY_SECOND, status=502)


def _twice(exchange: Exchange) -> None:
    exchange.trouble.keep(Fault.TWICE)
    if exchange.bot:
        exchange.bot.trouble.keep(Fault.TWICE, "/updates")


def _disorder(exchange: Exchange) -> None:
    exchange.callbacks.hold()
    if exchange.bot:
        exchange.bot.trouble.keep(Fault.REVERSED, "/updates")


KINDS = (
    Kind(
        id="slow",
        title=phrase("Slow"),
        told=phrase("Every answer takes some seconds longer."),
        on=_slow,
        faults=(Fault.LATE_ANSWER,),
    ),
    Kind(
        id="failing",
        title=phrase("Failing"),
        told=phrase("Every second request is lost or refused, and has to be tried again."),
        on=_failing,
        faults=(Fault.LOST_ANSWER, Fault.REFUSED),
    ),
    Kind(
        id="twice",
        title=phrase("Twice"),
        told=phrase("Whatever people do is told to the office twice."),
        on=_twice,
        faults=(Fault.TWICE,),
    ),
    Kind(
        id="disorder",
        title=phrase("Out of order"),
        told=phrase("What comes at the same time comes in the wrong order."),
        on=_disorder,
        faults=(Fault.REVERSED,),
    ),
)


class Troubles:
    """Which kinds are on."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.on: frozenset[str] = frozenset()

    def set(self, wanted: frozenset[str]) -> None:
        """Switch on exactly these kinds."""
        self._exchange.callbacks.release()
        for kind in KINDS:
            for line in _lines(self._exchange):
                for fault in kind.faults:
                    line.end(fault)
        for kind in KINDS:
            if kind.id in wanted:
                kind.on(self._exchange)
        self.on = frozenset(kind.id for kind in KINDS if kind.id in wanted)

    def stir(self) -> None:
        """Deliver the callbacks that were collected, the last one first, and collect again."""
        if "disorder" in self.on:
            self._exchange.callbacks.held.reverse()
            self._exchange.callbacks.release()
            self._exchange.callbacks.hold()

    @property
    def seconds(self) -> float:
        """How long an answer takes, beside what it really takes: at webhooks the exchange only counts the time."""
        return SLOW_BY if "slow" in self.on else 0.0
