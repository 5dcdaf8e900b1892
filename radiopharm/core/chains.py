"""The mathematics of decay chains, every member to its own last digits.

One nuclide is an exponential; two have Bateman's closed form, written with expm1 so that nothing
cancels. For more, the textbook sum of exponentials subtracts nearly equal numbers and loses a late
member entirely at short times. Here the propagator exp(Q t) is a Taylor sum over a step h = t/2^s,
squared s times, with the diagonal, exp(−λ h), put in exactly after each squaring. Forwards all
terms are made non-negative by a shift of the rates, backwards terms of one length of path share
one sign: sums do not cancel, so each entry keeps its relative accuracy however small it is.
"""

import math

LOWEST_EXPONENT = -700.0  # just above where doubles underflow (and PostgreSQL's exp() raises)

Matrix = list[list[float]]

_LARGEST_STEP = 0.25  # of the fastest member's mean life
_TERMS_BEYOND_LENGTH = 12  # 0.25^12 / 12! is below 1e-15 of the first term that is not zero


def evolve(start: list[float], rates: list[float], feeds: Matrix, elapsed_s: float) -> list[float]:
    """Activities after *elapsed_s* (negative: before) of members listed parents first.

    *start* in Bq, *rates* per second, ``feeds[j][i]`` the fraction of i's decays that make j.
    Accurate to about 1e-13 of each member forwards; backwards a member is the difference between
    what is declared and what its parents would have fed, and is as good as that difference.
    """
    if len(start) == 2:
        return _pair(start, rates, feeds[1][0], elapsed_s)
    if len(start) > 2:
        return _through(_propagator(rates, feeds, elapsed_s), start)
    return [a * vanishing_exp(-rate * elapsed_s) for a, rate in zip(start, rates, strict=True)]


def vanishing_exp(exponent: float) -> float:
    """exp, and exactly 0 below `LOWEST_EXPONENT`."""
    return 0.0 if exponent < LOWEST_EXPONENT else math.exp(exponent)


def _pair(start: list[float], rates: list[float], fed: float, elapsed_s: float) -> list[float]:
    """Bateman for two: (e^−λ1·t − e^−λ2·t)/(λ2 − λ1), by expm1 and also where the two are equal."""
    slow, fast = sorted(rates)
    difference = fast - slow
    grown = -math.expm1(-difference * elapsed_s) / difference if difference else elapsed_s
    ingrown = start[0] * fed * rates[1] * grown * vanishing_exp(-slow * elapsed_s)
    parent, daughter = (
        a * vanishing_exp(-rate * elapsed_s) for a, rate in zip(start, rates, strict=True)
    )
    return [parent, daughter + ingrown]


def _through(propagator: Matrix, start: list[float]) -> list[float]:
    return [math.fsum(a * b for a, b in zip(row, start, strict=False)) for row in propagator]


def _propagator(rates: list[float], feeds: Matrix, elapsed_s: float) -> Matrix:
    squarings = _squarings(max(rates) * abs(elapsed_s))
    step_s = math.ldexp(elapsed_s, -squarings)
    power = _exact_diagonal(_taylor(rates, feeds, step_s), rates, step_s)
    for _ in range(squarings):
        step_s *= 2
        power = _exact_diagonal(_product(power, power), rates, step_s)
    return power


def _squarings(fastest_mean_lives: float) -> int:
    if fastest_mean_lives <= _LARGEST_STEP:
        return 0
    return math.ceil(math.log2(fastest_mean_lives / _LARGEST_STEP))


def _taylor(rates: list[float], feeds: Matrix, step_s: float) -> Matrix:
    """exp(Q h) as exp(−q h) Σ (Q h + q h)^k / k!, the shift q making every term non-negative."""
    size = len(rates)
    shift = max(rates) if step_s > 0 else 0.0
    generator = [
        [(shift - rates[j] if i == j else rates[j] * feeds[j][i]) * step_s for i in range(j + 1)]
        for j in range(size)
    ]
    total = [[1.0 if i == j else 0.0 for i in range(j + 1)] for j in range(size)]
    term = total
    for k in range(1, size + _TERMS_BEYOND_LENGTH):
        term = [[entry / k for entry in row] for row in _product(term, generator)]
        total = [
            [a + b for a, b in zip(left, right, strict=True)]
            for left, right in zip(total, term, strict=True)
        ]
    scale = math.exp(-shift * step_s)
    return [[entry * scale for entry in row] for row in total]


def _exact_diagonal(matrix: Matrix, rates: list[float], step_s: float) -> Matrix:
    for j, rate in enumerate(rates):
        matrix[j][j] = vanishing_exp(-rate * step_s)
    return matrix


def _product(left: Matrix, right: Matrix) -> Matrix:
    """The product of two lower triangles, whose rows end at the diagonal."""
    return [
        [sum(row[k] * right[k][i] for k in range(i, j + 1)) for i in range(j + 1)]
        for j, row in enumerate(left)
    ]
