"""What the dispensing page shows of a dose being typed: the plan, the draws, the checklist.

The page and its live panel read the same boxes by the same function, and the checklist is the
decision's own: `services.dispensing.consider` and `core.dispensing_rules.refusals`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import g

from radiopharm.core import dispensing_rules as rules
from radiopharm.core import draw_plan, drawing
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.dispensing import (
    DispenseDose,
    DrawWish,
    Situation,
    Source,
    read_as_calculated,
)
from radiopharm.core.dose_tolerance import meets_event_percentage
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal
from radiopharm.core.verdict import Verdict, verdict
from radiopharm.core.vials import Vial
from radiopharm.schemas.dispensing import TrialSchema
from radiopharm.services import choosing, dispensing
from radiopharm.store import Connection, directives, vials
from radiopharm.web import access, forms

WRONG = "wrong_product"
TO_DO = (
    "instrument",
    "reason",
    "second_person",
    "kept_for_another",
    "outside_range",
    "deviation_needs_reason",
    "deviation_needs_second_person",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A dose as far as it is typed.

    `planned` is what to draw at best, `situation` what is typed (as planned where it is not yet),
    None where no vial is named or there is no figure at the time; `others` may be drawn from too.
    """

    directive: Directive
    product: Product
    at: datetime
    now: datetime
    planned: tuple[Source, ...]
    others: tuple[Vial, ...]
    situation: Situation | None
    is_measured: bool
    refusals: tuple[Refusal, ...]
    errors: Mapping[str, list[str]]
    wishes: tuple[DrawWish, ...]

    @property
    def version(self) -> DirectiveVersion:
        """The version shown."""
        return self.directive.newest

    @property
    def draw_now_bq(self) -> float:
        """The activity (Bq) to draw now."""
        return sum(source.activity_at(self.now) for source in self._drawn)

    @property
    def given_bq(self) -> float:
        """What that will be (Bq) when it is given."""
        return sum(source.activity_at(self.at) for source in self._drawn)

    @property
    def limits_now_bq(self) -> tuple[Fraction, Fraction] | None:
        """The prescription's limits (Bq) now: its range, else −10 % and +10 %."""
        if not self.given_bq:
            return None
        version = self.version
        low = version.lowest_bq or version.prescribed_bq * (1 - drawing.TOLERANCE)
        high = version.highest_bq or version.prescribed_bq * (1 + drawing.TOLERANCE)
        carried = Fraction(self.draw_now_bq) / Fraction(self.given_bq)
        return low * carried, high * carried

    @property
    def missing_bq(self) -> float:
        """What the vials named cannot give of the prescription, in Bq at the planned time."""
        return draw_plan.missing_bq(self._drawn, self.version.prescribed_bq, self.at)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the reading; None before there is one."""
        return verdict(self.situation) if self.situation and self.is_measured else None

    @property
    def wrong_products(self) -> list[Refusal]:
        """Vials that are something else; while there is one, no figure to draw is shown."""
        return [each for each in self.refusals if each.code == WRONG]

    @property
    def stops(self) -> list[Refusal]:
        """What else cannot be helped on this page."""
        return [each for each in self.refusals if each.code not in (*TO_DO, WRONG)]

    @property
    def to_do(self) -> list[Refusal]:
        """What is still to be filled in here."""
        return [each for each in self.refusals if each.code in TO_DO]

    @property
    def overridden(self) -> tuple[Refusal, ...]:
        """Rules of the plan that a dose already drawn has broken; they are recorded with it."""
        late = self.situation is not None and self.situation.command.already_drawn
        return rules.overridden(self.situation) if self.situation and late else ()

    @property
    def meets_event_percentage(self) -> bool:
        """Whether the reading is as far off as reportable events are."""
        return bool(self.situation) and meets_event_percentage(self.situation.figures.deviation)

    def seen(self, vial_id: int) -> int:
        """The newest entry of a vial that this page was made with."""
        return next((w.after_sequence for w in self.wishes if w.vial_id == vial_id), 0)

    @property
    def moved(self) -> list[Vial]:
        """Vials that somebody else has drawn from, or changed, since this page was made."""
        named = (source.vial for source in self.planned)
        return [vial for vial in named if self.seen(vial.id) not in (0, vial.ledger.sequence)]

    @property
    def _drawn(self) -> list[Source]:
        return [source for source in self.planned if source.volume_ul]


def bench(db: Connection, typed: Mapping[str, str]) -> Bench:
    """The dose as far as *typed* says it; raises `NotFound` for a directive that is not here."""
    runtime, actor = access.runtime(), access.actor()
    trial, errors = forms.readable(TrialSchema(), typed)
    directive = directives.get(db, actor.site.id, trial["directive_id"] or 0)
    at = trial["administer_at"] or directive.newest.planned_for
    found = choosing.candidates(db, actor.site.id, directive, g.now)
    wishes = tuple(wish for draw in trial["draws"] if (wish := _wish(draw)))
    planned: tuple[Source, ...] = ()
    situation, refusals = None, ()
    try:
        planned = _planned(db, directive, found, wishes, at)
        if planned and wishes:
            situation = _situation(db, trial, planned, wishes)
            refusals = rules.refusals(situation)
    except (OutOfRange, UndefinedBefore):
        errors["administer_at"] = ["There is no figure at that time. Check date and time."]
        situation = None
    named = {source.vial.id for source in planned}
    if strange := [f"V-{wish.vial_id:06d}" for wish in wishes if wish.vial_id not in named]:
        errors.setdefault("draws", [f"{' and '.join(strange)} is not a vial that is here."])
    return Bench(
        directive=directive,
        product=runtime.reference.products[directive.newest.product],
        at=at,
        now=g.now,
        planned=planned if "administer_at" not in errors else (),
        others=tuple(vial for vial in found if vial.id not in named),
        situation=situation,
        is_measured=trial["measured_activity"] is not None,
        refusals=refusals,
        errors=errors,
        wishes=wishes,
    )


def with_draws(typed: Mapping[str, str], planned: Sequence[Source]) -> dict[str, str]:
    """The form drawing what is *planned*, as the vials stand now."""
    kept = {name: text for name, text in typed.items() if not name.startswith("draws.")}
    for number, source in enumerate(planned):
        kept |= {
            f"draws.{number}.vial_id": str(source.vial.id),
            f"draws.{number}.after_sequence": str(source.vial.ledger.sequence),
            f"draws.{number}.volume": millilitres(source.volume_ul),
            f"draws.{number}.volume_unit": "mL",
        }
    return kept


def millilitres(ul: int) -> str:
    """What stands in a box of millilitres: exact, without a unit; empty for nothing."""
    return f"{(Decimal(ul) / 1000).normalize():f}" if ul else ""


def _wish(draw: Mapping[str, Any]) -> DrawWish | None:
    if draw["vial_id"] is None:
        return None
    volume = draw["volume"]
    return DrawWish(
        vial_id=draw["vial_id"],
        after_sequence=draw["after_sequence"] or 0,
        volume_ul=volume.amount if volume else None,
    )


def _planned(
    db: Connection,
    directive: Directive,
    found: list[Vial],
    wishes: Sequence[DrawWish],
    at: datetime,
) -> tuple[Source, ...]:
    """The plan over the vials named, or over those to be proposed where none is."""
    runtime, site = access.runtime(), access.actor().site
    if not wishes:
        return tuple(choosing.proposed(runtime.reference, directive, found, at=at, now=g.now))
    named = vials.by_ids(db, site.id, list(dict.fromkeys(wish.vial_id for wish in wishes)))
    sources = [choosing.source(runtime.reference, vial) for vial in named]
    return draw_plan.plan(sources, directive.newest.prescribed_bq, at)


def _situation(
    db: Connection,
    trial: Mapping[str, Any],
    planned: Sequence[Source],
    wishes: Sequence[DrawWish],
) -> Situation:
    """What the rules look at; volumes not readable yet are as planned, and so is the reading."""
    runtime, measured = access.runtime(), trial["measured_activity"]
    typed = {wish.vial_id: wish.volume_ul for wish in wishes}
    command = DispenseDose(
        directive_id=trial["directive_id"],
        draws=tuple(
            DrawWish(
                vial_id=source.vial.id,
                after_sequence=source.vial.ledger.sequence,
                volume_ul=typed[source.vial.id] or source.volume_ul or None,
            )
            for source in planned
        ),
        measured_bq=measured.amount if measured else 0,
        measured_text=measured.text if measured else "",
        measured_at=trial["measured_at"] or g.now,
        instrument_id=trial["instrument_id"] or 0,
        administer_at=trial["administer_at"],
        reason=trial["reason"],
        already_drawn=trial["already_drawn"],
    )
    has_second = bool(trial["second"].get("username"))
    found = dispensing.consider(db, runtime.reference, access.actor(), command, g.now, has_second)
    return found if measured else read_as_calculated(found)
