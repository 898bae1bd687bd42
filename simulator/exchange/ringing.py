"""How a Dial ends and what its action is told. Source: Twilio docs, voice/twiml/dial."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.exchange.signing import Form
from simulator.exchange.verbs import Dial

BRIDGED = frozenset({"completed", "answered"})
STATUSES = BRIDGED | {"no-answer", "busy", "failed", "canceled"}
SECONDS_TO_ANSWER = 5
SECONDS_TO_FAIL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome: `talked` seconds of conversation, and `seconds` that passed for the caller in all."""

    status: str
    talked: int
    seconds: float
    bridged: bool

    def parameters(self, dial_sid: str) -> Form:
        """What the action gets beside the call's own parameters."""
        length = (("DialCallDuration", str(self.talked)),) if self.bridged else ()
        return (
            ("DialCallStatus", self.status),
            ("DialCallSid", dial_sid),
            ("DialBridged", "true" if self.bridged else "false"),
            *length,
        )


def result(dial: Dial, status: str, talked: int) -> Result:
    """The outcome `status` of `dial`; a conversation ends at the Dial's time limit at the latest."""
    if status not in STATUSES:
        raise ValueError(f"DialCallStatus is one of {', '.join(sorted(STATUSES))}, not {status!r}")
    if status in BRIDGED:
        talked = min(talked, dial.time_limit)
        return Result(status=status, talked=talked, seconds=SECONDS_TO_ANSWER + talked, bridged=True)
    waited = dial.timeout if status == "no-answer" else SECONDS_TO_FAIL
    return Result(status=status, talked=0, seconds=waited, bridged=False)


def declined(status: str) -> Result:
    """The outcome of a Dial that was answered by somebody who was then not connected."""
    return Result(status=status, talked=0, seconds=0, bridged=False)
