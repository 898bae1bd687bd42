"""What happened on one call, in order, on a clock of its own that nobody has to wait for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.exchange.speaking import seconds_of
from simulator.exchange.verbs import Pause, Play, Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Something the caller heard: words in a voice, or a recording (`text` is then its URL).

    `at` and `seconds` are seconds since the call was answered, and how long it went on; `cut` if the caller
    interrupted it.
    """

    text: str
    voice: str
    language: str
    at: float
    seconds: float
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the transcript."""

    at: float
    who: str
    what: str


class Journal:
    """The clock (`seconds` since the answer), everything heard, and the transcript."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.heard: list[Utterance] = []
        self._entries: list[Entry] = []
        self._heard_before = self._entries_before = 0

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds = round(self.seconds + seconds, 2)

    def write(self, who: str, what: str) -> None:
        """A line for the transcript, at this moment."""
        self._entries.append(Entry(at=self.seconds, who=who, what=what))

    def hear(self, verb: Say | Play | Pause) -> None:
        """The caller hears `verb` to its end."""
        length = seconds_of(verb)
        if not isinstance(verb, Pause):
            spoken = utterance(verb, self.seconds, length)
            self.heard.append(spoken)
            self._entries.append(Entry(at=self.seconds, who="line", what=described(spoken)))
        self.pass_time(length)

    def mark(self) -> None:
        """From here on the caller may interrupt."""
        self._heard_before, self._entries_before = len(self.heard), len(self._entries)

    def cut_short(self, at: float) -> None:
        """The caller interrupts at second `at`: what would have come later was never heard."""
        early, late = self.heard[: self._heard_before], self.heard[self._heard_before :]
        self.heard = early + [cut(spoken, at) for spoken in late if spoken.at < at]
        first, rest = self._entries[: self._entries_before], self._entries[self._entries_before :]
        self._entries = first + [entry for entry in rest if entry.at < at]
        self.seconds = at

    def transcript(self) -> str:
        """The call, a line for everything that was said or pressed, with minutes and seconds."""
        return "\n".join(
            f"{int(entry.at) // 60:02}:{int(entry.at) % 60:02}  {entry.who + ':':8}{entry.what}"
            for entry in self._entries
        )


def utterance(verb: Say | Play, at: float, seconds: float) -> Utterance:
    """What `verb` sounds like from second `at`."""
    if isinstance(verb, Say):
        return Utterance(text=verb.text, voice=verb.voice, language=verb.language, at=at, seconds=seconds)
    return Utterance(text=verb.url or verb.digits, voice="", language="", at=at, seconds=seconds)


def described(spoken: Utterance) -> str:
    """An utterance for the transcript."""
    return f"[{spoken.language}] {spoken.text}" if spoken.voice else f"(plays {spoken.text})"


def cut(spoken: Utterance, at: float) -> Utterance:
    """`spoken` as far as it was heard by second `at`."""
    if spoken.at + spoken.seconds <= at:
        return spoken
    return replace(spoken, seconds=round(at - spoken.at, 2), cut=True)
