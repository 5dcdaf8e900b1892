"""What changes a vial's book: what its author saw, how much, when it happened, and why."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load

from radiopharm.core.assays import Assay
from radiopharm.core.corrections import Taking
from radiopharm.core.leaving import HandOver
from radiopharm.core.ledger import Kind
from radiopharm.core.vial_transfers import VialTransfer
from radiopharm.schemas.fields import Id, Line, Sequence, Volume
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.leaving import PapersSchema, papers
from radiopharm.schemas.measuring import MeasuredSchema, measured
from radiopharm.schemas.receiving import ImpuritySchema


class AfterSequenceSchema(Schema):
    """The number of the newest entry its author saw, and the reason."""

    after_sequence = Sequence(required=True)
    reason = Line(load_default="")


class CompositionSchema(AfterSequenceSchema):
    """What a newer certificate declares; it replaces what was declared before."""

    impurities = fields.List(fields.Nested(ImpuritySchema), required=True)


class _TakingSchema(AfterSequenceSchema):
    kind: ClassVar[Kind]
    volume = Volume(load_default=None, allow_none=True)
    occurred_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Taking:
        volume = data.pop("volume")
        return Taking(kind=self.kind, volume_ul=volume.amount if volume else None, **data)


class DiscardSchema(_TakingSchema):
    """A volume, or without one all that is held, into a waste container where one is named.

    More than the book holds says how it was found.
    """

    kind = Kind.DISCARDED
    overdrawn_reason = Line(load_default="")
    container_id = Id(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Taking, int | None]:
        container_id = data.pop("container_id")
        taking: Taking = super().make(data)
        return taking, container_id


class DiluteSchema(_TakingSchema):
    """A volume without activity that came in."""

    kind = Kind.DILUTED
    volume = Volume(required=True)


class TransferSchema(_TakingSchema, PapersSchema):
    """To whom it went, with which papers; no licence for the supplier it came from."""

    kind = Kind.TRANSFERRED
    reason = Line(load_default="", most=80)
    recipient = Line(required=True, most=60)
    licence = Line(load_default="", most=40)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> VialTransfer:
        to = HandOver(
            recipient=data.pop("recipient"),
            licence_number=data.pop("licence"),
            reason=data["reason"],
            papers=papers(data),
        )
        licence = f", licence {to.licence_number}" if to.licence_number else ", the supplier"
        said = f"To {to.recipient}{licence}"
        reason = f"{said}: {data['reason']}" if data["reason"] else said
        taking: Taking = super().make({**data, "reason": reason})
        return VialTransfer(taking=taking, to=to)


class AssaySchema(AfterSequenceSchema, MeasuredSchema):
    """What was read, when, and with which activity meter; or the device reading that says it."""

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Assay:
        return Assay(measured=measured(data), **data)
