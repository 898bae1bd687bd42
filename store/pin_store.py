"""Secret numbers of cases, wrong ones, and who may act for whom. Used inside a transaction of a turn or the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy import case as when

from core import state
from core.errors import GuardFailed
from core.mandates import CLOSED_FOR, CODE_LIVES, MOST_WRONG, WRONG_IN_ALL, Mandate
from core.ports import AuditEntry, HelperKeys
from core.types import CaseDetails
from store.database import alone, inserting
from store.schema import cases, mandates, pin_tries, pins

_BY_TELEPHONE = ("voice", "sms")


def opens(connection: Connection, reference: str, at: datetime) -> bool:
    """Whether there is anybody with a secret number who may hear this case."""
    own = select(pins.c.reference).where(pins.c.reference == reference).exists()
    if connection.scalar(select(own)):
        return True
    case = _case(connection, reference)
    return case is not None and any(covers(one, case.service) for one in _standing(connection, case.address, at))


def sealed(connection: Connection, reference: str) -> str:
    """The secret number of a case, "" if it has none."""
    return connection.scalar(select(pins.c.sealed).where(pins.c.reference == reference)) or ""


def closed(connection: Connection, reference: str, source: str, at: datetime) -> bool:
    """Whether no secret number is looked at now: too many were wrong, for this case, from this caller, or in all."""
    if wrong(connection, at - CLOSED_FOR) >= WRONG_IN_ALL:
        return True
    tried = (pin_tries.c.reference == reference, pin_tries.c.source == source)
    return any(_closed(connection, which, at) for which in tried)


def wrong(connection: Connection, since: datetime) -> int:
    """How many secret numbers were wrong since then."""
    counted = select(func.count()).select_from(pin_tries).where(pin_tries.c.at > since)
    return connection.scalar(counted) or 0


def _closed(connection: Connection, which: Any, at: datetime) -> bool:
    """The last few came within a day, and the last of them less than a day ago."""
    newest = select(pin_tries.c.at).where(which).order_by(pin_tries.c.at.desc(), pin_tries.c.id.desc())
    tried = list(connection.scalars(newest.limit(MOST_WRONG)))
    return len(tried) == MOST_WRONG and tried[0] - tried[-1] < CLOSED_FOR and tried[0] > at - CLOSED_FOR


def hold(connection: Connection, reference: str, source: str, at: datetime) -> None:
    """Be the only one that a secret number is counted for, until the end. Raises `core.errors.GuardFailed` if it was
    closed meanwhile: of many tries at once no more are answered than of as many one after the other."""
    alone(connection, "secret numbers")
    if closed(connection, reference, source, at):
        raise GuardFailed("too many secret numbers were wrong meanwhile")


def count_try(connection: Connection, reference: str, source: str, at: datetime) -> None:
    """Count a wrong one."""
    hold(connection, reference, source, at)
    connection.execute(pin_tries.insert(), {"reference": reference, "source": source, "at": at})


def keep(connection: Connection, reference: str, number: str, conversation: str, at: datetime) -> None:
    """Keep the secret number of a case, in place of one before. Raises `core.errors.GuardFailed` if the case was not
    opened in this conversation."""
    case = _case(connection, reference)
    if case is None or case.conversation != conversation:
        raise GuardFailed("the case was opened elsewhere")
    row = {"reference": reference, "sealed": number, "at": at}
    insert = inserting(connection.dialect.name, pins).values(row)
    connection.execute(insert.on_conflict_do_update(index_elements=["reference"], set_={"sealed": number, "at": at}))


def details(connection: Connection, reference: str, at: datetime, mandate: str = "") -> CaseDetails | None:
    """What a case says; with a mandate only as long as that covers it."""
    case = _case(connection, reference)
    if case is None:
        return None
    standing = _standing(connection, case.address, at)
    if mandate and not any(str(one.id) == mandate and covers(one, case.service) for one in standing):
        return None
    answers = state.read_answers(case.answers)
    return CaseDetails(service=case.service, opened=case.opened, answers=answers, helped=bool(standing))


# --- who helps -----------------------------------------------------------------------------------------------


def covers(mandate: Row[Any], service: str) -> bool:
    """Whether a mandate is for this service."""
    return mandate.services == "" or service in mandate.services.split(",")


def helper(connection: Connection, reference: str, number: str, at: datetime) -> HelperKeys | None:
    """What opens this case to who calls from this number: the newest mandate that is for it."""
    case = _case(connection, reference)
    found = _standing(connection, case.address, at) if case else ()
    mine = [one for one in found if case and one.helper == number and covers(one, case.service)]
    if not mine:
        return None
    code = mine[0].code if mine[0].made > at - CODE_LIVES else ""
    return HelperKeys(mandate=str(mine[0].id), sealed=mine[0].sealed, code=code)


def keep_helpers(connection: Connection, mandate: str, number: str, conversation: str, at: datetime) -> AuditEntry:
    """Keep the helper's own secret number; the first code is spent. Raises `core.errors.GuardFailed` if it was spent,
    or the mandate ended, meanwhile."""
    table = mandates
    live = update(table).where(table.c.id == int(mandate), table.c.code != "", table.c.until > at)
    if connection.execute(live.values(sealed=number, code="")).rowcount != 1:
        raise GuardFailed("the mandate ended, or its code was spent, meanwhile")
    return _told(conversation, mandate, "number_chosen", "helper", at)


def end(connection: Connection, reference: str, mandate: str, conversation: str, at: datetime) -> Iterable[AuditEntry]:
    """End a mandate for who helps; without one all that stand for the resident of the case, for the resident."""
    case = _case(connection, reference)
    standing = _standing(connection, case.address, at) if case else ()
    by = "helper" if mandate else "resident"
    ended = [str(one.id) for one in standing if not mandate or str(one.id) == mandate]
    for id in ended:
        end_one(connection, int(id), by, at)
    return [_told(conversation, id, "ended", by, at) for id in ended]


def end_one(connection: Connection, mandate: int, by: str, at: datetime) -> bool:
    """End a mandate; whether it still stood. What was keyed for it is forgotten at once."""
    over = {"until": at, "ended_by": by, "code": "", "sealed": ""}
    standing = update(mandates).where(mandates.c.id == mandate, mandates.c.until > at)
    return connection.execute(standing.values(over)).rowcount == 1


def make(connection: Connection, mandate: Mandate, code: str, at: datetime) -> int:
    """Keep a mandate with its sealed first code; its id. One that the helper had for any of these services ends."""
    for one in _standing(connection, mandate.resident, at):
        if one.helper == mandate.helper and _overlap(one.services.split(","), mandate.services):
            end_one(connection, one.id, "renewed", at)
    row = {
        "resident": mandate.resident,
        "helper": mandate.helper,
        "services": ",".join(mandate.services),
        "until": mandate.until,
        "made": at,
        "staff": mandate.staff,
        "code": code,
        "sealed": "",
        "ended_by": "",
    }
    return int(connection.execute(mandates.insert().returning(mandates.c.id), row).scalar_one())


def _overlap(these: Iterable[str], those: Iterable[str]) -> bool:
    """Whether both name a service; no name stands for all."""
    named, others = {*these} - {""}, {*those} - {""}
    return not named or not others or not named.isdisjoint(others)


def resident(connection: Connection, reference: str) -> str:
    """The telephone number of a case's resident, "" where it is not known."""
    case = _case(connection, reference)
    return (case.address if case else "") or ""


def of_resident(connection: Connection, resident: str | None, at: datetime) -> tuple[Mandate, ...]:
    """The mandates that stand for a resident, the newest first."""
    return tuple(
        Mandate(
            id=row.id,
            resident=row.resident,
            helper=row.helper,
            services=tuple(filter(None, row.services.split(","))),
            until=row.until,
            staff=row.staff,
            called=row.sealed != "",
        )
        for row in _standing(connection, resident, at)
    )


def _standing(connection: Connection, resident: str | None, at: datetime) -> tuple[Row[Any], ...]:
    if not resident:
        return ()
    mine = select(mandates).where(mandates.c.resident == resident, mandates.c.until > at)
    return tuple(connection.execute(mine.order_by(mandates.c.id.desc())))


def _case(connection: Connection, reference: str) -> Any:
    """The case, None if there is none; its address is that of a telephone, or none."""
    row = connection.execute(
        select(cases.c.service, cases.c.opened, cases.c.answers, cases.c.conversation, telephone()).where(
            cases.c.reference == reference
        )
    )
    return row.first()


def telephone() -> Any:
    """A case's telephone number; null for a chat's, and for who withheld theirs."""
    return when((cases.c.channel.in_(_BY_TELEPHONE), cases.c.address)).label("address")


def _told(conversation: str, mandate: str, done: str, by: str, at: datetime) -> AuditEntry:
    detail: dict[str, str | int | float] = {"mandate": int(mandate), "done": done, "by": by}
    return AuditEntry(conversation=conversation, event="mandate", detail=detail, at=at)
