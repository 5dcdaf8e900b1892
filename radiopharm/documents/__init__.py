"""Data in, PDF, SVG and CSV out: no SQL, no Flask."""
