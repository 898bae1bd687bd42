"""What can go wrong, as a tree.

    PlainlineError
    ├── Misconfigured      a setting, catalogue or PO file is wrong: start-up stops, all mistakes listed
    ├── Conflict           staff did something that no longer holds (someone else has it)
    ├── Raced              another turn of the conversation was saved first: read again and retry
    ├── GuardFailed        a code was spent meanwhile: look up again and retry
    ├── StoreUnavailable   the database does not answer
    │   └── CommitUnknown  the commit was sent and its outcome is not known
    └── SendError
        ├── SendLater      try again later (limits, time-outs before sending, provider trouble)
        ├── SendNever      trying again cannot help (bad number, opted out)
        └── SendUnknown    it may or may not have been sent: look before sending again

Mistakes of residents are turns of the conversation, not errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.delivery import Lost
from core.types import Param, Phrase


class PlainlineError(Exception):
    """The root of our own errors."""


class Misconfigured(PlainlineError):
    """Something the operator or an editor set is wrong. `mistakes` are complete sentences, all of them."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class Conflict(PlainlineError):
    """What a member of staff asked for does not hold; `phrase` says why and what to do."""

    def __init__(self, phrase: Phrase, **params: Param) -> None:
        super().__init__(phrase.id)
        self.phrase = replace(phrase, params={**phrase.params, **params})


class Raced(PlainlineError):
    """Another turn of the same conversation was saved first."""


class GuardFailed(PlainlineError):
    """A look-up no longer holds at the time of writing."""


class StoreUnavailable(PlainlineError):
    """The database does not answer."""


class CommitUnknown(StoreUnavailable):
    """A commit was sent, and whether it happened is not known."""


class SendError(PlainlineError):
    """A text was not, or may not have been, sent. `code` is the provider's, `why` what it means."""

    def __init__(self, code: str = "", wait: float = 0.0, why: Lost = Lost.OTHER) -> None:
        super().__init__(code)
        self.code = code
        self.why = why
        self.wait = wait
        """Seconds the provider asks us to wait; 0 if it named none."""


class SendLater(SendError):
    """Worth trying again."""


class SendNever(SendError):
    """Not worth trying again."""


class SendUnknown(SendError):
    """Sent or not: unknown."""
