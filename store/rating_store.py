"""Whether residents got what they needed: counts, and who is not to be asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select, update

from core.types import Address, KeepRating
from store.database import inserting
from store.schema import WAS_ASKED, conversations, handoffs, ratings, turns

NOT_AGAIN = timedelta(days=30)
"""So long nobody is asked a second time: as long as a conversation is kept, which alone remembers it."""

AFTER_PERSON = timedelta(days=1)
"""So long after a request for a person was settled nobody is asked, nor as long as it is open."""


def asked(connection: Connection, conversation: str, address: Address | None, now: datetime) -> bool:
    """Whether they are not to be asked (`core.ports.UnitOfWork.asked`)."""
    lately = and_(WAS_ASKED, conversations.c.asked > now - NOT_AGAIN)
    in_danger = exists().where(turns.c.conversation == conversations.c.id, turns.c.danger)
    waits = or_(handoffs.c.settled.is_(None), handoffs.c.settled > now - AFTER_PERSON)
    person = exists().where(handoffs.c.conversation == conversations.c.id, waits)
    reasons = [and_(conversations.c.id == conversation, or_(lately, in_danger, person))]
    if address:  # each call is a conversation of its own
        theirs = conversations.c.address == address.value
        reasons += [
            and_(theirs, lately),
            and_(theirs, conversations.c.channel == address.channel, or_(in_danger, person)),
        ]
    return bool(connection.scalar(select(or_(*(exists().where(reason) for reason in reasons)))))


def note_asked(connection: Connection, conversation: str, at: datetime) -> None:
    """They are asked now."""
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(asked=at))


def keep(connection: Connection, rating: KeepRating, language: str, channel: str) -> None:
    """Count an answer."""
    row = {
        "month": f"{rating.month:%Y-%m}",
        "service": rating.service,
        "language": language,
        "channel": channel,
        "got": rating.got,
        "count": 1,
    }
    connection.execute(_count_one_more(connection.dialect.name), row)


@cache
def _count_one_more(dialect: str) -> Any:
    key = list(ratings.primary_key)
    new: Any = inserting(dialect, ratings)
    return new.on_conflict_do_update(index_elements=key, set_={"count": ratings.c.count + 1})
