"""Our line with nothing read back: what was typed or said in a form counts at once. To compare with, never to run."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

from app.assistant import Assistant
from app.bootstrap import Plainline
from core import phrases as say
from core.render import Capabilities, Message
from core.types import Inbound, Kind

AGREES = "1"
"""The key for yes."""

READ_BACK = (say.ALL_RIGHT, say.DID_YOU_SAY)
"""What is asked where an answer is read back; the second with the answer in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreeing(Assistant):
    """Whatever is read back is agreed to before anybody hears it."""

    def handle(self, said: Inbound, capabilities: Capabilities) -> tuple[Message, ...]:
        """The answer, or where it reads something back the answer to yes."""
        answer = Assistant.handle(self, said, capabilities)
        if not answer or not self._reads_back(answer[-1], capabilities):
            return answer
        yes = replace(said, kind=Kind.KEYS, keys=AGREES, text="", confidence=None, turn=answer[-1].turn)
        return Assistant.handle(self, yes, capabilities)

    def _reads_back(self, message: Message, capabilities: Capabilities) -> bool:
        said = (self.words.say(one, message.language, capabilities.medium.value) for one in READ_BACK)
        return any(one.partition("{")[0] in message.text for one in said)


@dataclass(frozen=True, kw_only=True)
class Unread(Plainline):
    """An installation that reads nothing back."""

    @cached_property
    def assistant(self) -> Assistant:
        ours = super().assistant
        return _Agreeing(**{one.name: getattr(ours, one.name) for one in fields(ours)})


def unread(built: Plainline) -> Unread:
    """The same installation, without reading back."""
    return Unread(**{one.name: getattr(built, one.name) for one in fields(built)})
