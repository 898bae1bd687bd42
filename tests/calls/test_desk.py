"""What staff do at the desk, and what the resident reads of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.desk import LONGEST_REPLY, Desk
from core import desk_words as words
from core import phrases as say
from core.errors import Conflict
from core.staff import Request, Staff, Thread
from core.types import Kind, Mode, Phrase
from store import schema
from tests.calls.line import ANA, BEN, LANGUAGES, Line, Texter

HELLO = {"en": "hello", "es": "hola, buenos días", "zh_Hans": "你好", "ar": "مرحبا"}
PASSWORD = "a password for tests, long enough"


def clerk(line: Line, login: str = "ines", department: str = "") -> Staff:
    accounts = line.plainline.accounts
    accounts.add(Staff(id=0, login=login, name=login.title(), department=department))
    return next(person for person in accounts.store.all() if person.login == login)


def asks_for_person(line: Line, language: str = "en", number: str = ANA) -> Texter:
    person = line.texter(language, number)
    return person.write(HELLO[language], "0")


def only_request(line: Line, person: Staff) -> Request:
    [request] = line.plainline.desk.waiting(person)
    return request


def thread_of(line: Line, person: Staff, request: Request) -> Thread:
    found = line.plainline.desk.thread(person, request.id)
    assert found is not None
    return found


def taken(line: Line, person: Staff) -> tuple[Desk, Request]:
    desk, request = line.plainline.desk, only_request(line, person)
    desk.claim(person, request.id, "claim")
    return desk, request


def refused(phrase: Phrase, act: Callable[..., object], *args: object) -> None:
    with pytest.raises(Conflict) as conflict:
        act(*args)
    assert conflict.value.phrase.id == phrase.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_who_writes_is_answered_by_a_person_in_the_same_thread(line: Line, language: str) -> None:
    ana = asks_for_person(line, language)
    ines = clerk(line)
    desk, request = taken(line, ines)
    line.deliver()
    ana.reads(say.PERSON_HERE)
    desk.reply(ines, request.id, "Please bring the old card.", thread_of(line, ines, request).version, "r1")
    line.deliver()
    assert "Please bring the old card." in ana.got[-1]
    ana.write("thank you").reads(say.PASSED_ON)
    desk.close(ines, request.id, "answered", "c1")
    line.deliver()
    assert line.words(say.PERSON_DONE, language, "sms") in ana.got[-1]
    assert desk.waiting(ines) == ()
    assert thread_of(line, ines, request).request.outcome == "answered"


def test_staff_read_what_was_said_what_was_believed_and_what_was_answered(line: Line) -> None:
    ines = clerk(line)
    ana = line.texter()
    ana.write("hello", "my bus card stopped working", "0")
    thread = thread_of(line, ines, only_request(line, ines))
    assert [entry.said for entry in thread.lines] == ["hello", "my bus card stopped working", "0"]
    understood = thread.lines[1].meant
    assert understood.service == "senior_transport_card"
    assert "bus" in [one.words for one in understood.because.words]
    assert understood.because.version
    assert all(entry.messages for entry in thread.lines)
    assert thread.lines[-1].kind is Kind.TEXT


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_reads_who(each_line: Line) -> None:
    asks_for_person(each_line)
    both = [clerk(each_line, "ines"), clerk(each_line, "omar")]
    request, desk = only_request(each_line, both[0]), each_line.plainline.desk
    together = Barrier(2)

    def take(person: Staff) -> str:
        together.wait()
        try:
            desk.claim(person, request.id, f"claim {person.id}")
        except Conflict as conflict:
            return f"{conflict.phrase.id} {conflict.phrase.params['name']}"
        return person.name

    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(take, both))
    winner = only_request(each_line, both[0]).claimed_name
    assert sorted(told) == sorted([winner, f"{words.HAS_IT.id} {winner}"])


def test_a_reply_waits_until_new_messages_were_seen(line: Line) -> None:
    ana, ines = asks_for_person(line), clerk(line)
    desk, request = taken(line, ines)
    seen = thread_of(line, ines, request).version
    ana.write("it is about my father")
    refused(words.UNSEEN, desk.reply, ines, request.id, "Bring the card.", seen, "r1")
    desk.reply(ines, request.id, "Bring his card.", thread_of(line, ines, request).version, "r2")
    line.deliver()
    assert ana.got[-1] == "Bring his card."


def test_a_double_click_replies_once(each_line: Line) -> None:
    ana, ines = asks_for_person(each_line), clerk(each_line)
    desk, request = taken(each_line, ines)
    seen = thread_of(each_line, ines, request).version
    for _ in range(2):
        desk.reply(ines, request.id, "Once.", seen, "the same")
        desk.note(ines, request.id, "A note.", "the same note")
    each_line.deliver()
    assert ana.got.count("Once.") == 1
    assert [note.text for note in thread_of(each_line, ines, request).notes] == ["A note."]


def test_only_who_has_it_may_answer_and_only_once_it_is_taken(line: Line) -> None:
    asks_for_person(line)
    ines, omar = clerk(line, "ines"), clerk(line, "omar")
    request, desk = only_request(line, ines), line.plainline.desk
    refused(words.TAKE_IT_FIRST, desk.reply, ines, request.id, "Hello", 99, "1")
    desk.claim(ines, request.id, "2")
    refused(words.HAS_IT, desk.reply, omar, request.id, "Hello", 99, "3")
    refused(words.HAS_IT, desk.close, omar, request.id, "done", "4")
    desk.close(ines, request.id, "done", "5")
    refused(words.IS_OVER, desk.claim, omar, request.id, "6")


def test_words_that_can_not_be_sent_are_told_of(line: Line) -> None:
    asks_for_person(line)
    ines = clerk(line)
    desk, request = taken(line, ines)
    seen = thread_of(line, ines, request).version
    refused(words.EMPTY, desk.reply, ines, request.id, "  \n", seen, "1")
    refused(words.TOO_LONG, desk.reply, ines, request.id, "a" * (LONGEST_REPLY + 1), seen, "2")
    refused(words.NO_OUTCOME, desk.close, ines, request.id, "fine", "3")
    refused(words.NO_SUCH_DEPARTMENT, desk.transfer, ines, request.id, "nowhere", "4")


def test_a_request_is_passed_on_to_a_department_that_then_sees_it(line: Line) -> None:
    ana = asks_for_person(line)
    ines, omar = clerk(line, "ines"), clerk(line, "omar", department="transport")
    other = clerk(line, "uma", department=next(d for d in line.plainline.catalog.departments if d != "transport"))
    desk, request = taken(line, ines)
    desk.transfer(ines, request.id, "transport", "t")
    [passed_on] = desk.waiting(omar)
    assert passed_on.created == request.created
    assert passed_on.claimed_by is None
    assert desk.waiting(other) == ()
    assert desk.thread(other, request.id) is None
    ana.write("still there?").reads(say.PASSED_ON)


def test_the_machine_goes_on_where_it_was_when_it_is_given_back(line: Line) -> None:
    ana = line.texter()
    ana.write("hello", "2", "3", "0")
    ines = clerk(line)
    desk, request = taken(line, ines)
    desk.hand_back(ines, request.id, "h")
    ana.write("2").reads(say.ANYTHING_ELSE)
    assert desk.waiting(ines) == ()


def test_danger_comes_first_on_the_list(line: Line) -> None:
    asks_for_person(line)
    ben = line.texter("en", BEN)
    line.clock.later(minutes=5)
    ben.write("hello", "my husband cannot breathe")
    ines = clerk(line)
    first, second = line.plainline.desk.waiting(ines)
    assert first.danger
    assert first.address
    assert first.address.value == BEN
    assert not second.danger


def test_danger_told_to_a_person_stands_out_in_the_thread(line: Line) -> None:
    ana, ines = asks_for_person(line), clerk(line)
    _, request = taken(line, ines)
    ana.write("my husband cannot breathe").reads(say.DANGER_PERSON)
    assert thread_of(line, ines, request).lines[-1].danger
    assert only_request(line, ines).danger


def test_after_a_call_a_reply_goes_out_as_a_text_unless_they_said_stop(closed_line: Line) -> None:
    caller = closed_line.at_home()
    caller.press("0", "1").hang_up()
    ines = clerk(closed_line)
    desk, request = taken(closed_line, ines)
    thread = thread_of(closed_line, ines, request)
    desk.reply(ines, request.id, "Your card is ready.", thread.version, "r")
    closed_line.deliver()
    texts = [text.body for text in closed_line.exchange.outbox(ANA)]
    assert "Your card is ready." in texts[-1]
    closed_line.texter().write("STOP")
    refused(words.STOPPED, desk.reply, ines, request.id, "Hello?", thread.version, "r2")


def test_staff_who_are_switched_off_are_out_at_once(line: Line) -> None:
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    token = accounts.sign_in("ines", password, "127.0.0.1")
    assert accounts.signed_in(token)
    accounts.set_active("ines", False)
    assert accounts.signed_in(token) is None
    refused(words.WRONG_SIGN_IN, accounts.sign_in, "ines", password, "127.0.0.1")


def test_sessions_end_when_nobody_uses_them_and_after_a_day(line: Line) -> None:
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    token = accounts.sign_in("ines", password, "127.0.0.1")
    for _ in range(13):
        line.clock.later(minutes=59)
        still = accounts.signed_in(token)
    assert still is None
    token = accounts.sign_in("ines", password, "127.0.0.1")
    line.clock.later(minutes=61)
    assert accounts.signed_in(token) is None


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(line: Line) -> None:
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    token = accounts.sign_in("ines", password, "127.0.0.1")
    for _ in range(4):
        line.clock.later(minutes=16)
        still = accounts.signed_in(token, used=False)
    assert still is None


def test_wrong_passwords_slow_down_but_never_lock_out_for_good(each_line: Line) -> None:
    accounts = each_line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    for _ in range(5):
        refused(words.WRONG_SIGN_IN, accounts.sign_in, "ines", "wrong", "127.0.0.1")
    refused(words.TOO_MANY_SIGN_INS, accounts.sign_in, "ines", password, "127.0.0.1")
    assert accounts.sign_in("ines", password, "a browser they know"), "strangers must not keep her out"
    each_line.clock.later(minutes=16)
    assert accounts.sign_in("ines", password, "127.0.0.1")


def test_a_new_password_ends_every_session(line: Line) -> None:
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    token = accounts.sign_in("ines", password, "127.0.0.1")
    ines = accounts.signed_in(token)
    assert ines
    refused(words.WRONG_PASSWORD, accounts.change_password, ines, "wrong", PASSWORD)
    refused(words.PASSWORD_LENGTH, accounts.change_password, ines, password, "short")
    accounts.change_password(ines, password, PASSWORD)
    assert accounts.signed_in(token) is None
    assert accounts.sign_in("ines", PASSWORD, "127.0.0.1")
    assert accounts.reset("ines") != PASSWORD


def test_neither_passwords_nor_tokens_are_kept(line: Line) -> None:
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    token = accounts.sign_in("ines", password, "127.0.0.1")
    kept = repr(line.rows(schema.staff)) + repr(line.rows(schema.sessions))
    assert password not in kept
    assert token not in kept


def test_start_takes_the_conversation_back_and_the_request_still_stands(line: Line) -> None:
    ana, ines = asks_for_person(line), clerk(line)
    _, request = taken(line, ines)
    ana.write("START").reads(say.WHAT_ABOUT)
    assert only_request(line, ines).id == request.id
    [row] = line.rows(schema.conversations)
    assert f'"mode": "{Mode.HUMAN}"' not in row.state
