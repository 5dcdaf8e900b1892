"""Dose calibrators on a serial line: how each kind speaks, and how its line is read.

Nothing here knows a database. Both dialects follow published descriptions and were tried against
simulators only, never on hardware: `docs/guide/instruments.md` says so to the reader too.
"""
