"""The books, balanced after the processes were killed: what residents did, what we stored, what the provider has.

Every mistake is a sentence; no sentence, no mistake.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select

from core.types import Medium
from simulator.exchange import Exchange
from simulator.exchange.delivery import Attempt
from store import schema
from store.database import Database
from tests.proof.killing import Kill
from tests.proof.residents import Act, Lived

SETTLED = frozenset({"sent", "failed", "refused", "unknown"})
"""What may become of a text: it was sent, or it can be seen that it was not, or that nobody knows."""

_NUMBERS = re.compile(r"(?<=\d)[ ,]+(?=\d)")


@dataclass(slots=True, kw_only=True)
class Books:
    """What the database and the exchange say, by conversation and by address."""

    states: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    turns: dict[str, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    cases: dict[str, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    handoffs: Counter[str] = field(default_factory=Counter)
    got: dict[tuple[str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """What reached each address, by channel: the provider's id, and the words."""

    accepted: set[tuple[str, str]] = field(default_factory=set)
    """Path and Sid of what we took: it was answered with a success."""


def read(database: Database, exchange: Exchange, everybody: Iterable[Lived]) -> Books:
    """Open the books."""
    books = Books()
    with database.reading() as connection:
        for row in connection.execute(select(schema.conversations)):
            books.states[row.id], books.versions[row.id] = row.state, row.version
        for row in connection.execute(select(schema.turns).order_by(schema.turns.c.version)):
            books.turns[row.conversation].append(row)
        for row in connection.execute(select(schema.cases)):
            books.cases[row.conversation].append(row)
        for row in connection.execute(select(schema.outbox).order_by(schema.outbox.c.id)):
            books.texts[row.conversation].append(row)
        books.handoffs.update(connection.scalars(select(schema.handoffs.c.conversation)))
    for text in exchange.texts.all:
        if text.direction == "outbound-api":
            books.got["sms", text.to][text.sid] = text.body
    for one in everybody:
        for message in one.chat.received if one.chat else ():
            books.got["telegram", one.address][f"{one.conversation}:{message.id}"] = message.text
    books.accepted = {known for attempt in exchange.attempts if (known := _accepted(attempt))}
    return books


def _accepted(attempt: Attempt) -> tuple[str, str] | None:
    said = dict(attempt.form)
    path = urlsplit(attempt.url).path
    return (path, said.get("CallSid") or said.get("MessageSid", "")) if 200 <= attempt.status < 300 else None


def amiss(books: Books, everybody: Iterable[Lived], undisturbed: dict[str, Lived]) -> list[str]:
    """What does not balance. `undisturbed` is who lived each journey before anybody was killed."""
    found: list[str] = []
    for one in everybody:
        model = undisturbed[one.journey.name]
        checks = [
            _suffered,
            _turns,
            _order,
            _fates,
            *((_state, _cases, _handoffs, _owed) if brought(books, one) else ()),
        ]
        found += (f"{one.journey.name} ({one.conversation}): {why}" for c in checks for why in c(books, one, model))
    ids = Counter(row.provider_id for rows in books.texts.values() for row in rows if row.provider_id)
    found += [f"two texts are said to be the provider's {id}" for id, times in ids.items() if times > 1]
    return found


def _suffered(_books: Books, one: Lived, _model: Lived) -> Iterator[str]:
    """What the resident themselves noticed: the line ended the call, or went round in circles."""
    yield from one.amiss
    if one.call and one.call.ended_by != "caller":
        yield f"the call was ended by {one.call.ended_by}"


def _turns(books: Books, one: Lived, _model: Lived) -> Iterator[str]:
    """Each thing that they did is one turn: what we took is stored, and nothing else is."""
    stored = Counter(row.key for row in books.turns[one.conversation])
    done = {act.key for act in one.acts}
    ended = f"ended:{one.conversation}"
    if ("/voice/status", one.conversation) in books.accepted:
        done.add(ended)
    yield from (f"{key} was lost" for key in done - stored.keys() if _ours(books, one, key))
    yield from (f"{key} was stored, and nobody did it" for key in stored.keys() - done - {ended})
    yield from (f"{key} was stored {times} times" for key, times in stored.items() if times > 1)


def _ours(books: Books, one: Lived, key: str) -> bool:
    """Whether the provider got it through to us: a text that it could not bring, with all its tries, we cannot keep."""
    took = books.accepted & {("/sms", key), ("/sms/fallback", key)}
    return one.journey.medium is not Medium.SMS or bool(took)


def brought(books: Books, one: Lived) -> bool:
    """Whether all that they did got through to us: without it they stand elsewhere."""
    return all(_ours(books, one, act.key) for act in one.acts)


def _order(books: Books, one: Lived, _model: Lived) -> Iterator[str]:
    """The turns stand in the order in which things were done, with no gap."""
    stored = [row.key for row in books.turns[one.conversation] if not row.key.startswith("ended:")]
    done = list(dict.fromkeys(act.key for act in one.acts))
    if stored != [key for key in done if key in stored]:
        yield f"out of order: {stored} for {done}"
    versions = [row.version for row in books.turns[one.conversation]]
    if versions != list(range(1, len(versions) + 1)) or books.versions.get(one.conversation) != len(versions):
        yield f"versions {versions}, and the conversation's is {books.versions.get(one.conversation)}"


def _state(books: Books, one: Lived, model: Lived) -> Iterator[str]:
    """They stand where the same journey leads undisturbed."""
    ours, theirs = shape(books, one), shape(books, model)
    if ours != theirs:
        yield f"stands at {ours}, and not at {theirs}"


def shape(books: Books, one: Lived) -> dict[str, Any]:
    """A conversation's state without what differs from one resident to the next."""
    written = books.states.get(one.conversation, "{}").replace(one.conversation, "ID").replace(one.address, "ADDRESS")
    for case in books.cases[one.conversation]:
        written = written.replace(case.reference, "REFERENCE")
    kept: dict[str, Any] = json.loads(written)
    heard_of_the_end = {"version", "ended"}  # a call's end is told by a status callback, which may be lost
    return {name: value for name, value in kept.items() if name not in heard_of_the_end}


def _cases(books: Books, one: Lived, model: Lived) -> Iterator[str]:
    """A case is opened once, and the caller heard its reference."""
    cases = books.cases[one.conversation]
    if len(cases) != one.journey.opens:
        yield f"{len(cases)} cases"
    for case, of_model in zip(cases, books.cases[model.conversation], strict=False):
        answers = case.answers.replace(one.address, ""), of_model.answers.replace(model.address, "")
        if answers[0] != answers[1]:
            yield f"a case with {case.answers}"
        heard = " ".join(utterance.text for utterance in one.call.heard) if one.call else ""
        if one.call and case.reference not in _NUMBERS.sub("", heard):
            yield "never heard the reference"


def _handoffs(books: Books, one: Lived, model: Lived) -> Iterator[str]:
    if books.handoffs[one.conversation] != books.handoffs[model.conversation]:
        yield f"{books.handoffs[one.conversation]} requests for a person"


def _owed(books: Books, one: Lived, model: Lived) -> Iterator[str]:
    """As many texts are owed as undisturbed."""
    owed, of_model = len(books.texts[one.conversation]), len(books.texts[model.conversation])
    if owed != of_model:
        yield f"{owed} texts, not {of_model}"


def _fates(books: Books, one: Lived, _model: Lived) -> Iterator[str]:
    """Every text that is owed was sent once, or it can be seen that it was not, or that nobody knows."""
    rows = books.texts[one.conversation]
    for row in rows:
        if row.status not in SETTLED:
            yield f"text {row.id} is {row.status}"
        if row.status == "sent" and books.got[row.channel, row.to_address].get(row.provider_id) != _plain(row.body):
            yield f"text {row.id} is said to be sent, and never arrived"
    for channel in ("sms", "telegram"):
        mine = [row for row in rows if row.channel == channel]
        got = Counter(books.got[channel, one.address].values())
        for words, times in (got - Counter(_plain(row.body) for row in mine)).items():
            yield f"{channel}: got {times} times too often: {words}"
        lost = Counter(_plain(row.body) for row in mine if row.status in ("failed", "refused"))
        not_lost = Counter(_plain(row.body) for row in mine if row.status in ("sent", "unknown"))
        yield from (f"{channel}: got what was given up: {words}" for words in (got - not_lost) if words in lost)


def _plain(body: str) -> str:
    return body.strip()


# --- the figures -------------------------------------------------------------------------------------------------


def lost_after_the_commit(books: Books, everybody: Iterable[Lived], kills: Iterable[Kill]) -> int:
    """How many answers were lost after the commit: the turn was stored, the process killed, the answer came later."""
    times = sorted(kill.at for kill in kills if kill.whom.startswith("web"))
    return sum(
        any(at < time < act.answered for time in times)
        for one in everybody
        if one.journey.medium is not Medium.CHAT
        for act, at in _when_stored(books, one)
    )


def _when_stored(books: Books, one: Lived) -> Iterator[tuple[Act, float]]:
    at = {row.key: row.at.timestamp() for row in books.turns[one.conversation]}
    return ((act, at[act.key]) for act in one.acts if act.key in at)


def fallbacks(exchange: Exchange) -> int:
    """How often the fallback was asked, and answered."""
    asked = (a for a in exchange.attempts if urlsplit(a.url).path == "/voice/resume" and "ErrorCode" in dict(a.form))
    return sum(attempt.status == 200 for attempt in asked)


def fates(books: Books) -> Counter[str]:
    """What became of the texts."""
    return Counter(row.status for rows in books.texts.values() for row in rows)
