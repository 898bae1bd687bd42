"""What comes of a secret number that was keyed. It is slow on purpose, so no transaction is open meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from app.log import event
from core.pins import FIRST_CODE_DIGITS
from core.ports import HelperKeys, Sealer, Storage, UnitOfWork
from core.types import CaseDetails, CheckHelper, CheckPin, ComparePin, Known, Need, PinCheck, SealPin, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of the needs `of` that a secret number is in; the other fields are those of `core.types.Known`."""

    of: tuple[Secret, ...] = ()
    pin: PinCheck | None = None
    sealed: str = ""
    details: CaseDetails | None = None
    mandate: str = ""

    def told_in(self, known: Known) -> Known:
        """What is known, with this."""
        return replace(known, pin=self.pin, sealed=self.sealed, details=self.details, mandate=self.mandate)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretNumbers:
    """Seals, compares and checks secret numbers."""

    storage: Storage
    sealer: Sealer
    timezone: str

    def prove(self, wanted: Iterable[Need], source: str, at: datetime) -> Proof:
        """What comes of the one need with a secret number among these, if there is any."""
        secret = secrets_of(wanted)
        return replace(self._of(secret[0], source, at), of=secret) if secret else Proof()

    def local(self, details: CaseDetails | None) -> CaseDetails | None:
        """The same with the moment by the town's clock."""
        return details and replace(details, opened=details.opened.astimezone(ZoneInfo(self.timezone)))

    def _of(self, need: Secret, source: str, at: datetime) -> Proof:
        match need:
            case SealPin():
                return Proof(sealed=self.sealer.seal(need.digits))
            case ComparePin():
                return Proof(pin=self._compared(need.sealed, need.digits, PinCheck.RIGHT))
            case CheckPin():
                return self._residents(need, source, at)
            case CheckHelper():
                return self._helpers(need, source, at)
            case _:
                assert_never(need)

    def _residents(self, need: CheckPin, source: str, at: datetime) -> Proof:
        with self.storage.reading() as unit:
            closed, sealed = self._closed(unit, need.reference, source, at), unit.pin(need.reference)
        pin = PinCheck.CLOSED if closed else self._compared(sealed, need.digits, PinCheck.RIGHT)
        return self._told(Proof(pin=pin), need.reference, at)

    def _helpers(self, need: CheckHelper, source: str, at: datetime) -> Proof:
        with self.storage.reading() as unit:
            closed = self._closed(unit, need.reference, source, at)
            keys = unit.helper(need.reference, need.address.value, at)
        keys = keys or HelperKeys(mandate="", sealed="", code="")
        first = len(need.digits) == FIRST_CODE_DIGITS
        sealed, right = (keys.code, PinCheck.FIRST) if first else (keys.sealed, PinCheck.RIGHT)
        pin = PinCheck.CLOSED if closed else self._compared(sealed, need.digits, right)
        return self._told(Proof(pin=pin, mandate=keys.mandate), need.reference, at)

    def _closed(self, unit: UnitOfWork, reference: str, source: str, at: datetime) -> bool:
        closed = unit.pin_closed(reference, source, at)
        if closed:
            event("secret_numbers_closed", level=logging.WARNING)
        return closed

    def _compared(self, sealed: str, digits: str, right: PinCheck) -> PinCheck:
        return right if self.sealer.fits(sealed, digits) else PinCheck.WRONG

    def _told(self, proof: Proof, reference: str, at: datetime) -> Proof:
        """With what the case says, where the number was right; of a helper whose number was wrong nothing is known."""
        if proof.pin is PinCheck.FIRST:
            return proof
        if proof.pin is not PinCheck.RIGHT:
            return replace(proof, mandate="")
        with self.storage.reading() as unit:
            return replace(proof, details=self.local(unit.details(reference, at, proof.mandate)))


def secrets_of(wanted: Iterable[Need]) -> tuple[Secret, ...]:
    """The needs that a secret number is in."""
    return tuple(need for need in wanted if isinstance(need, Secret))
