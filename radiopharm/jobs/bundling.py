"""The inspector's bundle is made: one act that says so, one seal over it, then everything else.

The act's event names the hash of every register's data; it is sealed before the trail is read, so
the bundle holds the signed word for its own figures.
"""

from functools import partial
from typing import IO, Any

from config.settings import ROOT
from radiopharm.core.people import Person
from radiopharm.core.registers import Asked, Filled
from radiopharm.documents import bundles
from radiopharm.documents.bundles import Bundle
from radiopharm.documents.registers import Taken
from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import extracts, registers, sealing
from radiopharm.store.acts import Act
from radiopharm.store.audit import SYSTEM

VERIFIERS = tuple(ROOT / "docs" / name for name in ("verify_bundle.py", "verify_audit.py"))


def bundle(runtime: Runtime, person: Person, asked: Asked, out: IO[bytes]) -> None:
    """Write the bundle of the person's site, as *asked*, into *out*."""
    now = runtime.clock()
    filled: list[Filled] = []

    def work(act: Act) -> dict[str, Any]:
        filled[:] = registers.take_all(act, asked)
        return {}

    runtime.act(work, actor=person, now=now)
    sealer.tick(runtime, at_once=True)
    private = runtime.settings.seal_key
    with runtime.reading() as db:
        made = Bundle(
            registers=tuple(Taken(filled=it, by=person.display_name, at=now) for it in filled),
            events=extracts.chain(db, person.site.stream, SYSTEM),
            key=sealing.public_key(private),
            sign=partial(sealing.signed, private),
            verifiers=VERIFIERS,
        )
        bundles.write(made, out)
