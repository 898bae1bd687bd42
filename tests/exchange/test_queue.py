"""A call that waits in a queue: what it hears, what is asked meanwhile, and every way in which the wait ends."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator.exchange import Call, Exchange, NotNow, Refused, RunawayCall
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, MENU, document, gather, say
from tests.exchange.rest_client import client

CALLER = "+14155550123"
CLERK = "+14155550111"
QUEUE = document(
    say("We ring the office.") + '<Enqueue action="/queued" waitUrl="/wait" waitUrlMethod="GET">help</Enqueue>'
)
WAIT = document(say("Please stay on the line.") + '<Pause length="20"/>')
WAIT_FOR_A_KEY = document(gather(say("To stop waiting, press 1."), action="/stop", numDigits="1", timeout="10"))
TAKE = document('<Dial action="/taken"><Queue>help</Queue></Dial>')


@pytest.fixture
def application(application: Application) -> Application:
    application.answers |= {"/voice": QUEUE, "/wait": WAIT, "/queued": DONE, "/take": TAKE, "/taken": DONE}
    return application


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN) as made:
        yield made


def asked(application: Application, path: str) -> list[dict[str, str]]:
    asked = zip(application.paths, application.asked, strict=True)
    return [form for where, form in asked if where.partition("?")[0] == path]


def result(application: Application) -> tuple[str, str]:
    (form,) = asked(application, "/queued")
    return form["QueueResult"], form["CallStatus"]


def clerk(exchange: Exchange, application: Application, to: str = CLERK) -> Call:
    """The clerk's telephone, called by the application and picked up; its document dials the queue."""
    client(exchange).calls.create(to=to, from_=exchange.number, url=application.public + "/take")
    return exchange.placed(to).answer()


# --- what is heard and asked while a call waits ---------------------------------------------------------------


def test_the_wait_document_is_asked_with_the_callers_place(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    assert call.queued == "help"
    assert [heard.text for heard in call.heard] == ["We ring the office.", "Please stay on the line."]
    (form,) = asked(application, "/wait")
    assert form["CallSid"] == call.sid
    assert form["QueueSid"].startswith("QU")
    said = {key: form[key] for key in form if key.startswith(("Queue", "Avg", "Current", "Max"))}
    assert said == {
        "QueuePosition": "1",
        "QueueSid": form["QueueSid"],
        "QueueTime": "0",
        "AvgQueueTime": "0",
        "CurrentQueueSize": "1",
        "MaxQueueSize": "1000",
    }


def test_the_wait_document_is_asked_again_each_time_it_ends(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    once = call.seconds - call.heard[1].at
    before = call.seconds
    call.wait(60)
    assert 60 <= call.seconds - before < 60 + once
    times = [int(form["QueueTime"]) for form in asked(application, "/wait")]
    assert len(times) == 4
    assert times == [round(once * turn) for turn in range(4)]
    assert asked(application, "/queued") == []


def test_the_places_and_times_of_several_calls_are_told(exchange: Exchange, application: Application) -> None:
    first, second = exchange.call(CALLER), exchange.call("+14155550124")
    first.wait(60)
    second.wait(20)
    forms = asked(application, "/wait")
    assert (forms[-1]["QueuePosition"], forms[-1]["CurrentQueueSize"]) == ("2", "2")
    assert int(forms[-1]["QueueTime"]) < int(forms[-1]["AvgQueueTime"]) < int(forms[-2]["QueueTime"])
    first.hang_up()
    second.wait(20)
    last = asked(application, "/wait")[-1]
    assert (last["QueuePosition"], last["CurrentQueueSize"]) == ("1", "1")


def test_without_a_wait_url_or_with_an_empty_one_nobody_is_asked(exchange: Exchange, application: Application) -> None:
    for wait in ("", 'waitUrl=""'):
        application.answers["/voice"] = document(f'<Enqueue action="/queued" {wait}>help</Enqueue>')
        call = exchange.call(CALLER)
        call.wait(90)
        assert (call.queued, call.seconds, call.heard) == ("help", 90, [])
    assert asked(application, "/wait") == []


def test_a_wait_document_that_takes_no_time_would_be_asked_for_ever(
    exchange: Exchange, application: Application
) -> None:
    application.answers["/wait"] = document("")
    call = exchange.call(CALLER)
    with pytest.raises(RunawayCall):
        call.wait(1)


def test_a_wait_document_may_lead_to_another_and_the_wait_url_comes_back(
    exchange: Exchange, application: Application
) -> None:
    application.answers |= {
        "/voice": QUEUE.replace('"/wait"', '"wait"').replace('"/queued"', '"queued"'),
        "/wait": document("<Redirect>/news/today</Redirect>"),
        "/news/today": WAIT,
    }
    exchange.call(CALLER).wait(10).hang_up()
    paths = [path.partition("?")[0] for path in application.paths]
    assert paths == ["/voice", "/wait", "/news/today", "/wait", "/news/today", "/queued"]
    assert "QueuePosition" not in asked(application, "/news/today")[0]


def test_keys_are_heard_while_a_call_waits_and_the_wait_goes_on(exchange: Exchange, application: Application) -> None:
    application.answers |= {"/wait": WAIT_FOR_A_KEY, "/stop": document(say("You are still in line."))}
    call = exchange.call(CALLER).silence()
    assert len(asked(application, "/wait")) == 2
    call.press("1")
    assert asked(application, "/stop")[0]["Digits"] == "1"
    assert [heard.text for heard in call.heard][-2:] == ["You are still in line.", "To stop waiting, press 1."]
    assert call.queued == "help"


def test_a_caller_can_press_a_key_after_waiting(exchange: Exchange, application: Application) -> None:
    application.answers |= {"/wait": document(say("Music.") + gather(action="/stop", timeout="3")), "/stop": DONE}
    call = exchange.call(CALLER).wait(30).press("1#")
    assert asked(application, "/stop")[0]["Digits"] == "1"
    assert call.queued == "help"


@pytest.mark.parametrize("verb", ['<Dial action="/a">+14155550111</Dial>', "<Enqueue>other</Enqueue><Pause/>"])
def test_a_wait_document_holds_only_what_is_played_in_a_queue(
    exchange: Exchange, application: Application, verb: str
) -> None:
    application.answers["/wait"] = document(verb)
    with pytest.raises(Refused, match="not while the call waits in a queue"):
        exchange.call(CALLER)


def test_waiting_needs_something_to_wait_for(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = MENU
    with pytest.raises(NotNow, match="neither in a queue nor talking"):
        exchange.call(CALLER).wait(1)


# --- how a wait ends without anybody ----------------------------------------------------------------------------


def test_a_call_that_leaves_is_told_and_goes_on(exchange: Exchange, application: Application) -> None:
    application.answers["/wait"] = [WAIT, document("<Leave/>")]
    call = exchange.call(CALLER).wait(30)
    (form,) = asked(application, "/queued")
    assert form["QueueResult"] == "leave"
    assert int(form["QueueTime"]) == round(call.heard[-1].at - call.heard[1].at)
    assert form["QueueSid"] == asked(application, "/wait")[0]["QueueSid"]
    assert (call.queued, call.last_heard) == ("", "Thank you.")


def test_without_an_action_the_verb_after_the_queue_follows(exchange: Exchange, application: Application) -> None:
    application.answers |= {
        "/voice": document('<Enqueue waitUrl="/wait">help</Enqueue>' + say("Nobody came.")),
        "/wait": document("<Leave/>"),
    }
    assert exchange.call(CALLER).last_heard == "Nobody came."
    assert asked(application, "/queued") == []


def test_a_caller_who_hangs_up_is_told_to_the_action_whose_answer_nobody_hears(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER).hang_up()
    assert result(application) == ("hangup", "completed")
    assert (call.ended_by, call.last_heard, call.queued) == ("caller", "Please stay on the line.", "")
    assert exchange.queues.waiting("help") == []


def test_a_wait_document_can_hang_up(exchange: Exchange, application: Application) -> None:
    application.answers["/wait"] = document(say("We are closed.") + "<Hangup/>")
    call = exchange.call(CALLER)
    assert result(application) == ("hangup", "completed")
    assert (call.ended_by, call.last_heard) == ("application", "We are closed.")


def test_a_caller_who_is_sent_elsewhere_is_told_to_the_action_whose_answer_nobody_hears(
    exchange: Exchange, application: Application
) -> None:
    application.answers["/elsewhere"] = document(say("We write to you.") + "<Pause/>")
    call = exchange.call(CALLER)
    client(exchange).calls(call.sid).update(url=application.public + "/elsewhere")
    exchange.settle()
    assert result(application) == ("redirected", "in-progress")
    assert [heard.text for heard in call.heard][-1] == "We write to you."
    assert "Thank you." not in call.transcript()


def test_a_call_that_the_application_ends_has_hung_up(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    client(exchange).calls(call.sid).update(status="completed")
    exchange.settle()
    assert result(application) == ("hangup", "completed")


def test_a_full_queue_takes_nobody(exchange: Exchange, application: Application) -> None:
    exchange.queues.size = 1
    first, second = exchange.call(CALLER), exchange.call("+14155550124")
    (form,) = asked(application, "/queued")
    assert form["QueueResult"] == "queue-full"
    assert "QueueSid" not in form
    assert "QueueTime" not in form
    assert (first.queued, second.queued, second.last_heard) == ("help", "", "Thank you.")


def test_a_queue_that_is_out_of_order_takes_nobody(exchange: Exchange, application: Application) -> None:
    exchange.queues.out_of_order = True
    call = exchange.call(CALLER)
    assert result(application) == ("system-error", "in-progress")
    assert call.last_heard == "Thank you."


@pytest.mark.parametrize("wait", ["<Response><Say>", document("<Reject/>")])
def test_what_is_wrong_with_a_wait_document_ends_the_wait(application: Application, wait: str) -> None:
    application.answers["/wait"] = wait
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN, strict=False) as exchange:
        call = exchange.call(CALLER)
    assert result(application) == ("error", "in-progress")
    assert len(exchange.debugger) == 1
    assert call.last_heard == "Thank you."


# --- a queue that is dialled ------------------------------------------------------------------------------------


def test_the_first_of_the_queue_is_connected_and_when_the_clerk_hangs_up_its_call_goes_on(
    exchange: Exchange, application: Application
) -> None:
    first, second = exchange.call(CALLER).wait(40), exchange.call("+14155550124")
    waited = first.seconds - first.heard[1].at
    office = clerk(exchange, application)
    assert (first.talking, office.talking, second.talking) == (True, True, False)
    assert (first.queued, second.queued) == ("", "help")
    assert asked(application, "/queued") == []
    before = first.seconds
    office.hang_up(after=90)
    (form,) = asked(application, "/queued")
    assert (form["QueueResult"], form["QueueTime"], form["CallStatus"]) == (
        "bridged",
        str(round(waited)),
        "in-progress",
    )
    assert first.heard[-1].at - before == pytest.approx(90)
    assert (first.last_heard, office.ended_by) == ("Thank you.", "caller")
    (taken,) = asked(application, "/taken")
    assert (taken["DialCallStatus"], taken["DialBridged"], taken["DialCallDuration"]) == ("completed", "true", "90")
    assert (taken["CallStatus"], taken["CallSid"]) == ("completed", office.sid)


def test_when_the_caller_hangs_up_the_clerks_call_goes_on(exchange: Exchange, application: Application) -> None:
    caller = exchange.call(CALLER)
    office = clerk(exchange, application).wait(30)
    caller.hang_up(after=15)
    assert result(application) == ("bridged", "completed")
    assert caller.last_heard == "Please stay on the line."
    (taken,) = asked(application, "/taken")
    assert (taken["DialCallStatus"], taken["DialCallDuration"], taken["CallStatus"]) == (
        "completed",
        "45",
        "in-progress",
    )
    assert office.last_heard == "Thank you."
    assert office.heard[-1].at == 45


def test_a_talk_ends_at_the_dials_time_limit_for_both(exchange: Exchange, application: Application) -> None:
    application.answers["/take"] = document('<Dial action="/taken" timeLimit="60"><Queue>help</Queue></Dial>')
    caller = exchange.call(CALLER)
    office = clerk(exchange, application).wait(90)
    assert asked(application, "/taken")[0]["DialCallDuration"] == "60"
    assert (caller.last_heard, office.last_heard) == ("Thank you.", "Thank you.")
    assert office.heard[-1].at == 60


def test_a_clerk_who_dials_an_empty_queue_gets_the_next_who_comes(exchange: Exchange, application: Application) -> None:
    exchange.call(CALLER).hang_up()
    office = clerk(exchange, application)
    assert (office.talking, office.dialled is not None) == (False, True)
    caller = exchange.call(CALLER)
    assert (caller.talking, office.talking) == (True, True)


def test_a_dial_of_an_empty_queue_ends_with_its_time_out(exchange: Exchange, application: Application) -> None:
    exchange.call(CALLER).hang_up()
    office = clerk(exchange, application).dial_result("no-answer")
    (taken,) = asked(application, "/taken")
    assert (taken["DialCallStatus"], taken["DialBridged"]) == ("no-answer", "false")
    assert (office.last_heard, office.heard[-1].at) == ("Thank you.", 30)
    assert exchange.call(CALLER).queued == "help"


def test_a_queue_that_never_was_ends_the_dial_at_once(exchange: Exchange, application: Application) -> None:
    office = clerk(exchange, application)
    assert asked(application, "/taken")[0]["DialCallStatus"] == "failed"
    assert office.last_heard == "Thank you."


def test_two_clerks_get_two_callers_in_order(exchange: Exchange, application: Application) -> None:
    callers = [exchange.call(number) for number in (CALLER, "+14155550124", "+14155550125")]
    clerk(exchange, application).hang_up(after=10)
    clerk(exchange, application, "+14155550112")
    assert [call.talking for call in callers] == [False, True, False]
    assert [call.over for call in callers] == [True, False, False]
    assert exchange.queues.waiting("help") == [callers[2].sid]


def test_a_caller_who_is_sent_elsewhere_while_talking_frees_the_clerk(
    exchange: Exchange, application: Application
) -> None:
    application.answers["/elsewhere"] = document(say("One more question.") + "<Pause/>")
    caller = exchange.call(CALLER)
    office, before = clerk(exchange, application).wait(20), caller.seconds
    client(exchange).calls(caller.sid).update(url=application.public + "/elsewhere")
    exchange.settle()
    assert result(application) == ("redirected-from-bridged", "in-progress")
    assert caller.last_heard == "One more question."
    assert caller.heard[-1].at - before == pytest.approx(20)
    assert asked(application, "/taken")[0]["DialCallDuration"] == "20"
    assert office.last_heard == "Thank you."


@pytest.mark.parametrize(("who", "status"), [("office", "completed"), ("caller", "completed")])
def test_a_talk_that_the_application_ends_is_over_for_one_and_goes_on_for_the_other(
    exchange: Exchange, application: Application, who: str, status: str
) -> None:
    calls: dict[str, Any] = {"caller": exchange.call(CALLER), "office": clerk(exchange, application)}
    client(exchange).calls(calls[who].sid).update(status=status)
    exchange.settle()
    other = calls["caller" if who == "office" else "office"]
    assert (calls[who].ended_by, other.last_heard) == ("request", "Thank you.")
    assert result(application)[0] == "bridged"


def test_callers_and_clerks_who_come_all_at_once_are_each_connected_once(
    exchange: Exchange, application: Application
) -> None:
    exchange.call(CALLER).hang_up()
    callers, desks = [f"+1415555020{n}" for n in range(6)], [f"+1415555030{n}" for n in range(6)]
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(exchange.call, number) for number in callers]
        dialling = [pool.submit(clerk, exchange, application, number) for number in desks]
    assert all(call.result().talking for call in waiting + dialling)
    with ThreadPoolExecutor(12) as pool:
        gone = [pool.submit(call.result().hang_up) for call in waiting]
    assert all(call.result().over for call in gone)
    assert [desk.result().last_heard for desk in dialling] == ["Thank you."] * 6
    told = asked(application, "/queued")[1:]
    assert sorted(form["From"] for form in told) == callers
    assert {form["QueueResult"] for form in told} == {"bridged"}
    assert sorted(form["To"] for form in asked(application, "/taken")) == desks


def test_nobody_presses_a_key_that_is_heard_while_talking(exchange: Exchange, application: Application) -> None:
    caller = exchange.call(CALLER)
    clerk(exchange, application)
    with pytest.raises(NotNow, match="not listening"):
        caller.press("1")


def test_twiml_given_outright_may_dial_a_queue(exchange: Exchange, application: Application) -> None:
    caller = exchange.call(CALLER)
    twiml = document(f'<Dial action="{application.public}/taken"><Queue>help</Queue></Dial>')
    client(exchange).calls.create(to=CLERK, from_=exchange.number, twiml=twiml)
    exchange.placed(CLERK).answer().hang_up()
    assert result(application) == ("bridged", "in-progress")
    assert caller.last_heard == "Thank you."
