"""Codes that scanners read; only a record's own code goes in, never a name."""

import zxingcpp


def qr_code(code: str) -> str:
    """The QR code of *code* as an SVG with its quiet zone; legible with a quarter of it lost."""
    symbol = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return symbol.to_svg(add_quiet_zones=True)
