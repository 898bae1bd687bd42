"""WhatsApp at Twilio: who may be written to, and in which words.

Source: Twilio docs, whatsapp (addresses, the window of 24 hours), content (templates and their variables), api/errors.
Twilio answers STOP, START and HELP itself by SMS alone.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from simulator.exchange.rest_errors import RestError

PREFIX = "whatsapp:"
WINDOW = timedelta(hours=24)
OUTSIDE = 63016

_HOLE = re.compile(r"\{\{([^{}]*)\}\}")


def is_whatsapp(address: str) -> bool:
    """Whether an address is one on WhatsApp."""
    return address.startswith(PREFIX)


class WhatsApp:
    """What Meta knows of one sender: when each resident wrote to it last, and its approved messages (`templates`, their
    words by their ids, with holes such as {{1}})."""

    def __init__(self, number: str) -> None:
        self.address = f"{PREFIX}{number}" if number else ""
        self.templates: dict[str, str] = {}
        self._wrote: dict[str, datetime] = {}

    def wrote(self, resident: str, at: datetime) -> None:
        """A resident (an address) wrote."""
        self._wrote[resident] = at

    def quiet(self, resident: str, by: timedelta = WINDOW) -> None:
        """Make what a resident wrote so much older."""
        if resident in self._wrote:
            self._wrote[resident] -= by

    def open(self, resident: str, now: datetime) -> bool:
        """Whether words of the sender's own reach this resident."""
        wrote = self._wrote.get(resident)
        return wrote is not None and now - wrote < WINDOW

    def words(self, template: str, variables: str) -> str:
        """An approved message with its holes filled. Raises RestError for none of ours, and for no JSON."""
        if template not in self.templates:
            raise RestError(21655, template)
        try:
            given = json.loads(variables or "{}")
        except ValueError:
            given = None
        if not isinstance(given, dict) or not all(isinstance(value, str) and value for value in given.values()):
            raise RestError(21656)
        return _HOLE.sub(lambda hole: given.get(hole[1], hole[0]), self.templates[template])
