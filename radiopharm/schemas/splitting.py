"""One thing divided among containers by percent: the item, and a share for each container."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.containers import Source
from radiopharm.core.splitting import Share, Split
from radiopharm.schemas.fields import Id, Plain
from radiopharm.schemas.waste import PutItemSchema

MOST = 20
DIVISIBLE = (Source.VIAL, Source.DOSE, Source.RESIDUE)


class ShareSchema(Schema):
    """A container and the percent that goes into it, at most four decimals."""

    container_id = Id(required=True)
    percent = Plain(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Share:
        return Share(container_id=data["container_id"], percent=Decimal(data["percent"]))


class SplitSchema(PutItemSchema):
    """A returned dose, a residue or part of a vial, and its `shares`, which sum to 100 %.

    The whole is named as for one container. Its becquerels are divided so that the parts sum to
    it: each container gets the whole becquerels of its share, and those left over go one each to
    the largest remainders, of equals to the container opened first.
    """

    class Meta:
        exclude = ("articles", "activities")

    source = fields.String(
        required=True, validate=validate.OneOf([str(each) for each in DIVISIBLE])
    )
    shares = fields.List(
        fields.Nested(ShareSchema), required=True, validate=validate.Length(min=1, max=MOST)
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Split:
        shares = tuple(data.pop("shares"))
        return Split(item=super().make(data), shares=shares)
