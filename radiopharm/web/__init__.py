"""Pages and forms for people."""

from flask import Flask
from flask_wtf import CSRFProtect

from radiopharm.web import (
    access,
    accounts,
    administering,
    audit,
    calculator,
    errors,
    formatting,
    instruments,
    jobs,
    leaving,
    operations,
    receiving,
    rules,
    sessions,
    stock,
    vial_acts,
    vial_documents,
    vials,
    waste,
)

PAGES = (
    accounts.bp,
    administering.bp,
    audit.bp,
    calculator.bp,
    jobs.bp,
    instruments.bp,
    leaving.bp,
    operations.bp,
    receiving.bp,
    rules.bp,
    stock.bp,
    vial_documents.bp,
    vials.bp,
    vial_acts.bp,
    waste.bp,
)


def register(app: Flask, csrf: CSRFProtect) -> None:
    """Put the pages, their guard and their error pages into the application."""
    app.session_interface = sessions.ServerSessions(app.extensions["radiopharm"])
    access.guard(app, csrf)
    formatting.register(app)
    errors.register(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
