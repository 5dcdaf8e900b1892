"""The demo's patients: one treated yesterday, and a day's list in every state."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from radiopharm.core.administering import Administer
from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.core.dispensing import DispenseDose, DrawWish
from radiopharm.core.formatting import mbq_exact
from radiopharm.core.patients import RecordPatient
from radiopharm.core.readings import Measured
from radiopharm.core.reconciling import Residue
from radiopharm.demo.deliveries import AZEDRA, LUTATHERA, Y_90_DOTATOC, accepted
from radiopharm.demo.ward import Ward
from radiopharm.services import administering, directives, dispensing
from radiopharm.store.acts import Act

BEFORE = timedelta(minutes=40)
READING_ABOVE = 1.01  # what the calibrator reads of what was calculated


def _patient(number: int, family: str, given: str, born: date) -> RecordPatient:
    return RecordPatient(
        hospital_number=f"DEMO-{number}", family_name=family, given_name=given, birth_date=born
    )


PATIENTS = (
    _patient(1001, "Example", "Elena", date(1958, 3, 14)),
    _patient(1002, "Sample", "Sam", date(1947, 11, 2)),
    _patient(1003, "Trial", "Tomàs", date(1966, 7, 29)),
    _patient(1004, "Placeholder", "Pia", date(1972, 1, 8)),
    _patient(1005, "Specimen", "Sven", date(1939, 9, 21)),
)


def given_yesterday(ward: Ward) -> int:
    """From delivery to administration, with what was left in vial and line; the dose's id."""
    start = ward.noon(-1)
    directive_id = signed(ward, ward.noon(-2), PATIENTS[0], "lutathera", 7_400_000_000, start)
    vial_id = kept_for(ward, ward.noon(-2), directive_id, LUTATHERA, "LT-0306", start)
    dose_id = dispensed(ward, start - BEFORE, directive_id, vial_id)
    given(ward, dose_id, start)
    return dose_id


def planned_today(ward: Ward) -> None:
    """Signed for the next hours, each with the vial kept for it; and one draft nobody signed."""
    mibg = signed(ward, ward.at(-10), PATIENTS[1], AZEDRA["product"], 6_200_000_000, ward.at(2))
    kept_for(ward, ward.at(-9), mibg, AZEDRA, "AZ-1107", ward.noon(0), place="Freezer")
    tatoc = signed(ward, ward.at(-8), PATIENTS[2], "y-90-dotatoc", 3_700_000_000, ward.at(4))
    traces = (DeclaredImpurity(nuclide="Sr-90", ratio=Decimal("0.00002")),)
    kept_for(ward, ward.at(-7), tatoc, Y_90_DOTATOC, "YD-0611", ward.noon(0), impurities=traces)
    drafted(ward, ward.at(-6), PATIENTS[3], "lutathera", 7_400_000_000, ward.noon(2))


def drawn_now(ward: Ward) -> None:
    """A dose that waits for its patient."""
    planned = ward.at(0.75)
    directive_id = signed(ward, ward.at(-1), PATIENTS[4], "lutathera", 7_400_000_000, planned)
    vial_id = kept_for(ward, ward.at(-0.75), directive_id, LUTATHERA, "LT-0309", ward.noon(0))
    dispensed(ward, ward.at(-0.25), directive_id, vial_id)


def drafted(
    ward: Ward, at: datetime, who: RecordPatient, product: str, bq: int, planned: datetime
) -> int:
    """A directive as a physician writes it; its id."""
    said = {
        "product": product,
        "prescribed_bq": bq,
        "prescribed_text": mbq_exact(bq),
        "planned_for": planned,
        "indication": "Neuroendocrine tumour",
        "cycle": 1,
    }
    directive_id: int = ward.do("physician", at, lambda act: directives.draft(act, who, said))
    return directive_id


def signed(
    ward: Ward, at: datetime, who: RecordPatient, product: str, bq: int, planned: datetime
) -> int:
    """A directive with its physician's signature; its id."""
    directive_id = drafted(ward, at, who, product, bq, planned)
    signing = ward.signing("physician", at)
    ward.do("physician", at, lambda act: directives.sign(act, directive_id, 1, signing))
    return directive_id


def kept_for(ward: Ward, at: datetime, directive_id: int, *vial: Any, **more: Any) -> int:
    """A vial that was ordered for a patient; its id."""
    return accepted(ward, at, *vial, directive_id=directive_id, **more)


def dispensed(ward: Ward, at: datetime, directive_id: int, vial_id: int) -> int:
    """All of a vial, measured a hundredth above what was calculated; the dose's id."""
    command = DispenseDose(
        directive_id=directive_id,
        draws=(DrawWish(vial_id=vial_id, after_sequence=1),),
        measured=Measured(bq=0, text="", at=at, instrument_id=ward.activity_meter),
    )
    signing = ward.signing("technologist", at)

    def work(act: Act) -> int:
        read = _reading(act, command)
        return dispensing.dispense(act, replace(command, measured=read), signing, None)

    dose_id: int = ward.do("technologist", at, work)
    return dose_id


def given(ward: Ward, dose_id: int, start: datetime) -> None:
    """An infusion of half an hour; vial and line are measured when it has ended."""
    end = start + timedelta(minutes=30)
    residues = tuple(
        Residue(
            item=item,
            measured_bq=bq,
            measured_text=mbq_exact(bq),
            measured_at=end + timedelta(minutes=10),
            instrument_id=ward.activity_meter,
        )
        for item, bq in (("vial", 96_000_000), ("tubing", 14_000_000))
    )
    command = Administer(dose_id=dose_id, started_at=start, ended_at=end, residues=residues)
    recorded = end + timedelta(minutes=15)
    ward.do("technologist", recorded, lambda act: administering.administer(act, command))


def _reading(act: Act, command: DispenseDose) -> Measured:
    found = dispensing.consider(act.db, act.reference, act.actor, command, act.now, False)
    drawn = sum(source.activity_at(found.measured.at) for source in found.sources)
    bq = round(drawn * READING_ABOVE / 10**6) * 10**6
    return replace(found.measured, bq=bq, text=mbq_exact(bq))
