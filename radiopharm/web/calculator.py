"""The decay calculator: an amount at one instant, its contents at another, with the working."""

from flask import Blueprint, g, render_template, request

from radiopharm.core import calculator
from radiopharm.core.decay import OutOfRange
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.working import Working
from radiopharm.schemas.calculator import DecaySchema
from radiopharm.web import access, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("calculator", __name__)


@bp.get("/calculator")
def show() -> tuple[str, int]:
    """Ask by address, so that a calculation can be kept and sent."""
    typed = request.args.to_dict()
    working: Working | None = None
    form = Form(typed)
    data = access.runtime().reference.default_nuclear_data
    if "nuclide" in typed:
        try:
            question = forms.load(DecaySchema(), typed)
            working = calculator.answer(question, data)
        except Unreadable as unreadable:
            form = unreadable.form
        except Invalid as invalid:
            form = forms.refused(typed, invalid)
        except OutOfRange as far:
            refusal = Refusal(code="out_of_range", field="to", message=str(far))
            form = forms.again(typed, [refusal])
    shown = render_template(
        "calculator/page.html",
        form=form,
        working=working,
        nuclides=sorted(data.nuclides),
        zones=list(dict.fromkeys([site_zone().key, "UTC"])),
        now=g.now,
    )
    return shown, 422 if form.summary else 200
