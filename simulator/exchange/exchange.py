"""The exchange: Twilio's side of the telephone line and Telegram's of the chat, on this machine, for tests and
demonstrations.

with Exchange(voice_url=f"{base}/voice", auth_token="secret") as exchange:
    call = exchange.call("+14155550123")
    call.press("2")
    assert "transport" in call.last_heard
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

from simulator.exchange.bot_api import BotApi
from simulator.exchange.bot_chats import Chat
from simulator.exchange.bot_server import BotServer
from simulator.exchange.bot_spec import read_spec
from simulator.exchange.call import Call
from simulator.exchange.callbacks import Callback, Callbacks
from simulator.exchange.delivery import Attempt, Delivered, Webhooks
from simulator.exchange.leg import Leg
from simulator.exchange.media import Media, Sent, voice
from simulator.exchange.queues import Queues
from simulator.exchange.recordings import Recordings
from simulator.exchange.rest import Api, RestServer
from simulator.exchange.rest_calls import Calls
from simulator.exchange.rest_messages import Messages
from simulator.exchange.signing import Form
from simulator.exchange.texts import Text, Texts
from simulator.exchange.trouble import Line as TroubledLine
from simulator.exchange.verbs import Verb
from simulator.exchange.whatsapp import PREFIX, WhatsApp

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "the exchange's auth token"
NUMBER = "+14155550100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An entry of Twilio's debugger: an error code, the URL it was about, what happened, and the call or
    text."""

    code: int
    url: str
    what: str
    sid: str


class Exchange:
    """Plays Twilio for the application behind `voice_url` and `sms_url`; with a `bot_token` (digits, a colon, letters)
    also Telegram, for the bot that has this token.

    With `strict` (the default) TwiML that breaks the table raises `Refused` in the test; without it the exchange
    does what Twilio does: an entry in `debugger`, the fallback URL, or the sentence about an application error.
    `hosts` says where a public origin is really served: {"https://line.example": "http://127.0.0.1:5123"}.
    `whatsapp_number` is the one on WhatsApp, "" for none.
    Ids of calls, texts and updates count from `first`: where the application's database outlives the exchange, give
    one that was not used before, such as the time. `keep` is how many requests and calls are remembered for a look
    back, all by default: give a number where the exchange runs for long.
    """

    def __init__(
        self,
        *,
        voice_url: str = "",
        voice_fallback_url: str = "",
        status_url: str = "",
        sms_url: str = "",
        sms_fallback_url: str = "",
        auth_token: str = TOKEN,
        account_sid: str = ACCOUNT,
        number: str = NUMBER,
        bot_token: str = "",
        verified_numbers: frozenset[str] = frozenset(),
        hosts: Mapping[str, str] | None = None,
        strict: bool = True,
        advanced_opt_out: bool = True,
        api_port: int = 0,
        bot_port: int = 0,
        first: int = 1,
        keep: int | None = None,
        whatsapp_number: str = "",
    ) -> None:
        self.voice_url = voice_url
        self.voice_fallback_url = voice_fallback_url
        self.status_url = status_url
        self.sms_url = sms_url
        self.sms_fallback_url = sms_fallback_url
        self.account_sid = account_sid
        self.number = number
        self.own_numbers = verified_numbers | {number}
        self.strict = strict
        self.debugger: list[Notice] = []
        self.calls: list[Call] = []
        self.webhooks = Webhooks(auth_token, hosts or {}, keep)
        self.callbacks = Callbacks(self._deliver_callback)
        self.queues = Queues(self.new_sid, self.later)
        self.recordings = Recordings(account_sid, self.new_sid, self.now)
        self.media = Media(account_sid, self.new_sid)
        self.texts = Texts(self, advanced_opt_out=advanced_opt_out, whatsapp=WhatsApp(whatsapp_number))
        messages = Messages(self.texts, account_sid, self.own_numbers, number)
        api = Api(account_sid, auth_token, messages, Calls(self), self.recordings, self.media)
        self.rest = RestServer(api, api_port)
        self.bot = BotApi(bot_token, read_spec(), first) if bot_token else None
        self._bot_server = BotServer(self.bot, bot_port) if self.bot else None
        self._counter = itertools.count(first)
        self._keep = keep
        self._lock = threading.Lock()
        self._open = ExitStack()

    def __enter__(self) -> Exchange:
        self._open.enter_context(self.callbacks)
        self._open.enter_context(self.rest)
        if self._bot_server:
            self._open.enter_context(self._bot_server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def trouble(self) -> TroubledLine:
        """Faults on the way to the application."""
        return self.webhooks.trouble

    @property
    def rest_trouble(self) -> TroubledLine:
        """Faults that the application meets at the REST API."""
        return self.rest.trouble

    @property
    def api_url(self) -> str:
        """Where the REST API is served, such as http://127.0.0.1:40123."""
        return self.rest.url

    @property
    def bot_url(self) -> str:
        """Where the Bot API is served, for aiogram's `TelegramAPIServer.from_base`; "" without a bot token."""
        return self._bot_server.url if self._bot_server else ""

    @property
    def attempts(self) -> list[Attempt]:
        """Every request that was made to the application, in order."""
        return list(self.webhooks.attempts)

    def call(self, from_: str, to: str = "", **extra: str) -> Call:
        """A resident at `from_` (E.164, anonymous, sip: ...) dials `to`, our number unless given.

        `extra` are further parameters of the request, such as ForwardedFrom or StirVerstat.
        """
        leg = Leg(
            sid=self.new_sid("CA"),
            account=self.account_sid,
            from_=from_,
            to=to or self.number,
            url=self.voice_url,
            fallback_url=self.voice_fallback_url,
            status_url=self.status_url,
            extra=tuple(extra.items()),
        )
        return self.add_call(Call(self, leg)).ring()

    def sms(self, from_: str, to: str, body: str, *, media: Sequence[str] = (), **extra: str) -> Text:
        """A resident at `from_` texts `body` to `to` (empty: our number); `media` are URLs of pictures.

        `extra` are further parameters of the request, such as FromCountry. Returns when the application has
        answered and every status callback has been delivered.
        """
        text = self.texts.receive(from_, to or self.number, body, tuple(media), tuple(extra.items()))
        self.settle()
        return text

    def on_whatsapp(self, from_: str, body: str, *, media: Sequence[str] = (), **extra: str) -> Text:
        """A resident at `from_` (E.164) writes to our number on WhatsApp; all else as by sms()."""
        return self.sms(f"{PREFIX}{from_}", self.texts.whatsapp.address, body, media=media, **extra)

    def voice_message(self, from_: str, seconds: float) -> Sent:
        """A resident at `from_` (E.164) sends what they recorded on WhatsApp."""
        made = self.media.keep(voice(seconds), "audio/ogg")
        self.texts.receive(f"{PREFIX}{from_}", self.texts.whatsapp.address, "", (), (), spoken=made)
        self.settle()
        return made

    def chat(self, id: int, name: str, language_code: str = "") -> Chat:
        """A resident's private chat with our bot. `language_code` is their telephone's ("es-MX"), "" for none."""
        if self.bot is None:
            raise LookupError("this exchange has no bot: give it a bot_token")
        return self.bot.chat(id, name, language_code)

    def outbox(self, to: str) -> list[Text]:
        """What residents at `to` got on their telephone, first to last."""
        return self.texts.outbox(to)

    def add_call(self, call: Call) -> Call:
        """Remember a call, and forget the oldest of those that are over where there are too many."""
        with self._lock:
            self.calls.append(call)
            if self._keep is not None:
                over = [one for one in self.calls if one.over]
                gone = set(over[: max(0, len(self.calls) - self._keep)])
                self.calls = [one for one in self.calls if one not in gone]
        return call

    def placed(self, to: str) -> Call:
        """The last call that the application placed to `to`: answer() it, or leave it not_answered()."""
        self.settle()
        for call in reversed(self.calls):
            if call.leg.to == to and call.leg.direction == "outbound-api":
                return call
        raise LookupError(f"the application has placed no call to {to}")

    def place(self, leg: Leg, verbs: Sequence[Verb]) -> Call:
        """Place the call that the application asked for by REST."""
        call = self.add_call(Call(self, leg, verbs))
        self.later(call.placed)
        return call

    def new_sid(self, kind: str) -> str:
        """A fresh Sid: CA for calls, SM for texts, QU for queues, RE for recordings; unique in this exchange, and the
        same on every run."""
        with self._lock:
            return f"{kind}{next(self._counter):032x}"

    # --- what calls and texts need -----------------------------------------------------------------------

    def later(self, job: Callable[[], None]) -> None:
        """Run `job` soon, on the callbacks' thread."""
        self.callbacks.later(job)

    def deliver_text(self, url: str, form: Form, method: str) -> Delivered:
        """Ask the application about a text."""
        return self.webhooks.deliver(url, form, method=method)

    def deliver(self, url: str, form: Form, method: str) -> Delivered:
        """Ask the application about a call."""
        return self.webhooks.deliver(url, form, method=method, voice=True)

    def callback(self, url: str, form: Form) -> None:
        """Report a status, in its turn."""
        self.callbacks.send(Callback(url=url, form=form))

    def note(self, code: int, url: str, what: str, sid: str) -> None:
        """Write an entry into the debugger."""
        with self._lock:
            self.debugger.append(Notice(code=code, url=url, what=what, sid=sid))

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC).replace(microsecond=0)

    def settle(self) -> None:
        """Wait until every status callback that is not held has been delivered."""
        self.callbacks.settle()

    def _deliver_callback(self, callback: Callback) -> None:
        voice = "CallSid" in callback.said
        delivered = self.webhooks.deliver(callback.url, callback.form, voice=voice)
        if delivered.error:
            sid = callback.said.get("CallSid") or callback.said.get("MessageSid", "")
            self.note(delivered.error, callback.url, f"status callback: {delivered.last.status}", sid)
