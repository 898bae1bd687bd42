"""The channels of this folder. Frameworks are imported only when a channel is really used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.channels import Channel
from app.settings import Settings
from core.ports import Caller, Recorder, Sender
from core.render import Capabilities
from core.sms import LONGEST
from core.types import Medium
from ivr.voices import heard_languages

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def _routes(plainline: Plainline) -> Any:
    from ivr.routes import blueprint

    return blueprint(plainline)


def _sender(settings: Settings) -> Sender | None:
    from ivr.sending import TwilioSender

    return TwilioSender(settings) if settings.twilio else None


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
CHANNELS = (VOICE, SMS)
