"""The inspector's bundle is made: one act that says so, one seal over it, then everything else.

The act's event names the hash of every register's data; it is sealed before the trail is read, so
the bundle holds the signed word for its own figures.
"""

from dataclasses import replace
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO

from config.settings import ROOT
from radiopharm.core.people import Person
from radiopharm.core.registers import Asked
from radiopharm.documents import bundles
from radiopharm.documents.bundles import Bundle
from radiopharm.documents.registers import Taken
from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import extracts, registers, sealing
from radiopharm.store.audit import SYSTEM

VERIFIERS = tuple(ROOT / "docs" / name for name in ("verify_bundle.py", "verify_audit.py"))
IN_MEMORY = 16 * 2**20


def file_name(asked: Asked) -> str:
    """What the bundle is called: ``inspection-2026-05-01-2026-05-31.zip``."""
    return f"inspection-{asked.period.first}-{asked.period.last}.zip"


def bundled(runtime: Runtime, person: Person, asked: Asked) -> IO[bytes]:
    """The bundle of every lot as a file to send, on disk once it is large; the sender closes it."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 – its sender closes it
    bundle(runtime, person, replace(asked, lot=""), file)
    file.seek(0)
    return file


def bundle(runtime: Runtime, person: Person, asked: Asked, out: IO[bytes]) -> None:
    """Write the bundle of the person's site, as *asked*, into *out*."""
    now = runtime.clock()
    filled = runtime.taken(partial(registers.take_all, asked=asked), person, now)
    sealer.tick(runtime, at_once=True)
    private = runtime.settings.seal_key
    with runtime.reading() as db:
        made = Bundle(
            registers=tuple(Taken(filled=it, by=person.display_name, at=now) for it in filled),
            events=extracts.chain(db, runtime.settings, person.site.stream, SYSTEM),
            key=sealing.public_key(private),
            sign=partial(sealing.signed, private),
            verifiers=VERIFIERS,
        )
        bundles.write(made, out)
