"""Why a text did not arrive, in terms of ours: what may be tried again, and what says that a number gets no texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.types import Address


class Lost(StrEnum):
    """Why a text did not arrive. A provider's code is put into these where the provider is spoken to."""

    OUT_OF_REACH = "out_of_reach"
    """The telephone is off, or has no network."""

    BUSY = "busy"
    """The provider or a network on the way had trouble."""

    NO_TEXTS = "no_texts"
    """The number can not get texts: a landline."""

    NO_NUMBER = "no_number"
    """There is no such number, or nobody has it any more."""

    HELD_BACK = "held_back"
    """A network held it back, for its words or its sender."""

    STOPPED = "stopped"
    """The resident said STOP to the provider."""

    COUNTRY = "country"
    """We may not send to that country."""

    WINDOW = "window"
    """The resident wrote last too long ago: there they must write first."""

    OTHER = "other"
    """Something else, or nothing that we know."""


FOR_NOW = frozenset({Lost.OUT_OF_REACH, Lost.BUSY})
"""These may pass: the text is sent again."""

NOT_BY_TEXT = frozenset({Lost.NO_TEXTS, Lost.NO_NUMBER})
"""These hold for every text to that number: it is remembered."""

ARRIVED = frozenset({"delivered", "read"})
"""Reports that say the resident got it."""

LOST = frozenset({"undelivered", "failed", "canceled"})
"""Reports that say the resident did not get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a provider reports about a text. `to` is whom it was for, as far as is told; `why` it was lost, None if it
    was not."""

    provider_id: str
    status: str
    to: Address | None = None
    code: str = ""
    why: Lost | None = None

    @property
    def arrived(self) -> bool:
        """Whether the telephone has it."""
        return self.status in ARRIVED

    @property
    def again(self) -> bool:
        """Whether it is worth sending once more."""
        return self.why in FOR_NOW
