"""What the JSON room answers about how a container decays."""

from marshmallow import Schema, fields

from radiopharm.api.schemas import Content, Number
from radiopharm.api.waste_schemas import VerdictOut
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant


class HalfLivesOut(Schema):
    """How many half-lives of a declared nuclide are over since the last item."""

    nuclide = fields.String()
    half_life = fields.String()
    elapsed = Number()


class FittedReadingOut(Schema):
    """A reading less its background; `left_out` says why it does not count, or is empty."""

    measured_at = Instant()
    net = Number()
    modelled_bq = Number()
    left_out = fields.String()


class EstimateOut(VerdictOut):
    """The same rules with what the readings leave over the model; an estimate, no permission."""

    candidates = fields.List(fields.String())
    taken = fields.Nested(Content)


class SeriesOut(Schema):
    """Readings of one instrument in one unit and geometry, fitted.

    Half-lives in seconds, `shortest_s` to `longest_s` with about 95 % coverage; null: no decay.
    """

    instrument_id = Id()
    unit = fields.String()
    unshielded = fields.Boolean()
    readings = fields.List(fields.Nested(FittedReadingOut))
    pace = fields.String()
    says = fields.String()
    half_life_s = Number(allow_none=True)
    shortest_s = Number(allow_none=True)
    longest_s = Number(allow_none=True)
    birge = Number(allow_none=True)
    expected_s = Number(allow_none=True)
    estimate = fields.Nested(EstimateOut, allow_none=True)


class DecayOut(Schema):
    """How far a container has decayed at an instant.

    `earliest_at` is computed, `plan_at` the later of it and every estimate; null where one of them
    is never, or cannot be said.
    """

    container_id = Id()
    at = Instant()
    put_in_bq = fields.Integer()
    left_bq = Number()
    decayed_fraction = Number()
    half_lives = fields.List(fields.Nested(HalfLivesOut))
    bq_per_g = Number(allow_none=True)
    earliest_at = Instant(allow_none=True)
    plan_at = Instant(allow_none=True)
    reasons = fields.List(fields.String())
    remeasured = fields.List(fields.Nested(SeriesOut))
    formula = fields.String()


class BlockedOut(Schema):
    """A leg that stands in the way, and of how many containers."""

    code = fields.String()
    kind = fields.String()
    containers = fields.Integer()


class StandingOut(Schema):
    """Containers that are here: the week ends at `week_ends_at`, in the site's `zone`."""

    at = Instant()
    zone = fields.String()
    week_ends_at = Instant()
    pack = fields.String(allow_none=True)
    edition = fields.String(allow_none=True)
    releasable = fields.Integer()
    this_week = fields.Integer()
    later = fields.Integer()
    blocked_by = fields.List(fields.Nested(BlockedOut))
