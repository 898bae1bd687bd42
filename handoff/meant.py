"""What words of a resident meant, as staff say it. Nothing is learnt from it until a person adds it to the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.log import event
from core.errors import Conflict
from core.meanings import of_service
from core.types import Phrase
from handoff import words
from handoff.guard import clerk, page_now, trouble
from handoff.showing import Entry, Showing

if TYPE_CHECKING:
    from app.bootstrap import Plainline


class Meant:
    """The views of one correction."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.desk = plainline.desk

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        for path, name, view, method in (
            ("/console/requests/<int:id>/meant/<int:turn>", "meant", self.page, "GET"),
            ("/console/requests/<int:id>/meant/<int:turn>", "correct", self.correct, "POST"),
        ):
            routes.add_url_rule(path, name, view, methods=[method])

    def page(self, id: int, turn: int) -> ResponseReturnValue:
        """The words, what was believed of them, and all that can have been meant."""
        return self._page(id, turn)

    def correct(self, id: int, turn: int) -> ResponseReturnValue:
        """Keep what was meant, and go back to the conversation."""
        try:
            self.desk.correct(clerk(), id, turn, request.form.get("meant", ""), request.form.get("nonce") or abort(400))
        except Conflict as conflict:
            event("console_conflict", staff=clerk().id, handoff=id, form="correct")
            if self.desk.thread(clerk(), id) is None or self._entry(id, turn) is None:
                return trouble(conflict.phrase, 404)
            return self._page(id, turn, conflict.phrase)
        return redirect(url_for("console.thread", id=id, done="correct"), 303)

    def _page(self, id: int, turn: int, conflict: Phrase | None = None) -> ResponseReturnValue:
        show = self._show()
        shown = {
            "id": id,
            "entry": self._entry(id, turn) or abort(404),
            "show": show,
            "groups": show.services(),
            "others": words.MEANINGS,
            "of_service": of_service,
            "conflict": conflict,
        }
        return render_template("console_meant.html", **shown), 409 if conflict else 200

    def _entry(self, id: int, turn: int) -> Entry | None:
        thread = self.desk.thread(clerk(), id) or abort(404)
        return next((entry for entry in self._show().entries(thread) if turn and entry.turn == turn), None)

    def _show(self) -> Showing:
        return Showing(page=page_now(), catalog=self.plainline.catalog, now=self.plainline.clock())
