"""What can happen, as the audit names it: subject:what was done."""

from collections.abc import Mapping
from enum import StrEnum


class Action(StrEnum):
    """The audit vocabulary. A new act gets a new word here, never a free text."""

    SIGNED_IN = "session:signed-in"
    SIGN_IN_FAILED = "session:sign-in-failed"
    SIGNED_OUT = "session:signed-out"
    SESSION_LOCKED = "session:locked"
    SESSION_UNLOCKED = "session:unlocked"
    PERSON_SWITCHED = "session:person-switched"
    SESSION_ENDED = "session:ended"
    ACCESS_REFUSED = "session:access-refused"
    USER_CREATED = "user:created"
    USER_DISABLED = "user:disabled"
    USER_CHANGED = "user:changed"
    BADGE_ISSUED = "user:badge-issued"
    BADGE_REVOKED = "user:badge-revoked"
    WORKSTATION_ENROLLED = "workstation:enrolled"
    WORKSTATION_CLAIMED = "workstation:claimed"
    WORKSTATION_REVOKED = "workstation:revoked"
    TOKEN_CREATED = "token:created"
    TOKEN_REVOKED = "token:revoked"
    INSTRUMENT_ADDED = "instrument:added"
    INSTRUMENT_CONNECTED = "instrument:connected"
    METER_READ = "instrument:read"
    ROOM_ADDED = "room:added"
    SURVEY_PLANNED = "room:survey-planned"
    ROOM_SURVEYED = "room:surveyed"
    SURVEY_VOIDED = "room:survey-voided"
    VIAL_RECEIVED = "vial:received"
    VIAL_ACCEPTED = "vial:accepted"
    VIAL_QUARANTINED = "vial:quarantined"
    VIAL_RELEASED = "vial:released"
    VIAL_OPENED = "vial:opened"
    VIAL_THAWED = "vial:thawed"
    VIAL_MOVED = "vial:moved"
    VIAL_ALLOCATED = "vial:allocated"
    VIAL_ASSAYED = "vial:assayed"
    VIAL_DISCARDED = "vial:discarded"
    VIAL_TRANSFERRED = "vial:transferred"
    VIAL_DILUTED = "vial:diluted"
    VIAL_COMPOSITION_CHANGED = "vial:composition-changed"
    ENTRY_REVERSED = "vial:entry:reversed"
    PATIENT_RECORDED = "patient:recorded"
    PATIENT_SEEN = "patient:seen"
    DIRECTIVE_DRAFTED = "directive:drafted"
    DIRECTIVE_CHANGED = "directive:changed"
    DIRECTIVE_SIGNED = "directive:signed"
    DIRECTIVE_VERIFIED = "directive:verified"
    DIRECTIVE_GIVEN_ORALLY = "directive:given-orally"
    DIRECTIVE_CANCELLED = "directive:cancelled"
    SECOND_READING_ASKED = "dose:second_reading_asked"
    READINGS_DIFFERED = "dose:readings_differed"
    DOSE_DISPENSED = "dose:dispensed"
    DOSE_VOIDED = "dose:voided"
    DOSE_RETURNED = "dose:returned"
    DOSE_ADMINISTERED = "dose:administered"
    RESIDUES_ADDED = "dose:residues-added"
    DOSE_OBSERVED = "dose:observed"
    DOSE_REASSIGNED = "dose:reassigned"
    CONTAINER_OPENED = "waste:opened"
    CONTAINER_ITEM_ADDED = "waste:item-added"
    CONTAINER_SEALED = "waste:sealed"
    CONTAINER_MEASURED = "waste:measured"
    CONTAINER_RELEASED = "waste:released"
    CONTAINER_DEROGATED = "waste:derogated"
    HISTORIC_ENTERED = "waste:historic-entered"
    CONTAINER_TRANSFERRED = "waste:transferred"
    CONTAINER_RETURNED = "waste:returned-to-supplier"
    CONTAINER_MOVED = "waste:moved"
    RULE_PACK_CHOSEN = "rules:pack-chosen"
    LICENCE_CONDITION_ENTERED = "rules:licence-condition-entered"
    SITE_FIGURE_ENTERED = "rules:site-figure-entered"
    LIMIT_SET = "rules:limit-set"
    EXPORTED = "export:taken"
    DOCUMENT_PRINTED = "document:printed"
    JOB_RAN = "job:ran"
    BACKED_UP = "database:backed-up"
    JOB_FAILED = "job:failed"
    FLAGS_CHANGED = "flags:changed"
    FLAG_SEEN_TO = "flags:seen-to"
    RESTORED = "database:restored"
    ROWS_ADOPTED = "database:rows-adopted"


VIEWS: Mapping[str, tuple[Action, ...]] = {
    "voids": (Action.DOSE_VOIDED, Action.ENTRY_REVERSED, Action.DIRECTIVE_CANCELLED),
    "refusals": (Action.ACCESS_REFUSED,),
    "failed-sign-ins": (Action.SIGN_IN_FAILED,),
    "identity": (Action.PATIENT_RECORDED, Action.PATIENT_SEEN),
    "taken-out": (Action.EXPORTED, Action.DOCUMENT_PRINTED),
    "accounts": (
        Action.USER_CREATED,
        Action.USER_DISABLED,
        Action.USER_CHANGED,
        Action.TOKEN_CREATED,
        Action.TOKEN_REVOKED,
        Action.BADGE_ISSUED,
        Action.BADGE_REVOKED,
        Action.WORKSTATION_ENROLLED,
        Action.WORKSTATION_CLAIMED,
        Action.WORKSTATION_REVOKED,
    ),
}
"""What the safety officer looks for again and again; "late" is a view too, over facts."""
