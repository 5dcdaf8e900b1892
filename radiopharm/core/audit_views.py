"""What a safety officer looks for again and again in the audit, as data: one view a question.

A mark is a piece of an event's canonical text. What people typed stands there with its quotes
escaped, so that no text can pass for a mark.
"""

from dataclasses import dataclass
from enum import StrEnum

from radiopharm.core.actions import Action


class Mark(StrEnum):
    """A fact that makes an event worth another look."""

    LATE = '"late":true'
    ALREADY_DRAWN = '"already_drawn":true'
    ALREADY_GIVEN = '"already_given":true'
    OVERRIDDEN = '"overridden":["'
    OWN_DELIVERY = '"own_delivery":true'


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Events of any of `actions` (empty: of all), with any of `marks` (empty: with or without).

    `after_hours` keeps those outside the working hours of the site, `open_deviations` those about
    what has an open flag that something went wrong.
    """

    code: str
    title: str
    says: str
    actions: tuple[Action, ...] = ()
    marks: tuple[Mark, ...] = ()
    after_hours: bool = False
    open_deviations: bool = False


ALL = (
    View(
        code="voids",
        title="Voids",
        says="What was taken back: doses, entries of the book, directives.",
        actions=(Action.DOSE_VOIDED, Action.ENTRY_REVERSED, Action.DIRECTIVE_CANCELLED),
    ),
    View(
        code="overrides",
        title="Overrides",
        says="What was recorded though a rule spoke against it, and a delivery accepted alone.",
        actions=(Action.DOSE_DISPENSED, Action.DOSE_ADMINISTERED, Action.VIAL_ACCEPTED),
        marks=(Mark.OVERRIDDEN, Mark.ALREADY_GIVEN, Mark.OWN_DELIVERY),
    ),
    View(
        code="late",
        title="Late entries",
        says="What was entered after it had happened.",
        marks=(Mark.LATE, Mark.ALREADY_DRAWN, Mark.ALREADY_GIVEN),
    ),
    View(
        code="after-hours",
        title="After hours",
        says="What was done outside the working hours of the site, and on weekends.",
        after_hours=True,
    ),
    View(
        code="failed-sign-ins",
        title="Failed sign-ins",
        says="A wrong name or secret, at the door or under a signature.",
        actions=(Action.SIGN_IN_FAILED,),
    ),
    View(
        code="clock-steps",
        title="Clock steps",
        says="The clock of the server was set, or the machine slept.",
        actions=(Action.CLOCK_STEPPED,),
    ),
    View(
        code="deviations",
        title="Unclosed deviations",
        says="Everything about what went wrong and is not settled: a dose, vial, room, instrument.",
        open_deviations=True,
    ),
    View(
        code="refusals",
        title="Refusals of access",
        says="Somebody asked for what their role may not see or do.",
        actions=(Action.ACCESS_REFUSED,),
    ),
    View(
        code="identity",
        title="Looks at identities",
        says="Who saw, recorded or erased who a patient is.",
        actions=(Action.PATIENT_RECORDED, Action.PATIENT_SEEN, Action.PATIENT_ERASED),
    ),
    View(
        code="taken-out",
        title="Exports and prints",
        says="What left the system on paper or in a file.",
        actions=(Action.EXPORTED, Action.DOCUMENT_PRINTED),
    ),
    View(
        code="accounts",
        title="Accounts",
        says="Accounts, roles, tokens, badges and workstations.",
        actions=(
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
    ),
)
VIEWS = {view.code: view for view in ALL}
