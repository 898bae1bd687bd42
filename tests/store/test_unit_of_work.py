from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import GuardFailed, Raced
from core.ports import AuditEntry, Stored, Text
from core.types import (
    Address,
    Answer,
    CaseStatus,
    CodeFound,
    Conversation,
    CountTry,
    Expect,
    Forget,
    HangUp,
    KeepCode,
    Later,
    Medium,
    OpenCase,
    Phone,
    Place,
    RecordConsent,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SendText,
    SettleHandoff,
    SpendCode,
    Transfer,
    Turn,
    Unfinished,
    WhyPerson,
)
from store import schema
from store.unit_of_work import TRIES_IN_ALL, TRIES_PER_SOURCE, SqlStorage
from tests.store.opened import ANA, BEN, NOON, answered, change, new, rows, save

HOME = Place(scene=Scene.HOME)
AT_STEP_2 = (HOME, Place(scene=Scene.SERVICE, about="home_help"), Place(scene=Scene.STEP, about="home_help", step=2))
ANSWERS: dict[str, Answer] = {
    "name": "José",
    "born": date(1947, 3, 1),
    "stairs": True,
    "phone": Phone(e164="+14155550102"),
    "income": Later(),
}
CODE = KeepCode(code="12345678", service="home_help", starting=True, language="es")


def in_form(id: str = "CA1", **fields: Any) -> Conversation:
    broken_off = {"place": AT_STEP_2, "form": "home_help", "answers": ANSWERS, "ended": True}
    return new(id, **{**broken_off, **fields})


# --- the conversation and its turns ---------------------------------------------------------------------------


def test_a_new_conversation_is_saved_and_read_back_one_version_on(storage: SqlStorage) -> None:
    with storage.reading() as work:
        assert work.conversation("CA1") is None
    assert save(storage, in_form(turn=3)) == in_form(turn=3, version=1)


def test_a_conversation_without_an_address_is_saved_too(storage: SqlStorage) -> None:
    assert save(storage, new(address=None)).address is None


def test_the_answer_given_to_a_message_is_kept_for_the_next_time_it_comes(storage: SqlStorage) -> None:
    now = save(storage, new(), key="1")
    with storage.reading() as work:
        assert work.before("CA1", "1") == (now, Stored(content="hash", messages=answered().messages))
        assert work.before("CA1", "2") == (now, None)
        assert work.before("CA2", "1") == (None, None)


def test_the_same_message_cannot_be_answered_twice(storage: SqlStorage) -> None:
    save(storage, new(), key="1")
    with pytest.raises(Raced):
        save(storage, new(turn=1), CountTry(), key="1")
    assert rows(storage, select(schema.tries)) == []


def test_two_first_turns_of_one_conversation_cannot_both_be_saved(storage: SqlStorage) -> None:
    save(storage, new(), key="1")
    with storage.writing() as work, pytest.raises(Raced):
        work.save(new(), Turn(conversation=new()), answered("2"), "")


def test_a_turn_that_was_decided_on_an_old_state_is_not_saved(storage: SqlStorage) -> None:
    old = save(storage, new())
    save(storage, replace(old, turn=1))
    with storage.writing() as work, pytest.raises(Raced):
        work.save(old, Turn(conversation=replace(old, turn=7)), answered("3"), "")
    with storage.reading() as work:
        assert (work.conversation("CA1") or new()).turn == 1


def test_without_a_commit_nothing_of_a_turn_remains(storage: SqlStorage) -> None:
    with storage.writing() as work:
        work.save(new(), Turn(conversation=new(), effects=(CountTry(),)), answered(), "")
        work.enqueue(text(), NOON)
        work.audit(AuditEntry(conversation="CA1", event="turn", detail={}, at=NOON))
        assert work.conversation("CA1") is not None
    with storage.reading() as work:
        assert work.conversation("CA1") is None
    for table in (schema.turns, schema.tries, schema.outbox, schema.audit):
        assert rows(storage, select(table)) == []


def test_any_words_can_be_stored(storage: SqlStorage) -> None:
    words = "a\x00b \u202e ١٢ 四十二 \ud83d 👵🏽 '; DROP TABLE turns; --" + "x" * 10_000
    save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en", words=words))
    [asked] = rows(storage, select(schema.handoffs))
    assert asked.words == words.replace("\x00", "\ufffd").replace("\ud83d", "?")


def test_moments_are_utc_whatever_zone_they_came_in(storage: SqlStorage) -> None:
    save(storage, new(), at=datetime(2026, 11, 25, 7, tzinfo=timezone(timedelta(hours=-5))))
    [row] = rows(storage, select(schema.turns.c.at))
    assert row.at == NOON
    assert row.at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(storage: SqlStorage) -> None:
    with storage.writing() as work, pytest.raises(Exception, match="time zone"):
        work.save(new(), Turn(conversation=new()), answered(at=datetime(2026, 11, 25)), "")  # noqa: DTZ001 it has none on purpose


# --- forms that were broken off -------------------------------------------------------------------------------


def unfinished(
    storage: SqlStorage, address: Address = ANA, besides: str = "CA9", now: datetime = NOON
) -> Unfinished | None:
    with storage.reading() as work:
        return work.unfinished(address, besides, now)


def test_a_form_that_was_broken_off_is_found_from_another_call(storage: SqlStorage) -> None:
    save(storage, in_form())
    assert unfinished(storage) == Unfinished(conversation="CA1", service="home_help", step=2, answers=ANSWERS, at=NOON)


@pytest.mark.parametrize("scene", [Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.REDO])
def test_it_is_found_wherever_in_the_form_it_broke_off(storage: SqlStorage, scene: Scene) -> None:
    interrupted = (HOME, Place(scene=scene, about="home_help", step=1), Place(scene=Scene.DANGER))
    save(storage, in_form(place=interrupted))
    found = unfinished(storage)
    assert found is not None
    assert found.step == 1


def test_the_newest_form_is_offered(storage: SqlStorage) -> None:
    save(storage, in_form("CA1"))
    save(storage, in_form("CA2"), at=NOON + timedelta(minutes=1))
    found = unfinished(storage)
    assert found is not None
    assert found.conversation == "CA2"


def test_nothing_is_offered_from_this_call_itself_or_to_another_address(storage: SqlStorage) -> None:
    save(storage, in_form())
    assert unfinished(storage, besides="CA1") is None
    assert unfinished(storage, BEN) is None


def test_a_form_without_answers_or_one_that_was_left_is_not_offered(storage: SqlStorage) -> None:
    save(storage, in_form("CA1", answers={}))
    save(storage, in_form("CA2", place=(HOME,)))
    assert unfinished(storage) is None


def test_a_form_is_offered_for_seven_days(storage: SqlStorage) -> None:
    save(storage, in_form())
    assert unfinished(storage, now=NOON + timedelta(days=6, hours=23)) is not None
    assert unfinished(storage, now=NOON + timedelta(days=7, hours=1)) is None


def test_what_somebody_is_telling_us_on_the_same_telephone_just_now_is_not_offered(storage: SqlStorage) -> None:
    save(storage, in_form(ended=False))
    assert unfinished(storage, now=NOON + timedelta(minutes=4)) is None
    # Two minutes on, their call must have ended without our being told.
    assert unfinished(storage, now=NOON + timedelta(minutes=6)) is not None


def test_a_text_thread_has_no_end_and_its_form_is_offered(storage: SqlStorage) -> None:
    save(storage, in_form("sms:1", medium=Medium.SMS, address=BEN, ended=False))
    assert unfinished(storage, BEN) is not None


def test_a_form_that_was_taken_up_elsewhere_is_dropped_where_it_began(storage: SqlStorage) -> None:
    save(storage, in_form(offered=("1=yes",), expect=Expect.TEXT))
    save(storage, new("CA2"), Forget(conversation="CA1"))
    assert unfinished(storage) is None
    with storage.reading() as work:
        was = work.conversation("CA1")
    assert was == new(place=AT_STEP_2[:2], ended=True, version=2)


def test_forgetting_a_form_that_is_gone_is_no_trouble(storage: SqlStorage) -> None:
    save(storage, new("CA2"), Forget(conversation="CA1"))


def test_a_turn_of_the_forgotten_form_that_is_under_way_reads_again(storage: SqlStorage) -> None:
    was = save(storage, in_form())
    save(storage, new("CA2"), Forget(conversation="CA1"))
    with storage.writing() as work, pytest.raises(Raced):
        work.save(was, Turn(conversation=was), answered("2"), "")


# --- cases, codes and tries -----------------------------------------------------------------------------------


def test_a_case_is_opened_with_its_answers_and_can_be_asked_for(storage: SqlStorage) -> None:
    save(storage, in_form(), OpenCase(reference="123456785", service="home_help", answers=ANSWERS))
    with storage.reading() as work:
        assert work.case_status("123456785") is CaseStatus.RECEIVED
        assert work.case_status("999999999") is None
        assert not work.number_free("123456785")
        assert work.number_free("999999999")
    [case] = rows(storage, select(schema.cases))
    assert (case.service, case.language, case.address, case.opened) == ("home_help", "en", ANA.value, NOON)
    assert '"name": "José"' in case.answers


def test_a_reference_that_was_taken_meanwhile_is_drawn_again(storage: SqlStorage) -> None:
    save(storage, new(), OpenCase(reference="123456785", service="home_help", answers={}))
    with pytest.raises(GuardFailed):
        save(storage, new("CA2"), OpenCase(reference="123456785", service="home_help", answers={}))
    with storage.reading() as work:
        assert work.conversation("CA2") is None


def test_a_code_carries_a_place_for_fifteen_minutes(storage: SqlStorage) -> None:
    save(storage, new(), CODE)
    with storage.reading() as work:
        found = work.code("12345678", NOON + timedelta(minutes=14, seconds=59))
        assert found == CodeFound(service="home_help", starting=True, language="es")
        assert work.code("12345678", NOON + timedelta(minutes=15)) is None
        assert work.code("87654321", NOON) is None
        assert not work.number_free("12345678")


def test_a_code_is_spent_once(storage: SqlStorage) -> None:
    save(storage, new(), CODE)
    save(storage, new("CA2"), SpendCode(code="12345678"))
    with storage.reading() as work:
        assert work.code("12345678", NOON) is None
    with pytest.raises(GuardFailed):
        save(storage, new("CA3"), SpendCode(code="12345678"))


def test_a_code_that_ran_out_meanwhile_is_not_spent(storage: SqlStorage) -> None:
    save(storage, new(), CODE)
    with pytest.raises(GuardFailed):
        save(storage, new("CA2"), SpendCode(code="12345678"), at=NOON + timedelta(minutes=16))


def test_a_code_that_was_taken_meanwhile_is_drawn_again(storage: SqlStorage) -> None:
    save(storage, new(), CODE)
    with pytest.raises(GuardFailed):
        save(storage, new("CA2"), CODE)


def tries_left(storage: SqlStorage, source: str, now: datetime = NOON) -> int:
    with storage.reading() as work:
        return work.tries_left(source, now)


def test_a_source_has_five_tries_an_hour(storage: SqlStorage) -> None:
    for n in range(TRIES_PER_SOURCE + 1):
        assert tries_left(storage, "ana") == TRIES_PER_SOURCE - n
        if n < TRIES_PER_SOURCE:
            save(storage, new(), CountTry(), source="ana")
    assert tries_left(storage, "ben") == TRIES_PER_SOURCE
    assert tries_left(storage, "ana", NOON + timedelta(hours=1)) == TRIES_PER_SOURCE


def test_withheld_numbers_share_their_tries(storage: SqlStorage) -> None:
    save(storage, new("CA1", None), CountTry(), source="")
    assert tries_left(storage, "") == TRIES_PER_SOURCE - 1


def test_all_sources_together_have_a_hundred_tries_an_hour(storage: SqlStorage) -> None:
    with storage.writing() as work:
        every_source = tuple(CountTry() for _ in range(TRIES_IN_ALL - 2))
        work.save(new(), Turn(conversation=new(), effects=every_source), answered(), "many")
        work.commit()
    assert tries_left(storage, "ana") == 2
    assert tries_left(storage, "many") == 0


# --- a person is wanted ---------------------------------------------------------------------------------------


def test_a_request_for_a_person_stands_in_the_queue_with_what_staff_need(storage: SqlStorage) -> None:
    asked = RequestHandoff(
        why=WhyPerson.INTERPRETER, language="so", service="home_help", callback="+14155550103", words="stairs"
    )
    save(storage, new(), asked)
    [row] = rows(storage, select(schema.handoffs))
    assert (row.why, row.language, row.service, row.words) == ("interpreter_needed", "so", "home_help", "stairs")
    assert (row.callback, row.medium, row.channel, row.address) == ("+14155550103", "voice", ANA.channel, ANA.value)
    assert (row.status, row.live, row.created, row.settled) == ("waiting", False, NOON, None)


def test_a_second_request_adds_to_the_first_and_keeps_its_place_in_the_queue(storage: SqlStorage) -> None:
    save(storage, new(), RequestHandoff(why=WhyPerson.DANGER, language="es", words="smoke", callback="+14155550103"))
    later = NOON + timedelta(minutes=5)
    save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en", words="a ladder", live=True), at=later)
    [row] = rows(storage, select(schema.handoffs))
    assert (row.why, row.words, row.callback, row.created) == ("danger", "smoke\na ladder", "+14155550103", NOON)
    assert (row.language, row.live) == ("en", True)


def test_a_call_that_was_put_through_is_settled(storage: SqlStorage) -> None:
    save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en", live=True))
    save(storage, new(), SettleHandoff(reached=True), at=NOON + timedelta(minutes=1))
    [row] = rows(storage, select(schema.handoffs))
    assert (row.status, row.live, row.settled) == ("reached", False, NOON + timedelta(minutes=1))


def test_a_call_that_nobody_took_waits_to_be_rung_back(storage: SqlStorage) -> None:
    save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en", live=True))
    save(storage, new(), SettleHandoff(reached=False, callback="+14155550101"))
    save(storage, new(), SettleHandoff(reached=False))
    [row] = rows(storage, select(schema.handoffs))
    assert (row.status, row.live, row.settled, row.callback) == ("waiting", False, None, "+14155550101")


def test_a_missed_call_whose_request_is_gone_is_written_down_all_the_same(storage: SqlStorage) -> None:
    save(storage, in_form(), SettleHandoff(reached=False, callback="+14155550101"))
    [row] = rows(storage, select(schema.handoffs))
    assert (row.why, row.callback, row.service) == ("no_answer", "+14155550101", "home_help")


def test_after_a_request_was_settled_a_new_one_can_be_made(storage: SqlStorage) -> None:
    for _ in range(2):
        save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en", live=True))
        save(storage, new(), SettleHandoff(reached=True))
    assert [row.status for row in rows(storage, select(schema.handoffs))] == ["reached", "reached"]


def test_danger_told_while_a_person_is_awaited_puts_the_request_before_the_others(storage: SqlStorage) -> None:
    save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en"))
    for told, why in ((RelayToDesk(), "asked"), (RelayToDesk(danger=True), "danger")):
        save(storage, new(), told)
        assert [row.why for row in rows(storage, select(schema.handoffs))] == [why]


# --- texts ----------------------------------------------------------------------------------------------------


def text(nonce: str = "CA1:1", body: str = "Bring your card.") -> Text:
    return Text(nonce=nonce, channel="sms", to=BEN.value, body=body, conversation="CA1")


def test_texts_may_go_to_an_address_until_it_says_stop_and_again_after_start(storage: SqlStorage) -> None:
    for said in (True, False, True):
        save(storage, new(), RecordConsent(address=BEN, allowed=said))
        with storage.reading() as work:
            assert work.allowed(BEN) is said
            assert work.allowed(ANA)
    history = select(schema.consent_history.c.allowed).order_by(schema.consent_history.c.id)
    assert [row.allowed for row in rows(storage, history)] == [True, False, True]


def test_a_text_is_queued_once_however_often_its_turn_is_tried(storage: SqlStorage) -> None:
    for body in ("first", "again"):
        with storage.writing() as work:
            work.enqueue(text(body=body), NOON)
            work.commit()
    [row] = rows(storage, select(schema.outbox))
    assert (row.body, row.status, row.due, row.attempts) == ("first", "pending", NOON, 0)


def test_what_the_answer_itself_carries_leaves_no_row(storage: SqlStorage) -> None:
    save(storage, new(), Transfer(phone="+14155550100"), HangUp(), SendText(address=BEN, language="en", prompts=()))
    for table in (schema.handoffs, schema.outbox):
        assert rows(storage, select(table)) == []


def test_an_audit_row_keeps_ids_and_reasons(storage: SqlStorage) -> None:
    with storage.writing() as work:
        work.audit(AuditEntry(conversation="CA1", event="turn", detail={"reason": "menu", "confidence": 0.7}, at=NOON))
        work.commit()
    [row] = rows(storage, select(schema.audit))
    assert (row.conversation, row.event, row.at) == ("CA1", "turn", NOON)
    assert row.detail == '{"reason": "menu", "confidence": 0.7}'


def test_a_state_that_cannot_be_read_is_not_taken_for_a_new_conversation(storage: SqlStorage) -> None:
    save(storage, new())
    change(storage, "UPDATE conversations SET state = 'broken'")
    with storage.reading() as work, pytest.raises(ValueError, match="Expecting value"):
        work.conversation("CA1")
