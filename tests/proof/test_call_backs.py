"""500 call backs booked in one hour for five clerks, and twice as many: none lost or doubled, 95 % in their window."""

from __future__ import annotations

from random import Random

import pytest

from core.callbacks import LENGTH
from store import schema
from tests.proof.calling_back import FiveClerks
from tests.proof.conftest import Found
from tests.store.opened import rows

pytestmark = pytest.mark.timeout(1800)

NORMAL = 500


@pytest.mark.parametrize("times", [1, 2])
def test_who_booked_is_called_once_and_in_their_window(sqlite_url: str, found: Found, times: int) -> None:
    office = FiveClerks(url=sqlite_url, residents=NORMAL * times, random=Random(times))
    office.run(days=28)
    counts, ledger = office.counts, office.ledger()
    requests = rows(office.storage, schema.handoffs.select())
    promises = rows(office.storage, schema.call_backs.select())
    office.close()
    assert counts.deaths > 50  # it was really killed
    assert counts.doubled == 0
    assert len(requests) == len({row.conversation for row in requests}) == NORMAL * times
    assert len(promises) == len({row.handoff for row in promises}) == NORMAL * times - counts.unpromised
    assert [row.id for row in requests if row.settled is None] == []
    assert [row.id for row in promises if row.settled is None] == []
    tries, in_window = counts.tries, counts.in_window
    broken = sum(count for (state, _), count in ledger.items() if state == "broken")
    late = sum(count for (state, _), count in ledger.items() if state == "late")
    found(
        "promised calls",
        f"{NORMAL * times} booked in an hour, 5 clerks",
        tried=tries,
        held=in_window,
        note=f"{late} late, {broken} not reached in 3 tries, {counts.unpromised} without a time, {counts.deaths} kills",
    )
    assert in_window >= 0.95 * tries, ledger
    assert {why for (state, why), _ in ledger.items() if state == "broken"} <= {"no_answer", "engaged", "not_accepted"}
    assert all((row.ends - row.starts) == LENGTH for row in promises)
