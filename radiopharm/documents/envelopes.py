"""The paper of a sealed account, A5: the only place where its secret is written."""

from zoneinfo import ZoneInfo

from radiopharm.core import formatting
from radiopharm.core.emergency import Sealed
from radiopharm.documents import typesetting


def envelope_paper(sealed: Sealed) -> bytes:
    """The PDF, to be folded, sealed and signed across the flap."""
    at = formatting.instant(sealed.sealed_at, ZoneInfo(sealed.zone))
    data = {
        "username": sealed.username,
        "secret": sealed.secret,
        "roles": ", ".join(sealed.roles).replace("_", " "),
        "site": sealed.site,
        "sealed": f"{at} by {sealed.sealed_by}",
    }
    return typesetting.pdf("envelope.typ", data, at=sealed.sealed_at)
