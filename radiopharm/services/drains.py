"""The drain: its account by month, whether something may go into it, and what is poured away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import discharging as rules
from radiopharm.core import formatting as fmt
from radiopharm.core.actions import Action
from radiopharm.core.discharging import Discharge, Drain
from radiopharm.core.drain_accounts import DrainAccount, Month, account, month_of
from radiopharm.core.legs import JUDGES
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.core.release import release_check
from radiopharm.core.rule_packs import RulePack, editions_at
from radiopharm.core.signing import Signing, Statement
from radiopharm.core.verdicts import Case, Leg
from radiopharm.core.waste import Container
from radiopharm.services import signatures
from radiopharm.services.rule_packs import in_force
from radiopharm.store import Connection, discharges
from radiopharm.store.acts import Act

MEANING = "I discharge this to the drain: every condition is met"
NEW = "new"
Standing = list[tuple[RulePack, tuple[Leg, ...]]]
SEWER_LEGS = frozenset({"per_month", "per_year"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A discharge as it stands: what it is, the facts judged, and everything in its way.

    `taken` says how much of what is poured, so that it is signed too.
    """

    what: str
    key: str
    version: int
    drain: Drain
    facts: Discharge
    at: datetime
    zone: str
    refusals: tuple[Refusal, ...]
    taken: str = ""

    def statement(self, meaning: str = MEANING) -> Statement:
        """What is signed of it."""
        at = fmt.instant_to_second(self.at, ZoneInfo(self.zone))
        what = f"{self.what}, {self.taken}," if self.taken else self.what
        return rules.statement(what, self.key, self.version, self.drain, self.facts, at, meaning)

    @property
    def contents_bq(self) -> Mapping[str, int]:
        """Becquerels of every nuclide in it, rounded up as the legs count them."""
        return {symbol: ceil(bq) for symbol, bq in self.facts.check.contents_bq.items()}


def month_account(db: Connection, site_id: int, month: Month) -> DrainAccount:
    """What went to the drain in *month* and in its year so far, and the month's sewage."""
    poured = discharges.poured(db, site_id, month.year_begins_at, month.ends_at)
    return account(month, poured, discharges.sewage(db, site_id, month.last_instant))


def standing(
    db: Connection, reference: Reference, site_id: int, known: DrainAccount, now: datetime
) -> Standing:
    """How much of a month and its year is used up by *now*, by each pack that limits them."""
    at = min(now, known.month.last_instant)
    nothing = Container(items=(), drain=known)
    case = Case(container=nothing, at=at, data=reference.default_nuclear_data)
    found = []
    for edition in editions_at(reference.rule_packs, at):
        pack = in_force(db, reference, site_id, at, edition.code).pack
        rules_of_it = [rule for rule in pack.legs if rule.kind in SEWER_LEGS] if pack else []
        if pack and rules_of_it:
            found.append((pack, tuple(JUDGES[rule.kind](rule, case) for rule in rules_of_it)))
    return found


def rows(
    db: Connection, site_id: int, since: datetime, until: datetime
) -> list[tuple[Any, Mapping[str, int]]]:
    """The discharge register: each discharge with its becquerels by nuclide, oldest first."""
    return list(discharges.listed(db, site_id, since, until))


def judge(
    db: Connection,
    reference: Reference,
    actor: Person,
    container: Container,
    drain: Drain,
    at: datetime,
    *,
    what: str,
    key: str = NEW,
    version: int = 0,
    missing: tuple[str, ...] = (),
    discharged_at: datetime | None = None,
) -> Judged:
    """Everything that stands in the way of letting *container* into the drain at *at*.

    `Invalid` where no pack of that code is in force.
    """
    site = actor.site
    in_place = in_force(db, reference, site.id, at, drain.pack)
    pack = in_place.pack
    assert pack is not None  # it is asked for by code
    month = month_account(db, site.id, month_of(at, site.zone))
    going = replace(container, drain=month, licence_conditions=in_place.conditions)
    facts = Discharge(
        check=release_check(going, pack, at, reference.default_nuclear_data),
        pack=pack,
        roles=actor.roles,
        missing=missing,
        discharged_at=discharged_at,
    )
    return Judged(
        what=what,
        key=key,
        version=version,
        drain=drain,
        facts=facts,
        at=at,
        zone=site.zone,
        refusals=rules.refusals(facts),
    )


def sign(act: Act, judged: Judged, signing: Signing, shown: Statement) -> int:
    """The signature under a discharge that nothing refuses; raises `Refused` otherwise."""
    signature_id = signatures.sign(act, shown, signing, roles=signatures.OFFICER)
    if judged.refusals:
        raise Refused(judged.refusals)
    return signature_id


def keep(act: Act, judged: Judged, signature_id: int, *subjects: str, **where: Any) -> int:
    """Write a signed discharge and its audit event; returns its id."""
    drain, pack = judged.drain, judged.facts.pack
    legs = [leg.as_dict() for leg in judged.facts.check.legs]
    discharge_id = discharges.add(
        act.db,
        judged.contents_bq,
        legs,
        site_id=act.actor.site.id,
        description=judged.what,
        route=drain.route,
        permission=drain.permission,
        pack=pack.code,
        pack_edition=pack.edition,
        signature_id=signature_id,
        at=judged.at,
        actor_id=act.actor.id,
        **where,
    )
    act.record(
        Action.DISCHARGED,
        f"discharge:{discharge_id}",
        *subjects,
        what=judged.what,
        route=drain.route,
        permission=drain.permission,
        pack=pack.code,
        contents_bq=judged.contents_bq,
        signature=signatures.audited(act.db, signature_id),
    )
    return discharge_id
