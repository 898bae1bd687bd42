"""Twilio's forms into `Inbound`."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.metering import country
from core.delivery import LOST, Report
from core.handoffs import REACHED
from core.sms import segments
from core.types import WHATSAPP, Address, Inbound, Kind, Medium, Recording
from core.usage import Paid, Used
from ivr.lost import why_lost
from ivr.sending import WHATSAPP_PREFIX

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_MESSAGE = re.compile(r"[MS]M[0-9a-f]{32}")
_RECORDING = re.compile(r"RE[0-9a-f]{32}")
_STILL_KEYS = frozenset({"0", "*"})
"""Keys that mean something while it is recorded: a person, and one step back. Any other one only ends it."""

_KEYED = re.compile(r"[0-9*]|[0-9]{3}")
"""What the number of a choice, or of a service, may be."""

_FIGURE = re.compile(r"[0-9]{1,9}")
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad, as Twilio passes withheld numbers on."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LONGEST = 10_000
"""Characters of one message that are looked at."""

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""`CallStatus` of a call that is over."""

PROVIDER_STOPS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Whole messages that Twilio itself answers and obeys (Twilio docs: opt-out keywords)."""

PROVIDER_HELPS = frozenset({"help", "info"})


def caller(number: str, channel: str) -> Address | None:
    """Where the caller can be reached; None if the number is withheld, or no telephone number (`sip:`, a name)."""
    return Address(channel=channel, value=number) if _E164.fullmatch(number) and number not in _WITHHELD else None


def other_end(form: Mapping[str, str]) -> str:
    """The telephone number at the other end of a call: who calls us, or whom we call."""
    return form.get("To" if is_placed(form) else "From", "")


def is_placed(form: Mapping[str, str]) -> bool:
    """Whether it was we who placed the call (Twilio docs: Direction)."""
    return form.get("Direction", "").startswith("outbound")


def _country(number: str) -> str:
    """The two letters of a telephone number's country, "" where it is withheld or has none."""
    return "" if number in _WITHHELD else country(number)


def _figure(form: Mapping[str, str], name: str) -> int | None:
    """A figure that Twilio tells in plain digits, None where it tells none."""
    told = form.get(name, "")
    return int(told) if _FIGURE.fullmatch(told) else None


def waited(form: Mapping[str, str]) -> int:
    """Seconds that a caller has waited in a queue, 0 where that is not told in plain digits."""
    return _figure(form, "QueueTime") or 0


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, cut at `LONGEST` characters."""
    kept = _CONTROL.sub(" ", text[:LONGEST])
    return kept.encode("utf-8", "replace").decode("utf-8")


def call_began(form: Mapping[str, str], at: datetime) -> Inbound:
    """Someone calls."""
    return _call(form, Kind.START, f"start:{form['CallSid']}", at)


def call_answered(form: Mapping[str, str], turn: int, at: datetime) -> Inbound:
    """What a Gather or a Record brought: keys, words, a recording, or nothing. A key pressed wins over speech."""
    call, address = form["CallSid"], caller(other_end(form), "voice")
    keys, speech = form.get("Digits", ""), clean(form.get("SpeechResult", "")).strip()
    made = recording(form)
    ended = made is not None and keys not in _STILL_KEYS
    kind = Kind.RECORDING if ended else Kind.KEYS if keys else Kind.TEXT if speech else Kind.SILENCE
    return Inbound(
        conversation=call,
        medium=Medium.VOICE,
        address=address,
        message_id=f"turn:{call}:{turn}",
        kind=kind,
        keys=clean(keys) if kind is Kind.KEYS else "",
        text=speech if kind is Kind.TEXT else "",
        turn=turn,
        placed=is_placed(form),
        confidence=_confidence(form) if kind is Kind.TEXT else None,
        recording=made,
        at=at,
    )


def recording(form: Mapping[str, str]) -> Recording | None:
    """What was recorded. Only its Sid is believed: where it is fetched from is ours to say, not the form's."""
    id = form.get("RecordingSid", "")
    return Recording(id=id, seconds=_figure(form, "RecordingDuration") or 0) if _RECORDING.fullmatch(id) else None


def call_dialled(form: Mapping[str, str], at: datetime) -> Inbound:
    """The try to reach a person is over. It has a key of its own and spends no turn."""
    status = form.get("DialCallStatus", "failed")
    sid = form.get("DialCallSid", "")
    said = _call(form, Kind.DIAL, f"dial:{form['CallSid']}:{sid}:{status}", at)
    return replace(said, text=status)


def queue_left(form: Mapping[str, str], status: str, at: datetime) -> Inbound:
    """The wait for someone at the desk is over, as the end of a Dial with this status would be."""
    said = _call(form, Kind.DIAL, f"queue:{form['CallSid']}:{form.get('QueueSid', '')}:{status}", at)
    return replace(said, text=status)


def call_ended(form: Mapping[str, str], at: datetime) -> Inbound:
    """The call is over."""
    return _call(form, Kind.HANG_UP, f"ended:{form['CallSid']}", at)


def call_resumed(form: Mapping[str, str], kind: Kind, at: datetime) -> Inbound:
    """Say again what is asked now; `kind` FAULT says too that something went wrong on our side."""
    return _call(form, kind, f"resume:{form['CallSid']}", at)


def writer(value: str) -> Address | None:
    """Where somebody who writes can be reached, by SMS or on WhatsApp; None if that is no telephone number."""
    if value.startswith(WHATSAPP_PREFIX):
        return caller(value.removeprefix(WHATSAPP_PREFIX), WHATSAPP)
    return caller(value, "sms")


def text_came(form: Mapping[str, str], secret: str, at: datetime) -> Inbound:
    """A text message, or one on WhatsApp. The thread is both numbers, kept as a keyed hash so that ids hold no number.

    WhatsApp is a chat without buttons: what is chosen is written, as the number that stands before it.
    """
    text = clean(_written(form))
    spoken = _voice_message(form) if not text.strip() else None
    # Words for START that were set up at Twilio are known to it alone. "Yes" is one of them, and an answer too.
    if form.get("OptOutType") == "START" and text.strip().lower() != "yes":
        text = "START"
    return Inbound(
        conversation=thread(form.get("From", ""), form.get("To", ""), secret),
        medium=Medium.CHAT if _on_whatsapp(form) else Medium.SMS,
        address=writer(form.get("From", "")),
        message_id=form["MessageSid"],
        kind=Kind.RECORDING if spoken else _text_kind(form, text),
        text=text,
        recording=spoken,
        at=at,
    )


def helped_by_provider(form: Mapping[str, str]) -> bool:
    """Whether Twilio has answered a wish for help itself: its own words, or those set up there (`OptOutType`). Its own
    are for SMS alone."""
    own = not _on_whatsapp(form) and form.get("Body", "").strip().lower() in PROVIDER_HELPS
    return own or form.get("OptOutType") == "HELP"


def text_reported(form: Mapping[str, str]) -> Report:
    """What a callback tells of a text that we sent."""
    status, code = form.get("MessageStatus", ""), form.get("ErrorCode", "")
    return Report(
        provider_id=form.get("MessageSid", ""),
        status=status,
        to=writer(form.get("To", "")),
        code=code,
        why=why_lost(code) if status in LOST else None,
    )


def thread(number: str, ours: str, secret: str) -> str:
    """The id of the conversation between two numbers, as Twilio writes them: one by SMS and one on WhatsApp."""
    whole = f"{number}\x1f{ours}".encode("utf-8", "surrogatepass")
    kind = WHATSAPP if number.startswith(WHATSAPP_PREFIX) else "sms"
    return f"{kind}-" + hmac.new(secret.encode(), whole, hashlib.sha256).hexdigest()[:32]


def call_used(form: Mapping[str, str], at: datetime, *, ours: str = "") -> Used:
    """The length of a call that is over; one that was not answered has none. `ours` is the conversation that we placed
    the call for, "" for a call to us."""
    unanswered = None if form.get("CallStatus") == "completed" else 0
    told = _figure(form, "CallDuration")
    return Used(
        kind=Paid.CALL_OUT if ours else Paid.CALL_IN,
        provider_id=form.get("CallSid", ""),
        at=at,
        conversation=ours or form.get("CallSid", ""),
        country=_country(form.get("To" if ours else "From", "")),
        told=unanswered if told is None else told,
    )


def leg_used(form: Mapping[str, str], conversation: str, where: str, at: datetime) -> Used | None:
    """The leg that a Dial placed to a telephone in the country `where` (our offices' is the town's own); None if nobody
    answered there. A Dial into a queue names the call that waited in it, which is paid for by itself."""
    told, leg = _figure(form, "DialCallDuration"), form.get("DialCallSid", "")
    answered = told is not None or form.get("DialCallStatus") in REACHED
    if not answered or leg in ("", conversation):
        return None
    return Used(kind=Paid.CALL_OUT, provider_id=leg, at=at, conversation=conversation, country=where, told=told)


def detection_used(form: Mapping[str, str], conversation: str, where: str, at: datetime) -> Used:
    """That the provider listened in a call to the country `where` whether a machine took it: paid for by the call,
    beside its minutes (Twilio docs: answering machine detection). Heard of from when it is taken, and when it is told
    who took it: it is once the same."""
    call = form.get("CallSid", "")
    return Used(
        kind=Paid.DETECTION,
        provider_id=f"{call}:detection",
        at=at,
        conversation=conversation,
        country=where,
        told=1,
    )


def text_in_used(form: Mapping[str, str], secret: str, at: datetime) -> Used:
    """A text that came, by Twilio's count of segments and ours; on WhatsApp one message, however long."""
    sender, ours = form.get("From", ""), form.get("To", "")
    chat = _on_whatsapp(form)
    return Used(
        kind=Paid.WHATSAPP_IN if chat else Paid.TEXT_IN,
        provider_id=form["MessageSid"],
        at=at,
        conversation=thread(sender, ours, secret),
        country=_country(sender.removeprefix(WHATSAPP_PREFIX)),
        told=None if chat else _figure(form, "NumSegments") or None,
        reckoned=1 if chat else max(1, segments(form.get("Body", ""))),
    )


def text_out_used(form: Mapping[str, str], at: datetime) -> Used | None:
    """What a report tells of a text's segments; None if it tells nothing, or is of WhatsApp, where there are none.
    Twilio says 0 while it has not counted."""
    if form.get("To", "").startswith(WHATSAPP_PREFIX):
        return None
    told, message = _figure(form, "NumSegments"), form.get("MessageSid", "")
    return Used(kind=Paid.TEXT_OUT, provider_id=message, at=at, told=told) if told and message else None


def _on_whatsapp(form: Mapping[str, str]) -> bool:
    return form.get("From", "").startswith(WHATSAPP_PREFIX)


def _written(form: Mapping[str, str]) -> str:
    """What they wrote; of a line that was pressed its number, where its id is one, else its words (Twilio docs: quick
    reply, list picker)."""
    pressed = form.get("ButtonPayload") or form.get("ListId", "")
    if _KEYED.fullmatch(pressed):
        return pressed
    return form.get("Body") or form.get("ButtonText") or form.get("ListTitle", "")


def _voice_message(form: Mapping[str, str]) -> Recording | None:
    """What they recorded on WhatsApp, by the message that it is in: its address in the form is not believed."""
    sound = form.get("MediaContentType0", "").partition(";")[0].strip().lower() == "audio/ogg"
    id = form["MessageSid"]
    return Recording(id=id, seconds=0) if sound and _on_whatsapp(form) and _MESSAGE.fullmatch(id) else None


def _text_kind(form: Mapping[str, str], text: str) -> Kind:
    # Twilio obeys its own words by SMS alone; on WhatsApp those that were set up there, which it tells of.
    own = not _on_whatsapp(form) and text.strip().lower() in PROVIDER_STOPS
    if own or form.get("OptOutType") == "STOP":
        return Kind.STOP
    if text.strip():
        return Kind.TEXT
    if form.get("NumMedia", "0") != "0":
        return Kind.PICTURE
    return Kind.PLACE if form.get("Latitude") and form.get("Longitude") else Kind.TEXT


def _call(form: Mapping[str, str], kind: Kind, message_id: str, at: datetime) -> Inbound:
    return Inbound(
        conversation=form["CallSid"],
        medium=Medium.VOICE,
        address=caller(other_end(form), "voice"),
        message_id=message_id,
        kind=kind,
        placed=is_placed(form),
        at=at,
    )


def _confidence(form: Mapping[str, str]) -> float | None:
    try:
        value = float(form.get("Confidence", ""))
    except ValueError:
        return None
    return value if 0.0 <= value <= 1.0 else None
