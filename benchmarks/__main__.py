"""`python -m benchmarks`: everything there is to measure."""

from benchmarks.recalculate import main

main()
