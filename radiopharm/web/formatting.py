"""How values stand on a page: filters and globals of the templates, thin over core.formatting."""

import secrets
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, g, request, session

from radiopharm import __version__
from radiopharm.core import formatting as fmt
from radiopharm.core.decay import seconds
from radiopharm.core.remeasurement import half_life_words
from radiopharm.core.signing import signed_line
from radiopharm.core.states import directive_state
from radiopharm.core.units import MAX_BECQUERELS
from radiopharm.jobs.overview import last_run
from radiopharm.schemas.instants import instant_out
from radiopharm.services import oversight
from radiopharm.web.access import may, runtime
from radiopharm.web.sessions import ServerSession


def site_zone() -> ZoneInfo:
    """The zone of the site whose page this is."""
    person = g.get("person")
    return ZoneInfo(person.site.zone if person else runtime().settings.site_zone)


def register(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.filters.update(
        activity=_activity,
        activity_other=_activity_other,
        activity_auto=fmt.activity_auto,
        mbq=fmt.mbq,
        bq_exact=fmt.bq_exact,
        mbq_exact=fmt.mbq_exact,
        mbq_per_ml=fmt.mbq_per_ml,
        ml=fmt.ml,
        grouped=fmt.grouped,
        percent=fmt.percent,
        deviation=fmt.deviation,
        duration=fmt.duration,
        half_life=half_life_words,
        instant=lambda at: fmt.instant(at, site_zone()),
        instant_to_second=lambda at: fmt.instant_to_second(at, site_zone()),
        clock_time=lambda at: fmt.clock_time(at, site_zone()),
        day=lambda at: fmt.day(at, site_zone()),
        month=lambda at: f"{at.astimezone(site_zone()):%Y-%m}",
        iso=instant_out,
        relative=_relative,
        directive_state=directive_state,
        signed_line=lambda signature: signed_line(signature, site_zone()),
        version_void=lambda version, of: of.signature_void(version, site_zone()),
        signature_void=lambda record: record.signature_void(site_zone()),
        state_option=lambda state: (str(state), str(state).replace("_", " ").capitalize()),
        ratio=lambda value: f"{float(value) * 100:.6g} %",
    )
    app.jinja_env.globals.update(
        may=may, zip=zip, new_key=lambda: secrets.token_urlsafe(16), version=__version__
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_who_and_when)


def _activity(bq: float) -> str:
    """In MBq, in GBq from one on; what is beyond any vial (long before its reference) a power."""
    if abs(bq) >= MAX_BECQUERELS:
        return f"{bq / 1e9:.3e} GBq"
    return fmt.activity(bq, "GBq" if abs(bq) >= 1e9 else "MBq")


def _activity_other(bq: float) -> str:
    return f"{bq / 37e6:.3e} mCi" if abs(bq) >= MAX_BECQUERELS else fmt.mci(bq)


def _relative(at: datetime) -> str:
    away = seconds(g.now, at)
    return f"in {fmt.duration(away)}" if away >= 0 else f"{fmt.duration(-away)} ago"


def _who_and_when() -> dict[str, Any]:
    person = g.get("person")
    user = None
    if person:
        user = {
            "id": person.id,
            "name": person.display_name,
            "roles": sorted(person.roles),
            "site": person.site.name,
            "username": person.username,
            "emergency": person.emergency,
        }
    return {
        "user": user,
        **(_bench() if person else {}),
        "server_time": g.now.astimezone(site_zone()),
        "zone": site_zone().key,
        "scheduler": _scheduler() if person else None,
    }


def _bench() -> dict[str, Any]:
    current = cast(ServerSession, session)
    return {
        "workstation": current.workstation,
        "lock_in_s": max(0, round(seconds(g.now, current.lock_at or g.now))),
        "page_address": request.full_path.rstrip("?") if request.method == "GET" else "/",
    }


def _scheduler() -> dict[str, Any]:
    last, is_on_time = last_run(runtime(), g.now)
    return {
        "ok": is_on_time,
        "last": fmt.instant(last, site_zone()) if last else "never",
        "unsealed": _unsealed_since() if may("audit.show") else None,
    }


def _unsealed_since() -> str | None:
    with runtime().reading() as db:
        since = oversight.unsealed_since(db, g.now)
    return fmt.instant(since, site_zone()) if since else None
