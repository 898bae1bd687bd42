"""What calls and texts cost, from what the provider tells: once, late, twice, in another order, or never."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property

import pytest

from app.bootstrap import Plainline
from app.costs import Line as Row
from app.costs import Prices, lines, total
from app.metering import UsageStore
from app.web import make_app
from core import phrases as say
from core.errors import StoreUnavailable
from core.staff import Staff
from core.usage import Paid, Used
from ivr.inbound import call_used
from simulator.exchange import Call, Fault
from store import schema
from store.usage_store import SqlUsage
from tests.calls.line import ANA, PUBLIC, Line, twilio_signs
from tests.calls.test_staff_calls import ines as ines
from tests.calls.test_staff_calls import not_live, rings, waits

PRICES = Prices(
    general={"call_in": Decimal("0.0085"), "call_out": Decimal("0.014"), "text_in": Decimal("0.01")},
    countries={"US": {"text_out": Decimal("0.0083")}},
)


def span(line: Line) -> tuple[datetime, datetime]:
    return line.clock.now - timedelta(days=1), line.clock.now + timedelta(days=1)


def table(line: Line, prices: Prices = PRICES) -> list[Row]:
    usage = SqlUsage(line.database)
    return list(lines(usage.contacts(*span(line)), usage.amounts(*span(line)), prices))


def used(line: Line) -> dict[Paid, list[int | None]]:
    """What stands there of each kind, as the provider told it."""
    line.exchange.settle()
    found: dict[Paid, list[int | None]] = {}
    for row in line.rows(schema.usage):
        found.setdefault(Paid(row.kind), []).append(row.told)
    return found


def untold(line: Line) -> int:
    return SqlUsage(line.database).untold(*span(line))


def told_of_the_card(line: Line) -> None:
    """A call about the senior transport card."""
    line.at_home().press("2", "3").hears(say.text("From the age of 65, city buses are free with this card.")).hang_up()


def test_one_call_and_one_text_stand_in_the_table(each_line: Line) -> None:
    told_of_the_card(each_line)
    writer = each_line.texter().write("?", "1", "2", "3")
    each_line.exchange.settle()
    [seconds] = used(each_line)[Paid.CALL_IN]
    assert seconds
    minutes = -(-seconds // 60)
    sent = sum(text.segments for text in each_line.exchange.outbox(ANA))
    assert len(writer.got) == 4
    texts, call = table(each_line)
    assert (texts.channel, texts.service, texts.contacts) == ("sms", "senior_transport_card", 1)
    assert (texts.minutes, texts.segments) == (0, 4 + sent)
    assert texts.money == 4 * Decimal("0.01") + sent * Decimal("0.0083")
    assert call == Row(
        channel="voice",
        service="senior_transport_card",
        contacts=1,
        minutes=minutes,
        segments=0,
        detections=0,
        money=minutes * Decimal("0.0085"),
    )
    assert total([texts, call]).contacts == 2
    assert untold(each_line) == 0


def path_of(url: str) -> str:
    return url.partition("#")[0].removeprefix(PUBLIC)


def test_reports_that_come_twice_and_in_another_order_count_once(each_line: Line) -> None:
    told_of_the_card(each_line)
    each_line.texter().write("?", "1", "2", "3")
    once = table(each_line)
    ends = ("/voice/status", "/sms/status", "/sms")
    told = [one for one in each_line.exchange.webhooks.attempts if path_of(one.url).endswith(ends)]
    assert len(told) > 8
    for one in [*reversed(told), *told]:
        assert each_line.post(path_of(one.url), dict(one.form), sign=twilio_signs).status in (200, 204)
    assert table(each_line) == once


def test_a_call_whose_end_is_never_told_is_a_contact_without_minutes(each_line: Line) -> None:
    each_line.exchange.callbacks.hold()
    told_of_the_card(each_line)
    assert used(each_line) == {}
    assert untold(each_line) == 1
    assert [(row.contacts, row.minutes) for row in table(each_line)] == [(1, 0)]
    each_line.exchange.callbacks.release()
    assert len(used(each_line)[Paid.CALL_IN]) == 1
    assert untold(each_line) == 0


def test_a_call_that_is_put_through_has_two_legs(each_line: Line) -> None:
    caller = each_line.at_home().press("2", "3", "0")
    assert caller.call.dialled
    caller.call.dial_result("completed", seconds=61)
    caller.hang_up()
    found = used(each_line)
    assert found[Paid.CALL_OUT] == [61]
    [seconds] = found[Paid.CALL_IN]
    assert seconds
    assert seconds > 61
    [row] = table(each_line)
    assert (row.service, row.minutes) == ("senior_transport_card", -(-seconds // 60) + 2)
    assert {r.country for r in each_line.rows(schema.usage)} == {"US"}


class Gone:
    """A database that keeps no figures."""

    def keep(self, used: Used) -> None:
        raise StoreUnavailable("gone")


@dataclass(frozen=True, kw_only=True)
class WithoutFigures(Plainline):
    """An installation whose figures can not be kept."""

    @cached_property
    def usage(self) -> UsageStore:
        return Gone()


def test_who_waits_for_an_answer_has_it_though_the_figures_can_not_be_kept(line: Line) -> None:
    caller = line.at_home().press("0")
    asked = {one.name: getattr(line.plainline, one.name) for one in fields(line.plainline)}
    client = make_app(WithoutFigures(**asked)).test_client()
    ours = {"AccountSid": line.exchange.account_sid, "From": ANA}
    text = {**ours, "MessageSid": "SM" + "1" * 32, "Body": "?"}
    dial = {**ours, "CallSid": caller.call.sid, "DialCallSid": "CA2", "DialCallStatus": "completed"}
    action = (caller.call.dialled and caller.call.dialled.action) or ""
    for path, form, answer in (("/sms", text, ""), (path_of(action), dial, line.words(say.BACK_WITH_US, "en"))):
        signed = {"X-Twilio-Signature": twilio_signs(PUBLIC + path, tuple(form.items()))}
        answered = client.post(path, data=form, headers=signed)
        assert answered.status_code == 200
        assert answer in html.unescape(answered.text)
    assert line.rows(schema.outbox)
    assert line.rows(schema.usage) == []


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_an_office_that_does_not_answer_costs_nothing(line: Line, status: str) -> None:
    line.at_home().press("0").dial_result(status).hang_up()
    assert set(used(line)) == {Paid.CALL_IN}


def test_staff_and_the_resident_whom_they_ring_are_two_legs_from_us(line: Line, ines: Staff) -> None:
    line.plainline.accounts.sign_out_everywhere(ines)
    line.clock.later(seconds=6)
    not_live(line)
    desk = rings(line, ines)
    desk.press("1")
    resident = desk.dial_answered(ANA)
    resident.press("1")
    resident.hang_up(after=70)
    found = used(line)
    assert len(found[Paid.CALL_OUT]) == 2
    assert all(found[Paid.CALL_OUT])
    assert [row.contacts for row in table(line)] == [1]


def to_the_resident(line: Line, person: Staff) -> Call:
    """Staff ring a resident, whose telephone rings."""
    line.plainline.accounts.sign_out_everywhere(person)
    line.clock.later(seconds=6)
    not_live(line)
    return rings(line, person).press("1")


@pytest.mark.parametrize("who", ["human", "machine_start", "unknown"])
def test_listening_for_a_machine_is_paid_by_the_call_whoever_it_was(line: Line, ines: Staff, who: str) -> None:
    resident = to_the_resident(line, ines).dial_answered(ANA).recognised(who)
    resident.press("1").hang_up(after=70)
    assert used(line)[Paid.DETECTION] == [1]
    [row] = table(line, replace(PRICES, general={**PRICES.general, "detection": Decimal("0.0075")}))
    [without] = table(line, replace(PRICES, general={**PRICES.general, "detection": Decimal(0)}))
    assert (row.channel, row.detections, row.segments) == ("voice", 1, 0)
    assert row.money is not None
    assert row.money - (without.money or 0) == Decimal("0.0075")
    assert [one.money for one in table(line)] == [None]
    assert {one.country for one in line.rows(schema.usage, schema.usage.c.kind == Paid.DETECTION.value)} == {"US"}


def test_listening_is_counted_where_nobody_is_told_who_it_was_and_once_where_it_is_told_twice(
    line: Line, ines: Staff
) -> None:
    resident = to_the_resident(line, ines).dial_answered(ANA)
    assert used(line)[Paid.DETECTION] == [1]
    resident.recognised("human").recognised("human")
    resident.press("1").hang_up(after=5)
    assert used(line)[Paid.DETECTION] == [1]


def test_a_resident_whose_telephone_nobody_takes_is_not_listened_to(line: Line, ines: Staff) -> None:
    to_the_resident(line, ines).dial_result("no-answer")
    assert Paid.DETECTION not in used(line)


def test_a_caller_who_waits_and_is_joined_with_staff_is_paid_for_once(line: Line, ines: Staff) -> None:
    caller = waits(line)
    desk = rings(line, ines)
    desk.press("1")
    line.exchange.settle()
    desk.hang_up(after=30)
    line.exchange.settle()
    caller.hang_up()
    found = used(line)
    assert [len(found[kind]) for kind in (Paid.CALL_IN, Paid.CALL_OUT)] == [1, 1]


def test_a_text_of_several_segments_counts_as_many(line: Line) -> None:
    line.texter().write("我想问一下老年人公交卡怎么办理需要带什么材料" * 4)
    [row] = line.rows(schema.usage, schema.usage.c.kind == Paid.TEXT_IN.value)
    assert (row.told, row.reckoned) == (2, 2)


def test_without_the_providers_count_ours_holds_and_with_it_the_providers(line: Line) -> None:
    form = {"MessageSid": "SM" + "1" * 32, "AccountSid": line.exchange.account_sid, "From": ANA, "Body": "?" * 161}
    for segments, counted in (("", 2), ("0", 2), ("words", 2), ("3", 3)):
        line.post("/sms", {**form, "NumSegments": segments}, sign=twilio_signs)
        [row] = line.rows(schema.usage)
        assert (row.told or row.reckoned) == counted


def test_what_a_report_says_of_segments_goes_before_our_count(each_line: Line) -> None:
    each_line.texter().write("?")
    [row] = each_line.rows(schema.usage, schema.usage.c.kind == Paid.TEXT_OUT.value)
    assert (row.told, row.country) == (None, "US")
    assert row.reckoned
    form = {"MessageSid": row.provider_id, "AccountSid": each_line.exchange.account_sid, "MessageStatus": "sent"}
    for segments in ("5", "0", ""):
        each_line.post("/sms/status", {**form, "NumSegments": segments}, sign=twilio_signs)
    [row] = each_line.rows(schema.usage, schema.usage.c.kind == Paid.TEXT_OUT.value)
    assert row.told == 5


def test_a_text_that_was_looked_for_and_found_counts_once(each_line: Line) -> None:
    each_line.clock.now = each_line.exchange.now()
    each_line.exchange.rest_trouble.arrange(Fault.LOST_ANSWER, "/")
    each_line.texter().write("?")
    assert set(used(each_line)) == {Paid.TEXT_IN}
    each_line.clock.later(minutes=1)
    each_line.deliver()
    assert len(used(each_line)[Paid.TEXT_OUT]) == 1


def test_a_text_that_the_provider_refuses_costs_nothing(line: Line) -> None:
    line.exchange.texts.refuse(ANA, 21614)
    line.texter().write("?")
    assert set(used(line)) == {Paid.TEXT_IN}


@pytest.mark.parametrize("from_", ["12345", "anonymous", ""])
def test_a_text_that_is_not_answered_is_paid_for_all_the_same(line: Line, from_: str) -> None:
    form = {"MessageSid": "SM" + "1" * 32, "AccountSid": line.exchange.account_sid, "From": from_, "Body": "hi"}
    assert line.post("/sms", form, sign=twilio_signs).status == 200
    assert [(row.channel, row.contacts, row.segments) for row in table(line)] == [("sms", 0, 1)]


@pytest.mark.parametrize("number", ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"])
def test_a_number_that_is_withheld_is_of_no_country(number: str) -> None:
    """As Twilio passes them on they look like numbers of Lesotho, Russia, Uganda and China."""
    assert call_used({"CallSid": "CA1", "CallStatus": "completed", "From": number}, datetime.now(UTC)).country == ""


@pytest.mark.parametrize(
    ("status", "length", "told"),
    [
        ("completed", {"CallDuration": "61", "Duration": "2"}, 61),
        ("completed", {}, None),
        ("completed", {"CallDuration": "-1"}, None),
        ("completed", {"CallDuration": "6.5"}, None),
        ("no-answer", {}, 0),
        ("busy", {"CallDuration": "0"}, 0),
    ],
)
def test_what_is_told_of_a_call_that_is_over(line: Line, status: str, length: dict[str, str], told: int | None) -> None:
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": line.exchange.account_sid, "From": ANA, "CallStatus": status}
    assert line.post("/voice/status", {**form, **length}, sign=twilio_signs).status == 204
    assert used(line) == {Paid.CALL_IN: [told]}


def test_a_call_that_goes_on_is_not_counted(line: Line) -> None:
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": line.exchange.account_sid, "From": ANA, "CallDuration": "9"}
    line.post("/voice/status", {**form, "CallStatus": "in-progress"}, sign=twilio_signs)
    assert used(line) == {}
