"""`flask audit`: the trail proved here, and exported so that anyone can prove it elsewhere."""

from pathlib import Path

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import runtime
from radiopharm.core.audit_check import Fault
from radiopharm.services import audits, backups

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), help="Also write it.")
def verify(export: Path | None) -> None:
    """Walk every stream; exit code 1 names the first record that does not hold.

    The ends that backups have witnessed must still be there.
    """
    here = runtime()
    with here.reading() as db:
        if export is not None:
            with export.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in audits.exported(db))
        known = backups.witnessed(db, here.settings.backup_directory, here.settings.audit_key)
        found = audits.verify(db, here.settings.audit_key, witnessed=known)
    for end in found.streams:
        click.echo(f"{end.stream}: {end.number} events hold, up to {end.hash}")
    if found.first_bad:
        raise click.ClickException(words(found.first_bad))


def words(fault: Fault) -> str:
    """Where the trail does not hold, for people."""
    return f"first bad record: {fault.stream}, event {fault.number} ({fault.kind}): {fault.message}"
