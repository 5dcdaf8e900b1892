"""What the registers of doses say of one: its names, and why it needs a remark."""

from typing import Any

from radiopharm.core.registers import code
from radiopharm.services.registers.reading import Reading


def named(row: Any, reading: Reading) -> dict[str, Any]:
    """The cells by which a dose is known in every register."""
    return {
        "dose": code("D", row.id),
        "patient": row.patient,
        "directive": f"{code('R', row.directive_id)} v{row.version}",
        "product": reading.product(row.product),
        "nuclide": row.nuclide,
    }


def late_words(is_late: bool, reason: str) -> str:
    """That something was entered late, and why; the reason alone where there is one."""
    return f"Entered late: {reason}" if is_late else reason
