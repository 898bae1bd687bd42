"""Who may act for a resident, as the resident told staff: for which services, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=366)
"""Nobody acts for somebody else longer than a year without being asked again."""

CODE_LIVES = timedelta(days=14)
"""How long the first code of who helps can be used."""

MOST_WRONG = 5
"""Secret numbers that may be wrong within `CLOSED_FOR`, for one case and from one caller."""

WRONG_IN_ALL = 100
"""Secret numbers that all callers together may get wrong in `CLOSED_FOR`: a guesser has many numbers and cases."""

CLOSED_FOR = timedelta(days=1)
"""How long no secret number is looked at afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Somebody may act for a resident. Both are telephone numbers (E.164). `services` are slugs, none for all. `staff`
    heard it from the resident. `called`: who helps has chosen a secret number of their own. `id` 0: not kept yet."""

    resident: str
    helper: str
    services: tuple[str, ...]
    until: datetime
    staff: int
    called: bool = False
    id: int = 0
