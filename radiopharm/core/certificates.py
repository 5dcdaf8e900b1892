"""What a certificate declares beside the principal nuclide, carried to the reference instant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from radiopharm.core import decay
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.nuclides import NuclearData, UnknownNuclide
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal
from radiopharm.core.vials import Impurity

MAX_HALF_LIVES = 10  # of the principal between certificate and reference; beyond, digits are lost


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredImpurity:
    """An impurity as the certificate states it; `at` is its instant (None: the reference)."""

    nuclide: str
    ratio: Decimal
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What is declared for a vial of *principal*, and the data it is carried by."""

    declared: tuple[DeclaredImpurity, ...]
    principal: str
    reference_at: datetime
    data: NuclearData


def composition(certificate: Certificate) -> tuple[Impurity, ...]:
    """The declared impurities at the reference instant, each with its own half-life.

    The certificate must have passed `refusals`.
    """
    return tuple(_at_reference(certificate, declared) for declared in certificate.declared)


def refusals(certificate: Certificate) -> tuple[Refusal, ...]:
    """Everything that makes the certificate impossible as typed."""
    return tuple(_named_once(certificate)) + tuple(
        refusal
        for number, declared in enumerate(certificate.declared)
        for refusal in _impossible(certificate, number, declared)
    )


def warnings(declared: Iterable[DeclaredImpurity], product: Product) -> tuple[Refusal, ...]:
    """Impurities above what the product may carry."""
    usual = {usual.nuclide: usual.max_ratio for usual in product.usual_impurities}
    return tuple(
        Refusal(
            code="impurity_above_usual",
            field=f"impurities.{number}.ratio",
            message=f"{impurity.nuclide} is above what {product.name} may carry.",
            value=str(impurity.ratio),
            operator="<=",
            limit=most.text,
            source=most.source,
        )
        for number, impurity in enumerate(declared)
        if (most := usual.get(impurity.nuclide)) and impurity.ratio > most.value
    )


def _at_reference(certificate: Certificate, declared: DeclaredImpurity) -> Impurity:
    nuclide = certificate.data.get(declared.nuclide)
    return Impurity(
        nuclide=declared.nuclide,
        ratio=_carried(certificate, declared),
        stated_ratio=str(declared.ratio),
        stated_at=declared.at or certificate.reference_at,
        half_life_s=nuclide.half_life_s,
        half_life_text=nuclide.half_life_text,
        source=nuclide.source,
    )


def _carried(certificate: Certificate, declared: DeclaredImpurity) -> Decimal:
    """The ratio at the reference instant; exactly as stated when it was stated there."""
    elapsed_s = _elapsed_s(certificate, declared)
    if not elapsed_s:
        return declared.ratio
    principal = certificate.principal
    stated = {principal: 1.0, declared.nuclide: float(declared.ratio)}
    then = decay.chain_activities(stated, elapsed_s, certificate.data)
    return Decimal(repr(then[declared.nuclide] / then[principal]))


def _elapsed_s(certificate: Certificate, declared: DeclaredImpurity) -> float:
    """Seconds from the certificate's instant to the reference instant."""
    return decay.seconds(declared.at or certificate.reference_at, certificate.reference_at)


def _named_once(certificate: Certificate) -> Iterator[Refusal]:
    seen = {certificate.principal}
    for number, declared in enumerate(certificate.declared):
        if declared.nuclide in seen:
            yield Refusal(
                code="impurity_twice",
                field=f"impurities.{number}.nuclide",
                message=f"{declared.nuclide} is named twice, or is the product's own nuclide.",
            )
        seen.add(declared.nuclide)


def _impossible(
    certificate: Certificate, number: int, declared: DeclaredImpurity
) -> Iterator[Refusal]:
    field = f"impurities.{number}"
    if declared.ratio <= 0:
        yield Refusal(
            code="impurity_ratio",
            field=f"{field}.ratio",
            message="Enter the ratio the certificate states, more than nothing.",
        )
    try:
        certificate.data.get(declared.nuclide)
    except UnknownNuclide as unknown:
        yield Refusal(code="unknown_nuclide", field=f"{field}.nuclide", message=unknown.message)
        return
    if reason := _why_not_carried(certificate, declared):
        yield Refusal(code="impurity_instant", field=f"{field}.at", message=reason)


def _why_not_carried(certificate: Certificate, declared: DeclaredImpurity) -> str | None:
    half_life_s = certificate.data.get(certificate.principal).half_life_s
    if abs(Fraction(_elapsed_s(certificate, declared))) > MAX_HALF_LIVES * Fraction(half_life_s):
        return (
            f"The certificate's time is more than {MAX_HALF_LIVES} half-lives of "
            f"{certificate.principal} from the reference time. Check the date."
        )
    try:
        _carried(certificate, declared)
    except (UndefinedBefore, OutOfRange):
        return f"{declared.nuclide} stated so late cannot have been there at the reference time."
    return None
