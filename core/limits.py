"""Which numbers cost too much, and how much of what is paid for is too much: the words for it, and what skips it.

SMS pumping and toll fraud make a town pay for texts and calls to numbers that whoever is behind them earns from; a
flood of calls keeps others out. So there are limits for a number, for the numbers that differ from it in their last
digits alone (fraud has whole blocks of them), for a country, and in all (Twilio docs: preventing toll fraud).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.types import RelayToDesk, RequestHandoff, Turn, WhyPerson

HOUR = 3600
"""Seconds over which texts and calls are counted."""

BLOCK = 3
"""Digits at the end that a block of numbers differs in: carriers give out numbers by the thousand."""


class Scope(StrEnum):
    """What is counted together."""

    NUMBER = "number"
    BLOCK = "block"
    COUNTRY = "country"
    ALL = "all"


class Refusal(StrEnum):
    """Why a text is not sent, or a number not rung: what stands in the outbox as the code of a text that failed."""

    UNREAL = "unreal_number"
    """No telephone can have this number."""
    DEAR = "dear_number"
    """Premium rate, shared cost and the like."""
    ABROAD = "country_not_served"
    NUMBER = "limit_of_number"
    BLOCK = "limit_of_block"
    COUNTRY = "limit_of_country"
    ALL = "limit_in_all"
    CEILING = "ceiling_reached"


LIMITED = {
    Scope.NUMBER: Refusal.NUMBER,
    Scope.BLOCK: Refusal.BLOCK,
    Scope.COUNTRY: Refusal.COUNTRY,
    Scope.ALL: Refusal.ALL,
}

COUNTRY_CLOSED = frozenset({"21408", "21215", "13227", "32205"})
"""A provider's codes for a country that is switched off in the account (Twilio docs: geographic permissions)."""


class Alarm(StrEnum):
    """What whoever runs the line has to see to."""

    CEILING = "ceiling"
    """Today cost as much as a day may."""
    FLOOD = "flood"
    """In the last day texts were not sent because too many went to one place, or in all."""
    COUNTRY_CLOSED = "country_closed"
    """In the last day the provider sent texts not, because it has their country switched off."""
    SECRET_NUMBERS = "secret_numbers"
    """In the last day so many secret numbers were wrong that none is looked at (`core.mandates.WRONG_IN_ALL`)."""


FLOODED = frozenset({Refusal.BLOCK.value, Refusal.COUNTRY.value, Refusal.ALL.value})
"""What is refused in a flood. One number that had its limit is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """How many of a kind within `HOUR`: for a number, for a block of numbers, for a country, and in all."""

    number: int
    block: int
    country: int
    all: int

    def of(self, scope: Scope) -> int:
        """The limit of a scope."""
        return int(getattr(self, scope.value))


TEXTS = Throttle(number=60, block=200, country=3000, all=3000)
"""Texts from us. A long form by text takes some 20; a town of 50,000 sends a few hundred in its busiest hour."""

CALLS = Throttle(number=30, block=120, country=1500, all=1500)
"""Calls to us. Beyond, a caller is asked for a key first; a care home with one number may come near it."""

NOTICES = Throttle(number=1, block=10, country=100, all=100)
"""Texts that tell somebody that their number had its limit: they cost too, and a flood must not live on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """How much a day may take before an alarm: money in the town's currency, or segments and started minutes together.
    None where there is none."""

    money: Decimal | None = None
    units: int | None = None


def counted_as(number: str, country: str) -> dict[Scope, str]:
    """What a number (E.164; "" if it is withheld) is counted as. Withheld numbers are one block, and no number."""
    if not number:
        return {Scope.BLOCK: "", Scope.COUNTRY: "", Scope.ALL: ""}
    return {Scope.NUMBER: number, Scope.BLOCK: number[:-BLOCK], Scope.COUNTRY: country, Scope.ALL: ""}


def tells_of_danger(turn: Turn) -> bool:
    """Whether a turn answers danger, which skips every throttle. Not all that goes out in spite of a STOP does."""
    return any(
        (isinstance(effect, RequestHandoff) and effect.why is WhyPerson.DANGER)
        or (isinstance(effect, RelayToDesk) and effect.danger)
        for effect in turn.effects
    )
