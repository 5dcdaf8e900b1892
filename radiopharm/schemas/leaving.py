"""A container's ways out: released, transferred, returned."""

import dataclasses
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.derogating import DerogateContainer
from radiopharm.core.leaving import HandOver, Outgoing, Papers
from radiopharm.core.releasing import ReleaseContainer, ReleaseTogether, Ticked
from radiopharm.core.signing import Signing
from radiopharm.schemas.fields import Id, Line, Sequence
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.signing import SigningSchema


class OutgoingSchema(Schema):
    """Where it goes and what is confirmed; `biohazard` says that there is none or it is treated."""

    destination = Line(required=True)
    labels_defaced = fields.Boolean(required=True)
    route = Line(load_default="")
    consignment = Line(load_default="")
    biohazard = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(["none", "treated"])
    )


class _ReleaseText(OutgoingSchema):
    pack = Line(load_default=None, allow_none=True, most=64)
    after_sequence = Sequence(load_default=None, allow_none=True)


class ReleaseTicketSchema(_ReleaseText):
    """A release about to be signed: everything but the secrets, and whether two will sign."""

    meaning = Line(load_default="")
    has_releaser = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "outgoing": outgoing(data)}


class ReleaseContainerSchema(_ReleaseText):
    """A release: `pack` is the site's choice unless given; `after_sequence` is what was seen.

    `signature` is the safety officer's, `releaser` that of somebody else who carried it out.
    """

    signature = fields.Nested(SigningSchema, required=True)
    releaser = fields.Nested(SigningSchema, load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReleaseContainer:
        return ReleaseContainer(outgoing=outgoing(data), **data)


class ReleaseFormSchema(ReleaseContainerSchema):
    """A release from the page, which asks about biological hazards each time."""

    biohazard = fields.String(required=True, validate=validate.OneOf(["none", "treated"]))


class TickedSchema(Schema):
    """A container, and what was seen of it."""

    id = Id(required=True)
    after_sequence = Sequence(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Ticked:
        return Ticked(container_id=data["id"], after_sequence=data["after_sequence"])


class _TogetherText(OutgoingSchema):
    containers = fields.List(
        fields.Nested(TickedSchema), required=True, validate=validate.Length(min=1, max=100)
    )
    pack = Line(load_default=None, allow_none=True, most=64)


class ReleasesTicketSchema(_TogetherText):
    """Several releases about to be signed: everything but the secrets."""

    meaning = Line(load_default="")
    has_releaser = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        meaning, has_releaser = data.pop("meaning"), data.pop("has_releaser")
        command = _together(data, Signing(username="", secret=""))
        return {"command": command, "meaning": meaning, "has_releaser": has_releaser}


class ReleaseTogetherSchema(_TogetherText):
    """Several releases, each by its own check, with one act of signing."""

    signature = fields.Nested(SigningSchema, required=True)
    releaser = fields.Nested(SigningSchema, load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReleaseTogether:
        return _together(data, data.pop("signature"))


class TogetherFormSchema(ReleaseTogetherSchema):
    """Several releases from the page, which asks about biological hazards each time."""

    biohazard = fields.String(required=True, validate=validate.OneOf(["none", "treated"]))


class DerogationTicketSchema(_ReleaseText):
    """A derogation about to be signed: everything but the secrets."""

    reason = Line(required=True)
    meaning = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "outgoing": outgoing(data)}


class DerogateContainerSchema(_ReleaseText):
    """A derogation: why, the derogator's `signature`, and a safety `officer`'s beside it."""

    reason = Line(required=True)
    signature = fields.Nested(SigningSchema, required=True)
    officer = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DerogateContainer:
        return DerogateContainer(outgoing=outgoing(data), **data)


def _together(data: dict[str, Any], signature: Signing) -> ReleaseTogether:
    containers = tuple(data.pop("containers"))
    where = outgoing(data)
    return ReleaseTogether(containers=containers, outgoing=where, signature=signature, **data)


def outgoing(data: dict[str, Any]) -> Outgoing:
    """Takes out of *data* what belongs to where it goes."""
    names = ("destination", "labels_defaced", "route", "consignment", "biohazard")
    return Outgoing(**{name: data.pop(name) for name in names})


class PapersSchema(Schema):
    """What goes with a hand-over, as far as it is known."""

    licence_until = fields.Date(load_default=None, allow_none=True)
    consignment = Line(load_default="")
    documents = Line(load_default="")
    handed_over_by = Line(load_default="")
    received_by = Line(load_default="")
    received_at = Instant(load_default=None, allow_none=True)


def papers(data: dict[str, Any]) -> Papers:
    """Takes out of *data* what goes with a hand-over."""
    return Papers(**{each.name: data.pop(each.name) for each in dataclasses.fields(Papers)})


class _HandOverSchema(PapersSchema):
    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> HandOver:
        return HandOver(papers=papers(data), **data)


class TransferContainerSchema(_HandOverSchema):
    """To whom, and under which licence they may hold it."""

    recipient = Line(required=True)
    licence_number = Line(required=True)
    reason = Line(load_default="")


class ReturnContainerSchema(_HandOverSchema):
    """Back to the supplier, by name."""

    recipient = Line(required=True)
    reason = Line(load_default="")
