"""`flask db`: the schema's migrations, and whether the tables agree with them."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import runtime
from radiopharm.store import migrations, roles

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


@group.command("roles")
@click.option("--apply", "now", is_flag=True, help="Run them, as the owner of the schema.")
def least_roles(now: bool) -> None:
    """Print the SQL that gives PostgreSQL's roles the least they need; after each upgrade."""
    engine = runtime().engine
    if engine.dialect.name != "postgresql":
        raise click.ClickException("SQLite has no roles; whoever may write the file owns it.")
    if now:
        roles.apply(engine)
        click.echo(f"{roles.APP} and {roles.READER} have what they need, and nothing else")
        return
    for statement in roles.statements(engine.url.database or ""):
        click.echo(f"{statement};")
