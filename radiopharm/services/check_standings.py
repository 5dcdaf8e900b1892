"""How the instruments of a site stand by their checks, and what that stops at the bench."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core.check_standing import Standing, standing
from radiopharm.core.instruments import Instrument
from radiopharm.core.people import Site
from radiopharm.core.refusals import Refusal
from radiopharm.store import Connection, check_plans, instrument_checks, instruments
from radiopharm.store.check_plans import Watch


def of_site(db: Connection, site: Site) -> dict[Watch, Standing]:
    """How every instrument in use stands, by instrument and kind of check."""
    in_use = [it.id for it in instruments.of_site(db, site.id) if it.retired_at is None]
    return of_instruments(db, in_use, ZoneInfo(site.zone))


def of_instruments(
    db: Connection, ids: Collection[int], zone: ZoneInfo, until: datetime | None = None
) -> dict[Watch, Standing]:
    """How some instruments stand, or stood at *until*: each kind of check with a plan or made."""
    plans = check_plans.standing(db, ids, until)
    made = instrument_checks.newest(db, ids, until)
    watched = sorted({*plans, *((check.instrument_id, check.kind) for check in made)})
    return {
        watch: standing(*watch, plans.get(watch), [c for c in made if _of(c) == watch], zone)
        for watch in watched
    }


def strip(db: Connection, site: Site) -> list[tuple[Instrument, list[Standing]]]:
    """Each instrument that is checked, with how each kind of check stands; by name."""
    found = of_site(db, site).values()
    each = [
        (it, [standing for standing in found if standing.instrument_id == it.id])
        for it in instruments.of_site(db, site.id)
    ]
    return [(instrument, standings) for instrument, standings in each if standings]


def stops(
    db: Connection, site: Site, instrument: Instrument | None, measured_at: datetime, now: datetime
) -> tuple[Refusal, ...]:
    """Every reason why a reading of *measured_at* does not count, by how the instrument stood then
    or stands now; none without a plan.

    A check that passes opens the instrument for what is measured after it, not before.
    """
    if instrument is None:
        return ()
    then = _stops_at(db, site, instrument, measured_at, until=measured_at)
    return tuple(dict.fromkeys((*then, *_stops_at(db, site, instrument, now))))


def _stops_at(
    db: Connection, site: Site, instrument: Instrument, at: datetime, until: datetime | None = None
) -> Iterable[Refusal]:
    zone = ZoneInfo(site.zone)
    for each in of_instruments(db, [instrument.id], zone, until).values():
        yield from each.refusals(instrument.name, at, zone)


def _of(check: instrument_checks.Check) -> Watch:
    return check.instrument_id, check.kind
