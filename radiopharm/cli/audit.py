"""`flask audit`: the trail proved here, and exported so that anyone can prove it elsewhere."""

from pathlib import Path

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import perform, runtime
from radiopharm.core.audit_check import Fault
from radiopharm.core.refusals import Conflict
from radiopharm.jobs import sealer
from radiopharm.services import attestation, audits, proof, sealing

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), help="Also write it.")
def verify(export: Path | None) -> None:
    """Walk every stream; exit code 1 names the first record that does not hold.

    What backups, seals and anchors have witnessed must still be there.
    """
    here = runtime()
    with here.reading() as db:
        if export is not None:
            with export.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in audits.exported(db))
        found = proof.prove(db, here.settings, here.anchors)
    for end in found.streams:
        click.echo(f"{end.stream}: {end.number} events hold, up to {end.hash}")
    if found.first_bad:
        raise click.ClickException(words(found.first_bad))


@group.command("seal")
def seal() -> None:
    """Seal every stream now, carry the seals out, and print the key that checks them."""
    here = runtime()
    click.echo(f"{sealer.tick(here, at_once=True)} seals made")
    click.echo(f"public key {sealing.public_key(here.settings.seal_key)}")


@group.command("adopt")
@click.option("--reason", required=True, help="Why rows stand there that no event wrote.")
def adopt(reason: str) -> None:
    """Vouch for rows that no event says were written: after an upgrade from before events did."""
    try:
        outcome = perform(lambda act: {"rows": attestation.adopt(act, reason)})
    except Conflict as conflict:
        raise click.ClickException(conflict.message) from conflict
    click.echo(f"{outcome.answer['rows']} rows are vouched for from now on")


def words(fault: Fault) -> str:
    """Where the trail does not hold, for people."""
    return f"first bad record: {fault.stream}, event {fault.number} ({fault.kind}): {fault.message}"
