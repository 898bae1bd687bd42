"""What the console says that is chosen in code; what stands in a page stands in its template."""

from __future__ import annotations

from collections.abc import Mapping

from app.desk import OUTCOMES
from core.callbacks import State, Why
from core.delivery import Lost
from core.limits import Alarm, Refusal
from core.meanings import DANGER, NOT_OURS
from core.phrases import phrase
from core.reporting import Fact
from core.types import Act, CaseStatus, ConsentSource, Kind, Medium, Phrase, Rule, Times, WhyPerson

MEDIA: Mapping[Medium, Phrase] = {
    Medium.VOICE: phrase("Telephone call"),
    Medium.SMS: phrase("Text messages"),
    Medium.CHAT: phrase("Chat"),
}

ON_WHATSAPP = "WhatsApp"
"""A name, and the same in every language."""

WHY: Mapping[WhyPerson, Phrase] = {
    WhyPerson.ASKED: phrase("Asked for a person"),
    WhyPerson.DANGER: phrase("Danger: act first"),
    WhyPerson.INTERPRETER: phrase("Interpreter needed"),
    WhyPerson.STUCK: phrase("Could not get on with the machine"),
    WhyPerson.FAULT: phrase("Something failed on our side"),
    WhyPerson.NO_ANSWER: phrase("The office did not answer the call"),
    WhyPerson.NO_TEXT: phrase("Our text message did not arrive: call them"),
}

ENDS: Mapping[str, Phrase] = {
    **OUTCOMES,
    "handed_back": phrase("Given back to the machine"),
    "reached": phrase("They were put through to the office"),
}
"""How a request ended."""

DONE: Mapping[str, Phrase] = {
    "claim": phrase("You have this request now."),
    "reply": phrase("Your answer is on its way."),
    "note": phrase("Your note is kept."),
    "words": phrase("What you typed is kept with the recording."),
    "texts": phrase("It is noted what they want."),
    "label": phrase("Whom it is for is kept. Nothing was passed on."),
    "status": phrase("Kept. Whoever asks with the number of the case is told so from now on."),
    "mandate_ended": phrase("They can not act for the resident any more."),
    "correct": phrase("What was meant is kept. A person decides whether the machine learns it."),
    "call": phrase("Your telephone rings now. Take the call, and we connect you."),
    "transfer": phrase("The request was passed on."),
    "release": phrase("The request waits again. A colleague can take it."),
    "hand_back": phrase("The machine goes on with the conversation."),
    "close": phrase("The request is closed."),
    "password": phrase("Your password is changed. Your other sessions have ended. Sign in with the new one."),
    "signed_out": phrase("You are signed out."),
    "elsewhere": phrase("All your sessions have ended. Sign in again."),
}
"""What was just done, by the word for it in an address."""

DID: Mapping[Kind, Phrase] = {
    Kind.CLAIM: phrase("{name} took the request."),
    Kind.REPLY: phrase("{name} answered by text message."),
    Kind.RELEASE: phrase("{name} let the request go."),
    Kind.HAND_BACK: phrase("{name} gave the conversation back to the machine."),
    Kind.CLOSE: phrase("{name} closed the request."),
}
"""What staff did, where it stands in a conversation."""

RULES: Mapping[Rule, Phrase] = {
    Rule.COMMAND: phrase("These words are a command."),
    Rule.YES_NO: phrase("These words are a yes or a no."),
    Rule.NAME: phrase("These words are the name of the service."),
    Rule.DANGER: phrase("These words always tell of danger."),
}
"""The exact rules that decided."""

HAPPENED: Mapping[Kind, Phrase] = {
    Kind.START: phrase("Got in touch."),
    Kind.RESUME: phrase("Went on after a break of the line."),
    Kind.SILENCE: phrase("Said nothing."),
    Kind.RECORDING: phrase("Left a recording."),
    Kind.PICTURE: phrase("Sent a picture."),
    Kind.PLACE: phrase("Sent a place."),
    Kind.HANG_UP: phrase("Put the telephone down."),
    Kind.FAULT: phrase("An answer of ours did not arrive."),
    Kind.STOP: phrase("Wants no more messages."),
    Kind.DIAL: phrase("The call to the office is over."),
}
"""What the resident, or their line, did without words."""

PRESSED = phrase("Pressed {key}")
KEYS: Mapping[str, Phrase] = {
    "0": phrase("wants a person"),
    "9": phrase("wants to hear it again"),
    "*": phrase("goes one step back"),
    "7": phrase("wants to hear more choices"),
    "8": phrase("wants to give a number"),
}
"""The keys that mean the same wherever something is chosen."""

ACTS: Mapping[Act, Phrase] = {
    Act.ABOUT: phrase("what it is"),
    Act.WHO: phrase("who may have it"),
    Act.PAPERS: phrase("which papers to bring"),
    Act.COST: phrase("what it costs"),
    Act.TIME: phrase("how long it takes"),
    Act.WHERE: phrase("where to go"),
    Act.START: phrase("wants to begin it now"),
    Act.STATUS: phrase("how far it is"),
    Act.PERSON: phrase("wants to talk to somebody"),
    Act.GREET: phrase("a greeting"),
    Act.THANKS: phrase("thanks"),
    Act.YES: phrase("a yes"),
    Act.NO: phrase("a no"),
    Act.OTHER_LANGUAGE: phrase("another language"),
    Act.OUT_OF_SCOPE: phrase("nothing this office does"),
}
"""What the machine believed somebody wanted."""

STATUS: Mapping[CaseStatus, Phrase] = {
    CaseStatus.RECEIVED: phrase("received"),
    CaseStatus.IN_WORK: phrase("in work"),
    CaseStatus.DONE: phrase("done"),
}
"""How far a case is."""

NEWS_BY_CALL = phrase("They are called when you change this: {times}. No text message reaches them.")
NEWS_BY_TEXT = phrase("They get a message when you change this: {times}.")
NEWS_IN_VAIN = phrase("We called them with the news three times, and nobody answered.")
TIMES: Mapping[Times, Phrase] = {
    Times.DAY: phrase("at any time of the day"),
    Times.MORNING: phrase("in the morning"),
    Times.AFTERNOON: phrase("in the afternoon"),
    Times.EVENING: phrase("in the evening"),
}
"""When somebody wants to be told of their case."""

MEANINGS: Mapping[str, Phrase] = {
    NOT_OURS: phrase("None of our services"),
    DANGER: phrase("Somebody was in danger"),
}
"""What staff can say was meant, besides a service."""

PROMISES: Mapping[State, Phrase] = {
    State.KEPT: phrase("Kept"),
    State.LATE: phrase("Late"),
    State.BROKEN: phrase("Broken"),
    State.BOOKED: phrase("Still to be kept"),
}
"""How promised calls stand."""

WHY_SO: Mapping[Why, Phrase] = {
    Why.TALKED: phrase("They were reached"),
    Why.SETTLED: phrase("It was settled in another way"),
    Why.NOT_CALLED: phrase("Nobody called"),
    Why.NO_TIME: phrase("There was no time for another try"),
    Why.NO_ANSWER: phrase("They did not answer"),
    Why.ENGAGED: phrase("Their line was busy"),
    Why.NOT_ACCEPTED: phrase("Nobody pressed 1"),
    Why.MACHINE: phrase("An answering machine took the calls"),
    Why.FAX: phrase("A fax took the call"),
    Why.FAILED: phrase("The calls failed"),
}
"""Why promises ended so; of broken ones, what the last try came to."""

STILL_OWED = phrase("The call is still to be made")

FATES: Mapping[str, Phrase] = {
    "pending": phrase("on its way"),
    "sending": phrase("on its way"),
    "sent": phrase("sent"),
    "delivered": phrase("arrived"),
    "read": phrase("arrived"),
    "failed": phrase("NOT SENT: it failed. Call them instead."),
    "undelivered": phrase("NOT ARRIVED: their telephone did not take it. Call them instead."),
    "again": phrase("NOT ARRIVED yet. We send it again at {when}."),
    "unknown": phrase("NOT SURE: perhaps it arrived. Ask before you send it again."),
    "refused": phrase("NOT SENT: they said STOP. Call them instead."),
    "invited": phrase("NOT SENT yet: we asked them on WhatsApp to write to us. If it is urgent, call them."),
}
"""What became of a text, by the outbox's status."""

NOT_SENT: Mapping[str, Phrase] = {
    Refusal.UNREAL: phrase("NOT SENT: no telephone has this number."),
    Refusal.DEAR: phrase("NOT SENT: texts to this number are dear. Ask for another number."),
    Refusal.ABROAD: phrase("NOT SENT: we send no texts to this country. Ask for another number."),
    Refusal.CEILING: phrase("NOT SENT: today cost too much. Call them instead."),
    **dict.fromkeys(
        (Refusal.NUMBER, Refusal.BLOCK, Refusal.COUNTRY, Refusal.ALL),
        phrase("NOT SENT: too many texts went there in an hour. Call them instead."),
    ),
    "21408": phrase("NOT SENT: the provider sends no texts to this country. Call them instead."),
}
"""Why a text failed, by its code, where that tells staff what to do."""

ALARMS: Mapping[Alarm, Phrase] = {
    Alarm.CEILING: phrase("Today cost as much as a day may. Copies by text are not sent. Tell whoever runs this line."),
    Alarm.FLOOD: phrase("Too many texts went to one place, and some were not sent. Tell whoever runs this line."),
    Alarm.COUNTRY_CLOSED: phrase("The provider sends no texts to a country. Tell whoever runs this line."),
    Alarm.SECRET_NUMBERS: phrase(
        "Too many secret numbers were wrong, so none is looked at for now. Tell whoever runs this line."
    ),
}
"""What staff who see all departments read above the list."""

UNWELL = frozenset({"failed", "undelivered", "unknown", "refused", "again", "invited"})
"""Of these, the ones that staff must see."""

SILENT = phrase("SILENT: nobody speaks in it, as far as the machine can tell.")
NOT_DELETED = phrase("It could not be deleted at the telephone provider. Tell whoever runs this system.")
NO_SOUND: Mapping[str, Phrase] = {
    "wanted": phrase("It has not come yet from the telephone provider."),
    "lost": phrase("NOT HERE: it could not be fetched from the telephone provider. Call them instead."),
    "unwanted": phrase("The sound was kept as long as it may be, and is deleted."),
    "gone": phrase("The sound was kept as long as it may be, and is deleted."),
}
"""Why a recording can not be heard, by its status."""
LOST: Mapping[Lost, Phrase] = {
    Lost.OUT_OF_REACH: phrase("Why: the telephone is off or out of reach."),
    Lost.BUSY: phrase("Why: the network had trouble."),
    Lost.NO_TEXTS: phrase("Why: this number gets no text messages. It may be a landline."),
    Lost.NO_NUMBER: phrase("Why: there is no such number."),
    Lost.HELD_BACK: phrase("Why: a telephone company held it back."),
    Lost.STOPPED: phrase("Why: they said STOP."),
    Lost.COUNTRY: phrase("Why: we can not send to that country."),
    Lost.WINDOW: phrase("Why: on WhatsApp we may answer for a day only, and they wrote before that."),
    Lost.OTHER: phrase("Why: we do not know."),
}
"""Why a text did not arrive."""

CONSENTS: Mapping[tuple[bool, ConsentSource | None], Phrase] = {
    (False, ConsentSource.RESIDENT): phrase("They wrote STOP to us."),
    (False, ConsentSource.PROVIDER): phrase("They said STOP, and the telephone company told us."),
    (False, ConsentSource.STAFF): phrase("{name} was told: no more messages."),
    (False, None): phrase("They said STOP."),
    (True, ConsentSource.RESIDENT): phrase("They wrote START to us."),
    (True, ConsentSource.STAFF): phrase("{name} was told: messages again."),
    (True, None): phrase("They said START."),
}
"""What was noted of texts to somebody, and where we have it from."""

FACTS: Mapping[Fact, Phrase] = {
    Fact.ALONE: phrase("Finished alone"),
    Fact.PERSON: phrase("With a person"),
    Fact.CALL_BACK: phrase("Call back booked"),
    Fact.GAVE_UP: phrase("Gave up"),
    Fact.LOST: phrase("Lost"),
}
"""What came of contacts."""

REPORTED_BY: Mapping[str, Phrase] = {
    "all": phrase("All"),
    "service": phrase("By service"),
    "language": phrase("By language"),
    "channel": phrase("By channel"),
}
"""What a table of the report is by."""

REPORTED_NONE: Mapping[str, Phrase] = {
    "all": phrase("All"),
    "service": phrase("no service"),
    "language": phrase("no language chosen"),
}
"""The row of all, and of those that belong to none."""

READ_BACK = phrase("when it was read back:")
NOT_SHOWN = phrase("Not shown: {names}.")
SHARE = phrase("{share} % ({least} to {most})")

SIGNED_OUT = phrase("You are signed out. Sign in, then go on where you were. Your words are kept below.")
NOT_HERE = phrase("This page is not there, or it is not for your department. Go back to the list.")
EXPIRED = phrase("This page was open for too long. Go back, and do it again. Your words are kept below.")
NO_DATABASE = phrase("Our memory does not answer right now. Nothing was changed. Wait a moment, then try again.")
NOT_SURE = phrase("We do not know whether that was done. Look at the request before you do it again.")
NOT_ALLOWED = phrase("That does not go from here. Go back to the list.")
