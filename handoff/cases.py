"""Cases: the list, one with its answers, and whom its free words are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.desk import LONGEST_REPLY, MOST_CASES
from core import desk_words
from core.commands import fold
from core.errors import Conflict
from core.mandates import LONGEST
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
        self.helping = plainline.helping

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        routes.add_url_rule("/console/cases", "cases", self.list_page, methods=["GET"])
        routes.add_url_rule("/console/cases/<reference>", "case", self.case_page, methods=["GET"])
        routes.add_url_rule("/console/cases/<reference>/call", "call_case", self.call, methods=["POST"])
        routes.add_url_rule("/console/cases/<reference>/label", "label_case", self.label, methods=["POST"])
        routes.add_url_rule("/console/cases/<reference>/status", "case_is", self.status, methods=["POST"])
        of_case = "/console/cases/<reference>/mandates"
        routes.add_url_rule(of_case, "let_help", self.let_help, methods=["POST"])
        routes.add_url_rule(f"{of_case}/<int:id>/end", "end_mandate", self.end_mandate, methods=["POST"])

    def list_page(self) -> ResponseReturnValue:
        """The newest open ones; or the one that is looked for by its number, open or done."""
        number, show = request.args.get("number", ""), self._show()
        if number and (found := self.desk.case(clerk(), "".join(filter(str.isdigit, fold(number))))):
            return redirect(url_for("console.case", reference=found.reference), 303)
        rows = [show.case(one) for one in self.desk.cases(clerk())]
        conflict = desk_words.NO_CASE_FOUND if number else None
        shown = {"rows": rows, "most": MOST_CASES, "number": number, "conflict": conflict}
        return render_template("console_cases.html", **shown), 404 if conflict else 200

    def case_page(self, reference: str) -> ResponseReturnValue:
        """One case."""
        return self._page(reference, done=words.DONE.get(request.args.get("done", "")))

    def label(self, reference: str) -> ResponseReturnValue:
        """Keep which department the words are for."""
        department = request.form.get("department", "")
        return self._kept(reference, "label", lambda: self.desk.label_case(clerk(), reference, department))

    def status(self, reference: str) -> ResponseReturnValue:
        """Keep how far it is."""
        was, status = request.form.get("was", ""), request.form.get("status", "")
        return self._kept(reference, "status", lambda: self.desk.case_is(clerk(), reference, was, status))

    def let_help(self, reference: str) -> ResponseReturnValue:
        """Keep who may act for the resident; the code for their first call is shown on this page and nowhere again."""
        form = request.form
        try:
            code = self.helping.allow(
                clerk(),
                reference,
                form.get("helper", ""),
                form.getlist("services"),
                form.get("until", ""),
                heard=form.get("heard") == "yes",
            )
        except Conflict as conflict:
            return self._refused(reference, conflict)
        return self._page(reference, code=code)

    def end_mandate(self, reference: str, id: int) -> ResponseReturnValue:
        """They may not act for the resident any more."""
        return self._kept(reference, "mandate_ended", lambda: self.helping.end(clerk(), reference, id))

    def _kept(self, reference: str, what: str, keep: Callable[[], None]) -> ResponseReturnValue:
        """Back to the case when it is kept, or why it was not."""
        try:
            keep()
        except Conflict as conflict:
            return self._refused(reference, conflict)
        return redirect(url_for("console.case", reference=reference, done=what), 303)

    def _refused(self, reference: str, conflict: Conflict) -> ResponseReturnValue:
        if self.desk.case(clerk(), reference) is None:
            return trouble(conflict.phrase, 404)
        return self._page(reference, conflict=conflict.phrase)

    def call(self, reference: str) -> ResponseReturnValue:
        """Go to the request by which they are called."""
        try:
            id = self.desk.take_up(clerk(), reference)
        except Conflict as conflict:
            return trouble(conflict.phrase, 404)
        return redirect(url_for("console.thread", id=id), 303)

    def _page(
        self, reference: str, done: Phrase | None = None, conflict: Phrase | None = None, code: str = ""
    ) -> ResponseReturnValue:
        case, show = self.desk.case(clerk(), reference) or abort(404), self._show()
        shown = {
            "row": show.case(case),
            "answers": show.given(case.service, case.answers),
            "sounds": self.desk.recordings(clerk(), reference),
            "longest": LONGEST_REPLY,
            "troubled": show.troubled(self.desk.texts_of(case)),
            "show": show,
            "status": case.status,
            "statuses": words.STATUS,
            "news": show.news(*self.desk.news_of(case)),
            "departments": self.plainline.catalog.departments,
            "mandates": [show.mandate(one) for one in self.helping.standing(clerk(), reference)],
            "code": show.reference(code),
            "case_service": case.service,
            "days": show.days(LONGEST),
            "offered": self.helping.offered(clerk()),
            "done": done,
            "conflict": conflict,
        }
        return render_template("console_case.html", **shown), 409 if conflict else 200

    def _show(self) -> Showing:
        return Showing(page=page_now(), catalog=self.plainline.catalog, now=self.plainline.clock())
