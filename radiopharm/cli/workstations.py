"""`flask workstations`: the computers of the benches."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import perform, runtime
from radiopharm.core.workstations import WorkstationKind
from radiopharm.services import workstations
from radiopharm.store import accounts, acts
from radiopharm.store import workstations as kept

group = AppGroup("workstations", help="The computers of the benches.")


@group.command("enrol")
@click.argument("name")
@click.option("--room", required=True)
@click.option("--kind", type=click.Choice([str(kind) for kind in WorkstationKind]), required=True)
def enrol(name: str, room: str, kind: str) -> None:
    """Enrol a workstation and print, this once, the code that its computer claims it with."""
    made: list[str] = []

    def work(act: acts.Act) -> acts.Answer:
        made.append(workstations.enrol(act, name, room, kind))
        return {}

    perform(work)
    click.echo(f"Type at {name}, under /workstations/claim, within a day: {made[-1]}")


@group.command("list")
def show() -> None:
    """Every workstation with its number and state."""
    with runtime().reading() as db:
        site = accounts.first_site(db)
        for row in kept.of_site(db, site.id) if site else ():
            state = "revoked" if row.revoked_at else "enrolled" if row.claimed_at else "waiting"
            click.echo(f"{row.id}  {row.name}, {row.room}, {row.kind}: {state}")


@group.command("revoke")
@click.argument("number", type=int)
@click.option("--reason", required=True)
def revoke(number: int, reason: str) -> None:
    """Let a computer be a stranger again."""

    def work(act: acts.Act) -> acts.Answer:
        workstations.revoke(act, number, reason)
        return {}

    perform(work)
    click.echo(f"Workstation {number} is revoked")
