"""The decay calculator: an amount at one instant, its contents at another, with the working."""

from flask import Blueprint, render_template, request

from radiopharm.core import calculator
from radiopharm.core.decay import OutOfRange
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.working import Working
from radiopharm.schemas.calculator import DecayFormSchema
from radiopharm.web import access, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("calculator", __name__)
IMPURITY_LINES = 2


@bp.get("/calculator")
def show() -> tuple[str, int]:
    """Ask by address, so that a calculation can be kept and sent."""
    typed = forms.closed_up(request.args.to_dict(), "impurities")
    working, form = _answer(typed) if "nuclide" in typed else (None, Form(typed))
    shown = render_template(
        "calculator/page.html",
        form=form,
        working=working,
        nuclides=sorted(access.runtime().reference.default_nuclear_data.nuclides),
        zones=list(dict.fromkeys([site_zone().key, "UTC"])),
        lines=IMPURITY_LINES + sum(name.endswith(".nuclide") for name in form.names),
    )
    return shown, 422 if form.summary else 200


def _answer(typed: dict[str, str]) -> tuple[Working | None, Form]:
    try:
        question = forms.load(DecayFormSchema(), typed)
        data = access.runtime().reference.default_nuclear_data
        return calculator.answer(question, data), Form(typed)
    except (Unreadable, Invalid) as why:
        return None, forms.refused(typed, why)
    except OutOfRange as far:
        refusal = Refusal(code="out_of_range", field="to", message=str(far))
        return None, forms.again(typed, [refusal])
