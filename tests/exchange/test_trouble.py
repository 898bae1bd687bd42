"""Faults that stay on until they are ended, as on the page that plays the telephone."""

from __future__ import annotations

from simulator.exchange.trouble import Fault, Line


def met(line: Line, path: str, times: int) -> list[bool]:
    return [bool(line.take(path)) for _ in range(times)]


def test_a_fault_that_is_kept_meets_every_request() -> None:
    line = Line()
    line.keep(Fault.REFUSED, status=503)
    assert [line.take("/voice")[Fault.REFUSED].status for _ in range(3)] == [503, 503, 503]


def test_a_fault_meets_every_second_request_so_that_the_next_try_gets_through() -> None:
    line = Line()
    line.keep(Fault.LOST_ANSWER, every=2)
    assert met(line, "/voice", 4) == [False, True, False, True]


def test_only_the_path_that_was_meant_counts() -> None:
    line = Line()
    line.keep(Fault.TWICE, "/sms")
    assert met(line, "/voice", 2) == [False, False]
    assert met(line, "/sms/status", 1) == [True]


def test_a_fault_that_is_ended_happens_no_more() -> None:
    line = Line()
    line.keep(Fault.TWICE)
    line.arrange(Fault.TWICE, times=9)
    line.end(Fault.TWICE)
    assert met(line, "/voice", 2) == [False, False]
    assert line.waiting == 0


def test_a_fault_that_is_kept_and_one_for_once_are_met_together() -> None:
    line = Line()
    line.keep(Fault.TWICE)
    line.arrange(Fault.LATE_ANSWER, seconds=3)
    assert set(line.take("/sms")) == {Fault.TWICE, Fault.LATE_ANSWER}
    assert set(line.take("/sms")) == {Fault.TWICE}
