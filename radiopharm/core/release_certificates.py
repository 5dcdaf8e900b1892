"""The certificate of a container's release: the signed facts as they are kept, and their hash.

Nothing in it is computed anew: legs, readings and sentences are those that were signed, so it is
the same paper however late it is asked for.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from radiopharm.core import audit
from radiopharm.core.containers import Item, Measurement, ReleaseRecord, WasteContainer
from radiopharm.core.instruments import Instrument
from radiopharm.core.people import Site
from radiopharm.core.signing import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCertificate:
    """A released container with the meters it was read by; `pack_name` is its rules' name."""

    site: Site
    container: WasteContainer
    release: ReleaseRecord
    pack_name: str
    meters: Mapping[int, Instrument]

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Everyone who signed: who carried it out, the safety officer, who derogated."""
        derogation = self.release.derogation
        found = (self.release.releaser, self.release.signature, derogation and derogation.signature)
        return tuple(signature for signature in found if signature)

    @property
    def facts(self) -> dict[str, Any]:
        """All that the certificate says."""
        it, release = self.container, self.release
        derogation = release.derogation
        return {
            "site": self.site.name,
            "container": it.code,
            "kind": str(it.kind),
            "items": [_item(item) for item in it.items],
            "sealed_at": it.seal.at if it.seal else None,
            "mass_g": it.seal.mass_g if it.seal else None,
            "volume_ml": it.seal.volume_ml if it.seal else None,
            "measurements": [self._measurement(each) for each in it.measurements],
            "counted_measurement": release.measurement_id,
            "pack": release.pack,
            "pack_edition": release.pack_edition,
            "legs": list(release.legs),
            "outgoing": asdict(release.outgoing),
            "released_at": release.at,
            "derogation": derogation.reason if derogation else None,
            "signatures": [_signature(signature) for signature in self.signatures],
        }

    @property
    def sha256(self) -> str:
        """The hash of `facts` as canonical JSON."""
        return hashlib.sha256(audit.canonical(self.facts).encode()).hexdigest()

    def _measurement(self, it: Measurement) -> dict[str, Any]:
        meter = self.meters[it.survey.instrument_id]
        return {
            "id": it.id,
            "reading": f"{it.survey.reading:f} {it.survey.reading_unit}",
            "background": f"{it.survey.background:f} {it.survey.background_unit}",
            "meter": [meter.name, meter.serial],
            "measured_at": it.survey.measured_at,
            "measured_by": it.survey.measured_by,
            "unshielded": it.survey.unshielded,
            "most_sensitive_scale": it.survey.most_sensitive_scale,
        }


def _item(it: Item) -> dict[str, Any]:
    return {
        "source": str(it.source),
        "put_in_at": it.put_in.put_in_at,
        "contents_bq": {each.symbol: each.activity_bq for each in it.put_in.portions},
        "half_lives": {each.symbol: each.half_life_text for each in it.put_in.portions},
    }


def _signature(it: Signature) -> dict[str, Any]:
    return {
        "name": it.signer_name,
        "roles": list(it.roles),
        "meaning": it.meaning,
        "signed_at": it.signed_at,
        "shown_hash": it.shown_hash,
    }
