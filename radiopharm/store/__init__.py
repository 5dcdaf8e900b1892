"""Rows in, core values out: the only room that speaks SQL."""

from sqlalchemy import Connection, Engine

from radiopharm.store.engine import make_engine

__all__ = ["Connection", "Engine", "make_engine"]
