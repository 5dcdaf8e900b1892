"""Waste containers as the API writes them."""

from datetime import timedelta
from typing import Any

from radiopharm.api.shapes import contents, papers
from radiopharm.api.signature_shapes import signed
from radiopharm.core import waste
from radiopharm.core.checking import ContainerAt, WhatIf
from radiopharm.core.containers import (
    ContainerEvent,
    DerogationRecord,
    Item,
    Measurement,
    ReleaseRecord,
)
from radiopharm.core.decay import seconds
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.release import Check
from radiopharm.core.waste import Container, Portion
from radiopharm.core.working import CHAIN, ROUNDING
from radiopharm.schemas.instants import instant_out


def container(seen: ContainerAt, data: NuclearData) -> dict[str, Any]:
    """A container at an instant, with everything that happened to it."""
    it = seen.container
    return {
        **summary(seen),
        "opened_at": instant_out(it.opened_at),
        "items": [item(each) for each in it.items],
        "events": [event(each) for each in it.events],
        "measurements": [measurement(each) for each in it.measurements],
        "release": release(it.release) if it.release else None,
        "working": _working(seen, data),
    }


def summary(seen: ContainerAt) -> dict[str, Any]:
    """A container as a list shows it."""
    it, check = seen.container, seen.check
    return {
        "id": it.id,
        "code": it.code,
        "number": it.number,
        "kind": str(it.kind),
        "nuclide": it.nuclide,
        "description": it.description,
        "state": str(seen.state),
        "at": instant_out(seen.at),
        "place": it.place(seen.at),
        "sequence": it.sequence,
        "sealed_at": instant_out(it.seal.at) if it.seal else None,
        "mass_g": it.seal.mass_g if it.seal else None,
        "volume_ml": it.seal.volume_ml if it.seal else None,
        "activity_bq": seen.activity_bq,
        "activity_mbq": seen.activity_bq / 1e6,
        "contents": contents(seen.contents_bq),
        "releasable": check.releasable,
        "earliest_at": check.earliest_at and instant_out(check.earliest_at),
        "governing": check.governing,
        "blocking": [leg.code for leg in seen.blocking],
    }


def check(seen: ContainerAt, ideal: WhatIf | None) -> dict[str, Any]:
    """The answer of a release check, with what it would be without the impurities."""
    pack = seen.rules.pack
    return {
        "container_id": seen.container.id,
        "at": instant_out(seen.at),
        "pack": pack and pack.code,
        "edition": pack and pack.edition,
        **verdict(seen.check, seen),
        "two_people": seen.rules.two_people,
        "doubts": [doubt.as_dict() for doubt in seen.doubts],
        "contents": contents(seen.check.contents_bq),
        "ignoring": ideal and {"nuclides": ideal.nuclides, **verdict(ideal.check, seen)},
    }


def verdict(found: Check, seen: ContainerAt) -> dict[str, Any]:
    """A verdict with all its legs, *seen*'s own or another of the same container."""
    wait = seen.wait_of(found)
    return {
        "releasable": found.releasable,
        "earliest_at": found.earliest_at and instant_out(found.earliest_at),
        "computable_at": found.computable_at and instant_out(found.computable_at),
        "waits_d": None if wait is None else wait / timedelta(days=1),
        "governing": found.governing,
        "legs": [leg.as_dict() for leg in found.legs],
    }


def item(it: Item) -> dict[str, Any]:
    """Something that went in, with the nuclear data it keeps."""
    return {
        "id": it.id,
        "source": str(it.source),
        "vial_id": it.vial_id,
        "sequence": it.sequence,
        "dispensing_id": it.dispensing_id,
        "residue_id": it.residue_id,
        "percent": f"{it.percent:f}",
        "articles": it.put_in.articles,
        "description": it.description,
        "put_in_at": instant_out(it.put_in.put_in_at),
        "recorded_at": instant_out(it.recorded_at),
        "contents": [_portion(portion) for portion in it.put_in.portions],
        "data_set": it.data_set,
    }


def event(it: ContainerEvent) -> dict[str, Any]:
    """Something that happened to a container."""
    return {
        "kind": str(it.step),
        "at": instant_out(it.at),
        "recorded_at": instant_out(it.recorded_at),
        "reason": it.reason,
        "place": it.place,
        "mass_g": it.mass_g,
        "volume_ml": it.volume_ml,
        "recipient": it.recipient,
        "licence_number": it.licence,
        "papers": papers(it.papers) if it.papers else None,
    }


def measurement(it: Measurement) -> dict[str, Any]:
    """A survey, its numbers as typed."""
    survey = it.survey
    return {
        "id": it.id,
        "background": f"{survey.background:f}",
        "reading": f"{survey.reading:f}",
        "unit": survey.reading_unit,
        "unshielded": survey.unshielded,
        "most_sensitive_scale": survey.most_sensitive_scale,
        "instrument_id": survey.instrument_id,
        "measured_at": instant_out(survey.measured_at),
        "measured_by": survey.measured_by,
        "recorded_at": instant_out(it.recorded_at),
        "place": it.place,
        "by": it.by,
    }


def release(it: ReleaseRecord) -> dict[str, Any]:
    """A signed release as it was."""
    return {
        "id": it.id,
        "at": instant_out(it.at),
        "pack": it.pack,
        "pack_edition": it.pack_edition,
        "legs": list(it.legs),
        "conforms": it.derogation is None,
        "destination": it.outgoing.destination,
        "route": it.outgoing.route,
        "consignment": it.outgoing.consignment,
        "biohazard": it.outgoing.biohazard,
        "releaser": signed(it.releaser) if it.releaser else None,
        "derogation": _derogation(it.derogation) if it.derogation else None,
        "measurement_id": it.measurement_id,
        "signature_id": it.signature.id,
        "signed_by": it.signature.signer_name,
        "signature": signed(it.signature),
    }


def _derogation(it: DerogationRecord) -> dict[str, Any]:
    return {
        "reason": it.reason,
        "failed": list(it.failed),
        "signature": signed(it.signature),
    }


def _portion(it: Portion) -> dict[str, Any]:
    return {
        "nuclide": it.symbol,
        "activity_bq": it.activity_bq,
        "activity_mbq": it.activity_bq / 1e6,
        "half_life_s": it.half_life_s,
        "half_life": it.half_life_text,
        "source": it.half_life_source,
    }


def _working(seen: ContainerAt, data: NuclearData) -> dict[str, Any]:
    """How the contents follow: each item by itself from what went in, then added up."""
    here = [each for each in seen.container.items if each.put_in.put_in_at <= seen.at]
    return {
        "formula": CHAIN,
        "nuclear_data": data.name,
        "items": [
            {
                "item_id": each.id,
                "put_in_at": instant_out(each.put_in.put_in_at),
                "elapsed_s": seconds(each.put_in.put_in_at, seen.at),
                "declared": [_portion(portion) for portion in each.put_in.portions],
                "contents": contents(
                    waste.contents(Container(items=(each.put_in,)), seen.at, data)
                ),
            }
            for each in here
        ],
        "rounding": ROUNDING,
    }
