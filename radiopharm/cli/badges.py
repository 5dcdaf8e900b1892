"""`flask badges`: codes that say who somebody is; the secret is always typed."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import perform
from radiopharm.services import badges
from radiopharm.store import acts

group = AppGroup("badges", help="Badges.")


@group.command("issue")
@click.argument("username")
def issue(username: str) -> None:
    """Make a person's new badge and print its code; the one before counts no more."""
    made: list[str] = []

    def work(act: acts.Act) -> acts.Answer:
        made.append(badges.issue(act, username.lower()))
        return {}

    perform(work)
    click.echo(made[-1])


@group.command("revoke")
@click.argument("username")
def revoke(username: str) -> None:
    """Let a lost badge name nobody."""

    def work(act: acts.Act) -> acts.Answer:
        badges.revoke(act, username.lower())
        return {}

    perform(work)
    click.echo(f"The badge of {username} names nobody now")
