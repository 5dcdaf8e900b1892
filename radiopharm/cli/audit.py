"""`flask audit`: the trail proved here, and exported so that anyone can prove it elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import operator, perform, runtime
from radiopharm.core import seals
from radiopharm.core.actions import Action
from radiopharm.core.audit_check import Fault
from radiopharm.core.refusals import Conflict, Invalid, NotFound
from radiopharm.jobs import bundling, sealer
from radiopharm.schemas.audits import subject_of
from radiopharm.schemas.instants import instant_out
from radiopharm.schemas.registers import RegisterQuery, asked
from radiopharm.services import attestation, extracts, proof, sealing

group = AppGroup("audit", help="The audit trail.")


FILE = click.Path(path_type=Path, dir_okay=False)


class Code(click.ParamType):
    """What a label's code stands for, as the audit names it: ``V-000017`` is ``vial:17``."""

    name = "code"

    def convert(self, value: str, param: object, ctx: object) -> str:
        found = subject_of(value)
        if found is None:
            raise click.BadParameter("write a code as it is on the label: V-000017")
        return ":".join(found)


@group.command("verify")
@click.option("--since-seal", is_flag=True, help="Only what is younger than the last seals.")
@click.option("--vial", "subject", type=Code(), help="Only the events about V-… (D-, W-, R-, P-).")
@click.option("--every-seal", is_flag=True, help="Check the signature of old seals too.")
@click.option("--export", type=FILE, help="Also write what was verified.")
def verify(since_seal: bool, subject: str | None, every_seal: bool, export: Path | None) -> None:
    """Walk every stream, or a part; exit code 1 names the first record that does not hold.

    What backups, seals and anchors have witnessed must still be there.
    """
    if export is not None:
        _export(export, subject)
    if subject is not None:
        _verify_part(subject)
    elif since_seal:
        _verify_part(None)
    else:
        _verify_all(None if every_seal else proof.MOST_SIGNATURES)


@group.command("export")
@click.argument("file", type=FILE)
@click.option("--vial", "subject", type=Code(), help="Only the events about V-… (D-, W-, R-, P-).")
def export(file: Path, subject: str | None) -> None:
    """Write the chain, or one subject's signed extract, for docs/verify_audit.py."""
    _export(file, subject)


@group.command("bundle")
@click.argument("file", type=FILE)
@click.option("--period", help="A month (2026-05), quarter (2026-Q2) or year; else this month.")
def bundle(file: Path, period: str | None) -> None:
    """Write the inspector's bundle: registers, events, seals, manifest and verifiers."""
    here, who = runtime(), operator()
    now = here.clock()
    query = RegisterQuery().load({"period": period} if period else {})
    try:
        wanted = asked(query, who.site, now)
    except Invalid as invalid:
        raise click.ClickException(invalid.refusals[0].message) from invalid
    with file.open("wb") as out:
        bundling.bundle(here, who, wanted, out)


@group.command("check-anchor")
@click.argument("line")
def check_anchor(line: str) -> None:
    """Say whether the chain still holds what a scanned foot, or a line of an anchor, witnesses."""
    here = runtime()
    try:
        seal = seals.read(line)
    except seals.NotASeal as error:
        raise click.ClickException("this is no seal of ours") from error
    with here.reading() as db:
        _require_none(sealing.witness_fault(db, sealing.keys(here.settings), seal))
    click.echo(f"{seal.stream}: event {seal.number} is the one that was sealed")


@group.command("seal")
def seal() -> None:
    """Seal every stream now, carry the seals out, and print the key that checks them."""
    here = runtime()
    click.echo(f"{sealer.tick(here, at_once=True)} seals made")
    click.echo(f"public key {sealing.public_key(here.settings.seal_key)}")


@group.command("retire-seal-key")
def retire_seal_key() -> None:
    """Seal all once more with this key, for the last time, and print what to set beside a new one.

    Stop `serve` and `scheduler` first: what this key seals later will not count.
    """
    here = runtime()
    key = sealing.public_key(here.settings.seal_key)
    perform(lambda act: act.record(Action.SEAL_KEY_RETIRED, key=key) or {})
    sealer.tick(here, at_once=True)
    until = (here.clock() + timedelta(seconds=1)).replace(microsecond=0)
    retired = {**here.settings.retired_seal_keys, key: until}
    said = " ".join(f"{it}@{instant_out(at)}" for it, at in retired.items())
    click.echo(f"RADIOPHARM_RETIRED_SEAL_KEYS={said}")


@group.command("adopt")
@click.option("--reason", required=True, help="Why rows stand there that no event wrote.")
def adopt(reason: str) -> None:
    """Vouch for rows that no event says were written: after an upgrade from before events did."""
    try:
        outcome = perform(lambda act: {"rows": attestation.adopt(act, reason)})
    except Conflict as conflict:
        raise click.ClickException(conflict.message) from conflict
    click.echo(f"{outcome.answer['rows']} rows are vouched for from now on")


def _verify_all(most_signatures: int | None) -> None:
    here = runtime()
    with here.reading() as db:
        found = proof.prove(db, here.settings, here.anchors, most_signatures)
    for end in found.streams:
        click.echo(f"{end.stream}: {end.number} events hold, up to {end.hash}")
    _require_none(found.first_bad)


def _verify_part(subject: str | None) -> None:
    here = runtime()
    with here.reading() as db, _known(subject):
        if subject is None:
            stood = proof.prove_since_seal(db, here.settings, here.anchors)
        else:
            stood = proof.prove_about(db, here.settings, here.anchors, subject)
    for each in stood:
        click.echo(f"{each.end.stream}: {each.words}")
        _require_none(each.first_bad)


def _export(file: Path, subject: str | None) -> None:
    here = runtime()
    with here.reading() as db, file.open("w", encoding="utf-8") as out, _known(subject):
        lines = (
            extracts.about(db, here.settings, subject, here.clock())
            if subject
            else extracts.chain(db, here.settings)
        )
        out.writelines(f"{line}\n" for line in lines)


@contextmanager
def _known(subject: str | None) -> Iterator[None]:
    try:
        yield
    except NotFound as missing:
        raise click.ClickException(f"no event names {subject}") from missing


def _require_none(fault: Fault | None) -> None:
    if fault:
        raise click.ClickException(words(fault))


def words(fault: Fault) -> str:
    """Where the trail does not hold, for people."""
    return f"first bad record: {fault.stream}, event {fault.number} ({fault.kind}): {fault.message}"
