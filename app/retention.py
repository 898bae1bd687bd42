"""What is forgotten, and when. The whole policy is the table `RULES`; the worker runs `sweep` once a day.

Cases are not here: how long a case is kept is for the office that works on it to say. Audit rows hold no
words, names or numbers, and stay, as the figures of contacts do (channel, service, language, moment, what came of it,
seconds and segments), for `plainline costs` and `plainline report`. That somebody said STOP is kept until they say
START.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.ports import AuditEntry


class RetentionStore(Protocol):
    """What can be forgotten. Each method returns how many rows it dealt with, and works in small steps, so
    that no caller waits for it. `before` is the last moment that is forgotten."""

    def drop_turns(self, before: datetime) -> int:
        """What was said in single turns, answered, and corrected by staff, unless somebody there still waits for a
        person."""
        ...

    def drop_conversations(self, before: datetime) -> int:
        """Conversations with their answers, unless somebody in them still waits for a person."""
        ...

    def empty_handoffs(self, before: datetime) -> int:
        """The words and numbers of requests for a person that were settled, the words relayed with them, and
        what staff noted."""
        ...

    def empty_texts(self, before: datetime) -> int:
        """The words and numbers of texts that are no longer to be sent."""
        ...

    def drop_receipts(self, before: datetime) -> int:
        """What providers reported about texts."""
        ...

    def drop_no_texts(self, before: datetime) -> int:
        """That texts could not reach an address."""
        ...

    def drop_news(self, before: datetime) -> int:
        """Who wanted to be told of cases that are done."""
        ...

    def drop_rings(self, before: datetime) -> int:
        """Missed calls."""
        ...

    def drop_codes(self, before: datetime) -> int:
        """Continuation codes that ran out."""
        ...

    def drop_tries(self, before: datetime) -> int:
        """Wrong codes and references, which are counted by the hour."""
        ...

    def drop_pin_tries(self, before: datetime) -> int:
        """Wrong secret numbers, which are counted by the day."""
        ...

    def drop_mandates(self, before: datetime) -> int:
        """Who might act for somebody, and may no more: it ran out, or was ended."""
        ...

    def drop_sessions(self, before: datetime) -> int:
        """Sessions of staff that ran out, and wrong passwords."""
        ...

    def drop_updates(self, before: datetime) -> int:
        """Numbers of updates that were worked on; their words are gone already."""
        ...

    def drop_unkept_recordings(self, before: datetime) -> int:
        """Recordings that nobody left for staff: to be deleted everywhere, by the worker."""
        ...

    def drop_recordings(self, before: datetime) -> int:
        """Recordings: to be deleted everywhere, by the worker. What staff typed of one in a case stays with the case;
        all else of those that are gone already is forgotten."""
        ...

    def empty_contacts(self, before: datetime) -> int:
        """Whose contacts were, and what finds their calls and texts at the provider; their figures stay."""
        ...

    def drop_ratings(self, before: datetime) -> int:
        """How many said in a month that they got what they needed, and that they did not: whole months, those before
        the one of this moment."""
        ...

    def audit(self, entry: AuditEntry) -> None:
        """Append an audit row."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of thing, and how long it is kept. `because` says what it is still good for until then."""

    name: str
    keep: timedelta
    because: str
    forget: Callable[[RetentionStore, datetime], int]


RATINGS_KEPT = timedelta(days=800)
"""Longer than two years, since a month is the newest that is told until the next one is."""

RULES = (
    Rule(
        name="turns",
        keep=timedelta(days=7),
        because="a message that comes twice gets the same answer, and whoever takes a request reads what was said",
        forget=lambda store, before: store.drop_turns(before),
    ),
    Rule(
        name="conversations",
        keep=timedelta(days=30),
        because="a form that was broken off can be finished for 7 days, and a text thread goes on for longer",
        forget=lambda store, before: store.drop_conversations(before),
    ),
    Rule(
        name="handoffs",
        keep=timedelta(days=90),
        because="staff may need to look up what a resident asked for, after it was settled",
        forget=lambda store, before: store.empty_handoffs(before),
    ),
    Rule(
        name="texts",
        keep=timedelta(days=30),
        because="staff may need to see what was sent, and what was not",
        forget=lambda store, before: store.empty_texts(before),
    ),
    Rule(
        name="receipts",
        keep=timedelta(days=30),
        because="they belong to the texts",
        forget=lambda store, before: store.drop_receipts(before),
    ),
    Rule(
        name="no_texts",
        keep=timedelta(days=180),
        because="no text is offered to a number that gets none; but numbers change hands",
        forget=lambda store, before: store.drop_no_texts(before),
    ),
    Rule(
        name="rings",
        keep=timedelta(days=2),
        because="they are counted over a day",
        forget=lambda store, before: store.drop_rings(before),
    ),
    Rule(
        name="news",
        keep=timedelta(days=30),
        because="a call with news of a case that is done may still have to be placed; of an open case more is told",
        forget=lambda store, before: store.drop_news(before),
    ),
    Rule(
        name="codes",
        keep=timedelta(days=1),
        because="its digits are not given out again while somebody may still have them on paper",
        forget=lambda store, before: store.drop_codes(before),
    ),
    Rule(
        name="tries",
        keep=timedelta(days=1),
        because="they are counted over an hour",
        forget=lambda store, before: store.drop_tries(before),
    ),
    Rule(
        name="pin_tries",
        keep=timedelta(days=2),
        because="a case stays closed for a day after the last of them",
        forget=lambda store, before: store.drop_pin_tries(before),
    ),
    Rule(
        name="mandates",
        keep=timedelta(),
        because="what has ended opens nothing; that it was, and who ended it, stands in the audit",
        forget=lambda store, before: store.drop_mandates(before),
    ),
    Rule(
        name="sessions",
        keep=timedelta(days=1),
        because="a session lasts a working day at most, and wrong passwords are counted over minutes",
        forget=lambda store, before: store.drop_sessions(before),
    ),
    Rule(
        name="updates",
        keep=timedelta(days=2),
        because="Telegram may bring an update again for a day",
        forget=lambda store, before: store.drop_updates(before),
    ),
    Rule(
        name="unkept_recordings",
        keep=timedelta(days=8),
        because="a form that was broken off can be finished for 7 days, with what was recorded for it",
        forget=lambda store, before: store.drop_unkept_recordings(before),
    ),
    Rule(
        name="recordings",
        keep=timedelta(days=90),
        because="staff may need to listen to what a resident said, as long as they can look up what was asked for",
        forget=lambda store, before: store.drop_recordings(before),
    ),
    Rule(
        name="contacts",
        keep=timedelta(days=30),
        because="what is told late or twice of a call or a text is counted once",
        forget=lambda store, before: store.empty_contacts(before),
    ),
    Rule(
        name="ratings",
        keep=RATINGS_KEPT,
        because="a month is compared with the same month of the two years before",
        forget=lambda store, before: store.drop_ratings(before),
    ),
)


def sweep(store: RetentionStore, now: datetime) -> dict[str, int]:
    """Forget what is due, by every rule; how many rows that were. An audit row keeps the counts."""
    counts = {rule.name: rule.forget(store, now - rule.keep) for rule in RULES}
    store.audit(AuditEntry(conversation="", event="retention", detail=counts, at=now))
    return counts
