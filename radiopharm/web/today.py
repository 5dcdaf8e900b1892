"""Today: patients by planned time, the vial kept for each, what to draw, and the next act."""

from collections import Counter
from datetime import timedelta

from flask import Blueprint, g, render_template, request

from radiopharm.services import check_standings, today
from radiopharm.web import access
from radiopharm.web.days import asked_day, bounds, day_of

bp = Blueprint("today", __name__)


@bp.get("/today")
def show() -> str:
    """The working day, this one or a chosen one."""
    chosen = asked_day(request.args.get("day", ""), g.now)
    start, end = bounds(chosen)
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        found = today.day(
            db,
            runtime.reference,
            actor.site.id,
            start,
            end,
            g.now,
            with_identity=access.may("patients.show"),
        )
        strip = check_standings.strip(db, actor.site)
    access.note_seen(found.people)
    return render_template(
        "today/page.html",
        day=found,
        strip=strip,
        now=g.now,
        chosen=chosen,
        begins=start,
        is_today=chosen == day_of(g.now),
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        to_do=Counter(str(each.next_act) for each in found.appointments),
    )
