"""What staff say was meant stands beside the turn, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.ports import Answered
from core.staff import Corrected, Staff
from core.types import RequestHandoff, Turn, Understanding, WhyPerson
from store import schema
from store.desk_store import SqlDesk
from store.staff_store import SqlStaff
from store.unit_of_work import SqlStorage
from tests.store.opened import NOON, new, rows


def said(storage: SqlStorage, words: str, meant: Understanding) -> None:
    """A conversation of one turn, in which a person is asked for too."""
    wish = RequestHandoff(why=WhyPerson.ASKED, language="en")
    answered = Answered(key="m1", content="hash", messages=(), at=NOON, said=words, meant=meant)
    with storage.writing() as work:
        work.save(new(version=0), Turn(conversation=new(), effects=(wish,)), answered, "")
        work.commit()
    SqlStaff(storage.database).add(Staff(id=0, login="ines", name="Ines"), "a hash", NOON)


def correct(storage: SqlStorage, meant: str, nonce: str) -> bool:
    with SqlDesk(storage.database).acting() as work:
        kept = work.correct("CA1", "m1", meant, 1, nonce, NOON + timedelta(minutes=1))
        work.unit.commit()
    return kept


def test_the_words_are_told_with_what_was_believed_and_what_was_meant(storage: SqlStorage) -> None:
    said(storage, "la luz", Understanding(service="noise", confidence=0.6, language="es", engine="embedded"))
    assert correct(storage, "service_streetlight", "n1")
    expected = Corrected(words="la luz", language="es", believed="service_noise", meant="service_streetlight")
    assert SqlDesk(storage.database).corrected() == (expected,)


def test_words_in_no_language_for_sure_are_in_that_of_their_conversation(storage: SqlStorage) -> None:
    said(storage, "lamp", Understanding(engine="embedded"))
    correct(storage, "danger_now", "n1")
    [one] = SqlDesk(storage.database).corrected()
    assert (one.language, one.believed) == ("en", "")


def test_a_turn_has_one_correction_which_a_later_one_replaces(storage: SqlStorage) -> None:
    said(storage, "lamp", Understanding(engine="embedded"))
    assert correct(storage, "service_noise", "n1")
    assert not correct(storage, "service_noise", "n1")
    assert correct(storage, "service_streetlight", "n2")
    [row] = rows(storage, select(schema.corrections))
    assert (row.meant, row.staff, row.nonce) == ("service_streetlight", 1, "n2")


def test_whoever_reads_the_conversation_reads_who_corrected_it(storage: SqlStorage) -> None:
    said(storage, "lamp", Understanding(engine="embedded"))
    correct(storage, "service_noise", "n1")
    thread = SqlDesk(storage.database).thread(1)
    assert thread is not None
    [line] = thread.lines
    assert line.correction is not None
    assert (line.correction.meant, line.correction.by) == ("service_noise", "Ines")
    with SqlDesk(storage.database).acting() as work:
        assert work.line("CA1", line.version) == line
        assert work.line("CA1", 99) is None
