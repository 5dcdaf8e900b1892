"""What the dispensing page shows of a dose being typed: the plan, the draws, the checklist.

The page and its live panel read the same boxes by the same function, and the checklist is the
decision's own: `services.dispensing.consider` and `core.dispensing_rules.refusals`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import g

from radiopharm.core import dispensing_rules as rules
from radiopharm.core import draw_plan, statements
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.directives import Directive
from radiopharm.core.dispensing import (
    DispenseDose,
    DrawWish,
    Situation,
    Source,
    read_as_calculated,
)
from radiopharm.core.products import Product
from radiopharm.core.readings import Measured, TakenReading, as_measured
from radiopharm.core.vials import Vial
from radiopharm.schemas.dispensing import TrialSchema
from radiopharm.services import choosing, dispensing, second_checks
from radiopharm.store import Connection, directives, presences, readings, vials
from radiopharm.web import access, forms
from radiopharm.web.bench import Bench
from radiopharm.web.offers import Offer, offer

IN_PART = "part"
"""The plan that takes only what is missing from a product otherwise drawn whole."""


def bench(db: Connection, typed: Mapping[str, str]) -> Bench:
    """The dose as far as *typed* says it; raises `NotFound` for a directive that is not here."""
    runtime, actor = access.runtime(), access.actor()
    trial, errors = forms.readable(TrialSchema(), typed)
    directive = directives.get(db, actor.site.id, trial["directive_id"] or 0)
    at = trial["administer_at"] or directive.newest.planned_for
    product = runtime.reference.products[directive.newest.product]
    found = choosing.candidates(db, actor.site.id, directive, g.now)
    wishes = tuple(wish for draw in trial["draws"] if (wish := _wish(draw)))
    planned: tuple[Source, ...] = ()
    in_part: tuple[Source, ...] = ()
    takes_part = typed.get("plan") == IN_PART
    situation, refusals = None, ()
    reading = readings.find(db, actor.site.id, trial["reading_id"] or 0)
    try:
        planned = _planned(db, directive, found, wishes, at)
        in_part = draw_plan.plan(planned, directive.newest.prescribed_bq, at, in_part=True)
        planned = in_part if takes_part else planned
        if planned and wishes:
            hands_over = bool(typed.get("hands_over")) or is_read_twice(product)
            situation = _situation(db, trial, reading, planned, wishes, hands_over=hands_over)
            refusals = rules.refusals(situation)
    except (OutOfRange, UndefinedBefore):
        errors["administer_at"] = ["There is no figure at that time. Check date and time."]
        situation = None
    named = {source.vial.id for source in planned}
    if strange := [f"V-{wish.vial_id:06d}" for wish in wishes if wish.vial_id not in named]:
        errors.setdefault("draws", [f"{' and '.join(strange)} is not a vial that is here."])
    return Bench(
        directive=directive,
        product=product,
        at=at,
        now=g.now,
        planned=planned if "administer_at" not in errors else (),
        others=tuple(vial for vial in found if vial.id not in named),
        situation=situation,
        is_measured=reading is not None or trial["measured_activity"] is not None,
        reading=reading,
        refusals=refusals,
        errors=errors,
        wishes=wishes,
        in_part=in_part if "administer_at" not in errors else (),
        takes_part=takes_part,
        in_use=presences.others(db, sorted(named), actor.id, g.now),
    )


def offers(shown: Bench) -> dict[str, Offer]:
    """What is signed of a dose that may be, by whose boxes: the first person's, and the second's
    where somebody is named there."""
    if not shown.is_signable or shown.situation is None:
        return {}
    return offers_of(shown.situation)


def offers_of(situation: Situation) -> dict[str, Offer]:
    """What is signed of a dose in this situation, by whose boxes."""
    actor = access.actor()
    found = {"signature": offer(dispensing.statement(situation, dispensing.MEANING, actor))}
    if situation.has_second and not situation.has_second_reading:
        checked = second_checks.CHECKED
        said = dispensing.statement(situation, checked, actor, statements.DOSE_CHECK)
        found["second"] = offer(said)
    return found


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
    reading: TakenReading | None,
    planned: Sequence[Source],
    wishes: Sequence[DrawWish],
    *,
    hands_over: bool,
) -> Situation:
    """What the rules look at; volumes not readable yet are as planned, and so is the reading.

    Whoever *hands_over* lets a second person read it before it is dispensed.
    """
    runtime, is_measured = access.runtime(), reading or trial["measured_activity"]
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
        measured=as_measured(reading) if reading else _typed(trial),
        administer_at=trial["administer_at"],
        reason=trial["reason"],
        already_drawn=trial["already_drawn"],
    )
    has_second = hands_over or bool(trial["second"].get("username"))
    seen = dispensing.consider(db, runtime.reference, access.actor(), command, g.now, has_second)
    found = replace(seen, has_second_reading=hands_over)
    return found if is_measured else read_as_calculated(found)


def is_read_twice(product: Product) -> bool:
    """Whether two people must read each dose of a product."""
    return bool(product.second_reading and product.second_reading.required)


def _typed(trial: Mapping[str, Any]) -> Measured:
    activity = trial["measured_activity"]
    return Measured(
        bq=activity.amount if activity else 0,
        text=activity.text if activity else "",
        at=trial["measured_at"] or g.now,
        instrument_id=trial["instrument_id"] or 0,
    )
