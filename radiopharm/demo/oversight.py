"""What the demo's safety officer keeps an eye on: limits, a review that is due, surveyed rooms."""

from datetime import datetime, timedelta
from decimal import Decimal

from radiopharm.core.limits import SetLimit
from radiopharm.core.reviews import Review
from radiopharm.core.surveys import RecordSurvey, SetPlan, SurveyKind
from radiopharm.demo.ward import Ward
from radiopharm.services import limits, reviews, surveys
from radiopharm.store import surveys as kept

LICENCE = "Licence of this site, condition 8"
LIMITS = (("Lu-177", 60_000_000_000), ("I-131", 40_000_000_000), ("Y-90", 30_000_000_000))
WIPE = SetPlan(
    kind=SurveyKind.WIPE,
    interval_days=7,
    level=Decimal("0.4"),
    operator=">",
    unit="Bq/cm²",
    less_background=True,
    source="House rule 12",
    reason="First plan of this room",
    points=("Bench", "Floor at the hot cell", "Door handle"),
)
DOSE_RATE = SetPlan(
    kind=SurveyKind.DOSE_RATE,
    interval_days=7,
    level=Decimal("2.5"),
    operator=">=",
    unit="µSv/h",
    less_background=False,
    source="House rule 12",
    reason="First plan of this room",
    points=("Bed", "Toilet", "Corridor"),
)
# room, plan, days ago, background, readings: one is over its level, one was due the day before
WALKED = (
    ("Treatment room 2", DOSE_RATE, 9, "0.12", ("0.3", "0.8", "0.13")),
    ("Waste store", DOSE_RATE, 3, "0.12", ("1.1", "0.4", "0.14")),
    ("Hot lab", WIPE, 2, "0.05", ("0.11", "1.62", "0.07")),
)


def limited(ward: Ward) -> None:
    """What the licence lets the site hold, and what the house lets leave in a day."""
    at = ward.at(-89 * 24)
    for nuclide, bq in LIMITS:
        held = SetLimit(nuclide=nuclide, limit_bq=bq, source=LICENCE, reason="")
        ward.do("safety_officer", at, lambda act, it=held: limits.set_limit(act, it))
    daily = SetLimit(
        nuclide="Lu-177", limit_bq=10_000_000, source="House rule 9", reason="", per="day"
    )
    ward.do("safety_officer", at, lambda act: limits.set_limit(act, daily))


def reviewed(ward: Ward) -> None:
    """The first month's review, two months ago; the next was due yesterday."""
    at, hours = ward.at(-60 * 24), ward.runtime.working_hours
    review = Review(
        start=ward.at(-90 * 24),
        end=at,
        findings="Accounts and rules as agreed. Nothing to follow up.",
        next_due_at=ward.noon(-1),
    )
    signing = ward.signing("safety_officer", at)
    ward.do("safety_officer", at, lambda act: reviews.sign(act, review, signing, hours))


def surveyed(ward: Ward) -> None:
    """Three rooms: one overdue, one clean, one with a spot on the floor."""
    for room, plan, days, background, readings in WALKED:
        at = ward.noon(-days)
        room_id = planned(ward, at - timedelta(days=7), room, plan)
        walked(ward, at, room_id, plan, background, readings)


def planned(ward: Ward, at: datetime, room: str, plan: SetPlan) -> int:
    """A room with its plan; the room's id."""
    room_id: int = ward.do("safety_officer", at, lambda act: surveys.add_room(act, room))
    ward.do("safety_officer", at, lambda act: surveys.set_plan(act, room_id, plan))
    return room_id


def walked(
    ward: Ward,
    at: datetime,
    room_id: int,
    plan: SetPlan,
    background: str,
    readings: tuple[str, ...],
) -> None:
    """A room surveyed point by point."""
    with ward.runtime.reading() as db:
        standing = kept.standing_plans(db, [room_id])[room_id, plan.kind]
    values = zip(standing.points, readings, strict=True)
    survey = RecordSurvey(
        plan_id=standing.id,
        instrument_id=ward.survey_meter,
        background=Decimal(background),
        readings=tuple((point.id, Decimal(reading)) for point, reading in values),
        surveyed_at=at,
    )
    ward.do("technologist", at, lambda act: surveys.record(act, survey))
