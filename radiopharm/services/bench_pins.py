"""Where a bench PIN signs: at an enrolled workstation, once the site has any.

A site that has enrolled none goes on as before, by page and by program. Where there are some, a
program cannot show that it stands at one, so its signatures take the password.
"""

from radiopharm.core.people import Person
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.store import Connection, workstations


def require_workstation(db: Connection, actor: Person) -> None:
    """Raise `Invalid` where a PIN does not sign."""
    enrolled = workstations.ids_at(db, actor.site.id)
    if enrolled and actor.workstation_id not in enrolled:
        said = "A PIN signs only at an enrolled workstation. Use the password here."
        raise Invalid([Refusal(code="pin_here", field="signature.secret", message=said)])
