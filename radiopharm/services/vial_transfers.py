"""Hand a volume of a vial, or all it holds, to a licensed recipient or back to the supplier."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

from radiopharm.core import vial_transfers as rules
from radiopharm.core.vial_transfers import Case, VialTransfer
from radiopharm.services import corrections
from radiopharm.store import hand_overs
from radiopharm.store.acts import Act


def transfer(act: Act, vial_id: int, command: VialTransfer) -> int:
    """Post what left and keep its papers; returns the entry's number.

    Raises as `corrections.take`: the reasons of the book and of the papers together.
    """
    taking, to = command.taking, command.to
    zone = ZoneInfo(act.actor.site.zone)
    case = Case(to=to, at=taking.occurred_at or act.now, now=act.now, zone=zone)
    sequence = corrections.take(
        act,
        vial_id,
        taking,
        beside=rules.refusals(case),
        recipient=to.recipient,
        licence=to.licence_number,
        **asdict(to.papers),
    )
    hand_overs.add(act.db, vial_id, sequence, to)
    return sequence
