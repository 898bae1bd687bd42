"""Cases: the list, one with its answers, and whom its free words are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.desk import LONGEST_REPLY, MOST_CASES
from core.errors import Conflict
from core.types import Phrase
from handoff import words
from handoff.guard import clerk, page_now, trouble
from handoff.showing import Showing

if TYPE_CHECKING:
    from app.bootstrap import Plainline


class Cases:
    """The views of cases."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.desk = plainline.desk

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        routes.add_url_rule("/console/cases", "cases", self.list_page, methods=["GET"])
        routes.add_url_rule("/console/cases/<reference>", "case", self.case_page, methods=["GET"])
        routes.add_url_rule("/console/cases/<reference>/call", "call_case", self.call, methods=["POST"])
        routes.add_url_rule("/console/cases/<reference>/label", "label_case", self.label, methods=["POST"])

    def list_page(self) -> ResponseReturnValue:
        """The newest open ones."""
        show = self._show()
        rows = [show.case(one) for one in self.desk.cases(clerk())]
        return render_template("console_cases.html", rows=rows, most=MOST_CASES)

    def case_page(self, reference: str) -> ResponseReturnValue:
        """One case."""
        return self._page(reference, done=words.DONE.get(request.args.get("done", "")))

    def label(self, reference: str) -> ResponseReturnValue:
        """Keep which department the words are for."""
        try:
            self.desk.label_case(clerk(), reference, request.form.get("department", ""))
        except Conflict as conflict:
            if self.desk.case(clerk(), reference) is None:
                return trouble(conflict.phrase, 404)
            return self._page(reference, conflict=conflict.phrase)
        return redirect(url_for("console.case", reference=reference, done="label"), 303)

    def call(self, reference: str) -> ResponseReturnValue:
        """Go to the request by which they are called."""
        try:
            id = self.desk.take_up(clerk(), reference)
        except Conflict as conflict:
            return trouble(conflict.phrase, 404)
        return redirect(url_for("console.thread", id=id), 303)

    def _page(self, reference: str, done: Phrase | None = None, conflict: Phrase | None = None) -> ResponseReturnValue:
        case, show = self.desk.case(clerk(), reference) or abort(404), self._show()
        shown = {
            "row": show.case(case),
            "answers": show.given(case.service, case.answers),
            "sounds": self.desk.recordings(clerk(), reference),
            "longest": LONGEST_REPLY,
            "troubled": show.troubled(self.desk.texts_of(case)),
            "show": show,
            "departments": self.plainline.catalog.departments,
            "done": done,
            "conflict": conflict,
        }
        return render_template("console_case.html", **shown), 409 if conflict else 200

    def _show(self) -> Showing:
        return Showing(page=page_now(), catalog=self.plainline.catalog, now=self.plainline.clock())
