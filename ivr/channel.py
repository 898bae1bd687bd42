"""The channels of this folder. Frameworks are imported only when a channel is really used."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.channels import Channel
from app.settings import Settings
from core.ports import Caller, Inviter, Recorder, Sender
from core.render import Capabilities
from core.sms import LONGEST
from core.types import WHATSAPP, Medium
from ivr.voices import heard_languages

if TYPE_CHECKING:
    from app.bootstrap import Plainline

WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""How long after a resident wrote on WhatsApp words of our own may go to them. Meta counts 24 hours from when it had
their message, which is before we have it (Twilio docs: WhatsApp, customer service window)."""


def _routes(plainline: Plainline) -> Any:
    from ivr.routes import blueprint

    return blueprint(plainline)


def _sender(settings: Settings) -> Sender | None:
    from ivr.sending import TwilioSender

    return TwilioSender(settings, settings.twilio.number) if settings.twilio else None


def _whatsapp_sender(settings: Settings) -> Sender | None:
    from ivr.sending import WHATSAPP_PREFIX, TwilioSender

    twilio = settings.twilio
    return TwilioSender(settings, twilio.whatsapp, WHATSAPP_PREFIX) if twilio and twilio.whatsapp else None


def _whatsapp_inviter(settings: Settings) -> Inviter | None:
    from ivr.sending import WhatsAppInviter

    return WhatsAppInviter(settings) if settings.twilio and settings.twilio.whatsapp_template else None


def _caller(settings: Settings) -> Caller | None:
    from ivr.calling import TwilioCaller

    return TwilioCaller(settings) if settings.twilio else None


def _recorder(settings: Settings) -> Recorder | None:
    from ivr.recorder import TwilioRecorder

    return TwilioRecorder(settings) if settings.twilio else None


def _fallback(plainline: Plainline) -> str:
    from ivr.fallback import static_answer

    return static_answer(plainline)


VOICE = Channel(
    name="voice",
    capabilities=Capabilities(medium=Medium.VOICE, speech=heard_languages()),
    blueprint=_routes,
    caller=_caller,
    recorder=_recorder,
    fallback=_fallback,
)
SMS = Channel(
    name="sms",
    capabilities=Capabilities(medium=Medium.SMS, limit=LONGEST, can_push=True),
    sender=_sender,
)
ON_WHATSAPP = Channel(
    name=WHATSAPP,
    capabilities=Capabilities(medium=Medium.CHAT, limit=LONGEST, can_push=True),
    sender=_whatsapp_sender,
    within=WINDOW,
    inviter=_whatsapp_inviter,
)
CHANNELS = (VOICE, SMS, ON_WHATSAPP)
