"""What Twilio calls: voice and SMS webhooks. Every answer is 200 with TwiML, or the caller hears Twilio's own error.

When the database fails, the caller still hears their language (every language, where it is not known), the
emergency number, and is put through to the office by an action that needs no database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request, send_file

from app.limiting import keep_used
from app.log import event
from app.own_voice import KINDS
from app.recordings import file_of
from core import phrases as say
from core.errors import CommitUnknown, PlainlineError, StoreUnavailable
from core.handoffs import REACHED
from core.recording import held
from core.render import Message
from core.types import WHATSAPP, Address, Inbound, Kind, Medium, Mode, Phrase
from core.usage import Used
from core.waiting import LINE, minutes, sentence
from ivr import inbound, twiml
from ivr.fallback import by_text, heard_nobody, many_calls, still_here, without_database
from ivr.links import STAFF, carried, id_in, link
from ivr.signature import is_signed
from ivr.staff_calls import StaffCalls

if TYPE_CHECKING:
    from app.bootstrap import Plainline

SILENCES = 3
"""Silences in a row after which a caller whom we can not hear is told how to go on, and the call ends."""

SOUND = "/voice/sound"
"""Where Twilio fetches what a caller recorded. That it signs this is not written, so here our own signature counts."""

OWN_AGE = 3600
"""Seconds that a sentence of the office's own voice may be kept by who fetched it: a new recording is heard so soon."""

LARGEST = 64 * 1024
"""Bytes of a webhook's body; Twilio's are far smaller."""


def blueprint(plainline: Plainline) -> Blueprint:
    """The routes, each refused with 403 unless Twilio signed the request."""
    line = _Line(plainline)
    routes = Blueprint("ivr", __name__)
    routes.before_request(line.refuse_unsigned)
    for path, view in (
        ("/voice", line.began),
        ("/voice/still-there", line.there),
        ("/voice/turn", line.answered),
        ("/voice/dial", line.dialled),
        ("/voice/wait", line.waiting),
        ("/voice/wait/key", line.rather_called),
        ("/voice/queue", line.queued),
        ("/voice/resume", line.resumed),
        ("/voice/over", line.over),
        ("/voice/still", line.still),
        ("/voice/status", line.status),
        ("/voice/recording", line.recorded),
        ("/voice/ring/status", line.phoned_back),
        ("/voice/news", line.news),
        ("/voice/news/key", line.after_news),
        ("/sms", line.text),
        ("/sms/fallback", line.text_again),
        ("/sms/status", line.receipt),
    ):
        routes.add_url_rule(path, path.strip("/").replace("/", "_"), view, methods=["POST"])
    routes.add_url_rule(SOUND, "voice_sound", line.sound, methods=["GET"])
    routes.add_url_rule(f"{twiml.OWN}/<language>/<file>", "voice_own", line.own, methods=["GET"])
    StaffCalls(plainline).add_to(routes)
    return routes


class _Line:
    """The views, with what they need."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.settings = plainline.settings
        self.twilio = plainline.settings.twilio
        self.now = plainline.clock

    def refuse_unsigned(self) -> None:
        """Stop everything that Twilio did not sign, before anything of it is read."""
        if request.path == SOUND or request.path.startswith(f"{twiml.OWN}/"):
            return
        request.max_content_length = LARGEST
        query = request.environ.get("QUERY_STRING", "")
        url = self.settings.public_url + request.path + (f"?{query}" if query else "")
        signature = request.headers.get("X-Twilio-Signature")
        tokens = self.twilio.tokens if self.twilio else ()
        if not is_signed(url, request.form.to_dict(flat=False), signature, tokens):
            event("webhook_refused", path=request.path)
            abort(403)
        if self.twilio and request.form.get("AccountSid") != self.twilio.account:
            abort(403)

    # --- voice -----------------------------------------------------------------------------------------------

    def began(self) -> Response:
        """Someone calls, or we have called them. In a flood of calls they are asked for a key first, which a machine
        does not press: until then nothing is looked up, and whoever is in danger has heard where to call."""
        if self.is_missed_call():
            return self.rang()
        if inbound.is_placed(request.form):
            return self.greeted()
        call, caller = request.form.get("CallSid", ""), inbound.caller(request.form.get("From", ""), "voice")
        refused = self.plainline.guard.call(caller.value if caller else "", call, self.now())
        if refused is None:
            return self.greeted()
        event("call_asked_for_key", call=call, reason=refused.value)
        action = link("/voice/still-there", self.settings.secret_key, call)
        return twiml.xml(many_calls(self.plainline, action))

    def there(self) -> Response:
        """Somebody pressed a key: they go on as if there were no flood."""
        self.fields("/voice/still-there")
        return self.greeted()

    def greeted(self) -> Response:
        """The first answer to a call."""
        return self.speak(lambda form: inbound.call_began(form, self.now()))

    def is_missed_call(self) -> bool:
        """Whether it is a call to the number for missed calls, which is never taken."""
        ours = self.twilio.missed_calls if self.twilio else ""
        return ours != "" and request.form.get("To") == ours

    def rang(self) -> Response:
        """Someone rang to be phoned back. Whatever becomes of that, the call is not taken."""
        number, call = inbound.caller(request.form.get("From", ""), "voice"), request.form.get("CallSid", "")
        try:
            if number and call:
                served = self.plainline.guard.countries or {self.plainline.catalog.town.country}
                self.plainline.missed_calls.rang(call, number.value, served)
        except PlainlineError as fault:
            event("ring_not_kept", level=logging.WARNING, call=call, reason=type(fault).__name__)
        return twiml.xml(twiml.reject())

    def phoned_back(self) -> Response:
        """A call by which we phoned somebody back is over, whether it was taken or not."""
        ring, status = self.ring("/voice/ring/status"), request.form.get("CallStatus", "")
        if status in inbound.ENDED:
            self.plainline.missed_calls.over(ring, request.form.get("CallSid", ""), taken=status == "completed")
        if status == "completed":
            self.handle(inbound.call_ended(request.form, self.now()))
            used = inbound.call_used(request.form, self.now(), ours=request.form.get("CallSid", ""))
            self.plainline.usage.keep(used)
        return Response(status=204)

    def ring(self, path: str) -> int:
        """Which of the calls that we owe a request of Twilio's is about."""
        id = id_in(path, self.settings.secret_key, request.args)
        return abort(403) if id is None else id

    def news(self) -> Response:
        """Somebody, or a machine, took a call by which we tell news of a case. What is news no more is not told."""
        ring = self.ring("/voice/news")
        told = self.plainline.desk_news.told(ring)
        if told is None:
            return twiml.xml(twiml.hang_up())
        language, words = told
        key = link("/voice/news/key", self.settings.secret_key, STAFF, id=str(ring))
        return twiml.xml(twiml.ask_one_key(self.plainline.spoken(language, *words), key))

    def after_news(self) -> Response:
        """They want to hear it again, or pressed anything else: then they are on the line as any caller is."""
        ring = self.ring("/voice/news/key")
        if request.form.get("Digits") == "1":
            again = link("/voice/news", self.settings.secret_key, STAFF, id=str(ring))
            return twiml.xml(twiml.redirect(again))
        told = self.plainline.desk_news.told(ring)
        language = told[0] if told else ""
        return self.speak(lambda form: replace(inbound.call_began(form, self.now()), language_hint=language))

    def answered(self) -> Response:
        """They pressed, spoke, or did neither."""
        fields = self.fields("/voice/turn")
        turn = fields.get("turn", "")
        if not turn.isdigit():
            abort(400)
        return self.speak(lambda form: inbound.call_answered(form, int(turn), self.now()))

    def dialled(self) -> Response:
        """The try to put them through is over."""
        self.fields("/voice/dial")
        return self.speak(lambda form: inbound.call_dialled(form, self.now()))

    def waiting(self) -> Response:
        """They wait for someone at the desk. A word every 20 seconds; after a minute the office's telephone. How long
        it may take is said again only to whom it was told, where it is longer by now."""
        fields = self.fields("/voice/wait")
        left = LINE - inbound.waited(request.form)
        if left <= 0:
            return twiml.xml(twiml.leave_queue())
        language, told = fields.get("lang", ""), int(fields.get("told", "0"))
        known = self.plainline.waits(self.now(), Medium.VOICE).get(fields.get("department", ""))
        now, word = minutes(known, told, voice=True), self.plainline.spoken(language, say.STAY_ON, say.CALL_ME)
        key = link("/voice/wait/key", self.settings.secret_key, request.form.get("CallSid", ""), **fields)
        if not 0 < told < now:
            return twiml.xml(twiml.waiting([word], key))
        # All the words to come, in one answer: asked again, we would not know that it was said.
        longer = self.plainline.spoken(language, sentence(now, voice=True))
        later = max(0, round(left / twiml.WORD_EVERY) - 1)
        return twiml.xml(twiml.waiting([word + longer, *[word] * later], key))

    def rather_called(self) -> Response:
        """They pressed a key while they wait: 1 is to be called back instead. Their request keeps its place. Whatever
        becomes of writing that down, they leave the line, and `queued` goes on with them."""
        fields = self.fields("/voice/wait/key")
        if request.form.get("Digits") != "1":
            again = link("/voice/wait", self.settings.secret_key, request.form.get("CallSid", ""), **fields)
            return twiml.xml(twiml.redirect(again))
        try:
            self.known(inbound.queue_left(request.form, "left", self.now()))
        except Exception as fault:  # the outermost of it: they leave the line, and the office rings
            event("not_called_back", level=logging.WARNING, reason=type(fault).__name__)
        return twiml.xml(twiml.leave_queue())

    def queued(self) -> Response:
        """The wait is over: joined with someone, hung up, to be called back, or nobody came in time, and the office
        rings."""
        fields = self.fields("/voice/queue")
        result = request.form.get("QueueResult", "error")
        if result == "hangup":
            self.handle(inbound.queue_left(request.form, "canceled", self.now()))
            return Response(status=204)
        if result == "bridged":
            return self.speak(lambda form: inbound.queue_left(form, "completed", self.now()))
        call, number = request.form.get("CallSid", ""), self.twilio.number if self.twilio else ""
        if result == "leave" and self.has_left(call):
            return self.speak(lambda form: inbound.call_resumed(form, Kind.RESUME, self.now()))
        action = link("/voice/dial", self.settings.secret_key, call, lang=fields.get("lang", ""))
        return twiml.xml(twiml.speak_and_dial((), fields.get("to", ""), number, action))

    def has_left(self, call: str) -> bool:
        """Whether somebody chose to be called back rather than wait. Where that can not be known the office rings."""
        try:
            with self.plainline.storage.reading() as unit:
                now = unit.conversation(call)
        except Exception as fault:  # the outermost of it, as above
            event("queue_not_known", level=logging.WARNING, reason=type(fault).__name__)
            return False
        return now is not None and now.mode is Mode.BOT

    def resumed(self) -> Response:
        """Say again what is asked; also the fallback that Twilio calls when an answer of ours failed."""
        if self.is_missed_call():
            return self.rang()
        kind = Kind.FAULT if "ErrorCode" in request.form or "fault" in request.args else Kind.RESUME
        return self.speak(lambda form: inbound.call_resumed(form, kind, self.now()))

    def over(self) -> Response:
        """The transfer of a call that met a fault is over: back to where they were, if the fault is too."""
        language = self.fields("/voice/over").get("lang", "")
        reached = request.form.get("DialCallStatus") in REACHED
        why = say.BACK_WITH_US if reached else say.NOBODY_FREE
        return self.speak(
            lambda form: inbound.call_dialled(form, self.now()), lambda call: self.ask_person(call, language, why, 0)
        )

    def still(self) -> Response:
        """A caller whom the fault still keeps pressed a key for the office, or nothing."""
        fields = self.fields("/voice/still")
        language, silences = fields.get("lang", ""), int(fields.get("n", "0"))
        return self.speak(
            lambda form: inbound.call_resumed(form, Kind.FAULT, self.now()),
            lambda call: self.kept_waiting(call, language, silences),
        )

    def kept_waiting(self, call: str, language: str, silences: int) -> str:
        """What is heard while the fault goes on: a key is the office, three silences are the end."""
        if request.form.get("Digits"):
            return self.without_database(call)
        if silences + 1 >= SILENCES:
            return heard_nobody(self.plainline, language)
        return self.ask_person(call, language, say.NO_ANSWER_HEARD, silences + 1)

    def ask_person(self, call: str, language: str, why: Phrase, silences: int) -> str:
        """Offer the office again. Needs no database."""
        secret = self.settings.secret_key
        action = link("/voice/still", secret, call, lang=language, n=str(silences))
        resume = link("/voice/resume", secret, call, lang=language)
        return still_here(self.plainline, language, why, action, resume)

    def status(self) -> Response:
        """A call's status changed."""
        if request.form.get("CallStatus") in inbound.ENDED and not self.is_missed_call():
            self.handle(inbound.call_ended(request.form, self.now()))
            self.plainline.usage.keep(inbound.call_used(request.form, self.now()))
            self.plainline.spending.reached(self.now())
        return Response(status=204)

    def recorded(self) -> Response:
        """The provider has the file of a recording, or says that there is none. It spends no turn."""
        self.fields("/voice/recording")
        made, call = inbound.recording(request.form), request.form.get("CallSid", "")
        status = request.form.get("RecordingStatus", "")
        if made and status == "completed":
            self.plainline.recordings.came(made, call, self.now())
        elif made and status in ("failed", "absent"):
            self.plainline.recordings.failed(made, call, status, self.now())
        return Response(status=204)

    def sound(self) -> Response:
        """A caller's recording, to be played to that caller, as long as they are asked what is to become of it."""
        found = carried(SOUND, self.settings.secret_key, "", request.args)
        if found is None:
            abort(403)
        with self.plainline.storage.reading() as unit:
            now = unit.conversation(found["of"])
        if now is None or now.ended or found["id"] not in held(now):
            abort(404)
        sound = self.plainline.files.get(file_of(found["id"]))
        if sound is None:
            abort(404)
        return Response(sound, content_type="audio/x-wav", headers={"Cache-Control": "no-store"})

    def own(self, language: str, file: str) -> Response:
        """A sentence that the office has spoken itself. Everybody may hear it, as everybody may call."""
        there = self.plainline.own_voice.files.get((language, Path(file).stem))
        if there is None or there.name != file or not there.is_file():
            abort(404)
        return send_file(there.resolve(), mimetype=KINDS[there.suffix.lower()], max_age=OWN_AGE)

    def fields(self, path: str) -> dict[str, str]:
        """What our own link carries; 403 if it is not ours for this call."""
        call = request.form.get("CallSid", "")
        found = carried(path, self.settings.secret_key, call, request.args)
        if found is None:
            abort(403)
        return found

    def speak(self, read: Callable[[dict[str, str]], Inbound], instead: Callable[[str], str] | None = None) -> Response:
        """Answer a call. Our faults are spoken, never shown as an HTTP error; where `instead` is given, as it says."""
        form = request.form.to_dict()
        call = form.get("CallSid", "")
        if not call:
            abort(400)
        number = self.twilio.number if self.twilio else ""
        try:
            messages = self.known(read(form))
            self.keep_used(inbound.leg_used(form, call, self.plainline.catalog.town.country, self.now()))
        except Exception as fault:  # the outermost of a call: whatever went wrong, the caller hears what comes next
            return twiml.xml(self.after_fault(call, fault, instead or self.without_database))
        spoken = self.plainline.own_voice.put_in(messages)
        return twiml.xml(twiml.answer(spoken, call, self.settings.secret_key, number))

    def keep_used(self, used: Used | None) -> None:
        """Keep what was used, if anything."""
        keep_used(used, self.plainline.usage, self.plainline.spending, self.now())

    def known(self, said: Inbound) -> tuple[Message, ...]:
        """The answer to one message. Where a commit's outcome is unknown it is asked for again: what was saved is
        found, what was not is done. Unknown a second time it is a fault like others, or a caller would go in circles.
        """
        try:
            return self.handle(said)
        except CommitUnknown:
            event("commit_unknown", call=said.conversation)
            return self.handle(said)

    def handle(self, said: Inbound) -> tuple[Message, ...]:
        """One message through the assistant."""
        channel = self.plainline.channel(said.address.channel if said.address else said.medium.value)
        barred = said.address is not None and self.plainline.guard.barred(said.address.value) is not None
        said = replace(said, barred=barred)
        return self.plainline.assistant.handle(said, channel.capabilities)

    def after_fault(self, call: str, fault: Exception, instead: Callable[[str], str]) -> str:
        """Say that something went wrong and ask again. Without a database, or if that went wrong too: `instead`."""
        ids = {"call": call, "reason": type(fault).__name__}
        logging.getLogger("plainline").error("voice_fault", exc_info=fault, extra={"ids": ids})
        if isinstance(fault, StoreUnavailable) or request.path in ("/voice/resume", "/voice/over", "/voice/still"):
            return instead(call)
        language = request.args.get("lang", "")
        return twiml.redirect(link("/voice/resume", self.settings.secret_key, call, lang=language, fault="1"))

    def without_database(self, call: str) -> str:
        """Our fault, in the caller's language or in each, then the office's telephone."""
        language = request.args.get("lang", "")
        over = link("/voice/over", self.settings.secret_key, call, lang=language)
        return without_database(self.plainline, language, over)

    # --- SMS -------------------------------------------------------------------------------------------------

    def text(self) -> Response:
        """A text came. The answer is sent by the worker, so that a lost response loses nothing."""
        form = request.form.to_dict()
        if not form.get("MessageSid"):
            abort(400)
        said = inbound.text_came(form, self.settings.secret_key, self.now())
        if said.address is None or inbound.helped_by_provider(form) or not self.serves(said.address):
            event("text_not_answered", message=form["MessageSid"])
        else:
            self.plainline.outbox.reached(said.address)
            self.handle(said)
            self.plainline.outbox.answered(said.address)
        self.keep_used(inbound.text_in_used(form, self.settings.secret_key, self.now()))
        return twiml.xml(twiml.EMPTY)

    def serves(self, address: Address) -> bool:
        """Whether we have a number to answer from there: on WhatsApp it is one that is set by itself."""
        return address.channel != WHATSAPP or bool(self.twilio and self.twilio.whatsapp)

    def text_again(self) -> Response:
        """What Twilio asks when a text could not be brought to us however often it tried: keep it now, or say so."""
        if not request.form.get("MessageSid"):
            abort(400)
        try:
            return self.text()
        except Exception as fault:  # the outermost of a text: whatever went wrong, nobody waits for an answer in vain
            event("text_not_kept", level=logging.ERROR, reason=type(fault).__name__)
        stops = inbound.text_came(request.form.to_dict(), self.settings.secret_key, self.now()).kind is Kind.STOP
        return twiml.xml(twiml.EMPTY if stops else by_text(self.plainline))

    def receipt(self) -> Response:
        """A text's status changed."""
        form = request.form
        self.plainline.outbox.receipt(inbound.text_reported(form))
        self.keep_used(inbound.text_out_used(form, self.now()))
        return Response(status=204)
