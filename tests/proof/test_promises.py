"""The checks of the dialogue's promises: the real one keeps them all, and each broken one is found by its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core import phrases as say
from core.catalog import Catalog
from core.dialogue import advance
from core.exploring import Exploration, Machine, explore
from core.promises import CHECKS, check
from core.types import (
    Choice,
    Conversation,
    Expect,
    HangUp,
    Inbound,
    Kind,
    Known,
    Medium,
    Mode,
    OpenCase,
    Place,
    Prompt,
    RecordConsent,
    Scene,
    Turn,
    Understanding,
)
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


def test_the_real_dialogue_keeps_every_promise(real: Exploration) -> None:
    assert [f"{one.promise}\n{one.call}" for one in check(real, most=1)] == []


def test_the_exploration_saw_every_scene_and_an_end(real: Exploration) -> None:
    tops = {edge.turn.conversation.place[-1].scene for edges in real.edges.values() for edge in edges}
    assert tops == set(Scene) - {Scene.ZERO, Scene.CHECK}
    assert any(edge.turn.conversation.ended for edges in real.edges.values() for edge in edges)


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


BROKEN: list[tuple[Advance, str]] = [
    (swallowed_zero, "0 is a person"),
    (loop_of_help, "help does not go round in circles"),
    (dead_key, "an offered key does something"),
    (early_goodbye, "only three silences end a call"),
    (lost_answers, "answers survive interruptions"),
    (doubled_case, "a case is opened once"),
    (opened_unread, "nothing is opened or sent unread"),
    (stop_ignored, "STOP is obeyed"),
    (danger_later, "danger first"),
    (danger_forgets, "back from danger to where one was"),
    (dropped_call, "the call goes on"),
    (mute, "something is said"),
    (long_menu, "at most 6 choices"),
    (talked_over, "words reach the person"),
    (no_way_home, "the start within 3 inputs"),
    (no_person_at_all, "a person within 3 inputs"),
]


DEEP = (doubled_case, opened_unread, danger_forgets)
"""What shows only near the end of a form; the others show within the first few hundred states."""


@pytest.mark.parametrize(("broken", "promise"), BROKEN, ids=[one.__name__ for one, _ in BROKEN])
def test_a_broken_dialogue_is_rejected_by_the_check_meant_for_it(broken: Advance, promise: str) -> None:
    seen = explore(SMALL, Machine(advance=broken), most=3000 if broken in DEEP else 500)
    found = check(seen, most=1)
    assert promise in {one.promise for one in found}, {one.promise for one in found}
    call = next(one.call for one in found if one.promise == promise)
    assert "resident:" in call


def test_every_check_has_a_dialogue_that_breaks_it() -> None:
    assert len({promise for _, promise in BROKEN}) == len(CHECKS)
