"""Recordings at a request or a case: the sound, and the words that staff type of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.recordings import file_of
from core.errors import Conflict
from core.staff import Recorded
from handoff.guard import clerk, trouble

if TYPE_CHECKING:
    from app.bootstrap import Plainline


class Sounds:
    """The views of recordings, each below what it came with: who may see that may hear it."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.desk = plainline.desk

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        for path, name, view, method in (
            ("/console/requests/<int:id>/recordings/<recording>", "request_sound", self.of_request, "GET"),
            ("/console/requests/<int:id>/recordings/<recording>/words", "request_words", self.words_of_request, "POST"),
            ("/console/cases/<reference>/recordings/<recording>", "case_sound", self.of_case, "GET"),
            ("/console/cases/<reference>/recordings/<recording>/words", "case_words", self.words_of_case, "POST"),
        ):
            routes.add_url_rule(path, name, view, methods=[method])

    def of_request(self, id: int, recording: str) -> ResponseReturnValue:
        """The sound of one that came with a request."""
        thread = self.desk.thread(clerk(), id)
        return self._sound(recording, thread.recordings if thread else ())

    def of_case(self, reference: str, recording: str) -> ResponseReturnValue:
        """The sound of one that came with a case."""
        return self._sound(recording, self.desk.recordings(clerk(), reference))

    def _sound(self, id: str, those: Iterable[Recorded]) -> ResponseReturnValue:
        """A file of ours, in parts where a browser asks for a part. Nothing keeps it (`handoff.guard`)."""
        if not any(one.id == id and one.playable for one in those):
            abort(404)
        name = file_of(id)
        sound = self.plainline.files.get(name)
        if sound is None:
            abort(404)
        kind = "audio/x-wav" if name.endswith(".wav") else "audio/ogg"
        return send_file(BytesIO(sound), mimetype=kind, conditional=True, etag=False, max_age=0)

    def words_of_request(self, id: int, recording: str) -> ResponseReturnValue:
        """Keep what was typed of it."""
        here = url_for("console.thread", id=id, done="words")
        there = self.desk.thread(clerk(), id) is not None
        return _kept(lambda text: self.desk.transcribe_of_request(clerk(), id, recording, text), here, there=there)

    def words_of_case(self, reference: str, recording: str) -> ResponseReturnValue:
        """Keep what was typed of it."""
        here = url_for("console.case", reference=reference, done="words")
        there = self.desk.case(clerk(), reference) is not None
        return _kept(lambda text: self.desk.transcribe_of_case(clerk(), reference, recording, text), here, there=there)


def _kept(keep: Callable[[str], None], here: str, *, there: bool) -> ResponseReturnValue:
    try:
        keep(request.form.get("text", ""))
    except Conflict as conflict:
        return trouble(conflict.phrase, 409 if there else 404, back=here.partition("?")[0])
    return redirect(here, 303)
