"""JSON for programs."""

from flask import Flask

from radiopharm import __version__
from radiopharm.api import (
    administrations,
    audit,
    balances,
    certificates,
    check_sources,
    consignments,
    corrections,
    day_sheets,
    directives,
    dispensings,
    drains,
    erasures,
    flags,
    happenings,
    historic,
    instrument_checks,
    instruments,
    inventory,
    jobs,
    licence_ends,
    limits,
    observations,
    patients,
    problems,
    proofs,
    reference,
    registers,
    releases,
    retention,
    reviews,
    rule_packs,
    site_figures,
    smorest,
    splitting,
    surveys,
    tanks,
    vials,
    waste,
    waste_decay,
    waste_forecast,
)

BLUEPRINTS = (
    reference.blp,
    vials.blp,
    happenings.blp,
    corrections.blp,
    instruments.blp,
    instrument_checks.blp,
    check_sources.blp,
    dispensings.blp,
    administrations.blp,
    observations.blp,
    patients.blp,
    erasures.blp,
    directives.blp,
    audit.blp,
    proofs.blp,
    reviews.blp,
    day_sheets.blp,
    waste.blp,
    splitting.blp,
    waste_decay.blp,
    waste_forecast.blp,
    releases.blp,
    certificates.blp,
    consignments.blp,
    historic.blp,
    rule_packs.blp,
    site_figures.blp,
    tanks.blp,
    drains.blp,
    inventory.blp,
    balances.blp,
    limits.blp,
    surveys.blp,
    retention.blp,
    licence_ends.blp,
    registers.blp,
    flags.blp,
    jobs.blp,
)


def register(app: Flask) -> None:
    """Put the JSON routes and their OpenAPI document into the application."""
    app.config.update(
        API_TITLE="radiopharm",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=smorest.PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = smorest.JsonApi(app)
    smorest.describe(api)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)


__all__ = ["problems", "register"]
