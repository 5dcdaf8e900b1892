"""Administrations as the API writes them."""

from typing import Any

from radiopharm.core.medical_events import PossibleEvent
from radiopharm.schemas.instants import instant_out

Answer = dict[str, Any]


def administration(found: Answer, event: PossibleEvent | None) -> Answer:
    """An administration with its newest balance."""
    working = found["working"]
    return {
        "id": found["id"],
        "dispensing_id": found["dispensing_id"],
        "started_at": instant_out(found["started_at"]),
        "ended_at": instant_out(found["ended_at"]),
        "route": found["route"],
        **_bedside(found["bedside"]),
        "checklist": [_answer(each) for each in found["checklist"]],
        "interruptions": [_interruption(each) for each in found["interruptions"]],
        "dose_bq": found["dose_bq"],
        "dose_mbq": found["dose_bq"] / 1e6,
        "net_administered_bq": found["net_bq"],
        "net_administered_mbq": found["net_bq"] / 1e6,
        "net_administered_at": instant_out(found["started_at"]),
        "percent_of_prescribed": float(found["percent_of_prescribed"]),
        "meets_event_percentage": working["meets_event_percentage"],
        "given_bq": working.get("given_bq"),
        "unaccounted_bq": working.get("unaccounted_bq"),
        "unaccounted": _unaccounted(working),
        "possible_medical_event": _event(event) if event else None,
        "late": found["late"],
        "already_given": found["given_already"] is not None,
        "given_although": found["given_already"]["although"] if found["given_already"] else "",
        "residues": [_residue(each) for each in found["residues"]],
        "balances": [_balance(each) for each in found["balances"]],
        "working": working,
    }


def _bedside(row: Answer | None) -> Answer:
    if row is None:
        return {
            "site_of_administration": None,
            "performed_by": None,
            "patient_check": "not asked",
            "dose_check": "not asked",
        }
    return {
        "site_of_administration": row["site_of_administration"],
        "performed_by": row["performed_by"],
        "patient_check": _scanned(row["patient_scanned"]),
        "dose_check": _scanned(row["dose_scanned"]),
    }


def _scanned(was_scanned: bool) -> str:
    return "scanned" if was_scanned else "not scanned"


def _answer(row: Answer) -> Answer:
    done_at = row["done_at"]
    said = "done" if done_at else "not_done" if row["reason"] else "not_answered"
    kept = {name: row[name] for name in ("code", "words", "reason", "source", "status")}
    return {**kept, "answer": said, "done_at": instant_out(done_at) if done_at else None}


def _interruption(row: Answer) -> Answer:
    return {
        "from_at": instant_out(row["from_at"]),
        "to_at": instant_out(row["to_at"]),
        "reason": row["reason"],
    }


def _unaccounted(working: Answer) -> str:
    if working.get("unaccounted_bq") is not None:
        return "net less what was measured as given"
    return "not computable: nothing else than the residues says what was given"


def _residue(row: Answer) -> Answer:
    kept = ("id", "item", "measured_bq", "at_start_bq", "instrument_id", "container_id")
    return {
        **{name: row[name] for name in (*kept, "reading_id", "balance")},
        "places": [
            {"container_id": share.container_id, "percent": f"{share.percent:f}"}
            for share in row["places"]
        ],
        "measured_by": "typed" if row["reading_id"] is None else "device",
        "activity": row["measured_text"],
        "measured_at": instant_out(row["measured_at"]),
    }


def _balance(row: Answer) -> Answer:
    return {
        "number": row["number"],
        "net_administered_bq": row["net_bq"],
        "percent_of_prescribed": float(row["percent_of_prescribed"]),
        "recorded_at": instant_out(row["recorded_at"]),
        "reason": row["reason"],
    }


def _event(it: PossibleEvent) -> Answer:
    return {
        "discovered_at": instant_out(it.discovered_at),
        "tests": [
            {
                "code": test.code,
                "met": test.is_met,
                "message": test.words,
                "source": test.source,
                "status": str(test.status),
            }
            for test in it.tests
        ],
        "clocks": [
            {
                "code": clock.code,
                "message": clock.words,
                "due_at": instant_out(clock.due_at),
                "source": clock.source,
                "status": str(clock.status),
            }
            for clock in it.clocks
        ],
    }
