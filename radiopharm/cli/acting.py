"""How a command acts: as the system, at the first site, through the one way to write."""

import click
from flask import current_app

from radiopharm.core.people import Person, Site
from radiopharm.core.refusals import Invalid, NotFound
from radiopharm.runtime import Runtime
from radiopharm.store import accounts, acts


def runtime() -> Runtime:
    """What this process runs with."""
    found: Runtime = current_app.extensions["radiopharm"]
    return found


def perform(work: acts.Work) -> acts.Outcome:
    """Do *work* with its audit event; what stands in the way becomes the command's error."""
    here = runtime()
    try:
        return here.act(work, actor=operator(), now=here.clock())
    except Invalid as invalid:
        reasons = "\n".join(refusal.message for refusal in invalid.refusals)
        raise click.ClickException(reasons) from invalid
    except NotFound as missing:
        raise click.ClickException("There is no such account.") from missing


def operator() -> Person:
    """Who acts at the command line: the system, at the first site."""
    return Person(
        id=0,
        username="command-line",
        display_name="Command line",
        roles=frozenset(),
        site=ensure_site(),
        via="command",
    )


def ensure_site() -> Site:
    """The first site; made from the settings in a new database."""
    here = runtime()
    with acts.writing(here.engine) as db:
        found = accounts.first_site(db)
        if found is not None:
            return found
        settings = here.settings
        return accounts.add_site(db, settings.site_name, settings.site_zone, here.clock())
