"""One thread of text messages from beginning to end."""

from __future__ import annotations

from core import phrases as say
from core.sms import plain
from core.types import Phrase
from simulator.callers.calling import ALONE, CLOSED_SHARE, GAVE_UP, LOST, WITH_PERSON, Outcome, Plan
from simulator.callers.line import CLOSED, OPEN, Line, Shipped
from simulator.callers.tasks import DANGER, FIND, PERSON
from simulator.callers.texting import Writer, texters
from simulator.callers.truth import Truth

PERSON_COMES = (say.WAITING_TEXT, say.WAITING_CLOSED, say.PASSED_ON, say.DANGER_PERSON)

READING, WRITING = 20.0, 30.0
"""Seconds for each text that is read and each that is written (PROPOSAL): a thread has no clock of its own."""


def make_thread(line: Line, truth: Truth, plan: Plan) -> Outcome:
    """Write until content or out of patience, and count what came of it."""
    assert isinstance(line.design, Shipped), "only ours takes texts"
    luck, number = plan.luck, f"+1415556{plan.number % 10_000:04}"
    line.begin(CLOSED if luck.happens(CLOSED_SHARE, "writes while it is closed") else OPEN)
    writer = Writer(texter=texters()[plan.persona], language=plan.language, luck=luck, task=plan.task)
    told, written, before, wrote = list[str](), list[str](), 0, writer.begin()
    while wrote:
        written.append(f"writes: {wrote}")
        line.exchange.sms(number, "", wrote)
        line.design.deliver()
        line.exchange.settle()
        got = [text.body for text in line.exchange.outbox(number) if not text.by_exchange]
        told += got[before:]
        written += [f"reads:  {' / '.join(text.splitlines())}" for text in got[before:]]
        fresh, before = got[before:], len(got)
        wrote = writer.answer(fresh)
    return _outcome(writer, plan, truth, told, written)


def _outcome(writer: Writer, plan: Plan, truth: Truth, told: list[str], written: list[str]) -> Outcome:
    whole = "\n".join(told)
    sent = sum(one.startswith("writes") for one in written)
    outcome = _came_to(writer, plan, truth, whole)
    seconds = WRITING * sent + READING * len(told)
    finished = outcome in (ALONE, WITH_PERSON)
    return Outcome(
        key=plan.key,
        language=plan.language,
        channel=plan.channel,
        persona=plan.persona,
        task=str(plan.task),
        outcome=outcome,
        presses=sent,
        seconds=seconds,
        to_answer=seconds if outcome == ALONE else 0.0,
        misunderstood=writer.misspelled,
        undone=writer.misspelled if finished else 0,
        wrong=_wrong(plan, truth, whole),
        transcript="" if outcome == ALONE else "\n".join(written),
    )


def _came_to(writer: Writer, plan: Plan, truth: Truth, whole: str) -> str:
    comes = any(_said(truth, one, plan.language, whole) for one in PERSON_COMES)
    if plan.task.kind == PERSON and comes:
        return ALONE
    if plan.task.kind == DANGER and (comes or _said(truth, say.EMERGENCY, plan.language, whole)):
        return ALONE
    if plan.task.kind == FIND and writer.content and _told(truth, plan, plan.task.service, plan.task.part, whole):
        return ALONE
    if comes:
        return WITH_PERSON
    return LOST if writer.content else GAVE_UP


def _said(truth: Truth, one: Phrase, language: str, whole: str) -> bool:
    return truth.was_texted(one, language, whole)


def _told(truth: Truth, plan: Plan, service: str, part: str, whole: str) -> bool:
    return all(plain(line) in whole for line in truth.texted(plan.language, service, part))


def _wrong(plan: Plan, truth: Truth, whole: str) -> int:
    """How many other services' answers they got."""
    others = (one for one in truth.caller.catalog.services if one != plan.task.service)
    return sum(_told(truth, plan, one, "", whole) for one in others)
