# `make run` and `make test` are all anyone needs; `make` alone lists the rest.

PYTHON ?= python3.11
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := $(BIN)/uv --quiet
COMPILE := $(UV) pip compile --quiet --generate-hashes --python-version 3.11 --custom-compile-command "make lock"

export PORT ?= 8000
export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench soak mutants lock
.SILENT:

help: ## this list
	awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/installed ## the environment only: .venv with the locked run-time packages

run: .venv/installed ## everything, with a demo if the database is empty, on 127.0.0.1:$(PORT)
	flask --app wsgi db upgrade
	flask --app wsgi demo --once
	honcho --no-prefix start

test: .venv/developing lint ## lint, types and every test: SQLite, PostgreSQL, browser (under 15 minutes)
	python -m tests.machine
	python -m pytest -n 2

lint: .venv/developing ## ruff, mypy, import contracts
	ruff check --quiet .
	ruff format --check --quiet .
	mypy --no-error-summary
	said=$$(lint-imports --no-logo) || { echo "$$said"; exit 1; }

bench: .venv/developing ## bulk decay against the loops everyone writes, in one run
	python -m benchmarks

soak: .venv/developing ## the tests with the full floors; hours
	python -m tests.machine
	python -m pytest -n 2 -m "" --hypothesis-profile=soak --timeout=7200

mutants: .venv/developing ## what the tests of the release rules would not notice (docs/mutants.md); an hour
	nice -n 10 python -m tests.mutants

lock: .venv/uv ## new locks from requirements.in and requirements-dev.in
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

.venv/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -qqq --disable-pip-version-check uv==$(UV_VERSION)
	touch $@

.venv/installed: requirements.txt | .venv/uv
	$(UV) pip install --require-hashes -r requirements.txt
	touch $@

.venv/developing: requirements-dev.txt | .venv/uv
	$(UV) pip sync --require-hashes requirements-dev.txt
	touch $@ .venv/installed
