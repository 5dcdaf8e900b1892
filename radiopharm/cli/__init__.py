"""Commands: `flask --app wsgi NOUN VERB`, a file a noun, each a few lines over a service."""

from flask import Flask

from radiopharm.cli import (
    audit,
    backups,
    badges,
    database,
    demo,
    jobs,
    ledger,
    nuclides,
    patients,
    requirements,
    serving,
    tokens,
    users,
    workstations,
)

NOUNS = (
    audit.group,
    backups.backup,
    backups.restore,
    badges.group,
    database.group,
    demo.demo,
    jobs.group,
    jobs.scheduler_command,
    ledger.group,
    nuclides.group,
    patients.group,
    requirements.requirements,
    serving.serve,
    tokens.group,
    users.group,
    workstations.group,
)


def register(app: Flask) -> None:
    """Put the commands into the application."""
    for noun in NOUNS:
        app.cli.add_command(noun)
