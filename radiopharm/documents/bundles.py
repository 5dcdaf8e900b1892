"""The inspector's bundle: registers, events, seals and verifiers in one ZIP with a signed manifest.

Files come in one order and carry one instant, so that the same contents make the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from radiopharm.core.audit import joined
from radiopharm.documents.registers import FORMATS, Taken

MANIFEST = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
FORMAT = "radiopharm.bundle.v1"
INSIDE = ("pdf", "csv", "json")
READ_ME = """\
{site}, {period}
as known {known_at}, made {made_at}

registers/      each register as PDF to read, CSV for a spreadsheet, JSON with its hash
events.jsonl    the whole audit trail: every event, its seals, its head; a line each
SHA256SUMS      the SHA-256 of every file here
SHA256SUMS.sig  its signature by KEY
KEY             the public key of the seals

To check it, with Python 3.11 or later and nothing else installed:

    python verify_bundle.py

It recomputes the manifest, walks the chain of events, checks the seals, holds every register
against the event that says which figures were handed out, and checks the manifest's signature.
Compare KEY with the key that the site has on paper. A patient appears by a reference (P-...),
never by name.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What goes into a bundle; `events` are lines of the trail, `verifiers` files to go along.

    `sign` signs with the private half of `key`.
    """

    registers: tuple[Taken, ...]
    events: Iterable[str]
    key: str
    sign: Callable[[bytes], str]
    verifiers: tuple[Path, ...]

    @property
    def folder(self) -> str:
        """What it unpacks to: ``inspection-2026-05-01-2026-05-31``."""
        period = self.registers[0].filled.asked.period
        return f"inspection-{period.first}-{period.last}"


def write(bundle: Bundle, out: IO[bytes]) -> None:
    """The ZIP into *out*; the trail passes through line by line, however long it is."""
    at = bundle.registers[0].filled.asked.known_at
    sums = []
    with ZipFile(out, "w") as archive:
        for name, chunks in _files(bundle):
            digest = _put(archive, f"{bundle.folder}/{name}", chunks, at)
            sums.append(f"{digest}  {name}\n")
        manifest = "".join(sums)
        signature = bundle.sign(joined(FORMAT, bundle.key, manifest))
        _put(archive, f"{bundle.folder}/{MANIFEST}", [manifest.encode()], at)
        _put(archive, f"{bundle.folder}/{SIGNATURE}", [f"{signature}\n".encode()], at)


def _files(bundle: Bundle) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "READ-ME.txt", [_read_me(bundle.registers[0]).encode()]
    for taken in bundle.registers:
        for form in INSIDE:
            name = f"registers/{taken.filled.register.name}.{form}"
            yield name, [FORMATS[form].make(taken)]
    yield "events.jsonl", (f"{line}\n".encode() for line in bundle.events)
    yield "KEY", [f"{bundle.key}\n".encode()]
    for verifier in bundle.verifiers:
        yield verifier.name, [verifier.read_bytes()]


def _put(archive: ZipFile, name: str, chunks: Iterable[bytes], at: datetime) -> str:
    """Write one file; returns its SHA-256."""
    entry = ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    digest = hashlib.sha256()
    with archive.open(entry, "w", force_zip64=True) as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _read_me(taken: Taken) -> str:
    asked = taken.filled.asked
    return READ_ME.format(
        site=taken.filled.site.name,
        period=asked.period.days,
        known_at=f"{asked.known_at:%Y-%m-%d %H:%M:%SZ}",
        made_at=f"{taken.at:%Y-%m-%d %H:%M:%SZ} by {taken.by}",
    )
