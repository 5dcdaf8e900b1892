"""The bench as a person uses it: open the page, type into its own boxes, send them."""

import html
import re
from typing import Any

from werkzeug.test import TestResponse

from tests import hospital
from tests.doors import Pages


def boxes(page: str) -> dict[str, str]:
    """What the browser would send of the dispensing form as it stands."""
    form = page.split('data-live="/dispense/figures"')[1].split("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        kind, name = _attribute(tag, "type"), _attribute(tag, "name")
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            found[name] = _attribute(tag, "value")
    for select in re.findall(r"<select\b.*?</select>", form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', select)
        found[_attribute(select, "name")] = chosen[1] if chosen else ""
    return found


def opened(bench: Pages, directive_id: int, *vial_ids: int) -> dict[str, str]:
    """The boxes of a freshly opened page."""
    return boxes(bench.get(address(directive_id, *vial_ids)).text)


def address(directive_id: int, *vial_ids: int) -> str:
    """The page of a directive, with the vials chosen for it."""
    return f"/dispense?directive_id={directive_id}" + "".join(f"&vial_id={v}" for v in vial_ids)


def signed(form: dict[str, str], **changes: str) -> dict[str, str]:
    """The form with a reading of 7.4 GBq, signed with the bench PIN."""
    typed = {"measured_activity": "7.4", "measured_activity_unit": "GBq"}
    named = {name.replace("__", "."): text for name, text in changes.items()}
    return {**form, **typed, "signature.secret": hospital.PIN, **named}


def send(bench: Pages, form: dict[str, str], path: str = "/dispense") -> TestResponse:
    """Send the form as a page with script does: what is signed is asked for first."""
    typed = {name: text for name, text in form.items() if name != "csrf_token"}
    if path == "/dispense":
        panel = bench.post("/dispense/figures", _without_secrets(typed)).text
        typed |= tickets(panel)
    return bench.post(path, typed)


def sign(pages: Pages, path: str, statement: str, form: dict[str, str]) -> TestResponse:
    """Send a signed form with the ticket that *statement* shows for it, as a page with script."""
    panel = pages.post(statement, _without_secrets(form)).text
    return pages.post(path, {**form, **tickets(panel)})


def tickets(page: str) -> dict[str, str]:
    """The tickets that stand in a page or a panel, by their boxes."""
    found = re.findall(r'name="(\w+\.ticket)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def _without_secrets(typed: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in typed.items() if not name.endswith(".secret")}


def second(**more: str) -> dict[str, Any]:
    """The boxes of a second person."""
    return {"second__username": "second", "second__secret": hospital.PIN, **more}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""
