"""A signed form that was not accepted: its page again with what was typed, why not, and the status.

The page lists refusals and a conflict by itself; what is wrong with a box stands under the box.
"""

from collections.abc import Callable, Mapping

from radiopharm.core.refusals import Conflict, Forbidden, Invalid, Refused
from radiopharm.services.accounts import WrongSecret
from radiopharm.web import forms
from radiopharm.web.forms import Form, Unreadable

NOT_ENTERED = (Unreadable, Invalid, Conflict, WrongSecret, Forbidden)
NOT_DONE = (*NOT_ENTERED, Refused)
NotDone = Unreadable | Invalid | Conflict | WrongSecret | Forbidden | Refused
BESIDE = ("releaser", "officer")
WRONG_SECRET = "Name and password do not belong together. A bench PIN does not count here."


def answer(page: Callable[..., str], typed: Mapping[str, str], why: NotDone) -> tuple[str, int]:
    """*page* of the form as typed; it takes `refusals` or a `conflict` where the act had one."""
    match why:
        case Unreadable() | Invalid():
            return page(forms.refused(typed, why)), 422
        case Refused():
            return page(Form(typed), refusals=why.refusals), 409
        case Conflict():
            return page(Form(typed), conflict=why), 409
    return page(Form(typed, {_secret_box(typed, why): [_said(why)]})), 403


def _said(wrong: WrongSecret | Forbidden) -> str:
    """Why a signature does not count."""
    return WRONG_SECRET if isinstance(wrong, WrongSecret) else str(wrong) or WRONG_SECRET


def _secret_box(typed: Mapping[str, str], wrong: WrongSecret | Forbidden) -> str:
    """The box of whose secret it was, of those who sign a form together."""
    who = wrong.username if isinstance(wrong, WrongSecret) else ""
    named = {typed.get(f"{each}.username", "").strip().lower(): each for each in BESIDE}
    return f"{named.get(who, 'signature') if who else 'signature'}.secret"
