"""One request: the conversation behind it, and all that staff can do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.desk import LONGEST_REPLY, OUTCOMES
from app.log import event
from core import desk_words
from core.errors import Conflict
from core.staff import Staff, Thread
from core.types import Medium, Phrase
from handoff import words
from handoff.guard import clerk, page_now, trouble
from handoff.showing import Showing

if TYPE_CHECKING:
    from app.bootstrap import Plainline

Deed = Callable[[Staff, int, str], None]
"""Something done to a request, with the nonce of the form it came from."""

STAYS = frozenset({"claim", "reply", "note", "call", "label", "texts"})
"""After these one goes on reading; after the others one is done with it and goes back to the list."""

NOWHERE = "-"
"""No department was chosen; "" would be none in particular."""


class Requests:
    """The views of one request."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.desk = plainline.desk

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        for path, name, view in (
            ("/console/requests/<int:id>", "thread", self.thread_page),
            ("/console/requests/<int:id>/now", "thread_now", self.thread_page),
        ):
            routes.add_url_rule(path, name, view, methods=["GET"])
        for path, name, deed in (
            ("/console/requests/<int:id>/claim", "claim", self.desk.claim),
            ("/console/requests/<int:id>/reply", "reply", self._reply),
            ("/console/requests/<int:id>/note", "note", self._note),
            ("/console/requests/<int:id>/call", "call", self.plainline.desk_calls.call),
            ("/console/requests/<int:id>/label", "label", self._label),
            ("/console/requests/<int:id>/texts", "texts", self._texts),
            ("/console/requests/<int:id>/transfer", "transfer", self._transfer),
            ("/console/requests/<int:id>/release", "release", self.desk.release),
            ("/console/requests/<int:id>/hand-back", "hand_back", self.desk.hand_back),
            ("/console/requests/<int:id>/close", "close", self._close),
        ):
            routes.add_url_rule(path, name, self._doing(name, deed), methods=["POST"])

    # --- see -------------------------------------------------------------------------------------------------

    def thread_page(self, id: int) -> ResponseReturnValue:
        """The page. A script asks for it again under another address, where it is refused, not led elsewhere."""
        return self._page(id, done=words.DONE.get(request.args.get("done", "")))

    def _page(
        self, id: int, done: Phrase | None = None, conflict: Phrase | None = None, failed: str = ""
    ) -> ResponseReturnValue:
        """`failed` is the form that came to nothing; what was typed there is shown in it again."""
        thread = self._thread(id)
        shown = {
            "thread": thread,
            "no_reply": no_reply(thread),
            "show": self._show(),
            "done": done,
            "conflict": conflict,
            "typed": {failed: request.form.get("text", "")},
            "alarms": self._alarms(),
            "departments": self.plainline.catalog.departments,
            "outcomes": OUTCOMES,
            "words": words,
            "longest": LONGEST_REPLY,
        }
        return render_template("console_request.html", **shown), 409 if conflict else 200

    def _thread(self, id: int) -> Thread:
        return self.desk.thread(clerk(), id) or abort(404)

    def _alarms(self) -> int:
        """How many tell of danger and nobody has them: whoever is busy with another request must learn of it."""
        return sum(one.danger and one.claimed_by is None for one in self.desk.waiting(clerk()))

    def _show(self) -> Showing:
        return Showing(page=page_now(), catalog=self.plainline.catalog, now=self.plainline.clock())

    # --- do --------------------------------------------------------------------------------------------------

    def _doing(self, name: str, deed: Deed) -> Callable[[int], ResponseReturnValue]:
        """A view that does it, and then shows what it came to."""

        def view(id: int) -> ResponseReturnValue:
            try:
                deed(clerk(), id, request.form.get("nonce") or abort(400))
            except Conflict as conflict:
                event("console_conflict", staff=clerk().id, handoff=id, form=name)
                if self.desk.thread(clerk(), id) is None:
                    return trouble(conflict.phrase, 404)
                return self._page(id, conflict=conflict.phrase, failed=name)
            if name in STAYS:
                return redirect(url_for("console.thread", id=id, done=name), 303)
            return redirect(url_for("console.waiting", done=name), 303)

        return view

    def _reply(self, staff: Staff, id: int, nonce: str) -> None:
        seen = request.form.get("seen", default=-1, type=int)
        self.desk.reply(staff, id, request.form.get("text", ""), seen, nonce)

    def _note(self, staff: Staff, id: int, nonce: str) -> None:
        self.desk.note(staff, id, request.form.get("text", ""), nonce)

    def _label(self, staff: Staff, id: int, _nonce: str) -> None:
        self.desk.label_request(staff, id, request.form.get("department", ""))

    def _texts(self, staff: Staff, id: int, _nonce: str) -> None:
        self.desk.texts(staff, id, allowed=request.form.get("allowed") == "yes")

    def _transfer(self, staff: Staff, id: int, nonce: str) -> None:
        self.desk.transfer(staff, id, request.form.get("department", NOWHERE), nonce)

    def _close(self, staff: Staff, id: int, nonce: str) -> None:
        self.desk.close(staff, id, request.form.get("outcome", ""), nonce)


def no_reply(thread: Thread) -> Phrase | None:
    """Why nothing can be written to this resident, None if it can."""
    if thread.request.medium is Medium.VOICE and not thread.request.number:
        return desk_words.NO_NUMBER
    if thread.stopped or (thread.consents and not thread.consents[-1].allowed):
        return desk_words.STOPPED
    return desk_words.NO_TEXTS if thread.no_texts and thread.request.medium is Medium.VOICE else None
