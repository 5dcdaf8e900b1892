"""`flask nuclides`: the half-lives and branches that are reckoned with, and whose they are."""

import click
from flask.cli import AppGroup

from radiopharm.cli.acting import runtime
from radiopharm.core.nuclides import NuclearData, Nuclide, UnknownNuclide, canonical

group = AppGroup("nuclides", help="Nuclear data.")


@group.command("show")
@click.argument("symbols", metavar="[NUCLIDE]...", nargs=-1)
def show(symbols: tuple[str, ...]) -> None:
    """Print half-life, seconds and branches of each NUCLIDE, or of all, in every data set."""
    reference = runtime().reference
    try:
        wanted = [canonical(symbol) for symbol in symbols]
    except UnknownNuclide as unknown:
        raise click.BadParameter(unknown.message, param_hint="NUCLIDE") from unknown
    sets = reference.nuclear_data.values()
    for symbol in wanted:
        if not any(symbol in data.nuclides for data in sets):
            raise click.ClickException(f"No data set knows {symbol}.")
    for data in sets:
        by_default = ", the default" if data is reference.default_nuclear_data else ""
        click.echo(f"{data.name}{by_default}: {data.source}; {data.edition}")
        for nuclide in _found(data, wanted):
            click.echo(_line(nuclide, data))


def _found(data: NuclearData, wanted: list[str]) -> list[Nuclide]:
    return [it for symbol, it in data.nuclides.items() if not wanted or symbol in wanted]


def _line(it: Nuclide, data: NuclearData) -> str:
    branches = ", ".join(
        f"{each.fraction:g} {each.mode} to {each.daughter}" for each in it.branches
    )
    half_life = f"{it.half_life_text:>14} = {it.half_life_s!r} s"
    return f"  {it.symbol:8}{half_life}  {branches}{_lent(it, data)}"


def _lent(it: Nuclide, data: NuclearData) -> str:
    """Whose figures a set shows that has none of its own."""
    if it.data_set != data.name:
        return f"  as {it.data_set}"
    return f"  branches as {it.branches_from}" if it.branches_from != data.name else ""
