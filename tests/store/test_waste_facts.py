"""The facts of a whole store are those of each container, whatever happened to it."""

from decimal import Decimal

from radiopharm.core.waste import LicenceCondition
from radiopharm.runtime import Runtime
from radiopharm.store import waste, waste_facts
from tests.api.test_waste import measure, other, sealed_bag
from tests.conftest import StandingClock


def test_all_at_once_are_as_one_by_one(api, runtime: Runtime, clock: StandingClock) -> None:
    officer = api("safety_officer")
    again, twice, _plain = (
        sealed_bag(officer, ("Lu-177", "118 MBq"), ("Lu-177m", "1 kBq")) for _ in "123"
    )
    opened = {"reason": "a needle in it"}
    for path in (again, twice):
        assert officer.post(f"{path}/reopen", opened).status_code == 200
    clock.move(hours=1)
    assert officer.post(f"{twice}/items", other(("Lu-177", "2 MBq"))).status_code == 201
    assert officer.post(f"{twice}/seal", {"mass_g": 900, "volume_ml": 20}).status_code == 200
    assert measure(officer, twice, runtime).status_code == 201
    empty = officer.post(
        "/waste-containers", {"kind": "bag", "nuclide": "Y-90", "place": "store"}
    ).json["id"]

    licence = LicenceCondition(
        number="14", text="x", nuclides=frozenset({"Lu-177m"}), hold=Decimal(0), hold_unit="d"
    )
    with runtime.reading() as db:
        found = waste_facts.of(db, [4, 2, 1, 3], (licence,))
        one_by_one = {it.id: it.facts((licence,)) for it in waste.by_ids(db, 1, [4, 2, 1, 3])}
    assert (found, list(found)) == (one_by_one, [empty, 2, 1, 3])
    assert [found[n].sealed_at is None for n in (1, 2, 3)] == [True, False, False]
