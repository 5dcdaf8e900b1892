"""`flask demo`: fill an empty database for a first look, and say how to sign in."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from radiopharm import demo as site
from radiopharm.cli.acting import operator, runtime
from radiopharm.store import accounts


@click.command("demo")
@click.option("--once", is_flag=True, help="Leave a database in use as it is.")
@with_appcontext
def demo(once: bool) -> None:
    """Make a small site with people, vials and patients, and print its accounts and a token.

    Only an empty database is filled. With --once, the accounts of an earlier demo are printed.
    """
    kept = runtime().settings.directory / "demo.txt"
    if _is_empty():
        click.echo(_keep(kept, site.make(runtime(), operator())))
    elif not once:
        raise click.ClickException("The database is in use. A demo needs an empty one.")
    elif kept.exists():
        click.echo(kept.read_text())


def _is_empty() -> bool:
    with runtime().reading() as db:
        return not accounts.any_user(db)


def _keep(path: Path, text: str) -> str:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return text
