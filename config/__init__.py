"""Settings and reference data. Imports nothing of radiopharm."""
