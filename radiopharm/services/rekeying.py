"""The site's identity key is changed: every patient's own key is wrapped anew, all or none."""

from radiopharm.core.actions import Action
from radiopharm.core.refusals import Conflict
from radiopharm.store import patients
from radiopharm.store.acts import Act
from radiopharm.store.vault import Vault, WrongKey


def rekey(act: Act, new_key: bytes, reason: str) -> int:
    """Lock every identity under *new_key*; how many. The key in use opens none of them any more.

    Raises `Conflict` when the key in use is not the one they are locked with: nothing changes then,
    so a command that was interrupted may simply be given again.
    """
    try:
        locked = patients.rekey(act.db, Vault(new_key), reason, act.now)
    except WrongKey as wrong:
        said = "The identity key in use does not open the patients here: was it changed already?"
        raise Conflict("wrong_key", said) from wrong
    act.record(Action.IDENTITY_KEY_CHANGED, reason=reason, patients=locked)
    return locked
