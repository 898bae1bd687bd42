"""When a call back can still be promised: the hours of the office in charge, the rota, and what is promised already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.hours import openings
from core import callbacks
from core.catalog import Catalog, Office
from core.ports import UnitOfWork
from core.types import Window

RECENT = timedelta(days=30)
"""Older call backs tell little of how long one takes today."""


def free_windows(
    unit: UnitOfWork, department: str, office: Office, now: datetime, catalog: Catalog
) -> Iterator[Window]:
    """The windows from `now` on in which people of the department ("": anybody) can be promised to call."""
    people = catalog.rota.people(department)
    if not people:
        return iter(())
    seconds = callbacks.takes(unit.call_backs_took(department, now - RECENT), catalog.rota.minutes * 60)
    all_windows = callbacks.windows(openings(office, now, catalog), now, callbacks.most(people, seconds))
    return callbacks.with_room(all_windows, unit.promised(department))


def office_of(department: str, catalog: Catalog) -> Office:
    """Where people of a department answer; the main office for none in particular."""
    found = catalog.departments.get(department)
    return catalog.offices[found.office if found else catalog.town.main_office]
