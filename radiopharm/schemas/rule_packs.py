"""A site's rules on the way in: the choice of a pack, and a condition of its licence."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.rule_packs import ChooseRulePack
from radiopharm.core.waste import LicenceCondition
from radiopharm.schemas.fields import Line, Nuclide, Plain, Whole
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.signing import SigningSchema


class _ChoiceText(Schema):
    pack = Line(required=True, most=64)
    reason = Line(required=True)
    signers = Whole(load_default=1, validate=validate.OneOf([1, 2]))


class RulePackTicketSchema(_ChoiceText):
    """A choice about to be signed: which pack, and why."""

    meaning = Line(load_default="")


class ChooseRulePackSchema(_ChoiceText):
    """Which pack, why, how many people sign a release by it, and the safety officer's signature."""

    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChooseRulePack:
        return ChooseRulePack(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A licence condition and the instant from which it holds; None is now."""

    condition: LicenceCondition
    from_at: datetime | None


class Nuclides(fields.List):
    """Nuclides as a list, or in one text with commas between, as a form has them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Nuclide(), validate=validate.Length(min=1, max=12), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        listed = value.split(",") if isinstance(value, str) else value
        return super()._deserialize(listed, *args, **kwargs)


class LicenceConditionSchema(Schema):
    """Number and wording as the licence has them, the nuclides it lets decay here, for how long.

    `hold` counts half-lives of each nuclide, or days (`hold_in`), since the last item went in.
    """

    number = Line(required=True, most=64)
    wording = Line(required=True, most=1000)
    nuclides = Nuclides(required=True)
    hold = Plain(required=True)
    hold_in = fields.String(required=True, validate=validate.OneOf(["half-lives", "d"]))
    from_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Entered:
        condition = LicenceCondition(
            number=data["number"],
            text=data["wording"],
            nuclides=frozenset(data["nuclides"]),
            hold=Decimal(data["hold"]),
            hold_unit=data["hold_in"],
        )
        return Entered(condition=condition, from_at=data["from_at"])
