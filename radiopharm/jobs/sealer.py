"""The sealer: no job with slots, for its run must leave no event that would need a seal again."""

from radiopharm.runtime import Runtime
from radiopharm.services import sealing


def tick(runtime: Runtime, *, at_once: bool = False) -> int:
    """Seal what is due, or all that has moved when *at_once*, and carry it out; how many seals."""
    now = runtime.clock()
    made = sealing.seal(runtime.engine, runtime.settings.seal_key, now, at_once=at_once)
    sealing.anchor(runtime.engine, runtime.anchors, now)
    return len(made)
