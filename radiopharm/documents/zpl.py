"""The labels of a dose as ZPL II for a label printer: 89 × 36 mm at 8 dots a millimetre.

The same fields as on paper (core.labels). Whatever a name contains is data: the signs that ZPL
obeys are written as their codes, and a text that is too long ends in "…" and runs into nothing.
"""

from radiopharm.core.labels import PLACES, DoseLabel

WIDTH, HEIGHT = 712, 288
LEFT, RIGHT = 16, 208
SPACE = WIDTH - RIGHT - 16
OBEYED = "^~_\\"
WIDTH_OF_A_LETTER = 0.55  # of its height, in the printer's own typeface 0, on average


def dose_labels(label: DoseLabel) -> str:
    """Two labels, for the syringe and for its shield."""
    return "".join(_label(label, place) for place in PLACES)


def _label(label: DoseLabel, place: str) -> str:
    rows = [
        _text(RIGHT, 12, 44, label.product),
        _text(RIGHT, 62, 52, label.figure),
        _text(RIGHT, 118, 24, label.note(place)),
        *(
            _text(RIGHT, 152 + 26 * number, 22, f"{name}: {value}")
            for number, (name, value) in enumerate(label.facts)
        ),
        _text(LEFT, 8, 18, "CAUTION RADIOACTIVE", RIGHT - LEFT),
        _text(LEFT, 28, 18, "MATERIAL", RIGHT - LEFT),
        f"^FO{LEFT},52^BQN,2,7^FH_^FDQA,{_data(label.code)}^FS",
        _text(LEFT, 250, 30, label.code, RIGHT - LEFT),
    ]
    head = f"^XA^CI28^PW{WIDTH}^LL{HEIGHT}^LH0,0"
    return "\n".join([head, *rows, "^XZ", ""])


def _text(x: int, y: int, height: int, said: str, space: int = SPACE) -> str:
    """One line of text, smaller where it is long, cut where it is longer still."""
    smallest = 16
    fitting = int(space / WIDTH_OF_A_LETTER / max(len(said), 1))
    height = max(min(height, fitting), smallest)
    most = int(space / WIDTH_OF_A_LETTER / height)
    shown = said if len(said) <= most else said[: most - 1] + "…"
    return f"^FO{x},{y}^A0N,{height}^FH_^FD{_data(shown)}^FS"


def _data(said: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in said)
    return "".join(f"_{ord(sign):02X}" if sign in OBEYED else sign for sign in printable)
