"""Staff, as far as the proofs need them: somebody who sees everything, and takes requests."""

from __future__ import annotations

from core.staff import Staff
from store import schema
from tests.bot.line import Line as ChatLine
from tests.calls.line import Line

LOGIN = "ines"
SESSION = "a session at the desk"


def clerk(line: Line | ChatLine, phone: str = "") -> Staff:
    """A clerk of this line; the same one, whenever it is asked for."""
    accounts = line.plainline.accounts
    if accounts.store.by_login(LOGIN) is None:
        accounts.add(Staff(id=0, login=LOGIN, name="Ines", phone=phone))
    found = accounts.store.by_login(LOGIN)
    assert found
    return found[0]


def at_the_desk(line: Line, phone: str = "") -> Staff:
    """The clerk has just looked at the console: callers wait for them."""
    found = clerk(line, phone)
    line.plainline.accounts.sign_out_everywhere(found)
    line.plainline.accounts.store.open_session(SESSION, found.id, line.clock())
    line.clock.later(seconds=6)  # so long what was asked last is remembered
    return found


def claims(line: Line | ChatLine, address: str) -> None:
    """The clerk takes what this resident asked for."""
    (request,) = line.rows(schema.handoffs, schema.handoffs.c.address == address)
    line.plainline.desk.claim(clerk(line), request.id, f"claim {address}")
