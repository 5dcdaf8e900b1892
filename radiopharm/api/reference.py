"""Reference data with their sources, and the decay calculator."""

from itertools import chain
from typing import Any

from radiopharm.api import rule_pack_shapes, shapes
from radiopharm.api.access import runtime
from radiopharm.api.paging import page
from radiopharm.api.rule_pack_schemas import RulePackOut
from radiopharm.api.schemas import NuclideOut, ProductOut, page_of
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core import calculator
from radiopharm.core.calculator import Question
from radiopharm.schemas.calculator import DecayAnswer, DecaySchema

blp = JsonBlueprint("reference", "", "Reference data with their sources, and the calculator.")


@blp.get("/decay")
@blp.arguments(DecaySchema, location="query")
@blp.response(200, DecayAnswer)
def decay(question: Question) -> dict[str, Any]:
    """The contents of an amount at another instant, chains included, with the working."""
    working = calculator.answer(question, runtime().reference.default_nuclear_data)
    return {
        "contents": shapes.contents(working.activities_bq),
        "activity_bq": working.activity_bq,
        "activity_mbq": working.activity_bq / 1e6,
        "working": working.as_dict(),
    }


@blp.get("/nuclides")
@blp.response(200, page_of(NuclideOut, "Nuclide"))
def nuclides() -> dict[str, Any]:
    """Every nuclide of every data set, with half-life, branches, source and status."""
    sets = runtime().reference.nuclear_data.values()
    return page((shapes.nuclide(it) for data in sets for it in data.nuclides.values()), None)


@blp.get("/products")
@blp.response(200, page_of(ProductOut, "Product"))
def products() -> dict[str, Any]:
    """Every product with its figures, each with source and status."""
    return page(map(shapes.product, runtime().reference.products.values()), None)


@blp.get("/rule-packs")
@blp.response(200, page_of(RulePackOut, "RulePack"))
def rule_packs() -> dict[str, Any]:
    """Every edition of every rule pack with every figure, its source and its status."""
    editions = chain.from_iterable(runtime().reference.rule_packs.values())
    return page(map(rule_pack_shapes.rule_pack, editions), None)
