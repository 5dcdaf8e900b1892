"""`flask ledger`: the books."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import runtime
from radiopharm.services import ledgers

group = AppGroup("ledger", help="The vials' books.")


@group.command("verify")
def verify() -> None:
    """Add every book up again from nothing; exit code 1 names each vial and entry at fault."""
    with runtime().reading() as db:
        faults = list(ledgers.verify(db))
    if faults:
        raise click.ClickException("\n".join(faults))
    click.echo("every book adds up")
