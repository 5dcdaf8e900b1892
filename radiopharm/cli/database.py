"""`flask db`: the schema's migrations, and whether the tables agree with them."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import runtime
from radiopharm.store import migrations

group = AppGroup("db", help="The database's schema.")


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Apply every migration that is missing."""
    migrations.upgrade(runtime().engine, revision)
    click.echo(f"schema at {migrations.current(runtime().engine)}")


@group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take migrations back to REVISION (base: all of them, with their data)."""
    migrations.downgrade(runtime().engine, revision)
    click.echo(f"schema at {migrations.current(runtime().engine)}")


@group.command("check")
def check() -> None:
    """Say whether tables and migrations agree."""
    if found := migrations.differences(runtime().engine):
        raise click.ClickException(f"tables and migrations differ: {found}")
    click.echo("tables and migrations agree")
