"""What happens to a vial without moving activity, as it is told."""

from typing import Any, ClassVar

from marshmallow import post_load

from radiopharm.core.happenings import Happen
from radiopharm.core.vials import Happening
from radiopharm.schemas.corrections import AfterSequenceSchema
from radiopharm.schemas.fields import Id, Line
from radiopharm.schemas.instants import Instant


class _HappeningSchema(AfterSequenceSchema):
    kind: ClassVar[Happening]

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Happen:
        return Happen(kind=self.kind, **data)


class QuarantineSchema(_HappeningSchema):
    """From now on it may not be drawn from."""

    kind = Happening.QUARANTINED
    reason = Line(required=True)


class ReleaseSchema(_HappeningSchema):
    """The quarantine ends now."""

    kind = Happening.RELEASED
    reason = Line(required=True)


class OpenSchema(_HappeningSchema):
    """It was opened; without an instant, now."""

    kind = Happening.OPENED
    occurred_at = Instant(load_default=None, allow_none=True)


class ThawSchema(_HappeningSchema):
    """It was thawed; without an instant, now."""

    kind = Happening.THAWED
    occurred_at = Instant(load_default=None, allow_none=True)


class MoveSchema(_HappeningSchema):
    """Where it stands; without an instant, since now."""

    kind = Happening.MOVED
    place = Line(required=True)
    occurred_at = Instant(load_default=None, allow_none=True)


class AllocateSchema(_HappeningSchema):
    """The directive it is kept for from now on; none: for nobody any longer."""

    kind = Happening.ALLOCATED
    directive_id = Id(load_default=None, allow_none=True)
