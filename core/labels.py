"""What free words of a case or a request are about, so that staff see at a glance whom they are for.

A label says no more than is known: the service, how sure the engine was, and whether words told of danger. How urgent
anything else is, words alone do not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.types import Act, Understanding


class Urgency(StrEnum):
    """Whether somebody was in danger."""

    USUAL = "usual"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """`service` is the slug that the words are about, "" if none was sure enough; `confidence` (0 to 1) is of that.

    `department` is what staff say instead, and `by` who of them said so; "" as long as nobody did.
    """

    service: str = ""
    confidence: float = 0.0
    urgency: Urgency = Urgency.USUAL
    department: str = ""
    by: str = ""


def label_of(meant: Understanding) -> Label | None:
    """The label of words of which this is believed; None if there is nothing to go by: an exact command, a bare yes or
    no, or no engine that answered."""
    answered = meant.engine not in ("", "none")
    if not answered or meant.command or meant.act in (Act.YES, Act.NO):
        return None
    urgency = Urgency.DANGER if meant.danger else Urgency.USUAL
    return Label(service=meant.service, confidence=meant.confidence if meant.service else 0.0, urgency=urgency)
