"""The demo's vials: one of each kind that makes somebody think."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.core.formatting import mbq_exact, ml
from radiopharm.core.happenings import Happen
from radiopharm.core.receiving import ReceiveVial
from radiopharm.core.vials import Happening
from radiopharm.demo.ward import Ward
from radiopharm.services import happenings, receiving

SHELF_LIFE = timedelta(hours=72)
LUTATHERA = {"product": "lutathera", "activity_bq": 7_585_000_000, "volume_ul": 20_500}
AZEDRA = {"product": "i-131-mibg-azedra", "activity_bq": 12_487_500_000, "volume_ul": 22_500}
Y_90_DOTATOC = {"product": "y-90-dotatoc", "activity_bq": 11_100_000_000, "volume_ul": 10_000}


def last_week(ward: Ward) -> None:
    """A vial whose patient did not come, expired and still full; and one that arrived cracked."""
    accepted(ward, ward.noon(-5), LUTATHERA, "LT-0298", ward.noon(-4), place="Store A")
    cracked = received(ward, ward.noon(-4), Y_90_DOTATOC, "YD-0604", ward.noon(-3))
    found = Happen(kind=Happening.QUARANTINED, after_sequence=1, reason="Crack below the stopper")
    ward.do("technologist", ward.noon(-4), lambda act: happenings.happen(act, cracked, found))


def this_morning(ward: Ward) -> None:
    """Ahead of their reference time, without Lu-177m and with; and one not accepted yet."""
    accepted(ward, ward.at(-4), LUTATHERA, "LT-0311", ward.noon(2), place="Hot cell 1")
    carried = (DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0002")),)
    accepted(ward, ward.at(-3.5), LUTATHERA, "LC-0077", ward.noon(2), impurities=carried)
    received(ward, ward.at(-1.5), AZEDRA, "AZ-1112", ward.noon(1), place="Freezer")


def accepted(
    ward: Ward,
    at: datetime,
    kind: dict[str, Any],
    lot: str,
    reference_at: datetime,
    **more: Any,
) -> int:
    """A vial received by one pharmacist and accepted by the other; its id."""
    vial_id = received(ward, at, kind, lot, reference_at, **more)
    ward.do("second", at, lambda act: receiving.accept(act, vial_id, 1, ""))
    return vial_id


def received(
    ward: Ward,
    at: datetime,
    kind: dict[str, Any],
    lot: str,
    reference_at: datetime,
    **more: Any,
) -> int:
    """A vial that waits for acceptance; its id."""
    command = ReceiveVial(
        **kind,
        lot=lot,
        activity_text=mbq_exact(kind["activity_bq"]),
        volume_text=ml(kind["volume_ul"]),
        reference_at=reference_at,
        reference_zone=ward.site.zone,
        expires_at=reference_at + SHELF_LIFE,
        received_at=at,
        **more,
    )
    vial_id: int = ward.do("radiopharmacist", at, lambda act: receiving.receive(act, command))
    return vial_id
