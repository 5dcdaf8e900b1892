"""Data and decay against libraries that are not ours: radioactivedecay, and mpmath to 60 digits."""

import math
import warnings
from types import ModuleType

import mpmath as mp
import pytest

from radiopharm.core.decay import chain_activities
from radiopharm.core.nuclides import NuclearData

YEAR_S = 365.2422 * 86_400
INSTANTS_S = [math.exp(math.log(100 * YEAR_S) * k / 40) for k in range(41)]  # 1 s to 100 y
COMPOSITIONS = [
    {"Lu-177": 7.4e9, "Lu-177m": 1.48e6},
    {"I-131": 1e9},
    {"Y-90": 3.7e9, "Sr-90": 7.4e4},
    {"Ge-68": 1e9},
    {"I-123": 2e8},
    {"Mo-99": 1e9, "Tc-99m": 4e8},
    {"In-114m": 1e6},
    {"Cs-137": 1e6},
    {"Ac-225": 1e8, "Ac-227": 1e3},
    {"Ac-227": 1e6},
]


@pytest.fixture(scope="module")
def rd() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import radioactivedecay
    return radioactivedecay


def test_every_row_of_icrp_107_is_what_radioactivedecay_holds(
    icrp: NuclearData, rd: ModuleType
) -> None:
    for nuclide in icrp.nuclides.values():
        theirs = rd.Nuclide(nuclide.symbol)
        assert nuclide.half_life_s == pytest.approx(theirs.half_life("s"), rel=1e-15)
        assert nuclide.half_life_text.split()[0] == theirs.half_life("readable").split()[0]
        branches = [(b.daughter, b.fraction, b.mode) for b in nuclide.branches]
        assert branches == list(
            zip(theirs.progeny(), theirs.branching_fractions(), theirs.decay_modes(), strict=True)
        )


def test_every_stable_daughter_is_stable_there_too(icrp: NuclearData, rd: ModuleType) -> None:
    for nuclide in icrp.nuclides.values():
        for branch in nuclide.branches:
            theirs = rd.Nuclide(branch.daughter).half_life("readable")
            assert branch.is_stable == (theirs == "stable")


@pytest.mark.parametrize("initial", COMPOSITIONS, ids="+".join)
@pytest.mark.parametrize("elapsed_s", [86_400.0, 1e6, 1e7])
def test_decay_agrees_with_radioactivedecay(
    icrp: NuclearData, rd: ModuleType, initial: dict[str, float], elapsed_s: float
) -> None:
    theirs = rd.Inventory(initial, "Bq").decay(elapsed_s, "s").activities("Bq")
    for symbol, activity in chain_activities(initial, elapsed_s, icrp).items():
        assert activity == pytest.approx(float(theirs[symbol]), rel=1e-9, abs=1e-20)


@pytest.mark.parametrize("initial", COMPOSITIONS, ids="+".join)
def test_every_member_agrees_with_60_digits_from_a_second_to_a_century(
    icrp: NuclearData, initial: dict[str, float]
) -> None:
    for elapsed_s in INSTANTS_S:
        exact = bateman(initial, elapsed_s, icrp)
        for symbol, activity in chain_activities(initial, elapsed_s, icrp).items():
            if exact[symbol] > mp.mpf("1e-280"):
                assert abs(activity / exact[symbol] - 1) < 1e-12, (symbol, elapsed_s)
            else:
                assert 0 <= activity < 1e-270


@pytest.mark.parametrize(
    "initial", [{"Lu-177": 7.4e9, "Lu-177m": 1.48e6}, {"Y-90": 3.7e9, "Sr-90": 7.4e4}], ids="+".join
)
def test_a_coupled_pair_agrees_with_60_digits_before_its_reference(
    icrp: NuclearData, initial: dict[str, float]
) -> None:
    for elapsed_s in (-1.0, -3_600.0, -86_400.0, -14 * 86_400.0):
        exact = bateman(initial, elapsed_s, icrp)
        for symbol, activity in chain_activities(initial, elapsed_s, icrp).items():
            assert abs(activity / exact[symbol] - 1) < 1e-12


def bateman(initial: dict[str, float], elapsed_s: float, data: NuclearData) -> dict[str, mp.mpf]:
    """The textbook sum of exponentials, in 60 digits, on the very same constants."""
    with mp.workdps(60):
        names = data.chain(*initial)
        rates = [mp.log(2) / mp.mpf(data.get(name).half_life_s) for name in names]
        weights = _weights(initial, names, rates, data)
        exponentials = [mp.exp(-rate * mp.mpf(elapsed_s)) for rate in rates]
        return {
            name: rates[j] * mp.fsum(w * e for w, e in zip(weights[j], exponentials, strict=True))
            for j, name in enumerate(names)
        }


def _weights(
    initial: dict[str, float], names: tuple[str, ...], rates: list[mp.mpf], data: NuclearData
) -> list[list[mp.mpf]]:
    """weights[j][k]: how much of e^(−λ_k t) is in the number of atoms of member j."""
    size = len(names)
    fed = {
        (branch.daughter, name): mp.mpf(branch.fraction)
        for name in names
        for branch in data.get(name).branches
    }
    weights = [[mp.mpf(0)] * size for _ in names]
    for j, name in enumerate(names):
        for k in range(j):
            into = [fed.get((name, names[i]), 0) * rates[i] * weights[i][k] for i in range(k, j)]
            weights[j][k] = mp.fsum(into) / (rates[j] - rates[k])
        weights[j][j] = mp.mpf(initial.get(name, 0)) / rates[j] - mp.fsum(weights[j][:j])
    return weights
