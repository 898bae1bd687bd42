"""Secret numbers that somebody tries by the thousand: how many are looked at, whoever tries, on however many cases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from app.assistant import Assistant
from app.bootstrap import Plainline, assistant
from app.hashing import Sealing, SlowHash
from core import codes
from core import phrases as say
from core.mandates import MOST_WRONG, WRONG_IN_ALL
from core.ports import Answered, Sequencer
from core.render import Message
from core.types import Address, Conversation, Expect, Inbound, KeepPin, Kind, Medium, OpenCase, Place, Scene, Turn
from store.unit_of_work import SqlStorage
from tests.calls.line import OPEN
from tests.proof.conftest import Found
from tests.proof.imagined import SameNumbers
from tests.proof.record import share
from tests.store.opened import opened

pytestmark = pytest.mark.timeout(900)

PIN = "583962"
ON_ONE = share(2_000, 10_000)
"""Numbers that are tried on one case."""

MANY = share(500, 2_000)
"""Numbers that are tried on many cases."""

CASES = tuple(codes.reference(20_000_000 + n) for n in range(200))


@dataclass
class Counting:
    """Real sealing with a hash that costs next to nothing, and how often a number was compared."""

    sealing: Sealing = field(default_factory=lambda: Sealing(SlowHash(PasswordHasher(1, 8, 1)), "a secret"))
    compared: int = 0

    def seal(self, digits: str) -> str:
        return self.sealing.seal(digits)

    def fits(self, sealed: str, digits: str) -> bool:
        self.compared += 1
        return self.sealing.fits(sealed, digits)


@dataclass
class Guesser:
    """Callers who are asked for the secret number of a case, and what they key."""

    plainline: Plainline
    storage: SqlStorage
    sealer: Counting = field(default_factory=Counting)
    calls: int = 0
    sequencer: Sequencer = field(default_factory=SameNumbers)

    def __post_init__(self) -> None:
        of = self.plainline
        self.assistant: Assistant = assistant(
            of.catalog, of.words, of.language, self.storage, self.sequencer, sealer=self.sealer
        )
        sealed = self.sealer.seal(PIN)
        for n, reference in enumerate(CASES):
            case = OpenCase(reference=reference, service="senior_transport_card", answers={"age": 72})
            self._save(
                Conversation(id=f"of{n}", medium=Medium.VOICE, language="en"),
                case,
                KeepPin(reference=reference, sealed=sealed),
            )

    def _save(self, now: Conversation, *effects: OpenCase | KeepPin) -> None:
        answered = Answered(key="begun", content="", messages=(), at=OPEN)
        with self.storage.writing() as unit:
            unit.save(replace(now, version=0), Turn(conversation=now, effects=effects), answered, "")
            unit.commit()

    def tries(self, reference: str, digits: str, number: str = "", later: timedelta = timedelta()) -> str:
        """One call in which one number is keyed, and what is heard."""
        self.calls += 1
        return self.keys(self.asked(reference, number), digits, later)

    def asked(self, reference: str, number: str = "", call: str = "") -> Conversation:
        """A call that stands where the secret number is asked for."""
        at_home = Place(scene=Scene.HOME)
        now = Conversation(
            id=call or f"CA{self.calls}",
            medium=Medium.VOICE,
            address=Address(channel="voice", value=number) if number else None,
            language="en",
            place=(at_home, Place(scene=Scene.PIN, value=reference)),
            expect=Expect.DIGITS,
        )
        self._save(now)
        return now

    def keys(self, now: Conversation, digits: str, later: timedelta = timedelta()) -> str:
        said = Inbound(
            conversation=now.id,
            medium=Medium.VOICE,
            address=now.address,
            message_id="m",
            kind=Kind.KEYS,
            keys=digits,
            turn=0,
            at=OPEN + later,
        )
        voice = self.plainline.channel("voice").capabilities
        return heard(self.assistant.handle(said, voice))


def heard(messages: tuple[Message, ...]) -> str:
    return " ".join(message.text for message in messages)


@contextmanager
def guessing(wired: Plainline, url: str) -> Iterator[Guesser]:
    with opened(url) as storage:
        yield Guesser(wired, storage)


OPENS = "Senior transport card"


def test_of_numbers_tried_on_one_case_five_are_looked_at(wired: Plainline, sqlite_url: str, found: Found) -> None:
    with guessing(wired, sqlite_url) as guesser:
        right = int(PIN)
        for n in range(ON_ONE):
            digits = f"{right + 1 + n:06d}" if n < ON_ONE - 1 else PIN
            assert OPENS not in guesser.tries(CASES[0], digits, f"+1415{5_550_000 + n}")
        assert guesser.sealer.compared == MOST_WRONG
        closed = guesser.plainline.words.say(say.PIN_CLOSED, "en", "voice")
        assert closed in guesser.tries(CASES[0], PIN)
        assert OPENS in guesser.tries(CASES[0], PIN, later=timedelta(days=1, seconds=1))
    found("numbers tried", "on one case, from as many callers", tried=ON_ONE, held=ON_ONE, note="5 looked at")


def test_of_many_numbers_tried_by_one_caller_on_many_cases_five_are_looked_at(
    wired: Plainline, migrated_url: str, found: Found
) -> None:
    with guessing(wired, migrated_url) as guesser:
        for n in range(MANY):
            digits = PIN if n == MANY - 1 else f"{700_000 + n}"
            assert OPENS not in guesser.tries(CASES[n % len(CASES)], digits, "+14155550199")
        assert guesser.sealer.compared == MOST_WRONG
        assert OPENS in guesser.tries(CASES[-1], PIN, "+14155550123")
    found("numbers tried", "by one caller on 200 cases", tried=MANY, held=MANY, note="5 looked at")


def test_of_many_numbers_from_withheld_callers_on_many_cases_a_hundred_are_looked_at(
    wired: Plainline, migrated_url: str, found: Found
) -> None:
    with guessing(wired, migrated_url) as guesser:
        for n in range(MANY):
            assert OPENS not in guesser.tries(CASES[n % len(CASES)], f"{700_000 + n}")
        assert guesser.sealer.compared == WRONG_IN_ALL
        assert OPENS not in guesser.tries(CASES[7], PIN)
    found("numbers tried", "withheld, on 200 cases", tried=MANY, held=MANY, note="100 looked at")


def test_of_forty_numbers_at_once_no_more_than_five_are_told_to_be_wrong(
    wired: Plainline, migrated_url: str, found: Found
) -> None:
    with guessing(wired, migrated_url) as guesser:
        calls = [guesser.asked(CASES[0], call=f"CB{n}") for n in range(40)]
        with ThreadPoolExecutor(8) as together:
            answers = list(together.map(lambda now: guesser.keys(now, "700001"), calls))
        wrong = guesser.plainline.words.say(say.PIN_WRONG, "en", "voice")
        assert sum(wrong in answer for answer in answers) == MOST_WRONG
        assert OPENS not in guesser.tries(CASES[0], PIN)
    found("numbers tried", "40 at once on one case", tried=40, held=40, note="5 told to be wrong")


def test_a_real_hash_knows_the_right_number_and_refuses_the_others(wired: Plainline, sqlite_url: str) -> None:
    with opened(sqlite_url) as storage:
        sealer = Counting(Sealing(SlowHash(), "a secret"))
        guesser = Guesser(wired, storage, sealer)
        for digits in ("583961", "583963", "269385"):
            assert OPENS not in guesser.tries(CASES[0], digits)
        assert OPENS in guesser.tries(CASES[0], PIN)
        assert not Sealing(SlowHash(), "another secret").fits(sealer.seal(PIN), PIN)
