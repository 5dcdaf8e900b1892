"""Rows in, core values out: the only room that speaks SQL."""
