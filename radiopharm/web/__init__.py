"""Pages and forms for people."""

from flask import Flask
from flask_wtf import CSRFProtect

from radiopharm.web import (
    access,
    accounts,
    administering,
    audit,
    badges,
    balances,
    calculator,
    directives,
    dispensing,
    door,
    doses,
    drafts,
    errors,
    flags,
    formatting,
    historic,
    instruments,
    jobs,
    leaving,
    limits,
    observing,
    operations,
    oral_directives,
    patients,
    prescribing,
    proofs,
    reassigning,
    receiving,
    registers,
    releasing,
    releasing_together,
    reviews,
    rules,
    second_readings,
    sessions,
    site_figures,
    stock,
    surveys,
    today,
    vial_acts,
    vial_documents,
    vials,
    waste,
    waste_decay,
    waste_forecast,
    workstations,
)

PAGES = (
    accounts.bp,
    administering.bp,
    audit.bp,
    badges.bp,
    balances.bp,
    calculator.bp,
    directives.bp,
    dispensing.bp,
    door.bp,
    doses.bp,
    drafts.bp,
    flags.bp,
    historic.bp,
    instruments.bp,
    jobs.bp,
    leaving.bp,
    releasing.bp,
    releasing_together.bp,
    site_figures.bp,
    limits.bp,
    observing.bp,
    operations.bp,
    oral_directives.bp,
    patients.bp,
    prescribing.bp,
    proofs.bp,
    reassigning.bp,
    receiving.bp,
    registers.bp,
    reviews.bp,
    rules.bp,
    second_readings.bp,
    stock.bp,
    surveys.bp,
    today.bp,
    vial_acts.bp,
    vial_documents.bp,
    vials.bp,
    waste.bp,
    waste_decay.bp,
    waste_forecast.bp,
    workstations.bp,
)


def register(app: Flask, csrf: CSRFProtect) -> None:
    """Put the pages, their guard and their error pages into the application."""
    app.session_interface = sessions.ServerSessions()
    access.guard(app, csrf, drafts.refused)
    drafts.register(app)
    formatting.register(app)
    errors.register(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
