"""What really is so: what each service's answer says, and what a call came to. Callers never see this; whoever counts
their calls does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.assistant import SMS
from app.caller import NUMBER, Caller, answered, looked_up
from core import phrases as say
from core.answers import CHOSEN
from core.asking import prompts, step_choices
from core.catalog import Catalog, Step
from core.commands import fold
from core.render import Capabilities, render
from core.sms import plain
from core.staff import Case
from core.types import Address, Answer, Conversation, Medium, Phone, Phrase, Place, Scene, Turn
from simulator.callers.tasks import ANSWER, DANGER, FIND, FOLLOW, PERSON, Task

WRITTEN = {"sms": SMS, "chat": Capabilities(medium=Medium.CHAT, limit=4096, can_push=True)}
"""What channels can do that are read."""

BLANK = "\ue000"
"""Stands where something is filled in: no language uses this character."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is heard about a service, in every language, in each of `PARTS`."""

    caller: Caller
    _known: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)

    def answer(self, language: str, service: str, part: str) -> tuple[str, ...]:
        """The sentences that tell it."""
        key = (language, service, part)
        if key not in self._known:
            *_, (_, turn) = self.caller.reach(language, self.caller.catalog.services[service])
            there = self.caller.choose(turn, part) if part else turn
            told = self.caller.parts(answered(there))
            self._known[key] = tuple(one.text for one in told)
        return self._known[key]

    def texted(self, language: str, service: str, part: str, channel: str) -> tuple[str, ...]:
        """The lines that tell it in a text message or in a chat: those before the question and the choices."""
        place = Place(scene=Scene.SERVICE, about=service, value=part)
        writes = WRITTEN[channel]
        address = Address(channel=channel, value=NUMBER)
        now = Conversation(id="texted", medium=writes.medium, address=address, language=language, place=(place,))
        catalog = self.caller.catalog
        turn = Turn(conversation=now, prompts=prompts(now, looked_up(catalog), catalog)[:-1])
        whole = "\n".join(message.text for message in render(turn, self.caller.words, language, writes))
        return tuple(line for line in whole.splitlines() if line.strip())

    def was_told(self, language: str, service: str, part: str, whole: str) -> bool:
        """Whether all of it was heard."""
        return all(one in whole for one in self.answer(language, service, part))

    def opened(self, language: str, heard: Iterable[str]) -> list[str]:
        """The services whose short answer was heard, in the catalogue's order."""
        whole = " ".join(heard)
        return [slug for slug in self.caller.catalog.services if self.was_told(language, slug, ANSWER, whole)]

    def was_texted(self, phrase: Phrase, language: str, whole: str, channel: str) -> bool:
        """Whether a sentence was sent by text or chat; as a text it may be written without accents."""
        said = self._said(phrase, language, WRITTEN[channel].medium.value)
        return any(re.search(re.escape(one).replace(BLANK, ".+"), whole) is not None for one in (said, plain(said)))

    def was_said(self, phrase: Phrase, language: str, heard: str) -> bool:
        """Whether a sentence was heard, whatever its blanks were filled with."""
        return re.search(re.escape(self._said(phrase, language, "voice")).replace(BLANK, ".+"), heard) is not None

    def _said(self, phrase: Phrase, language: str, context: str) -> str:
        blanks = dict.fromkeys(re.findall(r"\{(\w+)\}", phrase.id), BLANK)
        return self.caller.words.say(Phrase(id=phrase.id, params=blanks), language, context)

    def done(self, language: str, task: Task, heard: Iterable[str]) -> bool:
        """Whether these words, heard to their end, are what the task was for. A person who was asked for is no matter
        of words, but of where the call was put through to."""
        whole = " ".join(heard)
        if task.kind == FIND:
            return self.was_told(language, task.service, task.part, whole)
        if task.kind == DANGER:
            return self.was_said(say.EMERGENCY, language, whole)
        if task.kind == FOLLOW:
            told = (say.CASE_RECEIVED, say.CASE_IN_WORK, say.CASE_DONE)
            return any(self.was_said(one, language, whole) for one in told)
        if task.kind == PERSON:
            return False
        return self.was_said(say.OPENED, language, whole) and self._done_of(task.service, language) in whole

    def called_back(self, language: str, heard: Iterable[str]) -> bool:
        """Whether a call back was booked."""
        whole = " ".join(heard)
        booked = (say.CALL_BACK_AT, say.CALL_BACK_NOTED, say.GOODBYE_CALL_BACK)
        return any(self.was_said(one, language, whole) for one in booked)

    def meant(self, language: str, case: Case, answers: Sequence[tuple[str, str]]) -> bool:
        """Whether what was sent is what they meant. `answers` are what was heard, and the keys or words that were meant
        as the answer to it; the last answer to a question counts."""
        read_back = self._said(say.ALL_RIGHT, language, "voice")
        steps = self.caller.catalog.services[case.service].steps
        for step in steps:
            question = self._said(Phrase(id=step.ask), language, "voice")
            given = [meant for heard, meant in answers if question in heard and read_back not in heard]
            value = case.answers.get(step.name)
            if given and value is not None and not _is(self.caller.catalog, step, value, given[-1].rstrip("#")):
                return False
        return True

    def _done_of(self, service: str, language: str) -> str:
        done = self.caller.catalog.services[service].done
        return self.caller.words.say(Phrase(id=done), language, "voice") if done else ""


def _is(catalog: Catalog, step: Step, value: Answer, meant: str) -> bool:
    """Whether an answer that was kept is what these keys or words meant."""
    if step.kind in CHOSEN:
        keys = {choice.id: choice.key for choice in step_choices(step, catalog)}
        named = {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)
        return keys.get(named) == meant
    if isinstance(value, Phone):
        return len(meant) == 1 or value.e164.endswith(meant)  # their own number is a choice
    if isinstance(value, date):
        return value.strftime("%m%d%Y") == meant
    if isinstance(value, str) and value:
        return fold(value) == fold(meant)
    return len(meant) == 1 or str(value) == meant  # later, skipped, recorded: by one key
