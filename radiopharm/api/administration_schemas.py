"""What the JSON room answers about administrations."""

from marshmallow import Schema, fields

from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant

Number = fields.Float


class PlaceOut(Schema):
    """A waste container and how many percent of something lie in it."""

    container_id = Id()
    percent = fields.String()


class ResidueOut(Schema):
    """A residue as read, and carried to the start; `balance` is the first balance it is part of.

    It lies in `places`, once it has one; `container_id` is the first of them.
    """

    id = Id()
    item = fields.String()
    activity = fields.String()
    measured_at = Instant()
    measured_bq = fields.Integer()
    at_start_bq = Number()
    instrument_id = Id(allow_none=True)
    container_id = Id(allow_none=True)
    places = fields.List(fields.Nested(PlaceOut))
    measured_by = fields.String()
    reading_id = Id(allow_none=True)
    balance = fields.Integer()


class AnswerOut(Schema):
    """A line of the checklist as it was asked; `answer` is done, not_done or not_answered."""

    code = fields.String()
    words = fields.String()
    answer = fields.String()
    done_at = Instant(allow_none=True)
    reason = fields.String()
    source = fields.String()
    status = fields.String()


class InterruptionOut(Schema):
    """The flow stood still."""

    from_at = Instant()
    to_at = Instant()
    reason = fields.String()


class BalanceOut(Schema):
    """A balance as it was recorded; a later one has residues found since, and why."""

    number = fields.Integer()
    net_administered_bq = Number()
    percent_of_prescribed = Number()
    recorded_at = Instant()
    reason = fields.String()


class EventTestOut(Schema):
    """One part of the rule; `met` null: not computed, or it does not apply."""

    code = fields.String()
    met = fields.Boolean(allow_none=True)
    message = fields.String()
    source = fields.String()
    status = fields.String()


class EventClockOut(Schema):
    """What is due by when."""

    code = fields.String()
    message = fields.String()
    due_at = Instant()
    source = fields.String()
    status = fields.String()


class PossibleEventOut(Schema):
    """A possible medical event: an aid and not advice."""

    discovered_at = Instant()
    tests = fields.List(fields.Nested(EventTestOut))
    clocks = fields.List(fields.Nested(EventClockOut))


class AdministrationOut(Schema):
    """What the patient received, at the start of the administration."""

    id = Id()
    dispensing_id = Id()
    started_at = Instant()
    ended_at = Instant()
    route = fields.String()
    site_of_administration = fields.String(allow_none=True)
    performed_by = fields.String(allow_none=True)
    patient_check = fields.String()
    dose_check = fields.String()
    checklist = fields.List(fields.Nested(AnswerOut))
    interruptions = fields.List(fields.Nested(InterruptionOut))
    dose_bq = Number()
    dose_mbq = Number()
    net_administered_bq = Number()
    net_administered_mbq = Number()
    net_administered_at = Instant()
    percent_of_prescribed = Number()
    meets_event_percentage = fields.Boolean()
    given_bq = Number(allow_none=True)
    unaccounted_bq = Number(allow_none=True)
    unaccounted = fields.String()
    possible_medical_event = fields.Nested(PossibleEventOut, allow_none=True)
    late = fields.Boolean()
    already_given = fields.Boolean()
    given_although = fields.String()
    residues = fields.List(fields.Nested(ResidueOut))
    balances = fields.List(fields.Nested(BalanceOut))
    working = fields.Dict()
