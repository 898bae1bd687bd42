"""What is counted within an hour, which numbers are never texted or rung, and what a day may cost."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.costs import Prices, no_prices
from app.limiting import FRESH, WITHIN, Guard, Spending, Windows
from app.numbering import numbered, refusal
from core.limits import BLOCK, Ceiling, Refusal, Scope, Throttle, counted_as
from core.usage import Amount, Paid

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
ANA, BEN, FAR = "+14155550123", "+14155550124", "+12125550123"
US = frozenset({"US"})
FEW = Throttle(number=2, block=4, country=7, all=9)

numbers = st.sampled_from([ANA, BEN, "+14155550199", FAR, "+12125550124", "+447400123456", ""])
arrivals = st.lists(st.tuples(numbers, st.integers(0, 2 * 3600)), max_size=60)


def keys(number: str) -> dict[Scope, str]:
    return counted_as(number, numbered(number).country if number else "")


@given(arrivals)
def test_no_hour_ever_has_more_than_a_limit_and_nothing_is_refused_below_all_limits(
    arrivals: list[tuple[str, int]],
) -> None:
    windows, taken = Windows(FEW), list[tuple[str, datetime]]()
    for id, (number, second) in enumerate(sorted(arrivals, key=lambda one: one[1])):
        now = NOON + timedelta(seconds=second)
        recent = Counter(key for other, at in taken if at > now - WITHIN for key in keys(other).items())
        full = [scope for scope, key in keys(number).items() if recent[scope, key] >= FEW.of(scope)]
        assert windows.full(keys(number), now) is (full[0] if full else None)
        assert windows.take(keys(number), str(id), now) is (full[0] if full else None)
        taken += [] if full else [(number, now)]


@given(arrivals)
def test_what_is_tried_again_is_counted_once(arrivals: list[tuple[str, int]]) -> None:
    once, twice = Windows(FEW), Windows(FEW)
    for id, (number, second) in enumerate(sorted(arrivals, key=lambda one: one[1])):
        now = NOON + timedelta(seconds=second)
        told = once.take(keys(number), str(id), now)
        assert [twice.take(keys(number), str(id), now) for _ in range(2)] == [told, told]


def test_numbers_that_are_not_heard_of_again_are_let_go() -> None:
    windows = Windows(Throttle(number=9, block=999, country=999, all=999))
    for n in range(100):
        windows.take(keys(f"+14155550{n:03}"), str(n), NOON)
    windows.take(keys(FAR), "later", NOON + 2 * WITHIN)
    assert "+14155550007" not in repr(vars(windows))


def test_a_block_is_all_numbers_that_differ_in_their_last_digits() -> None:
    assert keys(ANA)[Scope.BLOCK] == ANA[:-BLOCK] == keys("+14155550999")[Scope.BLOCK]
    assert keys(ANA)[Scope.BLOCK] != keys(FAR)[Scope.BLOCK]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (ANA, None),
        ("+18005550199", None),  # costs who has it
        ("+19005550199", Refusal.DEAR),
        ("+19765550199", None),
        ("+441702345678", Refusal.ABROAD),
        ("+18765550123", Refusal.ABROAD),  # Jamaica, which looks like the United States
        ("+16045550123", Refusal.ABROAD),
        ("+870773111632", Refusal.ABROAD),  # a satellite's
        ("+881612345678", Refusal.ABROAD),
        ("+882161234567", Refusal.ABROAD),
        ("+979123456789", Refusal.DEAR),  # premium rate of no country
        ("+447012345678", Refusal.DEAR),  # looks like a mobile, costs like premium rate
        ("+449098790000", Refusal.DEAR),
        ("+1911", Refusal.UNREAL),
        ("+141555501234567", Refusal.UNREAL),
        ("+9991234567", Refusal.UNREAL),
        ("72345", Refusal.UNREAL),
        ("ALDERBAY", Refusal.UNREAL),
        ("", Refusal.UNREAL),
    ],
)
def test_which_numbers_are_neither_texted_nor_rung(number: str, why: Refusal | None) -> None:
    assert refusal(number, US) is why


@pytest.mark.parametrize(
    ("number", "why"),
    [("+447400123456", None), ("+19005550199", Refusal.DEAR), ("+1911", Refusal.UNREAL), ("72345", Refusal.UNREAL)],
)
def test_in_danger_the_country_does_not_count_but_a_number_that_can_not_be_a_persons_does(
    number: str, why: Refusal | None
) -> None:
    assert refusal(number, US, danger=True) is why


@given(st.text(max_size=20))
def test_any_text_at_all_has_an_answer(text: str) -> None:
    assert numbered(text) == numbered(text)
    assert refusal(text, US) in (None, Refusal.UNREAL, Refusal.DEAR, Refusal.ABROAD)


def guard(**limits: int) -> Guard:
    return Guard(countries=US, texts=Throttle(**{"number": 2, "block": 4, "country": 7, "all": 9, **limits}))


def send(guard: Guard, id: str, to: str = ANA, *, danger: bool = False, extra: bool = False) -> Refusal | None:
    return guard.text("sms", to, id, NOON, danger=danger, extra=extra)


def test_danger_is_answered_however_much_there_was_and_does_not_use_up_what_others_have() -> None:
    line = guard()
    assert [send(line, str(n)) for n in range(3)] == [None, None, Refusal.NUMBER]
    assert [send(line, f"danger {n}", danger=True) for n in range(20)] == [None] * 20
    assert send(line, "another", BEN) is None


def test_chat_is_free_and_never_held_back() -> None:
    line = guard()
    told = [line.text("telegram", "5000121", str(n), NOON, danger=False, extra=False) for n in range(20)]
    assert told == [None] * 20


def test_who_wrote_too_much_is_told_so_once_an_hour_and_a_block_is_not_told_without_end() -> None:
    line = guard()
    assert [line.tells(ANA, str(n), NOON) for n in range(3)] == [True, False, False]
    assert line.tells(ANA, "later", NOON + WITHIN)
    block = [line.tells(f"+14155551{n:03}", f"block {n}", NOON) for n in range(100)]
    assert block.count(True) == 10


def spending(*, money: str = "", units: int | None = None, prices: Prices | None = None) -> tuple[Spending, list[int]]:
    """A town's day that took as many segments as the list says at the time."""
    used, asked = [0], list[int]()

    def amounts(since: datetime, before: datetime) -> list[Amount]:
        asked.append(1)
        assert before - since == timedelta(days=1)
        told = used[0] if since <= NOON < before else 0
        return [Amount(channel="sms", service="", kind=Paid.TEXT_OUT, country="US", units=told)]

    ceiling = Ceiling(money=Decimal(money) if money else None, units=units)
    made = Spending(amounts=amounts, prices=prices or no_prices(), ceiling=ceiling, timezone="America/New_York")
    return made, used


def test_a_ceiling_in_money_and_one_in_units() -> None:
    dear, used = spending(money="1.00", prices=Prices(general={"text_out": Decimal("0.01")}, countries={}))
    many, counted = spending(units=100)
    for units, reached in ((99, False), (100, True)):
        used[0] = counted[0] = units
        later = NOON + FRESH * (units - 98)
        assert (dear.reached(later), many.reached(later)) == (reached, reached)


def test_without_a_ceiling_nothing_is_asked_and_without_prices_no_sum_is_guessed() -> None:
    none, used = spending()
    unpriced, many = spending(money="0.01")
    used[0] = many[0] = 10**6
    assert not none.reached(NOON)
    assert not unpriced.reached(NOON)


def test_the_alarm_is_in_the_log_once_a_day_and_over_with_the_day(caplog: pytest.LogCaptureFixture) -> None:
    day, used = spending(units=10)
    used[0] = 10
    with caplog.at_level(logging.INFO, "plainline"):
        assert [day.reached(NOON + n * FRESH) for n in range(5)] == [True] * 5
        assert not day.reached(NOON + timedelta(days=1))
    assert [record.message for record in caplog.records].count("ceiling_reached") == 1


def test_at_the_ceiling_copies_wait_and_answers_do_not() -> None:
    day, used = spending(units=10)
    used[0] = 10
    line = Guard(countries=US, spending=day)
    assert send(line, "copy", extra=True) is Refusal.CEILING
    assert line.holds(ANA, NOON)
    assert send(line, "answer") is None
    assert send(line, "danger", danger=True, extra=True) is None
