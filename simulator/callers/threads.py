"""One thread of text messages, or one chat, from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core import phrases as say
from core.sms import plain
from core.types import Phrase
from simulator.callers.calling import ALONE, CLOSED_SHARE, GAVE_UP, LOST, WITH_PERSON, Outcome, Plan
from simulator.callers.line import CLOSED, OPEN, Line, Shipped
from simulator.callers.tasks import DANGER, FIND, PERSON
from simulator.callers.texting import Done, Writer, writers
from simulator.callers.truth import Truth

PERSON_COMES = (say.WAITING_TEXT, say.WAITING_CLOSED, say.PASSED_ON, say.DANGER_PERSON)

READING, WRITING, PRESSING = 20.0, 30.0, 5.0
"""Seconds for each text that is read, each that is written and each button (PROPOSAL): a thread has no clock of its
own."""

Does = Callable[[Done], Sequence[str]]
"""Do it on the line; the texts that come back."""


@dataclass(slots=True, kw_only=True)
class Thread:
    """A thread while it goes on. `told` are the texts that came, `lines` all of it for people."""

    writer: Writer
    plan: Plan
    truth: Truth
    told: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    sent: int = 0
    seconds: float = 0.0

    def lived(self, done: Done, does: Does) -> Outcome:
        """From what they do first, until they are content, out of patience, or told that a person answers."""
        while done:
            self.sent += 1
            self.seconds += PRESSING if done.key and not done.words else WRITING
            self.lines.append(f"writes: {done}")
            got = list(does(done))
            self.told += got
            self.seconds += READING * len(got)
            self.lines += [f"reads:  {' / '.join(text.splitlines())}" for text in got]
            done = self.writer.answer(got)
            if self.person_comes:
                break
        return self._outcome()

    @property
    def whole(self) -> str:
        """All that was read."""
        return "\n".join(self.told)

    @property
    def person_comes(self) -> bool:
        """Whether they were told that a person answers."""
        return any(self._said(one) for one in PERSON_COMES)

    def _outcome(self) -> Outcome:
        plan, outcome = self.plan, self._came_to()
        finished = outcome in (ALONE, WITH_PERSON)
        return Outcome(
            key=plan.key,
            language=plan.language,
            channel=plan.channel,
            persona=plan.persona,
            task=str(plan.task),
            outcome=outcome,
            presses=self.sent,
            seconds=self.seconds,
            to_answer=self.seconds if outcome == ALONE else 0.0,
            misunderstood=self.writer.misspelled,
            undone=self.writer.misspelled if finished else 0,
            wrong=self._wrong(),
            transcript="" if outcome == ALONE else "\n".join(self.lines),
        )

    def _came_to(self) -> str:
        task, comes = self.plan.task, self.person_comes
        if task.kind == PERSON and comes:
            return ALONE
        if task.kind == DANGER and (comes or self._said(say.EMERGENCY)):
            return ALONE
        if task.kind == FIND and self.writer.content and self._told(task.service, task.part):
            return ALONE
        if comes:
            return WITH_PERSON
        return LOST if self.writer.content else GAVE_UP

    def _said(self, one: Phrase) -> bool:
        """In whatever language: their telephone's may be another."""
        languages = self.truth.caller.catalog.town.languages
        return any(self.truth.was_texted(one, language, self.whole, self.plan.channel) for language in languages)

    def _told(self, service: str, part: str) -> bool:
        lines = self.truth.texted(self.plan.language, service, part, self.plan.channel)
        whole = plain(self.whole)
        return all(plain(line) in whole for line in lines)

    def _wrong(self) -> int:
        """How many other services' answers they got."""
        others = (one for one in self.truth.caller.catalog.services if one != self.plan.task.service)
        return sum(self._told(one, "") for one in others)


def begun(plan: Plan, truth: Truth) -> Thread:
    """Somebody who is about to write."""
    kind = writers(plan.channel)[plan.persona]
    writer = Writer(kind=kind, language=plan.language, luck=plan.luck, task=plan.task, buttons=plan.channel == "chat")
    return Thread(writer=writer, plan=plan, truth=truth)


def is_closed(plan: Plan) -> bool:
    """Whether they write while the offices are closed."""
    return plan.luck.happens(CLOSED_SHARE, "writes while it is closed")


def make_thread(line: Line, truth: Truth, plan: Plan) -> Outcome:
    """A thread of text messages, and what came of it."""
    design, number = line.design, f"+1415556{plan.number % 10_000:04}"
    assert isinstance(design, Shipped), "only ours takes texts"
    line.begin(CLOSED if is_closed(plan) else OPEN)

    def does(done: Done) -> Sequence[str]:
        before = len(_texts(line, number))
        line.exchange.sms(number, "", done.words or done.key)
        design.deliver()
        line.exchange.settle()
        return _texts(line, number)[before:]

    thread = begun(plan, truth)
    return thread.lived(thread.writer.begin(), does)


def _texts(line: Line, number: str) -> list[str]:
    return [text.body for text in line.exchange.outbox(number) if not text.by_exchange]
