"""What words mean: exact rules first, in this process and whatever the engine; then the engine, within its time.

Nobody waits for an engine: one that is slow, fails or talks nonsense has believed nothing, and the dialogue offers
keys, numbers and a person as it does for any words it does not understand.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore, Thread

from app.log import event
from core.commands import Spotter, fold
from core.ports import Recognizer
from core.types import NO_ENGINE, RULE_ENGINE, Act, Alternative, Counted, Evidence, Rule, Understanding

BUDGET = 1.0
"""Seconds that an engine has. The embedded one takes milliseconds; a caller hears nothing meanwhile."""

AT_ONCE = 32
"""Texts that an engine may be busy with; beyond, it is taken to hang. Several times the turns that run side by side."""

READ = 1000
"""Characters of a text in which the words that counted are looked for as they were written: engines read no more."""

_EDGES = re.compile(r"^\W+|\W+$")


def understand(
    text: str, language: str, spotter: Spotter, recognizer: Recognizer, *, answer: bool = False
) -> Understanding:
    """Commands, yes and no, and danger by rule; service and act by the engine.

    An engine may add danger, never take it away; in an `answer` it may not add it either.
    """
    corrected = spotter.correction(text)
    danger = spotter.danger(text) or spotter.danger(corrected)
    command, yes_no = spotter.command(text) or spotter.command(corrected), spotter.yes_no(text)
    alarmed = (Rule.DANGER,) if danger else ()
    ruled = Understanding(danger=danger, language=language, engine=RULE_ENGINE)
    if command:
        return replace(ruled, command=command, because=Evidence(rules=(*alarmed, Rule.COMMAND)))
    if yes_no is not None:
        act = Act.YES if yes_no else Act.NO
        return replace(ruled, act=act, act_confidence=1.0, because=Evidence(rules=(*alarmed, Rule.YES_NO)))
    believed = recognizer.parse(corrected or text, language)
    because = replace(
        believed.because,
        rules=(*alarmed, *believed.because.rules),
        words=_as_said(believed.because.words, text),
    )
    found = danger or ("" if answer else believed.danger)
    return replace(believed, danger=found, corrected=corrected, because=because)


def _as_said(counted: tuple[Counted, ...], text: str) -> tuple[Counted, ...]:
    """The words as they were written: engines compare them folded, without accents and apostrophes."""
    if not counted:
        return ()
    written: dict[str, str] = {}
    for word in text[:READ].split():
        for part in fold(word).split():
            written.setdefault(part, _EDGES.sub("", word))
    shares: dict[str, float] = {}
    for one in counted:
        said = written.get(one.words, one.words)
        shares[said] = shares.get(said, 0.0) + one.share
    return tuple(Counted(words=said, share=share) for said, share in shares.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """An engine that answers in time, never raises, and names only what the town has: `core.ports.Recognizer`."""

    engine: Recognizer
    services: Collection[str]
    languages: Collection[str]
    budget: float = BUDGET
    _room: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def parse(self, text: str, language: str) -> Understanding:
        """What the engine believes as far as it makes sense; nothing if it is late or fails."""
        if not self._room.acquire(blocking=False):
            return _nothing(language, "busy")
        answer = Future[Understanding]()
        # A thread of its own, which nothing waits for at the end: one of a pool would be held by an engine that hangs.
        Thread(target=self._ask, args=(answer, text, language), name="engine", daemon=True).start()
        try:
            return self._sound(answer.result(self.budget), language)
        except Exception as fault:  # whatever an engine does, it is no reason to leave someone without an answer
            return _nothing(language, type(fault).__name__)

    def _ask(self, answer: Future[Understanding], text: str, language: str) -> None:
        try:
            answer.set_result(self.engine.parse(text, language))
        except BaseException as fault:
            answer.set_exception(fault)
        finally:
            self._room.release()

    def _sound(self, believed: Understanding, language: str) -> Understanding:
        """The same without services that there are not, and without certainty that is no number."""
        if not isinstance(believed, Understanding):
            raise TypeError(type(believed).__name__)
        known = believed.service in self.services and _is_number(believed.confidence)
        meant = replace(
            believed,
            act=Act(believed.act) if believed.act else None,
            act_confidence=believed.act_confidence if _is_number(believed.act_confidence) else 0.0,
            service=believed.service if known else "",
            confidence=believed.confidence if known else 0.0,
            alternatives=tuple(one for one in believed.alternatives if self._is_sound(one)),
            considered=tuple(one for one in believed.considered if self._is_sound(one)),
            also=tuple(slug for slug in believed.also if known and slug in self.services),
            denied=believed.denied if believed.denied in self.services else "",
            corrected="",
            command=None,
            language=believed.language if believed.language in self.languages else language,
            foreign="" if believed.foreign in self.languages else believed.foreign,
        )
        because = self._sound_evidence(meant.because)
        words = (one.words for one in because.words)
        if not all(isinstance(text, str) for text in (meant.danger, meant.engine, meant.foreign, because.like, *words)):
            raise TypeError("words that are none")
        return replace(meant, because=because)

    def _sound_evidence(self, because: Evidence) -> Evidence:
        words = tuple(one for one in because.words if _is_number(one.share))
        return replace(because, words=words, found=tuple(one for one in because.found if one.service in self.services))

    def _is_sound(self, one: Alternative) -> bool:
        return one.service in self.services and _is_number(one.confidence)


def _is_number(value: float) -> bool:
    return math.isfinite(value)


def _nothing(language: str, reason: str) -> Understanding:
    event("engine_gave_no_answer", level=logging.WARNING, reason=reason)
    return Understanding(engine=NO_ENGINE, language=language)
