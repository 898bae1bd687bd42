"""The checks of the dialogue's promises: the real one keeps them all, and each broken one is found by its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from core import phrases as say
from core.catalog import Catalog
from core.dialogue import advance
from core.exploring import WAYS, Edge, Exploration, Machine, explore, said_by
from core.promises import (
    CHECKS,
    Check,
    always_says_something,
    always_waits,
    answers_kept,
    asked_at_the_end,
    check,
    danger_first,
    danger_returns,
    few_choices,
    hangs_up_after_three_silences,
    help_leads_on,
    keys_do_something,
    nothing_unread,
    one_case,
    over_stays_over,
    person_is_not_talked_over,
    person_within_reach,
    recorded_with_consent,
    recordings_settled,
    says_what_is_not_ours,
    start_within_reach,
    stop_is_obeyed,
    told_after_pin,
    trouble_ends,
    who_speaks_is_asked,
    why_is_told,
    zero_is_a_person,
)
from core.types import (
    Act,
    Choice,
    Command,
    Conversation,
    DropRecording,
    Effect,
    Expect,
    HangUp,
    Inbound,
    KeepCode,
    Kind,
    Known,
    Medium,
    Mode,
    OpenCase,
    Place,
    Prompt,
    RecordConsent,
    RequestHandoff,
    Scene,
    SendText,
    Turn,
    Understanding,
)
from tests.proof.conftest import Found
from tests.unit.town import TOWN

pytestmark = pytest.mark.timeout(900)

Advance = Callable[[Conversation, Inbound, Understanding, Known, Catalog], Turn]

SMALL = replace(
    TOWN,
    services={
        "card": replace(TOWN.services["card"], steps=TOWN.services["card"].steps[-3:]),
        "lamp": replace(TOWN.services["lamp"], steps=(), report=False),
    },
)


@pytest.fixture(scope="module")
def real() -> Exploration:
    return explore(SMALL)


def test_the_real_dialogue_keeps_every_promise(real: Exploration, found: Found) -> None:
    assert [f"{one.promise}\n{one.call}" for one in check(real, most=1)] == []
    note = f"{len(real.edges):,} states, {sum(map(len, real.edges.values())):,} edges"
    found("check", "promises", tried=len(CHECKS), held=len(CHECKS), note=note)


# --- nothing is left untried ---------------------------------------------------------------------------------


def _edges(seen: Exploration) -> list[Edge]:
    return [edge for edges in seen.edges.values() for edge in edges]


def test_the_exploration_saw_every_scene_and_an_end(real: Exploration) -> None:
    tops = {edge.turn.conversation.place[-1].scene for edge in _edges(real)}
    assert tops == set(Scene) - {Scene.ZERO}  # 0 is no answer in this small town
    assert any(edge.turn.conversation.ended for edge in _edges(real))


def test_every_kind_of_thing_that_may_be_done_is_tried(real: Exploration) -> None:
    assert {edge.input.kind for edge in _edges(real)} == set(Kind)


def test_every_command_is_tried_on_every_medium(real: Exploration) -> None:
    tried = {(edge.was.medium, edge.input.meant.command) for edge in _edges(real) if edge.input.meant.command}
    assert tried == {(medium, command) for medium in Medium for command in Command}


ONE_VALUE = {
    "emergency": "the number of the town",
    "today": "days before and after it are tried",
    "engine": "for the audit",
    "conversation": "the name of the conversation",
    "message_id": "what comes twice is held back by the assistant",
    "turn": "what comes late is held back by the assistant",
    "at": "the hours and the age of what was begun are tried",
    "language_hint": "read for the first message alone, before there is a state",
    "barred": "read for the first message alone; from then on as if the number were withheld",
    "placed": "read for the first message alone; it only keeps the office's telephone from ringing unasked",
}
"""What every exploration leaves at one value, and why."""


def test_everything_that_may_be_known_is_tried_with_more_than_one_outcome(real: Exploration) -> None:
    _tried_in_several_ways(Known, [edge.known for edge in _edges(real)])


def test_everything_that_may_be_understood_is_tried_with_more_than_one_value(real: Exploration) -> None:
    _tried_in_several_ways(Understanding, [edge.input.meant for edge in _edges(real)])


def test_everything_that_a_message_holds_is_tried_with_more_than_one_value(real: Exploration) -> None:
    _tried_in_several_ways(Inbound, [said_by(edge.was, edge.input) for edge in _edges(real)])


def _tried_in_several_ways(kind: type, values: list[object]) -> None:
    for one in fields(kind):
        seen = {repr(getattr(value, one.name)) for value in values}
        assert (len(seen) > 1) is (one.name not in ONE_VALUE), f"{kind.__name__}.{one.name}: {seen}"


def test_of_a_language_only_the_words_differ(real: Exploration) -> None:
    """So one state stands for all languages: another one leads to the same turns."""
    edges = [e for e in _edges(real) if e.was.language == "en" and e.was.place[-1].scene is not Scene.LANGUAGE]
    assert len(edges) > 10_000
    for edge in edges[::7]:
        was = replace(edge.was, language="xx")
        turn = advance(was, said_by(was, edge.input), edge.input.meant, edge.known, SMALL)
        assert _without(turn, "xx") == _without(edge.turn, "en")


def _without(turn: Turn, language: str) -> Turn:
    """The turn with this language left out wherever it stands."""
    now, effects = turn.conversation, turn.effects
    now = replace(now, language="") if now.language == language else now
    told = tuple(_in_none(effect, language) for effect in effects)
    return replace(turn, conversation=now, effects=told)


def _in_none(effect: Effect, language: str) -> Effect:
    told = isinstance(effect, RequestHandoff | SendText | KeepCode) and effect.language == language
    return replace(effect, language="") if told else effect  # type: ignore[arg-type]  # those three have one


# --- broken dialogues ----------------------------------------------------------------------------------------


def _keys(said: Inbound) -> str:
    return said.keys or said.text


def swallowed_zero(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """0 does nothing in a category's menu."""
    turn = advance(was, said, meant, known, catalog)
    if was.place[-1].scene is Scene.CATEGORY and _keys(said) == "0":
        return replace(
            turn, conversation=was, effects=(), prompts=(Prompt(phrase=say.WHAT_ABOUT, expect=Expect.CHOICE),)
        )
    return turn


def loop_of_help(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The third miss only helps again."""
    turn = advance(was, said, meant, known, catalog)
    if was.misses == 2 and turn.effects and turn.reason in ("transfer", "call_back", "waiting"):
        return replace(turn, conversation=replace(was, misses=3), effects=())
    return turn


def dead_key(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The first menu names a key 2 that is not taken."""
    if was.place[-1].scene is Scene.HOME and _keys(said) == "2" and was.mode is Mode.BOT and not was.stopped:
        return advance(
            was, replace(said, keys="6" if said.keys else "", text="" if said.keys else "6"), meant, known, catalog
        )
    return advance(was, said, meant, known, catalog)


def early_goodbye(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The first silence ends the call."""
    turn = advance(was, said, meant, known, catalog)
    if said.kind is Kind.SILENCE and turn.conversation.silences == 1:
        return replace(turn, conversation=replace(turn.conversation, ended=True), effects=(HangUp(),))
    return turn


def lost_answers(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Asking for a person in a form throws its answers away."""
    turn = advance(was, said, meant, known, catalog)
    if turn.reason in ("transfer", "call_back") and was.form:
        return replace(turn, conversation=replace(turn.conversation, answers={}))
    return turn


def doubled_case(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """After a case the form is still there."""
    turn = advance(was, said, meant, known, catalog)
    if any(isinstance(effect, OpenCase) for effect in turn.effects):
        return replace(turn, conversation=replace(turn.conversation, form=was.form))
    return turn


def opened_unread(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The last answer opens the case without reading anything back."""
    turn = advance(was, said, meant, known, catalog)
    if turn.conversation.place[-1].scene is Scene.CONFIRM and was.place[-1].scene is Scene.STEP:
        return replace(turn, effects=(OpenCase(reference="1", service="card", answers={}),))
    return turn


def stop_ignored(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """STOP is not recorded while a person is waited for."""
    turn = advance(was, said, meant, known, catalog)
    if was.mode is Mode.WAITING and any(isinstance(effect, RecordConsent) for effect in turn.effects):
        return replace(turn, effects=())
    return turn


def danger_later(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Danger is not heard inside a form."""
    quiet = replace(meant, danger="") if was.place[-1].scene is Scene.STEP else meant
    return advance(was, said, quiet, known, catalog)


def danger_forgets(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """After the question about danger everyone is back at the first menu."""
    turn = advance(was, said, meant, known, catalog)
    if was.place[-1].scene is Scene.DANGER and turn.conversation.place[-1].scene is not Scene.DANGER:
        return replace(turn, conversation=replace(turn.conversation, place=(Place(scene=Scene.HOME),), offered=()))
    return turn


def dropped_call(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """After a talk with a person the line says goodbye by saying nothing more."""
    turn = advance(was, said, meant, known, catalog)
    if said.kind is Kind.DIAL and said.text == "completed":
        return replace(turn, prompts=turn.prompts[:1])
    return turn


def mute(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """A picture gets no answer."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, prompts=()) if said.kind is Kind.PICTURE else turn


def long_menu(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """A service offers eight choices."""
    turn = advance(was, said, meant, known, catalog)
    now = turn.conversation
    if now.place[-1].scene is not Scene.SERVICE or not turn.prompts:
        return turn
    many = tuple(Choice(key=f"{n}", id=f"c{n}", label=say.YES) for n in range(1, 9))
    return replace(turn, conversation=replace(now, offered=tuple(f"{c.key}={c.id}" for c in many)))


def talked_over(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Words for the person who is waited for go to the machine."""
    if was.mode is Mode.WAITING and was.medium is Medium.SMS and said.kind is Kind.TEXT and not meant.command:
        return advance(replace(was, mode=Mode.BOT), said, meant, known, catalog)
    return advance(was, said, meant, known, catalog)


def no_way_home(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """From the first menu on, one is always kept in the second: no way leads back."""
    turn = advance(was, said, meant, known, catalog)
    top = turn.conversation.place[-1].scene
    if was.place[-1].scene in (Scene.SERVICE, Scene.STEP, Scene.CONFIRM) and top in (
        Scene.HOME,
        Scene.LANGUAGE,
        Scene.CATEGORY,
    ):
        return replace(turn, conversation=replace(was, turn=was.turn + 1))
    return turn


def no_person_at_all(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Nothing ever asks for a person."""
    turn = advance(was, said, meant, known, catalog)
    if turn.conversation.mode is not Mode.BOT or turn.reason.startswith("call_back"):
        return replace(turn, conversation=replace(was, misses=0, silences=0), effects=())
    return replace(turn, effects=tuple(e for e in turn.effects if isinstance(e, RecordConsent)))


def held_words_lost(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Danger in an answer: the question is asked again, and what was said is gone."""
    quiet = replace(was, held="") if was.place[-1].scene is Scene.DANGER else was
    return advance(quiet, said, meant, known, catalog)


def one_way_room(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Who is asked for a number may call a person, but never comes back to the menus."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, conversation=was) if was.place[-1].scene is Scene.NUMBER else turn


def trap(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """A state without a person: whatever is done where a number is asked, it is asked again."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, conversation=was, effects=()) if was.place[-1].scene is Scene.NUMBER else turn


def writes_after_stop(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """STOP is noted, and the menus go on."""
    return replace(advance(replace(was, stopped=False), said, meant, known, catalog), forced=False)


def risen_call(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The late news of a transfer begins a call again that is over."""
    turn = advance(was, said, meant, known, catalog)
    if said.kind is Kind.DIAL:
        return replace(turn, conversation=replace(turn.conversation, ended=False))
    return turn


def danger_untold(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The emergency number is said, and nobody is told."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, effects=()) if meant.danger else turn


def grudge(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """A miss is held against whoever has long got on."""
    turn = advance(was, said, meant, known, catalog)
    worst = max(was.misses, turn.conversation.misses)
    return replace(turn, conversation=replace(turn.conversation, misses=worst))


def why_talked_over(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Who asks the person why is answered by the machine."""
    if meant.command is Command.WHY:
        return advance(replace(was, mode=Mode.BOT), said, meant, known, catalog)
    return advance(was, said, meant, known, catalog)


def why_loses_the_place(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Who asks why is back at the first menu."""
    turn = advance(was, said, meant, known, catalog)
    if meant.command is Command.WHY and was.mode is Mode.BOT:
        return replace(turn, conversation=replace(turn.conversation, place=(Place(scene=Scene.HOME),), offered=()))
    return turn


def why_untold(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Who asks why hears the question again, and no reason."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, prompts=turn.prompts[-1:]) if meant.command is Command.WHY else turn


def refusal_untold(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """The nearest is offered as if it were what was asked for."""
    turn = advance(was, said, meant, known, catalog)
    nearest = meant.act is Act.OUT_OF_SCOPE and turn.conversation.place[-1].scene is Scene.OFFER
    return replace(turn, prompts=turn.prompts[-1:]) if nearest else turn


def refusal_without_a_person(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """The nearest is offered, and no person."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, prompts=tuple(replace(one, open=False) for one in turn.prompts))


def recording_lost(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """What is recorded anew lies somewhere beside what was recorded first."""
    turn = advance(was, said, meant, known, catalog)
    return replace(turn, effects=tuple(one for one in turn.effects if not isinstance(one, DropRecording)))


def recording_deleted(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """What somebody has just spoken is deleted under their hands."""
    turn = advance(was, said, meant, known, catalog)
    top = turn.conversation.place[-1]
    gone = (DropRecording(id=top.value),) if top.scene is Scene.RECORDED else ()
    return replace(turn, effects=(*turn.effects, *gone))


def recorded_unasked(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Who wants a recording is recorded before they were told what that means."""
    turn = advance(was, said, meant, known, catalog)
    place = turn.conversation.place
    if place[-1].scene is not Scene.RECORD:
        return turn
    place = (*place[:-1], replace(place[-1], scene=Scene.RECORDING))
    return replace(turn, conversation=replace(turn.conversation, place=place, offered=(), expect=Expect.RECORDING))


def recorded_against_their_will(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """Who says no to it is recorded all the same."""
    no = was.place[-1].scene is Scene.RECORD and _keys(said) == "2"
    return advance(was, replace(said, keys="1") if no else said, meant, known, catalog)


def told_after_a_wrong_number(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """A wrong secret number opens the case too."""
    turn = advance(was, said, meant, known, catalog)
    if was.place[-1].scene is not Scene.PIN or turn.conversation.misses <= was.misses or said.kind is not Kind.KEYS:
        return turn
    place = Place(scene=Scene.DETAILS, value=was.place[-1].value)
    return replace(turn, conversation=replace(turn.conversation, place=(*was.place[:-1], place), misses=0))


def told_to_whoever_helps(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """Who says that they help may choose a secret number, and was given no code."""
    turn = advance(was, said, meant, known, catalog)
    top = turn.conversation.place[-1]
    if top.scene is not Scene.HELPER:
        return turn
    place = replace(top, scene=Scene.PIN_NEW, about="7")
    return replace(turn, conversation=replace(turn.conversation, place=(*turn.conversation.place[:-1], place)))


def told_with_the_status(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """With how far a case is it is told what it is about."""
    turn = advance(was, said, meant, known, catalog)
    told = (Prompt(phrase=say.CASE_IS),) if turn.conversation.place[-1].scene is Scene.CASE else ()
    return replace(turn, prompts=(*told, *turn.prompts))


def begun_is_read_at_once(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """Whoever calls from a telephone hears what was begun on it."""
    turn = advance(was, said, meant, known, catalog)
    asked = turn.conversation.place[-1].scene is Scene.WHO and was.place[-1].scene is Scene.UNFINISHED
    return advance(turn.conversation, said, meant, known, catalog) if asked else turn


def nobody_asks_who_speaks(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """The secret number is asked for at once."""
    turn = advance(was, said, meant, known, catalog)
    top = turn.conversation.place[-1]
    if top.scene is not Scene.WHO or not top.value:
        return turn
    place = (*turn.conversation.place[:-1], replace(top, scene=Scene.PIN))
    now = replace(turn.conversation, place=place, offered=(), expect=Expect.DIGITS)
    return replace(turn, conversation=now)


def asked_of_everybody(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Who is done is asked once more, though they were asked lately."""
    turn = advance(was, said, meant, known, catalog)
    over = any(prompt.phrase in (say.CALL_DONE, say.THREAD_DONE) for prompt in turn.prompts)
    if not over or was.place[-1].scene is Scene.RATE:
        return turn
    place = (*was.place, Place(scene=Scene.RATE, about="card"))
    return replace(turn, conversation=replace(turn.conversation, place=place))


def asked_until_they_answer(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    """Who says nothing to the question hears it once more."""
    turn = advance(was, said, meant, known, catalog)
    if was.place[-1].scene is not Scene.RATE or said.kind is not Kind.SILENCE:
        return turn
    return replace(turn, conversation=replace(turn.conversation, place=was.place))


BROKEN: list[tuple[Advance, Check]] = [
    (swallowed_zero, zero_is_a_person),
    (loop_of_help, help_leads_on),
    (grudge, trouble_ends),
    (dead_key, keys_do_something),
    (early_goodbye, hangs_up_after_three_silences),
    (risen_call, over_stays_over),
    (lost_answers, answers_kept),
    (doubled_case, one_case),
    (opened_unread, nothing_unread),
    (stop_ignored, stop_is_obeyed),
    (writes_after_stop, stop_is_obeyed),
    (danger_later, danger_first),
    (danger_untold, danger_first),
    (danger_forgets, danger_returns),
    (held_words_lost, danger_returns),
    (dropped_call, always_waits),
    (mute, always_says_something),
    (long_menu, few_choices),
    (talked_over, person_is_not_talked_over),
    (why_talked_over, person_is_not_talked_over),
    (why_loses_the_place, why_is_told),
    (why_untold, why_is_told),
    (refusal_untold, says_what_is_not_ours),
    (refusal_without_a_person, says_what_is_not_ours),
    (no_way_home, start_within_reach),
    (one_way_room, start_within_reach),
    (no_person_at_all, person_within_reach),
    (trap, person_within_reach),
    (recording_lost, recordings_settled),
    (recording_deleted, recordings_settled),
    (recorded_unasked, recorded_with_consent),
    (recorded_against_their_will, recorded_with_consent),
    (told_after_a_wrong_number, told_after_pin),
    (told_to_whoever_helps, told_after_pin),
    (told_with_the_status, told_after_pin),
    (begun_is_read_at_once, who_speaks_is_asked),
    (nobody_asks_who_speaks, who_speaks_is_asked),
    (asked_of_everybody, asked_at_the_end),
    (asked_until_they_answer, asked_at_the_end),
]


DEEP: dict[Advance, int] = {
    doubled_case: 6000,
    opened_unread: 3000,
    danger_forgets: 3000,
    held_words_lost: 3000,
    recording_lost: 3000,
    recording_deleted: 3000,
    told_after_a_wrong_number: 6000,
    told_to_whoever_helps: 3000,
    told_with_the_status: 3000,
    nobody_asks_who_speaks: 3000,
    swallowed_zero: 3000,
    loop_of_help: 3000,
    lost_answers: 3000,
    begun_is_read_at_once: 6000,
    asked_of_everybody: 3000,
    asked_until_they_answer: 3000,
}
"""What shows only near the end of a form or a message, and in how many states; the others show within a few hundred."""


Ways = tuple[tuple[Medium, str], ...]
CALLS_FIRST: tuple[tuple[int, Ways], ...] = ((150, WAYS[:1]), (1000, WAYS[:1]))
"""Most that is broken shows in calls too, and much of it soon: so many states are looked at before all ways are."""


@pytest.mark.parametrize(("broken", "meant"), BROKEN, ids=[one.__name__ for one, _ in BROKEN])
def test_a_broken_dialogue_is_rejected_by_the_check_meant_for_it(broken: Advance, meant: Check, found: Found) -> None:
    machine = Machine(advance=broken)
    looks = (*CALLS_FIRST, (DEEP.get(broken, 700), WAYS))
    seen = (explore(SMALL, machine, most, ways) for most, ways in looks)
    assert any("resident:" in one.call for some in seen for one in check(some, [meant], most=1))
    found("check", "broken dialogues rejected by their own check", tried=1, held=1)


@pytest.mark.parametrize(("most", "ways"), CALLS_FIRST)
def test_the_real_dialogue_is_not_rejected_for_being_looked_at_in_part(most: int, ways: Ways) -> None:
    assert check(explore(SMALL, most=most, ways=ways), most=1) == []


def test_every_check_has_a_dialogue_that_breaks_it() -> None:
    assert {meant for _, meant in BROKEN} == set(CHECKS)
