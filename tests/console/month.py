"""A month of made-up contacts, ratings, forms and cases in a database."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from core.usage import Result
from store import schema
from store.database import Database

FIRST = datetime(2026, 10, 1, 12, tzinfo=UTC)
DAYS = 30
SERVICES = {"senior_transport_card": 60, "noise": 25, "birth_certificate": 12, "": 6}
LANGUAGES = {"en": 60, "es": 30, "ar": 8, "zh_Hans": 4}
CHANNELS = {"voice": 70, "sms": 20, "chat": 9, "whatsapp": 1}
RESULTS = {Result.ALONE: 60, Result.PERSON: 20, Result.CALL_BACK: 8, "": 12}


def fill(database: Database, contacts: int, seed: int = 1, first: datetime = FIRST) -> None:
    """So many contacts in October, which begins at `first`, the same for the same seed; a tenth of them leave a form, a
    fifth say what they got. One in August besides, so that September and October are whole."""
    chance = random.Random(seed)

    def one_of(weights: dict[str, int]) -> str:
        return chance.choices(list(weights), list(weights.values()))[0]

    rows: list[dict[str, Any]] = [
        {
            "conversation": None,
            "day": "",
            "channel": one_of(CHANNELS),
            "service": one_of(SERVICES),
            "language": one_of(LANGUAGES),
            "result": one_of({str(result): weight for result, weight in RESULTS.items()}),
            "unclear": chance.random() < 0.4,
            "form": "senior_transport_card" if chance.random() < 0.1 else "",
            "step": chance.choice((1, 1, 2, 0)),
            "began": first + timedelta(days=chance.randrange(DAYS)),
        }
        for _ in range(contacts)
    ]
    counted = [*rows, {**rows[0], "began": first - timedelta(days=40)}]
    rated: dict[tuple[str, str, str, str, bool], int] = {}
    for row in rows[: contacts // 5]:
        key = (f"{row['began']:%Y-%m}", row["service"] or "noise", row["language"], row["channel"])
        of_it = (*key, chance.random() < 0.8)
        rated[of_it] = rated.get(of_it, 0) + 1
    names = ("month", "service", "language", "channel", "got", "count")
    ratings = [dict(zip(names, (*key, count), strict=True)) for key, count in rated.items()]
    with database.writing() as connection:
        connection.execute(insert(schema.contacts), counted)
        if ratings:
            connection.execute(insert(schema.ratings), ratings)
        connection.commit()


def fill_forms(database: Database) -> None:
    """So many forms of two services that some of where they were left can be told, and a contact in August."""
    contact = {"day": "", "channel": "voice", "service": "", "language": "en", "result": "", "unclear": False}
    left = {("senior_transport_card", 1): 90, ("senior_transport_card", 2): 25, ("noise", 1): 20}
    rows = [
        {**contact, "form": form, "step": step, "began": FIRST}
        for (form, step), many in left.items()
        for _ in range(many)
    ]
    rows.append({**contact, "form": "", "step": 0, "began": FIRST - timedelta(days=40)})
    sent = ["senior_transport_card"] * 200 + ["noise"] * 30
    case = {"language": "en", "answers": "{}", "status": "received", "opened": FIRST, "conversation": ""}
    cases = [{**case, "reference": f"{number:09}", "service": service} for number, service in enumerate(sent)]
    with database.writing() as connection:
        connection.execute(insert(schema.contacts), rows)
        connection.execute(insert(schema.cases), cases)
        connection.commit()
