"""Webhooks and updates in disorder, as Hypothesis state machines that keep count beside the application.

What a resident really does is one turn, once. Whatever comes beside it (the same again, late, in another order, at the
same moment, from yesterday, or signed by somebody else) leaves every row as it is, and is answered with what was
answered before, or with what is asked now.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import wraps
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Table

from core import state
from core.waiting import LINE
from ivr.inbound import thread
from simulator.exchange.exchange import ACCOUNT
from simulator.exchange.signing import Form, signature
from store import schema
from tests.bot.line import Line as BotLine
from tests.bot.line import Resident
from tests.calls.line import OPEN, OURS, SECRET, Line, Posted, Signer, twilio_signs
from tests.proof.at_desk import at_the_desk

KEYS = st.sampled_from("0123456789*")
WORDS = st.sampled_from(("free bus pass for old people", "yes", "back", "a person", "42", "fire", "blah", "241"))
TEXTS = st.sampled_from(("STOP", "ALTO", "START", "1", "2", "3", "0", "72", "241", "start", "my lamp is out", "yes"))
TO_A_CASE = ("8", "241", "4", "72", "2", "1", "1")
"""From a menu to a case, where nothing comes in between."""

_ACTION = re.compile(r'<(Gather|Dial|Enqueue)[^>]* action="([^"#]*)')
_WAIT = re.compile(r'<Enqueue[^>]* waitUrl="([^"#]*)')
_serial = itertools.count(1)
_AT_ONCE = ThreadPoolExecutor(4, thread_name_prefix="at-once")

WHICH = st.integers(0, 999)
"""Which of the things before: what is drawn must not depend on what the application answers, so it is counted round."""


def needs(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A rule that does nothing as long as its machine has none of `what`."""

    def only_then(doing: Callable[..., None]) -> Callable[..., None]:
        @wraps(doing)
        def guarded(self: Any, **drawn: Any) -> None:
            if getattr(self, what):
                doing(self, **drawn)

        return guarded

    return only_then


def next_serial() -> int:
    """A number that nobody had before."""
    return next(_serial)


Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request that was applied, and its answer."""

    path: str
    form: Mapping[str, str]
    body: str


def another_token(url: str, form: Form) -> str:
    """A signature that is none of ours."""
    return signature("another token", url, form)


class Webhooks(RuleBasedStateMachine):
    """One caller, who also writes, and a network that does what it likes. Each step says how many turns it is worth."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        serial = next(_serial)
        self.line = line
        line.clock.now = OPEN
        self.number = f"+1415{serial + 2_000_000:07}"
        self.thread = thread(self.number, OURS, SECRET)
        self.base = {"From": self.number, "To": OURS, "AccountSid": ACCOUNT}
        self.sent: list[Sent] = []
        self.gather = self.dial = self.queue = self.wait = ""
        self.call = ""
        self.over: list[str] = []
        self.left: list[tuple[str, str]] = []
        self.allowed: list[bool] = []
        self.turns = {self.thread: 0}

    # --- what really happens -----------------------------------------------------------------------------------

    @initialize()
    def somebody_calls(self) -> None:
        self.call = f"CA{next(_serial):032x}"
        self.turns[self.call] = 0
        self.applies("/voice", {})

    @rule(key=KEYS)
    @needs("gather")
    def they_press_a_key(self, key: str) -> None:
        self.applies(self.gather, {"Digits": key})

    @rule(words=WORDS)
    @needs("gather")
    def they_say_something(self, words: str) -> None:
        self.applies(self.gather, {"SpeechResult": words, "Confidence": "0.9"})

    @rule()
    @needs("gather")
    def they_are_silent(self) -> None:
        self.applies(self.gather, {"Digits": ""})

    @rule()
    @needs("gather")
    def they_fill_in_a_form(self) -> None:
        for keys in TO_A_CASE:
            if self.gather:
                self.applies(self.gather, {"Digits": keys})

    @rule(status=st.sampled_from(("completed", "no-answer", "busy")))
    @needs("dial")
    def the_transfer_is_over(self, status: str) -> None:
        dialled = {"DialCallStatus": status, "DialCallSid": f"CA{next(_serial):032x}"}
        self.applies(self.dial, dialled)

    @rule()
    def they_ask_for_whoever_is_at_the_desk(self) -> None:
        """In the office's hours they wait in a queue then."""
        at_the_desk(self.line)
        self.they_hang_up_and_call_again()
        for key in ("1", "0"):
            self.applies(self.gather, {"Digits": key})

    @rule(seconds=st.sampled_from((0, 5, 59, 60, 90)))
    @needs("wait")
    def they_wait_in_the_queue(self, seconds: int) -> None:
        waited = self.unchanged(self.wait, {"QueueTime": str(seconds), "QueueSid": f"QU{self.call}"})
        assert ("<Leave" in waited.body) == (seconds >= LINE)

    @rule(result=st.sampled_from(("leave", "error", "system-error", "queue-full", "redirected")))
    @needs("queue")
    def nobody_came_into_the_queue(self, result: str) -> None:
        """The office rings: that is no turn, and what comes of it is told as of any transfer."""
        answer = self.unchanged(self.queue, {"QueueResult": result, "QueueSid": f"QU{self.call}"})
        assert "<Dial" in answer.body
        self.waits_for(answer.body)

    @rule()
    @needs("queue")
    def they_talk_to_whoever_came(self) -> None:
        self.applies(self.queue, {"QueueResult": "bridged", "QueueSid": f"QU{next(_serial)}"})

    @rule(end_first=st.booleans())
    @needs("queue")
    def they_hang_up_in_the_queue(self, end_first: bool) -> None:
        """Whether that, or the end of the call, is told first: the request stands, to be called back."""
        self.turns[self.call] += 2
        self.over.append(self.call)
        left = (self.queue, {"QueueResult": "hangup", "QueueSid": f"QU{self.call}"})
        told = [left, ("/voice/status", {"CallStatus": "completed"})]
        for path, form in reversed(told) if end_first else told:
            assert self.post(path, form).status == 204
        self.holds()
        (asked,) = self.line.rows(schema.handoffs, schema.handoffs.c.conversation == self.call)[-1:]
        assert not asked.live
        self.somebody_calls()

    @rule(text=TEXTS)
    def they_write(self, text: str) -> None:
        if text in ("STOP", "ALTO"):
            self.allowed = [False]
        elif text.upper() == "START" and self.allowed:
            self.allowed = [True]
        form = {"MessageSid": f"SM{next(_serial):032x}", "Body": text}
        self.applies("/sms", form, of=self.thread)

    @rule()
    def they_hang_up_and_call_again(self) -> None:
        if self.call not in self.over:
            self.turns[self.call] += 1
            self.over.append(self.call)
            self.left += [(self.call, self.gather)] if self.gather else []
        assert self.post("/voice/status", {"CallStatus": "completed"}).status == 204
        self.holds()
        self.somebody_calls()

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.line.clock.later(hours=hours)

    # --- what only seems to ------------------------------------------------------------------------------------

    @rule(which=WHICH)
    @needs("sent")
    def it_comes_again(self, which: int) -> None:
        one = self.sent[which % len(self.sent)]
        assert self.unchanged(one.path, one.form).body == one.body

    @rule(which=WHICH, key=KEYS)
    def an_old_turn_comes_with_another_key(self, which: int, key: str) -> None:
        answered = [one for one in self.sent if one.path.startswith("/voice/turn")]
        old = answered[which % len(answered)] if answered else None
        if old and old.form.get("Digits") != key:
            call = {"CallSid": old.form["CallSid"]}
            now = self.unchanged("/voice/resume", call).body
            assert self.unchanged(old.path, {**call, "Digits": key}).body == now

    @rule(which=WHICH, sign=st.sampled_from((None, another_token)))
    @needs("sent")
    def somebody_else_sends_it(self, which: int, sign: Signer | None) -> None:
        one = self.sent[which % len(self.sent)]
        before = self.rows()
        changed = {**one.form, "MessageSid": "SM1"} if "MessageSid" in one.form else {**one.form, "Digits": "1"}
        for form in (one.form, changed):
            assert self.post(one.path, form, sign=sign).status == 403
        assert self.rows() == before

    @rule(key=KEYS)
    @needs("gather")
    def it_is_delivered_twice_at_once(self, key: str) -> None:
        path, form = self.gather, {"Digits": key}
        self.turns[self.call] += 1
        first, second = self.at_once((path, form), (path, form))
        assert first.body == second.body
        self.goes_on(path, form, first)

    @rule(keys=st.lists(KEYS, min_size=2, max_size=2, unique=True))
    @needs("gather")
    def two_keys_come_at_once(self, keys: list[str]) -> None:
        path = self.gather
        self.turns[self.call] += 1
        self.at_once(*((path, {"Digits": key}) for key in keys))
        self.goes_on("/voice/resume", {}, self.post("/voice/resume", {}), keep=False)

    @rule(status=st.sampled_from(("queued", "ringing", "in-progress")))
    def a_late_status_comes(self, status: str) -> None:
        assert self.unchanged("/voice/status", {"CallStatus": status}, expected=204).body == ""

    @rule(which=WHICH)
    @needs("over")
    def the_end_of_a_call_is_told_again(self, which: int) -> None:
        ended = {"CallSid": self.over[which % len(self.over)], "CallStatus": "completed"}
        self.unchanged("/voice/status", ended, expected=204)

    @rule(which=WHICH, key=KEYS)
    @needs("left")
    def a_key_comes_after_the_end_of_its_call(self, which: int, key: str) -> None:
        call, path = self.left[which % len(self.left)]
        assert "Hangup" in self.unchanged(path, {"CallSid": call, "Digits": key}).body

    @rule(statuses=st.permutations(["queued", "sent", "delivered"]), kept=st.integers(1, 3))
    def what_became_of_a_text_is_told_in_disorder(self, statuses: list[str], kept: int) -> None:
        """And some of it never. The last thing that can become of a text is what stands there."""
        text, order = f"SM{next(_serial):032x}", ["queued", "sent", "delivered"]
        for status in statuses[:kept]:
            assert self.post("/sms/status", {"MessageSid": text, "MessageStatus": status}).status == 204
        (row,) = self.line.rows(schema.receipts, schema.receipts.c.provider_id == text)
        assert row.status == max(statuses[:kept], key=order.index)

    # --- how ---------------------------------------------------------------------------------------------------

    def post(self, path: str, form: Mapping[str, str], sign: Signer | None = twilio_signs) -> Posted:
        """Post it as Twilio would."""
        return self.line.post(path, {**self.base, "CallSid": self.call, **form}, sign=sign)

    def at_once(self, *requests: tuple[str, Mapping[str, str]]) -> list[Posted]:
        """Post them at the same moment."""
        answers = list(_AT_ONCE.map(lambda one: self.post(*one), requests))
        assert {answer.status for answer in answers} == {200}
        return answers

    def applies(self, path: str, form: Mapping[str, str], of: str = "") -> None:
        """A true message: one turn more, and its answer is kept in mind."""
        self.turns[of or self.call] += 1
        self.goes_on(path, form, self.post(path, form))

    def goes_on(self, path: str, form: Mapping[str, str], answer: Posted, *, keep: bool = True) -> None:
        """Where the call now waits, and what was counted."""
        assert answer.status == 200, answer.body
        if keep:
            self.sent.append(Sent(path=path, form={"CallSid": self.call, **form}, body=answer.body))
        if path != "/sms":
            self.waits_for(answer.body)
        self.holds()

    def waits_for(self, body: str) -> None:
        """Which address of ours is asked next."""
        found, wait = _ACTION.search(body), _WAIT.search(body)
        verb, at = (found[1], html.unescape(found[2])) if found else ("", "")
        self.gather, self.dial, self.queue = (at if verb == one else "" for one in ("Gather", "Dial", "Enqueue"))
        self.wait = html.unescape(wait[1]) if wait else ""
        self.over += [] if found else [self.call]

    def unchanged(self, path: str, form: Mapping[str, str], expected: int = 200) -> Posted:
        """What is answered to something that must change no row."""
        before = self.rows()
        answer = self.post(path, form)
        assert answer.status == expected
        assert self.rows() == before
        return answer

    def holds(self) -> None:
        """Each true message is one turn; a call that is over stays over; consent is what was said last."""
        for of, count in self.turns.items():
            assert len(self.line.rows(schema.turns, schema.turns.c.conversation == of)) == count
        for row in self.line.rows(schema.conversations, schema.conversations.c.id.in_(self.over)):
            assert state.read_conversation(row.state).ended
        consents = self.line.rows(schema.consents, schema.consents.c.address == self.number)
        assert [row.allowed for row in consents] == self.allowed

    def rows(self) -> Rows:
        """Everything that is stored about this resident."""
        return rows_about(self.line.rows, tuple(self.turns), self.number)


def rows_about(rows: Callable[..., list[Any]], conversations: tuple[str, ...], address: str) -> Rows:
    """All rows of some conversations and of an address."""
    by = {"conversations": "id", "consents": "address", "consent_history": "address"}
    tables: tuple[Table, ...] = (
        schema.conversations,
        schema.turns,
        schema.cases,
        schema.handoffs,
        schema.outbox,
        schema.audit,
        schema.consents,
        schema.consent_history,
    )
    found: Rows = {}
    for table in tables:
        column = table.c[by.get(table.name, "conversation")]
        wanted = (address,) if column.name == "address" else conversations
        found[table.name] = sorted((tuple(row) for row in rows(table, column.in_(wanted))), key=repr)
    return found


# --- a chat --------------------------------------------------------------------------------------------------------


class Updates(RuleBasedStateMachine):
    """One resident in a chat, and updates that come twice, late, in another order or under another number."""

    def __init__(self, line: BotLine) -> None:
        super().__init__()
        self.line = line
        line.clock.now = OPEN
        self.chat = next(_serial) + 5_000_000
        self.one: Resident = line.resident("en", self.chat)
        self.came: list[dict[str, Any]] = []
        self.turns = 0

    @initialize()
    def they_begin(self) -> None:
        self.true_update(self.message("/start"))

    @rule(text=TEXTS)
    def they_write(self, text: str) -> None:
        self.true_update(self.message(text))

    @rule(texts=st.lists(TEXTS, min_size=2, max_size=4))
    def they_write_in_haste(self, texts: list[str]) -> None:
        """What is brought together is answered in the order of its numbers, in which it was written."""
        for text in texts:
            self.adds({**self.message(text), "update_id": self.number()})
        self.turns += len(texts)
        self.settles()
        assert [row.said for row in self.rows_of_turns()][-len(texts) :] == texts

    @rule(which=WHICH)
    @needs("buttons")
    def they_press_a_button(self, which: int) -> None:
        """Of this question or of an old one, some time after the last one."""
        self.line.clock.later(seconds=10)
        self.true_update(self.pressed(self.buttons[which % len(self.buttons)]))

    @rule(which=WHICH)
    @needs("buttons")
    def their_finger_shakes(self, which: int) -> None:
        self.line.clock.later(seconds=10)
        button = self.buttons[which % len(self.buttons)]
        self.true_update(self.pressed(button))
        self.changes_nothing({**self.pressed(button), "update_id": self.number()})

    @rule(which=WHICH)
    @needs("came")
    def it_comes_again(self, which: int) -> None:
        self.changes_nothing(self.came[which % len(self.came)])

    @rule(which=WHICH)
    @needs("came")
    def it_comes_again_under_another_number(self, which: int) -> None:
        self.line.clock.later(seconds=10)
        old = self.came[which % len(self.came)]
        self.changes_nothing({**old, "update_id": self.number()})

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.line.clock.later(hours=hours)

    # --- how ---------------------------------------------------------------------------------------------------

    def number(self) -> int:
        """The next update's, somewhat later than the last one's."""
        return 1_000_000 + next(_serial)

    def message(self, text: str) -> dict[str, Any]:
        """Something they write."""
        about = {"chat": self.one.chat.place(), "from": self.one.chat.person(), "date": 1_764_000_000}
        self.one.chat.started = True
        return {"message": {"message_id": next(_serial), "text": text, **about}}

    def pressed(self, data: str) -> dict[str, Any]:
        """A button that they press."""
        asked = {"id": str(next(_serial)), "from": self.one.chat.person(), "chat_instance": "1", "data": data}
        return {"callback_query": asked}

    @property
    def buttons(self) -> list[str]:
        """All that they were ever shown."""
        return [data for message in self.one.chat.received for _, data in message.buttons]

    def adds(self, update: dict[str, Any]) -> None:
        """It is there to be fetched."""
        self.came.append(update)
        self.line.telegram.updates.add_raw(update)

    def true_update(self, update: dict[str, Any]) -> None:
        """One turn more."""
        self.turns += 1
        self.adds({**update, "update_id": self.number()})
        self.settles()

    def changes_nothing(self, update: dict[str, Any]) -> None:
        """It comes, and no row changes."""
        before = self.rows()
        self.line.telegram.updates.add_raw(update)
        self.settles()
        assert self.rows() == before

    def settles(self) -> None:
        """All is worked on, and what was counted is there."""
        self.line.settle()
        assert len(self.rows_of_turns()) == self.turns

    def rows_of_turns(self) -> list[Any]:
        """The turns, first to last."""
        found = self.line.rows(schema.turns, schema.turns.c.conversation == self.conversation)
        return sorted(found, key=lambda row: row.version)

    @property
    def conversation(self) -> str:
        """The id of the chat's conversation."""
        address = schema.conversations.c.address == str(self.chat)
        return next((row.id for row in self.line.rows(schema.conversations, address)), "")

    def rows(self) -> Rows:
        """Everything that is stored about this resident, and all that they got."""
        stored = rows_about(self.line.rows, (self.conversation,), str(self.chat))
        return {**stored, "received": [(message.text,) for message in self.one.chat.received]}
