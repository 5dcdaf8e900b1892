"""What each kind of leg means: one function a kind, from a container at an instant to a verdict.

Three answers: passed, not passed, or not computable, and then the message says what is missing.
Half-life legs judge what was declared as put in, activity legs everything that is there.

A new kind is an entry in `rule_packs.KINDS` and a function in `JUDGES`, nothing else.
"""

from collections.abc import Callable
from datetime import datetime

from radiopharm.core import activity_legs, half_life_legs, reading_legs, sewer_legs
from radiopharm.core.figures import Status
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.verdicts import Case, Leg, verdict
from radiopharm.core.waste import Container

JUDGES: dict[str, Callable[[LegRule, Case], Leg]] = {
    "half_life_limit": half_life_legs.half_life_limit,
    "progeny_half_life": half_life_legs.progeny_half_life,
    "n_half_lives": half_life_legs.n_half_lives,
    "concentration": activity_legs.concentration,
    "total_activity": activity_legs.total_activity,
    "liquid_concentration": activity_legs.liquid_concentration,
    "per_volume": activity_legs.per_volume,
    "per_article": activity_legs.per_article,
    "per_month": sewer_legs.per_month,
    "per_year": sewer_legs.per_year,
    "survey": reading_legs.survey,
    "dose_rate": reading_legs.dose_rate,
    "licence_condition": half_life_legs.licence_condition,
    "authority_decision": half_life_legs.authority_decision,
}


def judge(rule: LegRule, container: Container, at: datetime, data: NuclearData) -> Leg:
    """The leg *rule* of a pack for *container* at *at* (aware, UTC)."""
    if not container.items:
        return verdict(rule, None, "nothing", "Nothing has been put in yet.")
    return JUDGES[rule.kind](rule, Case(container=container, at=at, data=data))


def seal_leg(container: Container, at: datetime) -> Leg:
    """The leg of every pack: what may still change cannot be judged for good.

    An open container could be sealed at *at* at the earliest.
    """
    sealed = container.is_sealed(at)
    return Leg(
        code="sealed",
        kind="sealed",
        passed=sealed or None,
        value="sealed" if sealed else "open",
        limit="sealed",
        operator="=",
        clause="only a container that can no longer change is released",
        source="house rule",
        status=Status.VERIFIED,
        message="Sealed." if sealed else "Seal the container; until then something may go in.",
        earliest_at=container.sealed_at if sealed else at,
    )
