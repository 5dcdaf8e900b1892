"""Commands: `flask --app wsgi NOUN VERB`, each a few lines over a service."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from radiopharm.core.people import Person, Site
from radiopharm.core.refusals import Invalid, NotFound
from radiopharm.runtime import Runtime
from radiopharm.services import accounts as service
from radiopharm.store import accounts, acts, migrations
from radiopharm.store.acts import Act

db_commands = AppGroup("db", help="The database's schema.")
users_commands = AppGroup("users", help="Accounts.")
tokens_commands = AppGroup("tokens", help="Programs' keys.")


def register(app: Flask) -> None:
    """Put the commands into the application."""
    for group in (db_commands, users_commands, tokens_commands):
        app.cli.add_command(group)


def runtime() -> Runtime:
    """What this process runs with."""
    found: Runtime = current_app.extensions["radiopharm"]
    return found


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


@db_commands.command("upgrade")
@click.argument("revision", default="head")
def db_upgrade(revision: str) -> None:
    """Apply every migration that is missing."""
    migrations.upgrade(runtime().engine, revision)
    click.echo(f"schema at {migrations.current(runtime().engine)}")


@db_commands.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Take migrations back to REVISION (base: all of them, with their data)."""
    migrations.downgrade(runtime().engine, revision)
    click.echo(f"schema at {migrations.current(runtime().engine)}")


@db_commands.command("check")
def db_check() -> None:
    """Say whether tables and migrations agree."""
    if found := migrations.differences(runtime().engine):
        raise click.ClickException(f"tables and migrations differ: {found}")
    click.echo("tables and migrations agree")


@users_commands.command("create")
@click.argument("username")
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@click.option("--name", "display_name", default="", help="The name people see.")
@click.password_option(help="Asked for when it is not given.")
def users_create(username: str, roles: tuple[str, ...], display_name: str, password: str) -> None:
    """Make an account; the first administrator of a new system is made so."""

    def work(act: Act) -> acts.Answer:
        return {"id": service.create_user(act, username, display_name, password, roles)}

    _do(work)
    click.echo(f"{username.lower()} may sign in as {', '.join(roles)}")


@users_commands.command("disable")
@click.argument("username")
@click.option("--reason", required=True)
def users_disable(username: str, reason: str) -> None:
    """Close an account and end its sessions at once."""

    def work(act: Act) -> acts.Answer:
        service.disable_user(act, username, reason)
        return {}

    _do(work)
    click.echo(f"{username} can no longer sign in")


@tokens_commands.command("create")
@click.argument("username")
@click.option("--name", default="program", help="What the key is for.")
def tokens_create(username: str, name: str) -> None:
    """Make a program's key for a person and print it this once."""
    made: list[str] = []

    def work(act: Act) -> acts.Answer:
        made.append(service.create_token(act, username, name))
        return {}

    _do(work)
    click.echo(made[-1])


def _do(work: acts.Work) -> acts.Outcome:
    here = runtime()
    try:
        return here.act(work, actor=operator(), now=here.clock())
    except Invalid as invalid:
        reasons = "\n".join(refusal.message for refusal in invalid.refusals)
        raise click.ClickException(reasons) from invalid
    except NotFound as missing:
        raise click.ClickException("There is no such account.") from missing
