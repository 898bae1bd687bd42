"""Who may act for a resident: staff keep what they heard from the resident themselves, and end it.

Who helps gets a first code from staff or the resident, calls from their own telephone, and chooses a secret number of
their own. Neither the number they call from nor the code alone opens anything for long."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.assistant import Assistant
from app.desk import Desk, DeskWork
from core import desk_words as words
from core.errors import Conflict
from core.mandates import LONGEST, Mandate
from core.staff import Case, Staff
from core.types import Phone, Read, ReadKind

ALL = "all"
"""Chosen in place of services: the helper may act in all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping:
    """What the console does about those who act for somebody."""

    desk: Desk
    assistant: Assistant
    clock: Callable[[], datetime]

    def standing(self, staff: Staff, reference: str) -> tuple[Mandate, ...]:
        """Who may act for the resident of a case; nobody of one that this member of staff may not see."""
        case = self.desk.case(staff, reference)
        return self.desk.store.mandates(reference, self.clock()) if case else ()

    def allow(
        self, staff: Staff, reference: str, number: str, services: Collection[str], until: str, *, heard: bool
    ) -> str:
        """Let the owner of this number act for the resident of a case, until the end of a day (as 2027-01-31), in these
        services. Returns the code for their first call, which is kept nowhere. Raises `Conflict`."""
        if not heard:
            raise Conflict(words.NOT_HEARD)
        helper, over, chosen = self._number(number), self._until(until), self._services(staff, services)
        code = self.assistant.sequencer.code()
        sealed = self.assistant.secret_numbers.sealer.seal(code)  # slow: before the one writer's lock is held
        with self.desk.store.acting() as work:
            case, resident = self._case(work, staff, reference)
            if helper == resident:
                raise Conflict(words.SAME_NUMBER)
            mandate = Mandate(resident=resident, helper=helper, services=chosen, until=over, staff=staff.id)
            id = work.make_mandate(mandate, sealed, self.clock())
            self.desk.audit_case(work, staff, case, "mandate_made", mandate=id)
            work.unit.commit()
        return code

    def end(self, staff: Staff, reference: str, mandate: int) -> None:
        """They may not act for the resident any more. Raises `Conflict`."""
        with self.desk.store.acting() as work:
            case, resident = self._case(work, staff, reference)
            if not work.end_mandate(mandate, resident, self.clock()):
                raise Conflict(words.NO_MANDATE)
            self.desk.audit_case(work, staff, case, "mandate_ended", mandate=mandate)
            work.unit.commit()

    def _case(self, work: DeskWork, staff: Staff, reference: str) -> tuple[Case, str]:
        """The case, and the telephone number of its resident."""
        case = work.case(reference)
        if case is None or not self.desk.may_see_case(staff, case):
            raise Conflict(words.NO_SUCH_CASE)
        resident = work.resident(reference)
        if not resident:
            raise Conflict(words.NO_RESIDENT)
        return case, resident

    def _number(self, number: str) -> str:
        language = self.assistant.catalog.town.languages[0]
        read = self.assistant.reader.read(Read(kind=ReadKind.PHONE, text=number, language=language, on=self.clock()))
        if not isinstance(read.value, Phone):
            raise Conflict(words.NO_HELPERS_NUMBER)
        return read.value.e164

    def _until(self, day: str) -> datetime:
        zone, now = ZoneInfo(self.assistant.catalog.town.timezone), self.clock()
        try:
            over = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), zone)
        except (ValueError, OverflowError):
            raise Conflict(words.NO_DAY) from None
        if not now < over <= now + LONGEST:
            raise Conflict(words.NO_DAY)
        return over

    def offered(self, staff: Staff) -> frozenset[str]:
        """The services in which this member of staff may let somebody act: whose cases they see themselves. `ALL` is
        among them for who sees every department's."""
        catalog = self.assistant.catalog
        if not staff.department:
            return frozenset((ALL, *catalog.services))
        return frozenset(slug for slug in catalog.services if catalog.department_of(slug) in ("", staff.department))

    def _services(self, staff: Staff, services: Collection[str]) -> tuple[str, ...]:
        if not services or not set(services) <= self.offered(staff):
            raise Conflict(words.NO_SERVICES)
        if ALL in services:
            return ()
        return tuple(sorted(services))
