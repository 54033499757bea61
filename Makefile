# Everything starts from python3 and nothing else; `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The suite starts hundreds of processes: without kept bytecode each of them would compile all there is to import.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test lint regress bench bench-security chaos mutation clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: .venv/.made ## Plan, preview, confirm and apply on the local org, offline
	PATH="$(CURDIR)/$(BIN):$$PATH" bash examples/demo.sh

test: .venv/.made ## Run the whole suite
	$(BIN)/python -m pytest -n 3 --dist loadgroup -p tools.leaks.plugin

lint: .venv/.made ## Check style, types, import borders, docstrings and generated docs
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet src tests benchmarks tools
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/cog --check docs/cli.md

regress: .venv/.made ## Play the recorded exchanges with models, and hold prompts and plans to the suite
	$(BIN)/actwright regress check

bench: .venv/.made chaos ## Every fault of tests/chaos, then measure, print a table, write benchmarks/results.json
	$(BIN)/python -m pip install --quiet --editable ".[dev,bench]"
	$(BIN)/python -m benchmarks

bench-security: .venv/.made ## Measure what is left of attacks, over the agentdojo suites and our own, without a model
	$(BIN)/python -m pip install --quiet --no-deps agentdojo cachebox deepdiff dnspython docstring-parser email-validator orderly-set
	$(BIN)/python -m benchmarks._security

chaos: .venv/.made ## Every fault of tests/chaos, and processes killed at 200 random moments; make test runs a third of it, another one with the next commit
	ACTWRIGHT_CHAOS=all ACTWRIGHT_CHAOS_KILLS=200 $(BIN)/python -m pytest tests/chaos -n 2 --dist loadgroup

mutation: .venv/.made ## Change the guardrails and the checkpoints in small ways, and count what the tests notice
	$(BIN)/python -m tools.mutation

clean: ## Remove everything that was made
	rm -rf .venv .demo .actwright .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
