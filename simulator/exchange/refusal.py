"""Why a document was refused, with Twilio's error code and the page that the rule is from."""

from __future__ import annotations

BAD_XML = 12100  # Twilio docs, errors/12100: document parse failure
BROKEN_RULE = 12200  # errors/12200: schema validation warning
BAD_TYPE = 12300  # errors/12300: Content-Type
TOO_LONG = 11750  # errors/11750: response body too large


class Refused(Exception):
    """A document that breaks the table: `code`, `where` (the element), `expected`, and `source` (a docs
    page)."""

    def __init__(self, code: int, where: str, expected: str, source: str) -> None:
        super().__init__(f"{code} {where}: {expected} (Twilio docs: {source})")
        self.code = code
        self.where = where
        self.expected = expected
        self.source = source
