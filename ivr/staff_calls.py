"""Calls that staff placed: their telephone rings, they press 1, then they are joined with the resident.

Until a key is pressed nothing private is said on either side, so that a voicemail hears nothing of the matter; the
resident presses 1 too, unless they wait on the line already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from app.limiting import keep_used
from app.metering import country
from core import phrases as say
from core.handoffs import REACHED
from core.staff import JoinedCall
from core.usage import Used
from ivr import twiml
from ivr.inbound import ENDED, call_used, detection_used, leg_used
from ivr.links import STAFF, id_in, link

if TYPE_CHECKING:
    from app.bootstrap import Plainline

JOIN = "1"
"""The key that says: this is a person, join us."""


class StaffCalls:
    """The views, with what they need."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.settings = plainline.settings
        self.calls = plainline.desk_calls

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        for path, view in (
            ("/voice/staff", self.answered),
            ("/voice/staff/join", self.join),
            ("/voice/staff/resident", self.resident_answered),
            ("/voice/staff/answered-by", self.answered_by),
            ("/voice/staff/accept", self.accepted),
            ("/voice/staff/over", self.over),
            ("/voice/staff/status", self.status),
        ):
            routes.add_url_rule(path, path.strip("/").replace("/", "_"), view, methods=["POST"])

    def answered(self) -> Response:
        """Somebody, or a voicemail, took the call at the member of staff's telephone."""
        call, joined = self.joined("/voice/staff")
        asked = self.plainline.spoken(joined.staff_language, say.STAFF_PRESS)
        return twiml.xml(twiml.ask_one_key(asked, self.link("/voice/staff/join", call)))

    def join(self) -> Response:
        """They pressed a key: join them with the resident."""
        call, joined = self.joined("/voice/staff/join")
        if request.form.get("Digits") != JOIN:
            return twiml.xml(twiml.hang_up())
        self.calls.joining(call)
        over = self.link("/voice/staff/over", call)
        if joined.live:
            return twiml.xml(twiml.dial_queue(joined.conversation, over))
        screen = self.link("/voice/staff/resident", call)
        number = self.settings.twilio.number if self.settings.twilio else ""
        # The page on Number says of this address alone that it is "any", not "relative or absolute".
        answered_by = self.settings.public_url + self.link("/voice/staff/answered-by", call)
        return twiml.xml(twiml.dial_screened(joined.number, over, number, screen, answered_by))

    def resident_answered(self) -> Response:
        """Somebody, or a voicemail, took the call at the resident's telephone."""
        call, joined = self.joined("/voice/staff/resident")
        self.calls.picked_up(call)
        self._listened(joined)
        town = self.plainline.catalog.town.name
        ours = self.plainline.catalog.town.languages
        language = joined.language if joined.language in ours else ours[0]
        asked = self.plainline.spoken(language, say.phrase(say.CALLED_BACK.id, town=town), say.CALLED_BACK_PRESS)
        return twiml.xml(twiml.ask_one_key(asked, self.link("/voice/staff/accept", call)))

    def answered_by(self) -> Response:
        """The provider says whether a person or a machine took the call at the resident's telephone."""
        call, joined = self.joined("/voice/staff/answered-by")
        self.calls.answered_by(call, request.form.get("AnsweredBy", ""))
        self._listened(joined)
        return Response(status=204)

    def _listened(self, joined: JoinedCall) -> None:
        """The provider listens whether a machine took the resident's call, which it is paid for."""
        where = country(joined.number)
        self._keep_used(detection_used(request.form, joined.conversation, where, self.plainline.clock()))

    def _keep_used(self, used: Used | None) -> None:
        keep_used(used, self.plainline.usage, self.plainline.spending, self.plainline.clock())

    def accepted(self) -> Response:
        """The resident pressed a key: an empty answer joins the two (Twilio docs: Number, url)."""
        call, _joined = self.joined("/voice/staff/accept")
        if pressed := request.form.get("Digits") == JOIN:
            self.calls.accepted(call)
        return twiml.xml(twiml.EMPTY if pressed else twiml.hang_up())

    def over(self) -> Response:
        """The resident's side is over."""
        call, joined = self.joined("/voice/staff/over")
        status = request.form.get("DialCallStatus", "failed")
        talked = request.form.get("DialBridged", str(status in REACHED).lower()) == "true"
        self.calls.over(call, joined.result, status, talked=talked)
        self._keep_used(leg_used(request.form, joined.conversation, country(joined.number), self.plainline.clock()))
        told = say.STAFF_OVER if talked else say.STAFF_NOT_REACHED
        return twiml.xml(twiml.speak_and_hang_up(self.plainline.spoken(joined.staff_language, told)))

    def status(self) -> Response:
        """The member of staff's own side is over. What became of the resident's side, if it began, stays."""
        call, joined = self.joined("/voice/staff/status")
        if request.form.get("CallStatus") in ENDED:
            self.calls.staff_gone(call)
            self.plainline.usage.keep(call_used(request.form, self.plainline.clock(), ours=joined.conversation))
        return Response(status=204)

    def joined(self, path: str) -> tuple[int, JoinedCall]:
        """The call of ours that this is about; 403 if the link is not ours, 404 if the request is gone."""
        id = id_in(path, self.settings.secret_key, request.args)
        if id is None:
            abort(403)
        found = self.calls.joined(id)
        if found is None:
            abort(404)
        return id, found

    def link(self, path: str, call: int) -> str:
        """An address of ours for this call."""
        return link(path, self.settings.secret_key, STAFF, id=str(call))
