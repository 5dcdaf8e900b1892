"""`flask tokens`: programs' keys, each a person's and with at most that person's rights."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import perform
from radiopharm.services import accounts
from radiopharm.store import acts

group = AppGroup("tokens", help="Programs' keys.")


@group.command("create")
@click.argument("username")
@click.option("--name", default="program", help="What the key is for.")
def create(username: str, name: str) -> None:
    """Make a program's key for a person and print it this once."""
    made: list[str] = []

    def work(act: acts.Act) -> acts.Answer:
        made.append(accounts.create_token(act, username, name))
        return {}

    perform(work)
    click.echo(made[-1])
