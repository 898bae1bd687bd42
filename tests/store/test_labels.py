"""A label stands beside the case or the request that its words came with."""

from __future__ import annotations

from datetime import timedelta

from core.labels import Label, Urgency
from core.ports import Answered
from core.staff import Case, Staff
from core.types import Effect, OpenCase, RelayToDesk, RequestHandoff, Turn, WhyPerson
from store.desk_store import SqlDesk
from store.staff_store import SqlStaff
from store.unit_of_work import SqlStorage
from tests.store.opened import NOON, new

LAMP = Label(service="streetlight", confidence=0.9)
NOISE = Label(service="noise", confidence=0.75)
REFERENCES = ("123456785", "223456780")


def happens(storage: SqlStorage, label: Label | None, *effects: Effect, id: str = "CA1", minute: int = 0) -> None:
    at = NOON + timedelta(minutes=minute)
    with storage.writing() as work:
        was = work.conversation(id) or new(id, version=0)
        answered = Answered(key=str(was.version + 1), content="hash", messages=(), at=at, label=label)
        work.save(was, Turn(conversation=new(id), effects=effects), answered, "")
        work.commit()


def opened(reference: str, service: str = "streetlight") -> OpenCase:
    return OpenCase(reference=reference, service=service, answers={"what": "dark"})


def asked(words: str = "") -> RequestHandoff:
    return RequestHandoff(why=WhyPerson.ASKED, language="en", words=words)


def a_case(storage: SqlStorage, reference: str = REFERENCES[0]) -> Case:
    found = SqlDesk(storage.database).case(reference)
    assert found is not None
    return found


def of_request(storage: SqlStorage) -> Label | None:
    [one] = SqlDesk(storage.database).waiting(Staff(id=9, login="", name=""))
    return one.label


def test_a_case_is_kept_with_its_label_or_without_one(storage: SqlStorage) -> None:
    happens(storage, NOISE, opened(REFERENCES[0]))
    happens(storage, None, opened(REFERENCES[1]))
    assert a_case(storage).label == NOISE
    assert a_case(storage, REFERENCES[1]).label is None


def test_words_that_are_about_nothing_for_sure_are_told_from_none(storage: SqlStorage) -> None:
    happens(storage, Label(), opened(REFERENCES[0]))
    assert a_case(storage).label == Label()


def test_cases_come_newest_first_without_those_of_others_and_not_too_many(storage: SqlStorage) -> None:
    happens(storage, None, opened(REFERENCES[0]))
    happens(storage, None, opened(REFERENCES[1], "noise"), minute=1)
    desk = SqlDesk(storage.database)
    assert [one.reference for one in desk.cases((), 9)] == [REFERENCES[1], REFERENCES[0]]
    assert [one.reference for one in desk.cases(["noise"], 9)] == [REFERENCES[0]]
    assert [one.reference for one in desk.cases((), 1)] == [REFERENCES[1]]
    assert desk.case("000000000") is None


def test_a_request_without_words_gets_the_label_of_the_first_that_tell_a_service(storage: SqlStorage) -> None:
    happens(storage, None, asked())
    assert of_request(storage) is None
    happens(storage, Label(), RelayToDesk())
    assert of_request(storage) == Label()
    happens(storage, LAMP, RelayToDesk())
    happens(storage, NOISE, RelayToDesk())
    assert of_request(storage) == LAMP


def test_danger_told_of_later_is_added_and_stays(storage: SqlStorage) -> None:
    happens(storage, LAMP, asked("dark"))
    happens(storage, Label(urgency=Urgency.DANGER), RelayToDesk(danger=True))
    happens(storage, NOISE, asked("loud"))
    assert of_request(storage) == Label(service="streetlight", confidence=0.9, urgency=Urgency.DANGER)


def test_what_staff_say_is_kept_beside_it_with_who_said_so(storage: SqlStorage) -> None:
    SqlStaff(storage.database).add(Staff(id=0, login="ines", name="Ines"), "a hash", NOON)
    happens(storage, LAMP, opened(REFERENCES[0]), asked("dark"))
    with SqlDesk(storage.database).acting() as work:
        assert work.case(REFERENCES[0]) == a_case(storage)
        work.label_case(REFERENCES[0], "housing", 1)
        work.label_request(1, "transport", 1)
        work.unit.commit()
    assert a_case(storage).label == Label(service="streetlight", confidence=0.9, department="housing", by="Ines")
    assert of_request(storage) == Label(service="streetlight", confidence=0.9, department="transport", by="Ines")


def test_what_has_no_label_can_be_given_one_by_staff(storage: SqlStorage) -> None:
    SqlStaff(storage.database).add(Staff(id=0, login="ines", name="Ines"), "a hash", NOON)
    happens(storage, None, opened(REFERENCES[0]))
    with SqlDesk(storage.database).acting() as work:
        work.label_case(REFERENCES[0], "housing", 1)
        work.unit.commit()
    assert a_case(storage).label == Label(department="housing", by="Ines")
