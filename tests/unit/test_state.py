from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import state
from core.render import Message
from core.types import Address, Answer, Conversation, Later, Medium, Phone, Place, Scene


def every(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, with every field of a dataclass free: a field added later is tested by itself."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return st.lists(every(inner[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(st.text(), every(inner[1]), max_size=4)
    if origin in (Union, UnionType):
        return st.one_of([every(part) for part in inner])
    if kind is NoneType:
        return st.none()
    if isinstance(kind, type) and is_dataclass(kind):
        return st.builds(kind, **{name: every(hint) for name, hint in get_type_hints(kind).items()})
    return st.from_type(kind)


def same(left: object, right: object) -> bool:
    """Equal, and of the same types throughout: to Python, True is 1."""
    return left == right and repr(left) == repr(right)


@given(every(Conversation))
def test_a_conversation_comes_back_as_it_was_written(conversation: Conversation) -> None:
    assert same(state.read_conversation(state.write_conversation(conversation)), conversation)


@given(st.dictionaries(st.text(), every(Answer), max_size=6))
def test_answers_come_back_as_they_were_written_and_in_their_order(answers: dict[str, Answer]) -> None:
    assert same(state.read_answers(state.write_answers(answers)), answers)


@given(st.lists(every(Message), max_size=3).map(tuple))
def test_messages_come_back_as_they_were_written(messages: tuple[Message, ...]) -> None:
    assert same(state.read_messages(state.write_messages(messages)), messages)


@given(every(Conversation))
def test_what_is_written_is_json_that_any_database_takes(conversation: Conversation) -> None:
    written = state.write_conversation(conversation)
    assert "\x00" not in written
    json.loads(written.encode("utf-8"))


def test_the_stored_form_can_be_read_by_a_person() -> None:
    conversation = Conversation(
        id="CA0101",
        medium=Medium.VOICE,
        address=Address(channel="voice", value="+14155550101"),
        language="es",
        place=(Place(scene=Scene.HOME), Place(scene=Scene.STEP, about="home_help", step=2)),
        form="home_help",
        answers={"name": "José", "born": date(1947, 3, 1), "stairs": True, "phone": Phone(e164="+14155550102")},
        candidates=(Later(), 3),
        turn=4,
    )
    assert json.loads(state.write_conversation(conversation)) == {
        "id": "CA0101",
        "medium": "voice",
        "address": {"channel": "voice", "value": "+14155550101"},
        "language": "es",
        "mode": "bot",
        "place": [{"scene": "home"}, {"scene": "step", "about": "home_help", "step": 2}],
        "form": "home_help",
        "answers": {
            "name": "José",
            "born": {"date": "1947-03-01"},
            "stairs": True,
            "phone": {"phone": "+14155550102"},
        },
        "candidates": [{"later": True}, 3],
        "expect": "choice",
        "turn": 4,
    }
    assert "José" in state.write_conversation(conversation)


def test_a_field_that_an_older_version_had_is_passed_over_and_a_new_one_takes_its_default() -> None:
    assert state.read_conversation('{"id": "CA1", "medium": "sms", "mood": "sunny"}') == Conversation(
        id="CA1", medium=Medium.SMS
    )


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert state.read_answers(state.write_answers({"name": "A\ud83d"})) == {"name": "A?"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "{}",
        '{"id": "CA1"}',
        '{"id": 7, "medium": "sms"}',
        '{"id": "CA1", "medium": "pigeon"}',
        '{"id": "CA1", "medium": "sms", "turn": "4"}',
        '{"id": "CA1", "medium": "sms", "answers": {"age": 1.5}}',
    ],
)
def test_what_is_no_conversation_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        state.read_conversation(text)
