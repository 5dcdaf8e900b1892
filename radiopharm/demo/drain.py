"""The demo's drain: a delay tank that fills, and rinse water that went by the site's figures."""

from datetime import timedelta
from decimal import Decimal

from radiopharm.core.discharge_figures import EnterFigure, FigureKind
from radiopharm.core.discharging import Drain, Liquid, Pour
from radiopharm.core.site_figures import EnterSiteFigure
from radiopharm.core.tank_acts import AddTank, ReadLevel, UseTank
from radiopharm.demo.ward import Ward
from radiopharm.services import discharge_figures, pouring, site_figures, tanks

INVENTED = "Invented for this demo; read the table before you rely on it"
ROOM = "Treatment room 2"
SEWAGE = EnterFigure(
    kind=FigureKind.SEWAGE,
    subject="",
    value="400",
    source="Water meter of the hospital, mean of last year",
    reason="Needed by the monthly limit",
)
RINSE = Liquid(
    description="Rinse water, hot cell 1",
    volume_ul=20_000_000,
    activities_bq=(("Lu-177", 420_000_000),),
)
DRAIN = Drain(route="Drain 2, hot lab", permission="Licence, condition 14", pack="us-sewer")


def to_the_drain(ward: Ward, dose_id: int) -> None:
    """A delay tank fills with what yesterday's patient excretes; rinse water went to the drain."""
    begun, given_at = ward.noon(-2), ward.noon(-1) + timedelta(hours=1)
    tank = AddTank(number="1", capacity_l=6_000, rooms=(ROOM,))
    tank_id = ward.do("safety_officer", begun, lambda act: tanks.add(act, tank))
    filling = ward.do("safety_officer", begun, lambda act: tanks.open_filling(act, tank_id))
    used = UseTank(dispensing_id=dose_id, room=ROOM)
    ward.do("technologist", given_at, lambda act: tanks.use(act, filling, used))
    level = ReadLevel(volume_l=840, instrument="Float gauge")
    ward.do("technologist", ward.at(-2), lambda act: tanks.read_level(act, filling, level))
    poured(ward)


def poured(ward: Ward) -> None:
    """Judged by the US rule an hour ago; the figures it lacks are the site's."""
    at = ward.at(-1)
    signing = ward.signing("safety_officer", at)
    limit = EnterSiteFigure(
        pack="us-sewer",
        table="sewer",
        nuclide="Lu-177",
        value=Decimal("15000000"),
        unit="Bq/m³",
        clause="10 CFR 20 Appendix B Table 3",
        source=INVENTED,
        reason="The pack's table is empty",
        signature=signing,
    )
    rinse = Pour(liquid=RINSE, drain=DRAIN, signature=signing)
    ward.do("safety_officer", at, lambda act: site_figures.enter(act, limit))
    ward.do("safety_officer", at, lambda act: discharge_figures.enter(act, SEWAGE))
    ward.do("safety_officer", at, lambda act: pouring.pour(act, rinse))
