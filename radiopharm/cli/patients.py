"""`flask patients`: the key that locks who they are is changed."""

from pathlib import Path

import click
from flask.cli import AppGroup

from config.settings import MIN_KEY_LENGTH
from radiopharm.cli.acting import perform, runtime
from radiopharm.cli.safety import OTHERS
from radiopharm.core.refusals import Conflict
from radiopharm.services import rekeying
from radiopharm.store import residues

group = AppGroup("patients", help="Who patients are.")


@group.command("change-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--reason", required=True, help="Why; it stands in the audit trail.")
def change_key(file: Path, reason: str) -> None:
    """Lock every identity with the new key in FILE instead of RADIOPHARM_IDENTITY_KEY.

    Stop `serve` and `scheduler` first, set the new key after, then start them again. All or none:
    whatever interrupts it, one of the two keys opens everybody.
    """
    key = _read(file)
    try:
        outcome = perform(lambda act: {"patients": rekeying.rekey(act, key, reason)})
    except Conflict as conflict:
        raise click.ClickException(conflict.message) from conflict
    click.echo(f"{outcome.answer['patients']} identities are locked with the key in {file}")
    if not residues.wipe(runtime().engine):
        click.echo("What was wrapped with the old key is written over tonight: others were reading")
    click.echo("Set RADIOPHARM_IDENTITY_KEY to it now; the old key opens older backups only")


def _read(file: Path) -> bytes:
    if file.stat().st_mode & OTHERS:
        raise click.ClickException(f"Everyone on this machine can open {file}: chmod 600 {file}")
    key = file.read_text().strip().encode()
    if len(key) < MIN_KEY_LENGTH:
        raise click.ClickException(f"The key must have at least {MIN_KEY_LENGTH} characters")
    return key
