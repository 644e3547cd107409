"""How fast it is: each figure beside its floor, measured in one run. `python -m benchmarks`."""
