"""The look: nothing inline, nothing foreign, states that need no colour, legible contrast."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from radiopharm.core.working import Working, explain
from radiopharm.reference import load

ROOT = Path(__file__).parents[2]
WEB = ROOT / "radiopharm" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SITE_CSS = (WEB / "static" / "site.css").read_text()
TOKENS = dict(re.findall(r"--([\w-]+): (light-dark\(.+?\));", SITE_CSS))
FILTERS = (
    "activity",
    "activity_other",
    "clock_time",
    "mbq_exact",
    "ml",
    "duration",
    "instant",
    "iso",
    "ratio",
    "relative",
)
INLINE_OR_FOREIGN = re.compile(
    r"<style|\sstyle=|<script(?![^>]*src=)|\son[a-z]+=|https?:|(?<!socket:)//\w"
)
TONES = ("ok", "warn", "stop", "done", "info")
TEXT_ON = [
    *product(("ink", "quiet", "link"), ("paper", "card", "well", "veil")),
    *((f"{tone}-ink", f"{tone}-fill") for tone in TONES),
    *((f"{tone}-ink", "card") for tone in TONES),
    ("act-ink", "act"),
    ("act-ink", "act-over"),
]
EDGES_ON = [*product(("edge", "focus", *(f"{tone}-line" for tone in TONES)), ("card", "paper"))]


class Typed:
    """A form as the macros see it: what was typed, and what is wrong with it."""

    def __init__(self, **errors: list[str]) -> None:
        self.summary = [(name, text) for name, texts in errors.items() for text in texts]
        self._errors = errors

    def value(self, name: str) -> str:
        return f"typed {name}"

    def errors(self, name: str) -> list[str]:
        return self._errors.get(name, [])


def macro(file: str, name: str, *args: object, **options: object) -> str:
    """What a macro writes, with stand-ins for what the application adds to Jinja."""
    room = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    room.filters.update(dict.fromkeys(FILTERS, str))
    room.globals.update(url_for=lambda *_, **values: values["filename"])
    return str(getattr(room.get_template(f"macros/{file}.html").module, name)(*args, **options))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_page_carries_no_style_no_script_and_no_foreign_address(template: Path) -> None:
    text = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
    assert not INLINE_OR_FOREIGN.search(text)


def test_every_drawing_that_is_named_exists() -> None:
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (WEB / "static" / "icons.svg").read_text()))
    text = "".join(path.read_text() for path in TEMPLATES)
    assert set(re.findall(r'icon\("([\w-]+)"\)', text)) <= drawn
    assert set(re.findall(r'": \("\w+", "([\w-]+)", ', text)) <= drawn


@pytest.mark.parametrize("state", ["available", "expired", "never_heard_of"])
def test_a_state_is_a_word_a_drawing_and_a_colour(state: str) -> None:
    chip = macro("display", "chip", state)
    assert re.search(r"tone-\w+.*icons\.svg#\w+.*<span>\w", chip)


def test_an_unknown_state_is_never_green() -> None:
    assert "tone-info" in macro("display", "chip", "never_heard_of")


def test_an_error_stands_by_its_field_and_what_was_typed_stays() -> None:
    field = macro("forms", "field", Typed(lot=["Enter the lot."]), "lot", "Lot")
    assert 'value="typed lot"' in field
    assert 'aria-invalid="true" autofocus aria-describedby="x-lot"' in field
    assert re.search(r'id="x-lot".*Enter the lot\.', field)


def test_a_secret_never_comes_back() -> None:
    assert "typed" not in macro("forms", "field", Typed(), "pin", "PIN", type="password")


def test_what_is_typed_is_text() -> None:
    form = Typed(lot=["<img src=x>"])
    assert "<img" not in macro("forms", "error_summary", form)


def test_a_quantity_posts_its_number_and_its_unit() -> None:
    box = macro("forms", "quantity", Typed(), "activity", "Activity", ["MBq", "mCi"], "MBq")
    assert re.findall(r'name="([\w]+)"', box) == ["activity", "activity_unit", "activity_unit"]


def test_a_leg_that_cannot_be_judged_is_not_shown_as_passed() -> None:
    leg = {"passed": None, "message": "No mass.", "limit": "10 Bq/g", "operator": "<"}
    assert "Cannot be judged" in macro("display", "legs", [leg])


def test_an_unverified_figure_says_so_where_it_decides() -> None:
    leg = {"passed": True, "message": "Below.", "source": "Table 3", "status": "unverified"}
    assert re.search(r"Table 3.*unverified", macro("display", "legs", [leg]), re.DOTALL)


def test_a_working_shows_each_half_life_with_its_source() -> None:
    shown = macro("display", "working", lutetium_two_days_ahead())
    assert re.search(r"T½ Lu-177</dt><dd>.* d .*ICRP", shown)
    assert re.search(r"T½ Lu-177m</dt>", shown)
    assert "0.0005 of Lu-177" in shown


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXT_ON, 4.5), (EDGES_ON, 3.0)], ids=["text", "edges"]
)
def test_contrast_meets_wcag_aa(pairs: list[tuple[str, str]], least: float, mode: int) -> None:
    poor = {pair: ratio for pair in pairs if (ratio := _contrast(*pair, mode)) < least}
    assert poor == {}


def lutetium_two_days_ahead() -> Working:
    reference_at = datetime(2026, 3, 16, 11, tzinfo=UTC)
    return explain(
        amount_bq=7_585_000_000,
        ratios={"Lu-177m": Decimal("0.0005")},
        principal="Lu-177",
        reference_at=reference_at,
        at=reference_at - timedelta(days=2),
        data=load(ROOT / "config").nuclear_data["ICRP-107"],
    )


def _contrast(ink: str, ground: str, mode: int) -> float:
    """The contrast ratio of two tokens, as WCAG 2.2 defines it."""
    dark, light = sorted(_luminance(TOKENS[token], mode) for token in (ink, ground))
    return (light + 0.05) / (dark + 0.05)


def _luminance(token: str, mode: int) -> float:
    colour = re.findall(r"#(\w{6})", token)[mode]
    shares = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
