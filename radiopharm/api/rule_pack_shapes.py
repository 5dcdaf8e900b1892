"""Rule packs as the API writes them."""

from typing import Any

from radiopharm.core.limit_tables import Limit, LimitTable
from radiopharm.core.rule_packs import OPTIONS, LegRule, RulePack


def rule_pack(it: RulePack) -> dict[str, Any]:
    """An edition of a pack with every figure, its source and status."""
    return {
        "code": it.code,
        "name": it.name,
        "jurisdiction": it.jurisdiction,
        "authority": it.authority,
        "about": it.about,
        "effective_from": it.edition,
        "legs": [_leg(leg) for leg in it.legs],
    }


def _leg(it: LegRule) -> dict[str, Any]:
    numbers = {name: getattr(it, name) for name in OPTIONS}
    return {
        "code": it.code,
        "kind": it.kind,
        "operator": it.operator,
        "limit": f"{it.limit:f}",
        "unit": it.unit,
        "clause": it.clause,
        "source": it.source,
        "status": it.status.value,
        "otherwise": it.otherwise,
        **{name: None if number is None else f"{number:f}" for name, number in numbers.items()},
        "table": _table(it.table) if it.table else None,
    }


def _table(it: LimitTable) -> dict[str, Any]:
    return {
        "name": it.name,
        "unit": it.unit,
        "clause": it.clause,
        "limits": [_limit(nuclide, limit) for nuclide, limit in it.limits.items()],
        "defaults": [_limit(nuclide, limit) for nuclide, limit in it.defaults.items()],
        "unlisted": sorted(it.unlisted),
        "covers": {parent: sorted(daughters) for parent, daughters in it.covers.items()},
    }


def _limit(nuclide: str, it: Limit) -> dict[str, Any]:
    return {
        "nuclide": nuclide,
        "value": f"{it.value:f}",
        "clause": it.clause,
        "source": it.source,
        "status": it.status.value,
        "note": it.note,
    }
