"""Mutation testing of the rules: each small wrong in their text must make a test of core fail."""
