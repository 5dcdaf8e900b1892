"""The numbers of waste containers by the site's scheme: a pattern such as the Polish register's.

``{year}-{sequence}-{nuclide}-{place}`` makes ``2026-0007-Lu-177-STOREB2``. A number is made once,
when a container is opened, and never again: another scheme is for those to come.
"""

from dataclasses import dataclass
from string import Formatter
from typing import NoReturn

LONGEST = {"year": 4, "sequence": 6, "nuclide": 8, "place": 24, "kind": 7}
NEEDED = frozenset({"year", "sequence"})
MOST_SIGNS = 64
BETWEEN = frozenset("-/._ ")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberScheme:
    """The parts of a number in their order, each with the signs that stand before it."""

    parts: tuple[tuple[str, str], ...]
    ending: str = ""

    def number(self, *, year: int, sequence: int, nuclide: str, place: str, kind: str) -> str:
        """The number of a container; of its place only letters and digits are kept.

        A place without any is left out with the signs before it.
        """
        word = "".join(sign for sign in place.upper() if sign.isalnum())[: LONGEST["place"]]
        said = {
            "year": f"{year}",
            "sequence": f"{sequence:04d}",
            "nuclide": nuclide,
            "place": word,
            "kind": kind,
        }
        made = "".join(before + said[name] for before, name in self.parts if said[name])
        return (made + self.ending).strip("".join(BETWEEN))


def read(pattern: str) -> NumberScheme:
    """The scheme of a *pattern*; `ValueError` with what is wrong, in words.

    It names year and sequence, so that a site never gives a number twice, each part once, with a
    sign between any two, so that a number can be read back.
    """
    parts, ending = _parts(pattern)
    names = [name for _, name in parts]
    if lacking := sorted(NEEDED.difference(names)):
        _refuse(f"it must name {{{lacking[0]}}}")
    if len(set(names)) < len(names):
        _refuse("it may name each part once")
    if any(not before for before, _ in parts[1:]):
        _refuse("two parts need a sign between them")
    longest = len(ending) + sum(len(before) + LONGEST[name] for before, name in parts)
    if longest > MOST_SIGNS:
        _refuse(f"its numbers may have {longest} signs, more than {MOST_SIGNS}")
    return NumberScheme(parts=parts, ending=ending)


def _parts(pattern: str) -> tuple[tuple[tuple[str, str], ...], str]:
    parts, ending = [], ""
    for before, name, form, conversion in Formatter().parse(pattern):
        if any(not (sign.isascii() and sign.isalnum()) and sign not in BETWEEN for sign in before):
            _refuse("between its parts stand letters, digits and - / . _ or blanks")
        if name is None:
            ending = before
        elif name not in LONGEST or form or conversion:
            _refuse(f"its parts are {', '.join(f'{{{each}}}' for each in LONGEST)}")
        else:
            parts.append((before, name))
    return tuple(parts), ending


def _refuse(why: str) -> NoReturn:
    raise ValueError(why)
