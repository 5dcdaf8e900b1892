"""The question a decay calculator answers."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from radiopharm.core import units
from radiopharm.core.calculator import Question
from radiopharm.core.nuclides import UnknownNuclide, canonical
from radiopharm.schemas.fields import Activity, Nuclide, Ratio
from radiopharm.schemas.instants import Instant

_OF_A_PROGRAM = re.compile(r"[0-9](\.[0-9]+)?e-[0-9]{1,2}", re.ASCII)


class RatioOf(fields.Field[tuple[str, Decimal]]):
    """``Lu-177m:0.0005``: an impurity and its ratio to the principal nuclide.

    ``Sr-90:2e-05`` is what a program makes of 0.00002, and what JSON lets it send elsewhere.
    """

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[str, Decimal]:
        nuclide, colon, ratio = str(value).partition(":")
        if not colon:
            raise ValidationError("Write an impurity such as Lu-177m:0.0005.")
        try:
            return canonical(nuclide), units.parse_ratio(_plain(ratio))
        except UnknownNuclide as unknown:
            raise ValidationError(unknown.message) from unknown
        except units.Malformed as malformed:
            raise ValidationError(malformed.message) from malformed


def _plain(ratio: str) -> str:
    return format(Decimal(ratio), "f") if _OF_A_PROGRAM.fullmatch(ratio) else ratio


class DecaySchema(Schema):
    """`from` and `to` are instants with offset; `impurity` may be repeated."""

    nuclide = Nuclide(required=True)
    activity = Activity(required=True, allow_zero=True)
    reference_at = Instant(required=True, data_key="from")
    at = Instant(required=True, data_key="to")
    impurity = fields.List(
        RatioOf(metadata={"type": "string", "example": "Lu-177m:0.0005"}), load_default=list
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Question:
        named = [nuclide for nuclide, _ratio in data["impurity"]]
        if len({data["nuclide"], *named}) != len(named) + 1:
            raise ValidationError("Name each nuclide once.", "impurity")
        return Question(
            nuclide=data["nuclide"],
            activity_bq=data["activity"].amount,
            reference_at=data["reference_at"],
            at=data["at"],
            ratios=dict(data["impurity"]),
        )


class RatioLine(Schema):
    """One impurity as a form's line: its nuclide and its ratio to the principal one."""

    nuclide = Nuclide(required=True)
    ratio = Ratio(required=True)


class DecayFormSchema(DecaySchema):
    """The same question from boxes: a line for each impurity."""

    impurities = fields.List(fields.Nested(RatioLine), load_default=list)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Question:
        lines = data.pop("impurities")
        data["impurity"] = [(line["nuclide"], line["ratio"]) for line in lines]
        return super().make(data)


class MemberSchema(Schema):
    """One radioactive member of the chain."""

    nuclide = fields.String()
    activity_bq = fields.Float()
    activity_mbq = fields.Float()


class DecayAnswer(Schema):
    """The contents at the asked instant, and how they were computed."""

    contents = fields.List(fields.Nested(MemberSchema))
    activity_bq = fields.Float()
    activity_mbq = fields.Float()
    working = fields.Dict()
