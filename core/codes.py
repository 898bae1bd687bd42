"""References and continuation codes with Damm's check digit.

H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004): one check digit that finds every single wrong digit and
every swap of two neighbours, the commonest mistakes when digits are heard and typed.
"""

from __future__ import annotations

REFERENCE_DIGITS = 9
CODE_DIGITS = 8
SERVICE_DIGITS = 3

_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def check_digit(digits: str) -> str:
    """The digit to append so that `holds` is true. `digits` are ASCII 0 to 9."""
    interim = "0"
    for digit in digits:
        interim = _TABLE[int(interim)][int(digit)]
    return interim


def holds(digits: str) -> bool:
    """Whether the last digit is the check digit of those before; False for anything but ASCII digits."""
    return digits.isascii() and digits.isdigit() and check_digit(digits) == "0"


def reference(number: int) -> str:
    """A case reference of nine digits from a number of at most eight."""
    return _numbered(number, REFERENCE_DIGITS)


def code(number: int) -> str:
    """A continuation code of eight digits from a number of at most seven."""
    return _numbered(number, CODE_DIGITS)


def _numbered(number: int, length: int) -> str:
    digits = f"{number:0{length - 1}d}"
    if len(digits) != length - 1:
        raise ValueError(f"{number} has more than {length - 1} digits")
    return digits + check_digit(digits)
