"""Numbers of containers go on whatever the scheme, are never given twice, and never change."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from radiopharm.core import container_numbers
from radiopharm.core.containers import ContainerKind
from radiopharm.core.filling import OpenContainer
from radiopharm.runtime import Runtime
from radiopharm.services import waste
from radiopharm.store import waste as store
from tests.conftest import StandingClock
from tests.services.acting import do

BAG = OpenContainer(kind=ContainerKind.BAG, nuclide="Lu-177", place="Store")


def opened(runtime: Runtime, pattern: str, command: OpenContainer = BAG) -> str:
    """The number of a new container by that scheme."""
    scheme = container_numbers.read(pattern)
    made = do(runtime, lambda act: waste.open_container(act, command, scheme), "technologist")
    with runtime.reading() as db:
        return store.get(db, 1, made).number or ""


def test_another_scheme_goes_on_counting_and_leaves_the_numbers_given(
    runtime: Runtime, clock: StandingClock
) -> None:
    usual = runtime.settings.container_numbers
    assert opened(runtime, usual) == "2026-0001-Lu-177-STORE"
    assert opened(runtime, "RW/{year}/{sequence}") == "RW/2026/0002"
    assert opened(runtime, usual) == "2026-0003-Lu-177-STORE"
    clock.move(days=365)
    assert opened(runtime, "RW/{year}/{sequence}") == "RW/2027/0001"
    with runtime.reading() as db:
        assert store.get(db, 1, 1).number == "2026-0001-Lu-177-STORE"


def test_the_year_is_the_sites_own(runtime: Runtime, clock: StandingClock) -> None:
    clock.move(days=213, hours=11, minutes=30)  # 23:30 UTC of 31 December: 2027 in Madrid
    assert opened(runtime, "{year}-{sequence}") == "2027-0001"
    an_hour_before = replace(BAG, opened_at=clock.now - timedelta(hours=1))
    assert opened(runtime, "{year}-{sequence}", an_hour_before) == "2026-0001"


def test_a_number_that_an_older_scheme_gave_is_passed_over(runtime: Runtime) -> None:
    number = opened(runtime, "{year}-{sequence}.0002")
    assert number == "2026-0001.0002"
    assert opened(runtime, "{year}-0001.{sequence}") == "2026-0001.0003"


def test_eight_at_once_get_eight_numbers(runtime: Runtime) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: opened(runtime, "{year}-{sequence}"), range(8)))
    assert sorted(found) == [f"2026-{n:04d}" for n in range(1, 9)]
