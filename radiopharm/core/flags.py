"""Flags: what a person should look at. They inform; no rule ever reads one."""

from enum import StrEnum


class FlagKind(StrEnum):
    """What there is to look at."""

    EXPIRED = "expired"
    NEAR_EXPIRY = "near_expiry"
    WASTE_ELIGIBLE = "waste_eligible"
    POSSIBLE_MEDICAL_EVENT = "possible_medical_event"
    ADVERSE_REACTION = "adverse_reaction"
    EXTRAVASATION = "extravasation"
    RECALL = "recall"
    ORAL_OVERDUE = "oral_overdue"
    IMBALANCE = "imbalance"
    SEALER_BEHIND = "sealer_behind"
    CONTAMINATION = "contamination"
    SURVEY_OVERDUE = "survey_overdue"
    REVIEW_OVERDUE = "review_overdue"
    EMERGENCY_ACCESS = "emergency_access"
    INSTRUMENT_FAILED = "instrument_failed"
    CHECK_OVERDUE = "check_overdue"
    MEASURED_IN_DOUBT = "measured_in_doubt"


SEEN_TO = frozenset(
    {
        FlagKind.POSSIBLE_MEDICAL_EVENT,
        FlagKind.ADVERSE_REACTION,
        FlagKind.EXTRAVASATION,
        FlagKind.EMERGENCY_ACCESS,
        FlagKind.MEASURED_IN_DOUBT,
    }
)
"""These stand until a person says that they were seen to; the others clear with their cause."""
UNCLOSED = SEEN_TO | {
    FlagKind.RECALL,
    FlagKind.ORAL_OVERDUE,
    FlagKind.IMBALANCE,
    FlagKind.CONTAMINATION,
    FlagKind.INSTRUMENT_FAILED,
}
"""What went wrong and is not settled yet; the rest says what is due or may be done."""
