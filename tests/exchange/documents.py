"""TwiML for the tests, short to write."""

from __future__ import annotations


def document(inside: str) -> str:
    """A whole answer."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def say(text: str) -> str:
    """One sentence."""
    return f"<Say>{text}</Say>"


def gather(inside: str = "<Say>Press a key.</Say>", **attributes: str) -> str:
    """A Gather whose action is /turn unless another is given."""
    named = {"action": "/turn"} | attributes
    written = " ".join(f'{key}="{value}"' for key, value in named.items())
    return f"<Gather {written}>{inside}</Gather>"


MENU = document(gather(numDigits="1") + "<Redirect>/silent</Redirect>")
DIGITS = document(gather(timeout="8") + "<Redirect>/silent</Redirect>")
BOTH = document(gather(input="dtmf speech", timeout="4", speechTimeout="2") + "<Redirect>/silent</Redirect>")
DONE = document(say("Thank you."))
