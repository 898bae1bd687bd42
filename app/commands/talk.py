"""Hold a conversation in the terminal, as on the phone, by SMS or in a chat, and record it as a golden conversation."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from app import bootstrap
from app.assistant import Assistant, now
from app.channels import Channel
from app.settings import here
from app.terminal import shown, typed
from core import codes
from core.ports import Storage
from core.render import Message, Then
from core.types import WHATSAPP, Address, Inbound, Kind, Medium

HELP = "Talk to the line in the terminal, as on the phone, by text message, on WhatsApp or in a chat."

CALLER = "+14155550123"
KEYS = frozenset("0123456789*#")


def arguments(parser: argparse.ArgumentParser) -> None:
    """How to talk."""
    ways = [*map(str, Medium), WHATSAPP]
    parser.add_argument("--as", dest="medium", choices=ways, default="voice", help="default: voice")
    parser.add_argument("--lang", default="", help="language to begin in; without it the line asks")
    parser.add_argument("--from", dest="number", default=CALLER, help="the caller's number; withheld for none")
    parser.add_argument("--record", type=Path, help="write the conversation to this file")
    parser.add_argument("--at", type=datetime.fromisoformat, help="pretend it is this time (with its offset)")
    parser.add_argument("--database", default="", help="keep it in this database (default: a new one, thrown away)")


def run(args: argparse.Namespace) -> int:
    """Read a line of standard input at a time: keys or words; an empty line is silence, Ctrl-D hangs up."""
    with tempfile.TemporaryDirectory() as folder:
        url = args.database or f"sqlite:///{Path(folder) / 'talk.db'}"
        talk = start(url, way=args.medium, language=args.lang, number=args.number, at=args.at)
        lines = [header(args)] if args.record else []
        for line in talk.hold(typed()):
            print(shown(line), flush=True)
            lines.append(line)
    if args.record:
        args.record.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def header(args: argparse.Namespace) -> str:
    """The first line of a recorded conversation: how it was begun."""
    at = args.at.isoformat() if args.at else "-"
    return f"# talk --as {args.medium} --lang {args.lang or '-'} --from {args.number} --at {at}"


def start(url: str, *, way: str, language: str, number: str, at: datetime | None) -> Talk:
    """A conversation about to begin, on its own storage. `way` is a medium, or WhatsApp."""
    settings = here()
    bootstrap.upgrade(url)
    plainline = bootstrap.build(settings)
    storage = bootstrap.storage(url)
    channel = next(one for one in plainline.channels if _is_way(one, way))
    return Talk(
        plainline=plainline,
        storage=storage,
        channel=channel,
        language=language,
        address=_address(channel, number),
        at=at,
    )


def _is_way(channel: Channel, way: str) -> bool:
    """WhatsApp is a chat too, and goes by its own name alone."""
    if WHATSAPP in (way, channel.name):
        return way == channel.name
    return channel.capabilities.medium.value == way


def _address(channel: Channel, number: str) -> Address | None:
    """Where they are reached. In a chat that is an id of digits, and tells no telephone number, but on WhatsApp."""
    if not number.startswith("+"):
        return None
    chat = channel.capabilities.medium is Medium.CHAT and channel.name != WHATSAPP
    return Address(channel=channel.name, value=number.removeprefix("+") if chat else number)


class CountedNumbers:
    """References and codes one after the other, so that a recorded conversation can be held again."""

    def __init__(self) -> None:
        self._count = 0

    def reference(self) -> str:
        """The next reference."""
        self._count += 1
        return codes.reference(self._count)

    def code(self) -> str:
        """The next code."""
        self._count += 1
        return codes.code(self._count)


@dataclass(kw_only=True)
class Talk:
    """One conversation. `at` None is the real clock; else each turn takes twenty seconds."""

    plainline: bootstrap.Plainline
    storage: Storage
    channel: Channel
    language: str
    address: Address | None
    at: datetime | None = None
    numbers: CountedNumbers = field(default_factory=CountedNumbers)
    over: bool = False
    _turn: int = 0
    _count: int = field(default=0)

    @property
    def medium(self) -> Medium:
        """How words reach them."""
        return self.channel.capabilities.medium

    def hold(self, typed: Iterable[str]) -> Iterator[str]:
        """The conversation as lines: what the line says, and what was typed after "> "."""
        if self.medium is not Medium.SMS and self.channel.name != WHATSAPP:  # there they write first
            yield from self.say(self._inbound(Kind.START))
        for line in typed:
            yield f"> {line}"
            yield from self.say(self._read(line))
            if self.over:
                return
        if self.medium is Medium.VOICE:
            tuple(self.say(self._inbound(Kind.HANG_UP)))

    def say(self, said: Inbound) -> Iterator[str]:
        """What the line answers."""
        for message in self._assistant().handle(said, self.channel.capabilities):
            self._turn = message.turn
            yield from _shown(message)
            self.over = message.then is Then.HANG_UP

    def _assistant(self) -> Assistant:
        p = self.plainline
        return bootstrap.assistant(p.catalog, p.words, p.language, self.storage, self.numbers, sealer=p.sealing)

    def _read(self, line: str) -> Inbound:
        if self.medium is not Medium.VOICE:
            return self._inbound(Kind.TEXT, text=line)
        if line.startswith("dial "):
            return self._inbound(Kind.DIAL, text=line.removeprefix("dial "))
        if not line.strip("#"):
            return self._inbound(Kind.SILENCE)
        if set(line) <= KEYS:
            return self._inbound(Kind.KEYS, keys=line.rstrip("#"))
        return self._inbound(Kind.TEXT, text=line)

    def _inbound(self, kind: Kind, *, keys: str = "", text: str = "") -> Inbound:
        self._count += 1
        answers = self.medium is Medium.VOICE and kind in (Kind.KEYS, Kind.TEXT, Kind.SILENCE)
        return Inbound(
            conversation="talk",
            medium=self.medium,
            address=self.address,
            message_id=f"talk:{self._count}",
            kind=kind,
            keys=keys,
            text=text,
            turn=self._turn if answers else None,
            language_hint=self.language,
            at=self._now(),
        )

    def _now(self) -> datetime:
        return now() if self.at is None else self.at + timedelta(seconds=20 * self._count)


def _shown(message: Message) -> Iterator[str]:
    if message.parts:
        yield from (part.text for part in message.parts)
    else:
        yield message.text
    if message.then is Then.DIAL:
        yield f"[rings {message.dial}]"
    if message.then is Then.HANG_UP:
        yield "[the line hangs up]"
