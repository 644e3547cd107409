# `make check` is what CI runs. Another environment than .venv: make check BIN=/path/to/bin/
BIN ?= .venv/bin/

.PHONY: check format torture bench schema screens

check:
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)lint-imports
	$(BIN)mypy
	$(BIN)interview lint
	$(BIN)interview verify -j 2
	$(BIN)pytest

format:
	$(BIN)ruff format .
	$(BIN)ruff check --fix .

# The kills, power cuts, faults and mutated decks that `make check` runs a small share of, whole.
torture:
	$(BIN)python -m tests.torture

# Every figure beside its floor.
bench:
	$(BIN)python -m benchmarks

# The JSON schema that editors use, from the model.
schema:
	$(BIN)python -m interview_cli.bank.schema

# Golden screens anew; look at the diff before you commit it.
screens:
	UPDATE_SCREENS=1 $(BIN)pytest tests/cli
