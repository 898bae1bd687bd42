"""What is promised of every state, each as one check over an exploration (docs/promises.md tells them in full)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from core import phrases as say
from core import recording
from core.asking import THAT_WAS_ALL
from core.catalog import MOST_CHOICES
from core.exploring import DANGER_WORDS, NOISE, Edge, Exploration, State, project
from core.render import Capabilities, Speaks, render
from core.types import (
    BY_STAFF,
    NEAREST,
    Act,
    Command,
    Conversation,
    DropRecording,
    Expect,
    HangUp,
    KeepRating,
    Kind,
    Medium,
    Mode,
    OpenCase,
    PinCheck,
    Place,
    Prompt,
    RecordConsent,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SendText,
    SettleHandoff,
    Turn,
)

WITHIN = 3
"""Inputs in which a person and the start must be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One promise that does not hold, with the call that shows it."""

    promise: str
    call: str


Check = Callable[[Exploration], Iterator[Broken]]


def check(seen: Exploration, checks: Iterable[Check] | None = None, most: int = 3) -> list[Broken]:
    """Every promise that is broken, with at most `most` calls for each."""
    found: list[Broken] = []
    for one in checks or CHECKS:
        for broken, _ in zip(one(seen), range(most), strict=False):
            found.append(broken)
    return found


def _all(seen: Exploration) -> Iterator[tuple[State, Edge]]:
    """Every edge of a conversation that is not over."""
    return ((state, edge) for state, edges in seen.edges.items() for edge in edges if not edge.was.ended)


def _where(seen: Exploration, promise: str, fails: Callable[[Edge], bool]) -> Iterator[Broken]:
    for state, edge in _all(seen):
        if fails(edge):
            yield Broken(promise=promise, call=seen.call(state, edge))


# --- reachable -----------------------------------------------------------------------------------------------


def person_within_reach(seen: Exploration) -> Iterator[Broken]:
    """From every state a person, or a call back that a person makes, is asked for within three inputs."""
    yield from _reach(seen, "a person within 3 inputs", _asks_person)


def start_within_reach(seen: Exploration) -> Iterator[Broken]:
    """From every state the start is reached within three inputs."""
    yield from _reach(seen, "the start within 3 inputs", _is_start)


def _reach(seen: Exploration, promise: str, arrives: Callable[[Edge], bool]) -> Iterator[Broken]:
    before: dict[State, set[State]] = {}
    near: dict[State, int] = {}
    for state, edge in _all(seen):
        then = project(_then(edge))
        before.setdefault(then, set()).add(state)
        if arrives(edge):
            near[state] = 1
    queue = deque(near)
    while queue:
        state = queue.popleft()
        for earlier in before.get(state, ()):
            if earlier not in near:
                near[earlier] = near[state] + 1
                queue.append(earlier)
    for state, edges in seen.edges.items():
        if edges and not edges[0].was.ended and near.get(state, WITHIN + 1) > WITHIN:
            yield Broken(promise=promise, call=seen.call(state))


def _then(edge: Edge) -> Conversation:
    return edge.turn.conversation


def _asks_person(edge: Edge) -> bool:
    asked = any(isinstance(e, RequestHandoff | SettleHandoff) for e in edge.turn.effects)
    return asked or edge.was.mode is not Mode.BOT


def _is_start(edge: Edge) -> bool:
    top = _then(edge).place[-1].scene
    return top is Scene.HOME or (top is Scene.LANGUAGE and not _then(edge).language)


# --- keys ----------------------------------------------------------------------------------------------------


def zero_is_a_person(seen: Exploration) -> Iterator[Broken]:
    """0 leads to a person in every state, or asks whether 0 is the answer (and a second 0 is a person)."""

    def fails(edge: Edge) -> bool:
        if edge.input.name not in ("press 0", "write 0") or edge.was.stopped:
            return False
        return not _asks_person(edge) and _then(edge).place[-1].scene is not Scene.ZERO

    yield from _where(seen, "0 is a person", fails)


def few_choices(seen: Exploration) -> Iterator[Broken]:
    """No state offers more than six choices (7 is "more")."""

    def fails(edge: Edge) -> bool:
        return sum(not offer.startswith("7=") for offer in _then(edge).offered) > MOST_CHOICES

    yield from _where(seen, "at most 6 choices", fails)


def keys_do_something(seen: Exploration) -> Iterator[Broken]:
    """A key that is offered is taken: never "that is not one of the choices"."""

    def fails(edge: Edge) -> bool:
        typed = edge.input.keys or edge.input.text
        offered = any(offer.startswith(f"{typed}=") for offer in edge.was.offered)
        if not offered or edge.was.mode is not Mode.BOT or edge.was.stopped:
            return False
        return _then(edge).misses > edge.was.misses or _same(edge)

    yield from _where(seen, "an offered key does something", fails)


def _same(edge: Edge) -> bool:
    """Nothing changed, nothing happened: except hearing the same part of an answer, or a recording, once more."""
    same = project(_then(edge)) == project(edge.was) and not edge.turn.effects
    return same and edge.was.place[-1].scene not in (Scene.SERVICE, Scene.RECORDED)


# --- speaking ------------------------------------------------------------------------------------------------


def always_says_something(seen: Exploration) -> Iterator[Broken]:
    """Every input but the end, and those after a STOP, is answered with words. On the phone staff are not heard."""
    quiet = (Kind.HANG_UP, Kind.STOP, Kind.RELEASE)

    def fails(edge: Edge) -> bool:
        unheard = edge.input.kind in quiet or _staff_of_a_call(edge)
        return not edge.turn.prompts and not unheard and not edge.was.stopped

    yield from _where(seen, "something is said", fails)


def always_waits(seen: Exploration) -> Iterator[Broken]:
    """On the phone every answer ends in a question, a transfer, or our goodbye: else the call would drop."""

    def fails(edge: Edge) -> bool:
        turn = edge.turn
        if edge.was.medium is not Medium.VOICE or edge.input.kind is Kind.HANG_UP or _staff_of_a_call(edge):
            return False
        ends = _then(edge).ended or _then(edge).mode is not Mode.BOT
        return not ends and (not turn.prompts or turn.prompts[-1].expect is Expect.NOTHING)

    yield from _where(seen, "the call goes on", fails)


def _staff_of_a_call(edge: Edge) -> bool:
    """What staff do while a call goes on changes nothing in it."""
    return edge.was.medium is Medium.VOICE and edge.input.kind in BY_STAFF


def hangs_up_after_three_silences(seen: Exploration) -> Iterator[Broken]:
    """We end a call only at the third silence in a row."""

    def fails(edge: Edge) -> bool:
        ends = _ended_by_us(edge.turn, edge)
        return ends and not (edge.input.kind is Kind.SILENCE and edge.was.silences == 2)

    yield from _where(seen, "only three silences end a call", fails)


def _ended_by_us(turn: Turn, edge: Edge) -> bool:
    hung_up = any(isinstance(effect, HangUp) for effect in turn.effects)
    return hung_up or (turn.conversation.ended and edge.input.kind is not Kind.HANG_UP)


def over_stays_over(seen: Exploration) -> Iterator[Broken]:
    """After the end of a call neither the late news of a transfer nor what staff do begins it again."""
    for state, edges in seen.edges.items():
        for edge in edges:
            if edge.was.ended and not _then(edge).ended:
                yield Broken(promise="what is over stays over", call=seen.call(state, edge))


def help_leads_on(seen: Exploration) -> Iterator[Broken]:
    """The third miss or silence in a row leads to a person, or to our goodbye with a call back or the hours."""

    def fails(edge: Edge) -> bool:
        now = _then(edge)
        return now.misses >= 3 or now.silences >= 3

    yield from _where(seen, "help does not go round in circles", fails)


def trouble_ends(seen: Exploration) -> Iterator[Broken]:
    """Whoever gets on after silence or a miss is not nearer to the third one. The first words may tell a language, and
    no more: that is a miss elsewhere."""

    def fails(edge: Edge) -> bool:
        now = _then(edge)
        on = now.place != edge.was.place and edge.turn.reason != "help"
        return on and bool(now.misses or now.silences)

    yield from _where(seen, "getting on ends the trouble", fails)


# --- nothing unread, nothing lost ----------------------------------------------------------------------------


def nothing_unread(seen: Exploration) -> Iterator[Broken]:
    """A case is opened, and a text sent, only by a yes to what was read back; what staff write is theirs."""

    def fails(edge: Edge) -> bool:
        if edge.input.kind is Kind.REPLY:
            return False
        acts = any(isinstance(effect, OpenCase | SendText) for effect in edge.turn.effects)
        return acts and edge.was.place[-1].scene not in (Scene.CONFIRM, Scene.REMIND)

    yield from _where(seen, "nothing is opened or sent unread", fails)


def one_case(seen: Exploration) -> Iterator[Broken]:
    """After a case is opened its form is gone: no second yes opens it twice."""

    def fails(edge: Edge) -> bool:
        opened = sum(isinstance(effect, OpenCase) for effect in edge.turn.effects)
        now = _then(edge)
        still = bool(now.form) or any(p.scene is Scene.CONFIRM for p in now.place)
        return opened > 1 or (opened == 1 and still)

    yield from _where(seen, "a case is opened once", fails)


def answers_kept(seen: Exploration) -> Iterator[Broken]:
    """An interruption in a form (a person, danger, help, a repeat, a wrong key, a fault) keeps its answers."""
    forms = (Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.DANGER, Scene.ZERO)

    def fails(edge: Edge) -> bool:
        interrupted = edge.turn.reason in ("danger", "help", "transfer", "call_back", "repeat")
        return edge.was.place[-1].scene in forms and interrupted and dict(edge.was.answers) != dict(_then(edge).answers)

    yield from _where(seen, "answers survive interruptions", fails)


def recordings_settled(seen: Exploration) -> Iterator[Broken]:
    """A recording stays in hand, is left for staff, or is deleted: none is forgotten, and none that is left or in hand
    is deleted. Also after the end of a call."""
    for state, edges in seen.edges.items():
        for edge in edges:
            came = {edge.input.recording.id} if edge.input.recording else set[str]()
            dropped = {effect.id for effect in edge.turn.effects if isinstance(effect, DropRecording)}
            stays = recording.held(_then(edge)) | recording.kept(edge.turn)
            if dropped & stays or (recording.held(edge.was) | came) - stays - dropped:
                yield Broken(promise="no recording is forgotten", call=seen.call(state, edge))


def recorded_with_consent(seen: Exploration) -> Iterator[Broken]:
    """Nobody is recorded who was not told of it and did not say yes; who says it again has said so before."""

    def fails(edge: Edge) -> bool:
        was, now = edge.was.place, _then(edge).place
        begins = now[-1].scene is Scene.RECORDING and all(place.scene is not Scene.RECORDING for place in was)
        if not begins:
            return False
        asked = was[-1].scene is Scene.RECORD and edge.input.keys not in ("2", "0", "*")
        return not asked and was[-1].scene is not Scene.RECORDED

    yield from _where(seen, "recorded with consent", fails)


def told_after_pin(seen: Exploration) -> Iterator[Broken]:
    """What a case says is told only in a call, and only after the right secret number was keyed in it: of the case, or
    of who helps, who chose it after the right first code."""

    def fails(edge: Edge) -> bool:
        was, now = edge.was.place, _then(edge).place
        in_it = any(place.scene is Scene.DETAILS for place in was)
        tells = any(prompt.phrase.id in (say.CASE_IS.id, say.CASE_WAS.id) for prompt in edge.turn.prompts)
        enters = any(place.scene is Scene.DETAILS and place not in was for place in now)
        if (tells and not in_it) or enters:
            return not _right_number(edge)
        return _helper_chooses(now) and not _helper_chooses(was) and not _first_code(edge)

    yield from _where(seen, "told after the right secret number", fails)


def _helper_chooses(places: tuple[Place, ...]) -> bool:
    return any(place.scene in (Scene.PIN_NEW, Scene.PIN_SURE) and place.about for place in places)


def _right_number(edge: Edge) -> bool:
    asked = edge.was.place[-1]
    whose = asked.scene in (Scene.PIN, Scene.HELPER) or (asked.scene is Scene.PIN_SURE and asked.about != "")
    keyed = edge.input.kind is Kind.KEYS and edge.was.medium is Medium.VOICE
    return whose and keyed and edge.known.pin is PinCheck.RIGHT


def _first_code(edge: Edge) -> bool:
    keyed = edge.input.kind is Kind.KEYS and edge.was.place[-1].scene is Scene.HELPER
    return keyed and edge.known.pin is PinCheck.FIRST


def who_speaks_is_asked(seen: Exploration) -> Iterator[Broken]:
    """Before a case is told, and before answers that were begun on this telephone are read from it, it is asked who
    speaks."""

    def fails(edge: Edge) -> bool:
        was, now = edge.was.place[-1], _then(edge)
        if now.place[-1].scene in (Scene.PIN, Scene.HELPER) and now.place[-1] not in edge.was.place:
            return was.scene is not Scene.WHO
        left = edge.known.unfinished
        reads = left is not None and bool(now.answers) and now.answers == left.answers and now.form == left.service
        return reads and not edge.was.answers and was.scene is not Scene.WHO

    yield from _where(seen, "it is asked who speaks", fails)


def asked_at_the_end(seen: Exploration) -> Iterator[Broken]:
    """Whether they got what they needed is asked only of who says that they are done and may be asked; only a yes or no
    to it counts, and whatever else comes is not asked it again. What repeats a question, tells
    why, or is done by staff leaves it."""

    def fails(edge: Edge) -> bool:
        was, now = edge.was.place[-1].scene is Scene.RATE, _then(edge).place
        rated = any(isinstance(effect, KeepRating) for effect in edge.turn.effects)
        if not was:
            asks = any(place.scene is Scene.RATE for place in now)
            return rated or (asks and (edge.known.asked or not _is_done(edge)))
        stays = edge.turn.reason in ("repeat", "help", "why") or edge.input.kind in BY_STAFF
        left = all(place.scene is not Scene.RATE for place in now)
        return not (left or stays or _then(edge).stopped) or rated != _answers_yes_or_no(edge)

    yield from _where(seen, "asked once, at the end", fails)


def _is_done(edge: Edge) -> bool:
    offered = (f"{key}={THAT_WAS_ALL}" in edge.was.offered for key in _said(edge))
    return THAT_WAS_ALL in _said(edge) or any(offered) or edge.input.meant.act in (Act.THANKS, Act.NO)


def _answers_yes_or_no(edge: Edge) -> bool:
    meant = edge.input.meant.act in (Act.YES, Act.NO) or not {"1", "2", "yes", "no"}.isdisjoint(_said(edge))
    return meant and edge.turn.reason in ("goodbye", "home")


def _said(edge: Edge) -> set[str]:
    """The key, the words, or the choice that was named by a button, in words or by a number in words."""
    one, reading = edge.input, edge.known.reading
    number = str(reading.value) if reading and isinstance(reading.value, int) else ""
    return {one.keys, one.text, one.pick.choice if one.pick else "", edge.known.choice, number} - {""}


# --- danger and STOP -----------------------------------------------------------------------------------------


def danger_first(seen: Exploration) -> Iterator[Broken]:
    """Words of danger in any state get the emergency number at once, and staff are told."""

    def fails(edge: Edge) -> bool:
        if edge.input.text != DANGER_WORDS:
            return False
        numbered = any(p.phrase.id == say.EMERGENCY.id for p in edge.turn.prompts[:1])
        told = any(isinstance(e, RequestHandoff | RelayToDesk) for e in edge.turn.effects)
        return not (numbered and told and edge.turn.forced)

    yield from _where(seen, "danger first", fails)


def danger_returns(seen: Exploration) -> Iterator[Broken]:
    """After the question about danger the resident is where they were, with what they said put back to them."""

    def fails(edge: Edge) -> bool:
        asked = edge.was.place[-1].scene is Scene.DANGER and edge.was.mode is Mode.BOT and not edge.was.stopped
        if not asked or edge.input.name not in ("press 2", "write 2", "press *", "write *"):
            return False
        beneath, now = edge.was.place[:-1], _then(edge)
        words_lost = now.place[-1].scene is Scene.STEP and now.expect is Expect.TEXT
        return now.place[: len(beneath)] != beneath or bool(now.held) or words_lost

    yield from _where(seen, "back from danger to where one was", fails)


def stop_is_obeyed(seen: Exploration) -> Iterator[Broken]:
    """STOP by text is recorded in every state; after it nothing is sent but danger, HELP, STOP and START."""

    def fails(edge: Edge) -> bool:
        if edge.was.medium is not Medium.SMS:
            return False
        if edge.input.meant.command is Command.STOP or edge.input.kind is Kind.STOP:
            recorded = [e for e in edge.turn.effects if isinstance(e, RecordConsent)]
            return not recorded or recorded[0].allowed
        return edge.was.stopped and bool(edge.turn.prompts) and not edge.turn.forced

    yield from _where(seen, "STOP is obeyed", fails)


def person_is_not_talked_over(seen: Exploration) -> Iterator[Broken]:
    """While a person has, or will have, the conversation in writing, words are passed on, not answered by us."""

    def fails(edge: Edge) -> bool:
        words = edge.input.text == NOISE or edge.input.meant.command is Command.WHY
        waiting = edge.was.mode is not Mode.BOT and edge.was.medium is not Medium.VOICE
        return words and waiting and not any(isinstance(e, RelayToDesk) for e in edge.turn.effects)

    yield from _where(seen, "words reach the person", fails)


def why_is_told(seen: Exploration) -> Iterator[Broken]:
    """Who asks why is told in a sentence, and is where they were: nothing is answered, left or caused by it."""

    def fails(edge: Edge) -> bool:
        was, now = edge.was, _then(edge)
        asks = edge.input.meant.command is Command.WHY and was.mode is Mode.BOT and not was.stopped
        if not asks or not was.language:
            return False
        stays = (now.place, now.offered, now.answers, now.held) == (was.place, was.offered, was.answers, was.held)
        return len(edge.turn.prompts) < 2 or bool(edge.turn.effects) or not stays

    yield from _where(seen, "why is told", fails)


def says_what_is_not_ours(seen: Exploration) -> Iterator[Broken]:
    """What comes nearest is offered only after it was said that we do not have what is wanted, and a person with it."""

    def fails(edge: Edge) -> bool:
        nearest = edge.input.meant.act is Act.OUT_OF_SCOPE and _then(edge).place[-1].about == NEAREST
        if not nearest or edge.turn.reason != Scene.OFFER.value:
            return False
        told, asked = edge.turn.prompts[0], edge.turn.prompts[-1]
        return told.phrase != say.NOT_OURS or not asked.open

    yield from _where(seen, "what we do not have is said first", fails)


# --- in words ------------------------------------------------------------------------------------------------


def badly_said(seen: Exploration, words: Speaks, languages: Iterable[str]) -> Iterator[Broken]:
    """Every prompt in every language, spoken and written: words, no gap left open, and the key of each choice."""
    spoken = list(product(languages, (Medium.VOICE, Medium.SMS, Medium.CHAT)))
    told: set[object] = set()
    for state, edge in _all(seen):
        for prompt in edge.turn.prompts:
            same = (prompt.phrase.id, tuple(c.label.id for c in prompt.choices), prompt.language, prompt.helped)
            if same in told:
                continue
            told.add(same)
            for language, medium in spoken:
                if wrong := said_badly(prompt, words, language, medium):
                    yield Broken(promise=f"{wrong} ({language}, {medium})", call=seen.call(state, edge))


def said_badly(prompt: Prompt, words: Speaks, language: str, medium: Medium) -> str:
    """What is wrong with a prompt in words, "" if nothing is."""
    now = Conversation(id="said", medium=medium, language=language)
    message = render(Turn(conversation=now, prompts=(prompt,)), words, language, Capabilities(medium=medium))[0]
    if not message.text.strip():
        return "a prompt without words"
    if "{" in message.text or "}" in message.text:
        return "a prompt with a gap left open"
    unsaid = [option.key for option in message.options if option.key not in message.text]
    return f"a prompt that does not say key {unsaid[0]}" if unsaid else ""


CHECKS: tuple[Check, ...] = (
    person_within_reach,
    start_within_reach,
    zero_is_a_person,
    few_choices,
    keys_do_something,
    always_says_something,
    always_waits,
    hangs_up_after_three_silences,
    over_stays_over,
    help_leads_on,
    trouble_ends,
    nothing_unread,
    one_case,
    answers_kept,
    recordings_settled,
    recorded_with_consent,
    told_after_pin,
    who_speaks_is_asked,
    asked_at_the_end,
    danger_first,
    danger_returns,
    stop_is_obeyed,
    person_is_not_talked_over,
    why_is_told,
    says_what_is_not_ours,
)
