"""The console's routes: who may come in, and the views behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from flask import Blueprint, abort

from handoff.account import Account
from handoff.cases import Cases
from handoff.guard import Guard
from handoff.meant import Meant
from handoff.promises import Promises
from handoff.recordings import Sounds
from handoff.report import Reports
from handoff.requests import Requests
from handoff.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def blueprint(plainline: Plainline) -> Blueprint:
    """All routes below /console. Without a session only the sign-in page and the styles are served."""
    routes = Blueprint(
        "console",
        __name__,
        static_folder="static",
        static_url_path="/console/static",
        template_folder="templates",
    )
    guard = Guard(plainline)
    guard.add_to(routes)
    Account(plainline, guard).add_to(routes)
    Waiting(plainline).add_to(routes)
    Requests(plainline).add_to(routes)
    Meant(plainline).add_to(routes)
    Cases(plainline).add_to(routes)
    Promises(plainline).add_to(routes)
    Reports(plainline).add_to(routes)
    Sounds(plainline).add_to(routes)
    routes.add_url_rule("/console/<path:elsewhere>", "elsewhere", _nowhere, methods=["GET"])
    return routes


def _nowhere(elsewhere: str) -> NoReturn:
    """Any other address below /console: a page that says so, in the clerk's language."""
    abort(404, elsewhere)
