"""`python -m benchmarks`: everything there is to measure."""

from benchmarks import recalculate, waste

waste.compare()
recalculate.main()
