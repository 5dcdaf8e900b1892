"""Speed, measured beside what it is compared with, in one run: only such ratios mean anything."""
