"""The ledger: how the calls that residents were promised stand. It counts, and names nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.desk import LEDGER
from core.callbacks import State
from handoff import words
from handoff.guard import page_now

if TYPE_CHECKING:
    from app.bootstrap import Plainline


class Promises:
    """The view of the ledger."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline

    def add_to(self, routes: Blueprint) -> None:
        """Bring the route."""
        routes.add_url_rule("/console/promises", "promises", self.ledger_page, methods=["GET"])

    def ledger_page(self) -> ResponseReturnValue:
        """Kept, late, broken and still owed, each with why."""
        page, counted = page_now(), self.plainline.desk.ledger()
        groups = [
            (
                page.say(words.PROMISES[state]),
                sum(count for (one, _), count in counted.items() if one is state),
                sorted(
                    (page.say(words.WHY_SO[why] if why else words.STILL_OWED), count)
                    for (one, why), count in counted.items()
                    if one is state
                ),
            )
            for state in (State.KEPT, State.LATE, State.BROKEN, State.BOOKED)
        ]
        return render_template("console_promises.html", groups=groups, days=LEDGER.days)
