"""Erasing an identity: who a patient was is destroyed for good; every fact about the dose stays.

The list of what was erased is kept outside the database too, signed, so that an older backup does
not bring anybody back.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from radiopharm.core.audit import canonical, instant_text
from radiopharm.core.backups import BadBackup
from radiopharm.core.patients import Erased, Patient
from radiopharm.core.refusals import Refusal
from radiopharm.core.retention import Retention
from radiopharm.core.signing import Record, Signing, Statement

FORMAT = "radiopharm.erased.v1"
MEANING = "I erase this identity for good"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseIdentity:
    """That the identity behind a reference is to go, and why, without naming anybody."""

    reason: str
    signature: Signing


def refusals(patient: Patient, kept: Iterable[Retention], today: date) -> tuple[Refusal, ...]:
    """Why an identity must stay: each record that must still say whose it is."""
    if patient.erased:
        return (Refusal(code="erased", message=f"This identity was {patient.erased.words}."),)
    return tuple(_kept(each) for each in kept if not each.is_free(today))


def statement(patient: str, reason: str, records: int, meaning: str = MEANING) -> Statement:
    """What is signed of an erasure."""
    kept = f"{records} record{'' if records == 1 else 's'}"
    return Statement(
        record=Record(kind="erasure", key=patient, version=1),
        meaning=meaning,
        sentences=(
            f"The identity of patient {patient} is destroyed: name, birth date, hospital number.",
            "Nobody can bring it back.",
            f"{kept} of doses and directives stay, under the reference alone.",
            f"Reason: {reason}",
        ),
        facts={"patient": patient, "reason": reason, "records": records},
    )


def written(erased: Mapping[str, Erased], key: bytes) -> str:
    """The list of erased references as JSON, signed with *key*."""
    listed = {
        reference: {"at": instant_text(it.at), "by": it.by, "reason": it.reason}
        for reference, it in sorted(erased.items())
    }
    body = {"format": FORMAT, "erased": listed}
    return json.dumps({**body, "mac": _mac(body, key)}, indent=1, ensure_ascii=False) + "\n"


def read(text: str, key: bytes) -> dict[str, Erased]:
    """The erased references that *text* lists; `BadBackup` when it is not signed with *key*."""
    try:
        body = json.loads(text)
        mac = body.pop("mac")
        if body["format"] != FORMAT or not hmac.compare_digest(mac, _mac(body, key)):
            raise BadBackup("The list of erased patients was changed, or signed with another key.")
        return {
            reference: Erased(at=datetime.fromisoformat(it["at"]), by=it["by"], reason=it["reason"])
            for reference, it in body["erased"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup("The list of erased patients cannot be read.") from error


def _kept(retention: Retention) -> Refusal:
    governing = retention.governing
    return Refusal(
        code="retention",
        message=retention.words,
        source=f"{governing.rule.source} ({governing.rule.status})" if governing else None,
    )


def _mac(body: Mapping[str, Any], key: bytes) -> str:
    return hmac.new(key, canonical(body).encode(), hashlib.sha256).hexdigest()
