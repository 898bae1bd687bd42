"""A secret number opens what a case says, in a call alone; and it is found nowhere afterwards."""

from __future__ import annotations

import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from app.bootstrap import Plainline
from app.web import make_app
from core import phrases as say
from core.types import Digits, Phrase
from simulator.exchange import Fault
from store import schema
from store.unit_of_work import open_storage
from tests.calls.line import ANA, BEN, OPEN, PUBLIC, Caller, Clock, Line, served, twilio_signs
from tests.calls.storages import Trouble, Troubled
from tests.calls.test_exactly_once import turn
from tests.calls.test_languages import reference_in
from tests.calls.test_logs import logged as logged

PIN, WRONG = "470193", "826405"
TITLE, AGE = say.text("Senior transport card"), say.text("How old are you?")
TO_DONE = ("2", "3", "4", "72#", "2", "1", "1")
GET_PIN = "4"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def with_pin(line: Line, pin: str = PIN) -> str:
    """Ana applies for a card and chooses a secret number; the reference."""
    caller = line.at_home().press(*TO_DONE)
    reference = reference_in(caller.heard)
    caller.press(GET_PIN).hears(say.NEW_PIN).press(f"{pin}#").hears(say.PIN_AGAIN).press(f"{pin}#").hears(say.PIN_KEPT)
    caller.hang_up()
    return reference


def at_pin(line: Line, reference: str, from_: str = BEN) -> Caller:
    """Somebody calls, and is asked for the secret number."""
    caller = line.at_home(from_=from_).press("8", f"{reference}#").hears(say.CASE_RECEIVED, say.HEAR_ALL)
    return caller.press("1").hears(say.ABOUT_YOU).press("1").hears(say.WHICH_PIN)


def tells_all(caller: Caller) -> None:
    caller.hears(say.phrase(say.CASE_IS.id, title=TITLE, day=OPEN.date()), AGE)
    caller.hears(say.phrase("{number}", number=Digits(text=ANA)))
    assert "72" in caller.heard


# --- what it opens -------------------------------------------------------------------------------------------


def test_the_right_number_opens_the_case_in_a_later_call_from_any_telephone(each_line: Line) -> None:
    reference = with_pin(each_line)
    for from_ in (BEN, "anonymous"):
        caller = at_pin(each_line, reference, from_)
        caller.hears_nothing_of(TITLE, AGE).press(f"{PIN}#")
        tells_all(caller)
        tells_all(caller.press("9"))
        caller.press("1").hears(say.WHAT_ABOUT)


def test_a_wrong_number_opens_nothing_and_may_be_mended(line: Line) -> None:
    caller = at_pin(line, with_pin(line)).press(f"{WRONG}#").hears(say.PIN_WRONG, say.WHICH_PIN)
    caller.hears_nothing_of(TITLE, AGE)
    tells_all(caller.press(f"{PIN}#"))


def test_the_number_is_asked_again_in_the_same_call(line: Line) -> None:
    reference = with_pin(line)
    caller = at_pin(line, reference).press(f"{PIN}#")
    caller.press("1", "8", f"{reference}#", "1", "1").hears(say.WHICH_PIN)
    assert "72" not in caller.heard


def test_a_case_without_a_secret_number_tells_how_far_it_is_and_no_more(line: Line) -> None:
    reference = reference_in(line.at_home().press(*TO_DONE).heard)
    line.at_home(from_=BEN).press("8", f"{reference}#").hears(say.CASE_RECEIVED, say.WHAT_ABOUT).hears_nothing_of(
        say.HEAR_ALL
    )


def test_in_writing_no_secret_number_is_asked_for_and_a_telephone_is_told(line: Line) -> None:
    reference = with_pin(line)
    texter = line.texter(number=BEN).write("?", "1", reference)
    office = line.plainline.catalog.offices[line.plainline.catalog.town.main_office]
    texter.reads(say.CASE_RECEIVED, say.phrase(say.CALL_FOR_MORE.id, number=Digits(text=office.phone)))
    assert line.words(say.HEAR_ALL, "en", "sms") not in texter.answer


def test_it_can_not_be_said_aloud(line: Line) -> None:
    caller = at_pin(line, with_pin(line))
    assert caller.call.gather is not None
    assert caller.call.gather.hints == ()
    assert "speech" not in caller.call.gather.input
    line.post(caller.path, turn(caller, SpeechResult="four seven zero one nine three"), sign=twilio_signs)
    caller.press(f"{PIN}#")
    assert "72" not in caller.heard  # that turn was spent by what was said


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("471", say.PIN_LENGTH),
        ("4719036", say.PIN_LENGTH),
        ("0000", say.PIN_REPEATS),
        ("4747", say.PIN_REPEATS),
        ("1234", say.PIN_RUNS),
        ("7890", say.PIN_RUNS),
        ("65432", say.PIN_RUNS),
        ("1948", say.PIN_YEAR),
        ("2026", say.PIN_YEAR),
        ("5501", say.PIN_OF_PHONE),
    ],
)
def test_what_is_easy_to_guess_is_refused_with_the_reason(line: Line, pin: str, why: Phrase) -> None:
    line.at_home().press(*TO_DONE, GET_PIN, f"{pin}#").hears(why, say.NEW_PIN)


def test_two_different_numbers_are_none(line: Line) -> None:
    caller = line.at_home().press(*TO_DONE, GET_PIN, f"{PIN}#", f"{WRONG}#").hears(say.PIN_DIFFERS, say.NEW_PIN)
    assert line.rows(schema.pins) == []
    caller.press(f"{PIN}#", f"{PIN}#").hears(say.PIN_KEPT).hears_nothing_of(say.PIN_WRONG)


def test_a_call_that_ends_in_between_keeps_nothing_of_it(each_line: Line) -> None:
    each_line.at_home().press(*TO_DONE, GET_PIN, f"{PIN}#").hang_up()
    each_line.exchange.settle()
    assert "argon2" not in "".join(str(row) for row in each_line.rows(schema.conversations))


def test_danger_is_heard_where_a_secret_number_is_asked(line: Line) -> None:
    caller = at_pin(line, with_pin(line)).press("911#")
    caller.hears(say.IN_DANGER).press("2").hears(say.WHICH_PIN)


# --- how often it may be wrong -------------------------------------------------------------------------------


def wrong(line: Line, reference: str, from_: str, times: int) -> None:
    for _ in range(times):
        at_pin(line, reference, from_).press(f"{WRONG}#").hang_up()


def test_after_five_wrong_numbers_within_a_day_a_case_is_closed_for_everybody(each_line: Line) -> None:
    reference = with_pin(each_line)
    for n in range(5):
        wrong(each_line, reference, f"+1415555010{n + 2}", 1)
    caller = at_pin(each_line, reference, ANA).press(f"{PIN}#").hears(say.PIN_CLOSED, say.PUTTING_THROUGH)
    caller.hears_nothing_of(TITLE, AGE)
    each_line.clock.later(hours=23, minutes=59)
    at_pin(each_line, reference, ANA).press(f"{PIN}#").hears(say.PIN_CLOSED)
    each_line.clock.later(minutes=2)
    tells_all(at_pin(each_line, reference, ANA).press(f"{PIN}#"))


def test_after_five_wrong_numbers_a_caller_is_looked_at_no_more_on_any_case(line: Line) -> None:
    first, second = with_pin(line), with_pin(line)
    wrong(line, first, BEN, 3)
    wrong(line, second, BEN, 2)
    at_pin(line, second, BEN).press(f"{PIN}#").hears(say.PIN_CLOSED).hears_nothing_of(TITLE)
    tells_all(at_pin(line, second, ANA).press(f"{PIN}#"))


def test_a_spoofed_number_opens_nothing(each_line: Line) -> None:
    reference = with_pin(each_line)
    caller = each_line.at_home(from_=ANA).press("8", f"{reference}#", "1", "1", f"{WRONG}#").hears(say.PIN_WRONG)
    caller.hears_nothing_of(TITLE, AGE)


# --- it is found nowhere -------------------------------------------------------------------------------------


def shapes(pin: str) -> Iterator[str]:
    """How a secret number would look, written plainly or as a hash that anybody can try."""
    for digits in (pin, pin.translate(ARABIC), pin.translate(FULL_WIDTH)):
        yield from (
            digits,
            " ".join(digits),
            ", ".join(digits),
            f"{digits[:3]} {digits[3:]}",
            f"{digits[:2]} {digits[2:4]}",
        )
    asked = (pin, f"keys\x1f\x1f{pin}\x1f", f"keys\x1f{pin}\x1f\x1f", f"{pin}#", f"text\x1f{pin}\x1f\x1f")
    for known in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        for whole in asked:
            digest = known(whole.encode())
            yield from (digest.hexdigest(), digest.hexdigest()[:32], b64encode(digest.digest()).decode())


def everything(line: Line, logs: str) -> dict[str, str]:
    """All that the installation keeps or tells: every table, the logs and the metrics."""
    settings = replace(line.plainline.settings, metrics_token="t" * 20)
    with closing(replace(line.plainline, settings=settings)) as measured:
        client = make_app(measured).test_client()
        metrics = client.get("/metrics", base_url=PUBLIC, headers={"Authorization": "Bearer " + "t" * 20})
    assert metrics.status_code == 200
    tables = {table.name: repr([tuple(row) for row in line.rows(table)]) for table in schema.metadata.sorted_tables}
    return {**tables, "logs": logs, "metrics": metrics.text}


def found_in(kept: dict[str, str], pin: str) -> list[tuple[str, str]]:
    return [(where, shape) for where, whole in kept.items() for shape in shapes(pin) if shape in whole]


def a_day_of_pins(line: Line) -> str:
    """Chosen, repeated, mistaken, delivered twice, said aloud, keyed in the wrong place, and wrong."""
    reference = with_pin(line)
    caller = at_pin(line, reference)
    path, form = caller.path, turn(caller, SpeechResult=f"{PIN} help there is a fire {WRONG}")
    line.post(path, form, sign=twilio_signs)
    line.exchange.trouble.arrange(Fault.TWICE, "/voice/turn")
    at_pin(line, reference).press(f"{WRONG}#").hears(say.PIN_WRONG)
    line.exchange.trouble.arrange(Fault.LOST_ANSWER, "/voice/turn")
    tells_all(at_pin(line, reference).press(f"{PIN}#"))
    line.at_home().press("8", f"{PIN}#").hears(say.NO_SUCH_NUMBER)
    line.at_home().press(*TO_DONE, GET_PIN, f"{PIN}#", f"{WRONG}#").hang_up()
    return reference


def test_a_secret_number_is_found_nowhere_afterwards(each_line: Line, logged: io.StringIO) -> None:
    a_day_of_pins(each_line)
    kept = everything(each_line, logged.getvalue())
    for pin in (PIN, WRONG):
        assert found_in(kept, pin) == []
    assert found_in(kept, "72")  # what was told in the same calls is found: the search can find something
    assert "$argon2id$" in kept["pins"]


def test_an_error_tells_no_secret_number(wired: Plainline, sqlite_url: str, logged: io.StringIO) -> None:
    behind = open_storage(sqlite_url)
    troubled = Troubled(behind)
    with served(wired, sqlite_url, Clock(OPEN), troubled) as line:
        reference = with_pin(line)
        caller = at_pin(line, reference)
        troubled.ahead = [Trouble.MISTAKE, Trouble.SAVED, Trouble.NOT_SAVED]
        caller.press(f"{WRONG}#").press(f"{PIN}#")
        assert "voice_fault" in logged.getvalue()
        for pin in (PIN, WRONG):
            assert found_in(everything(line, logged.getvalue()), pin) == []
    behind.close()


def test_the_audit_tells_what_came_of_it_and_staff_read_no_digits(line: Line) -> None:
    with_pin(line)
    details = [json.loads(row.detail) for row in line.rows(schema.audit)]
    assert [one["effects"] for one in details if "KeepPin" in one.get("effects", "")] == ["KeepPin"]
    said = [(row.kind, row.said) for row in line.rows(schema.turns)]
    assert said.count(("keys", "")) == 2
