"""Post a draw: its share of the book, and before it whatever was found beyond the book."""

from datetime import datetime

from radiopharm.core import ledger, working
from radiopharm.core.dispensing import Situation, Source
from radiopharm.core.ledger import Amount, Entry, Kind
from radiopharm.core.refusals import Conflict
from radiopharm.core.vials import Happening, VialEvent
from radiopharm.store import doses, ledgers, vials
from radiopharm.store.acts import Act


def draw(
    act: Act, situation: Situation, source: Source, dose_id: int, second_id: int | None
) -> None:
    """Post one draw of a dose; what was drawn beyond the book is posted first, and the first draw
    opens the vial."""
    vial, at = source.vial, situation.measured.at
    book = vial.ledger
    for entry in _found_beyond_the_book(act, situation, source):
        ledgers.append(act.db, vial.id, entry, actor_id=act.actor.id, second_id=second_id)
        book = ledger.following(entry)
    drawn = ledger.post(
        book,
        Kind.DRAWN,
        -ledger.share(book.balance, source.volume_ul),
        occurred_at=at,
        recorded_at=act.now,
        reason=situation.command.reason,
    )
    ledgers.append(act.db, vial.id, drawn, actor_id=act.actor.id, second_id=second_id)
    doses.add_draw(act.db, dose_id, vial.id, drawn.sequence)
    if drawn.after.volume_ul and vial.latest(Happening.OPENED) is None:
        vials.add_event(act.db, vial.id, _opened(act, source, at))


def _found_beyond_the_book(act: Act, situation: Situation, source: Source) -> list[Entry]:
    """What was drawn beyond what the book held, posted as the measurement difference it is."""
    held = source.vial.ledger.balance
    missing = source.volume_ul - held.volume_ul
    if missing <= 0:
        return []
    if held.volume_ul:
        found = held.reference_bq * missing // held.volume_ul
    else:
        found = _reference_of_reading(situation, source)
    return [
        ledger.post(
            source.vial.ledger,
            Kind.ASSAYED,
            Amount(volume_ul=missing, reference_bq=found),
            occurred_at=situation.measured.at,
            recorded_at=act.now,
            reason=f"Found beyond the book: {situation.command.reason}"[:200],
        )
    ]


def _reference_of_reading(situation: Situation, source: Source) -> int:
    """The reading's part of one draw, carried to the vial's reference instant."""
    volume = sum(each.volume_ul for each in situation.sources)
    part = situation.measured.bq * source.volume_ul / volume
    vial, at = source.vial, situation.measured.at
    one = working.explain(
        amount_bq=1,
        ratios=vial.ratios,
        principal=vial.nuclide,
        reference_at=vial.reference_at,
        at=at,
        data=source.data,
    ).activity_bq
    if not one:
        raise Conflict("undefined", "Nothing of that reference can be left at that time.")
    return round(part / one)


def _opened(act: Act, source: Source, at: datetime) -> VialEvent:
    return VialEvent(
        kind=Happening.OPENED,
        occurred_at=at,
        recorded_at=act.now,
        actor_id=act.actor.id,
        reason="first draw",
        use_by_at=source.product.use_by_after_opening(at),
    )
