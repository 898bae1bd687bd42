"""The list of those who wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.types import Phrase
from handoff import words
from handoff.guard import clerk, page_now
from handoff.showing import Showing

if TYPE_CHECKING:
    from app.bootstrap import Plainline


class Waiting:
    """The views of the list."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        for path, name, view in (
            ("/console", "waiting", self.list_page),
            ("/console/waiting", "list_now", self.list_page),
        ):
            routes.add_url_rule(path, name, view, methods=["GET"])

    def list_page(self) -> ResponseReturnValue:
        """The page. A script asks for it again under another address, where it is refused, not led elsewhere."""
        done = words.DONE.get(request.args.get("done", ""))
        return render_template("console_waiting.html", done=done, alarms=self._alarms(), **self._shown())

    def _alarms(self) -> list[Phrase]:
        """What concerns whoever sees all departments: they run the line, or know who does."""
        return [] if clerk().department else [words.ALARMS[alarm] for alarm in self.plainline.health.alarms()]

    def _shown(self) -> dict[str, Any]:
        staff, page = clerk(), page_now()
        show = Showing(page=page, catalog=self.plainline.catalog, now=self.plainline.clock())
        rows = [show.row(request, staff) for request in self.plainline.desk.waiting(staff)]
        groups = {group: [row for row in rows if row.group == group] for group in ("mine", "waiting", "others")}
        return {"groups": groups, "show": show}
