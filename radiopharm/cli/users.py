"""`flask users`: accounts, the first administrator's included."""

from pathlib import Path

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import perform
from radiopharm.core.emergency import Sealed
from radiopharm.documents.envelopes import envelope_paper
from radiopharm.services import accounts, envelopes
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


@group.command("seal-envelope")
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@click.option("--paper", type=click.Path(path_type=Path), required=True, help="The PDF to print.")
def seal_envelope(roles: tuple[str, ...], paper: Path) -> None:
    """Seal an account for an emergency; its secret stands on the paper alone."""
    made: list[Sealed] = []
    paper.touch(mode=0o600, exist_ok=False)

    def work(act: acts.Act) -> acts.Answer:
        made.append(envelopes.seal(act, roles))
        paper.write_bytes(envelope_paper(made[-1]))
        return {}

    try:
        perform(work)
    except BaseException:
        paper.unlink()
        raise
    click.echo(f"Print {paper}, delete it, and seal it: {made[-1].username} opens once")


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
