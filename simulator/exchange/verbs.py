"""What a TwiML document says, as typed values: one class a verb, with Twilio's defaults filled in.

Seconds are whole seconds as Twilio takes them. A URL is kept as written (relative or absolute, with its
fragment).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak `text`. `rate` is the slowest speed that its prosody asks for (1.0 = normal); `breaks` its
    pauses."""

    text: str
    voice: str = "man"
    language: str = "en-US"
    loop: int = 1
    rate: float = 1.0
    breaks: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Play the recording at `url`, or send the tones `digits`."""

    url: str = ""
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Be silent for `length` seconds."""

    length: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """Collect keys, words or whichever comes first, while `prompts` are spoken."""

    action: str
    method: str = "POST"
    input: frozenset[str] = frozenset({"dtmf"})
    timeout: int = 5
    speech_timeout: float = 5.0
    num_digits: int | None = None
    finish_on_key: str = "#"
    language: str = "en-US"
    hints: tuple[str, ...] = ()
    action_on_empty_result: bool = False
    prompts: tuple[Say | Play | Pause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Record the caller, `max_length` seconds at most and until `timeout` seconds of silence, after a tone. `action` is
    asked what comes afterwards; `status_url` is told of the file ("": nobody), of the events that are wanted."""

    action: str
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = "1234567890*#"
    max_length: int = 3600
    play_beep: bool = True
    status_url: str = ""
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What `number` hears when it answers, before it is connected ("": nothing), and where is told whether a person or
    a machine did ("": it is not looked for)."""

    number: str
    url: str = ""
    method: str = "POST"
    answered_by_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Ring `numbers` at once and connect the first that answers, or the first that waits in `queue`; `action` is
    asked what comes afterwards."""

    numbers: tuple[str, ...] = ()
    queue: str = ""
    screens: tuple[Screen, ...] = ()
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str | None = None
    answer_on_bridge: bool = False

    @property
    def whom(self) -> str:
        """Who is dialled, for people."""
        return ", ".join(self.numbers) or f"the queue {self.queue}"

    def screen(self, number: str) -> Screen | None:
        """What `number` hears before it is connected, and who is told by whom it was answered, if anything."""
        return next((screen for screen in self.screens if screen.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """Wait in the queue `name`. `wait_url` is asked what is heard meanwhile ("": silence, None: Twilio's music), and
    `action` what comes afterwards."""

    name: str
    action: str | None = None
    method: str = "POST"
    wait_url: str | None = None
    wait_method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Leave the queue and go on after the Enqueue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Go on with the document at `url`."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Do not take the call: it is not answered and not billed."""

    reason: str = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Send a text in reply to one: to `to`, or to whoever wrote."""

    body: str
    to: str | None = None
    media: tuple[str, ...] = ()


Verb = Say | Play | Pause | Gather | Record | Dial | Enqueue | Leave | Redirect | Hangup | Reject | Message
