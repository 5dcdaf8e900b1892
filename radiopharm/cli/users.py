"""`flask users`: accounts, the first administrator's included."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import perform
from radiopharm.services import accounts
from radiopharm.store import acts

group = AppGroup("users", help="Accounts.")


@group.command("create")
@click.argument("username")
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@click.option("--name", "display_name", default="", help="The name people see.")
@click.password_option(help="Asked for when it is not given.")
def create(username: str, roles: tuple[str, ...], display_name: str, password: str) -> None:
    """Make an account; the first administrator of a new system is made so."""

    def work(act: acts.Act) -> acts.Answer:
        return {"id": accounts.create_user(act, username, display_name, password, roles)}

    perform(work)
    click.echo(f"{username.lower()} may sign in as {', '.join(roles)}")


@group.command("disable")
@click.argument("username")
@click.option("--reason", required=True)
def disable(username: str, reason: str) -> None:
    """Close an account and end its sessions at once."""

    def work(act: acts.Act) -> acts.Answer:
        accounts.disable_user(act, username, reason)
        return {}

    perform(work)
    click.echo(f"{username} can no longer sign in")
