# Bình An. `make` lists the targets; `make run` and `make test` do their own set-up.
SHELL := /bin/bash
PY := .venv/bin/python
NODE_ENV_PATH := $(CURDIR)/.venv/bin:$(PATH)
.DEFAULT_GOAL := help
.PHONY: help setup run test test-quick test-ten lint format laws contract bench e2e shots web clean-data

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install what running needs and build the screens
	@ops/setup.sh run

web: setup ## build the screens

run: ## start everything with the sample ward on http://localhost:8000
	@ops/setup.sh run
	@exec .venv/bin/binhan up --demo

test: ## install what the tests need and run every suite
	@ops/setup.sh test
	@ops/test.sh

test-quick: ## only what needs no whole system of its own: unit, laws, integration; two workers
	@ops/setup.sh test
	@$(PY) -W ignore -m pytest -q -n 2 -W ignore tests/unit tests/laws tests/integration

test-ten: ## ten whole runs of stories and browser tests, five of them beside two busy loops; prints a table
	@ops/setup.sh test
	@ops/test-ten.sh

e2e: ## only the browser tests
	@ops/setup.sh test
	@$(PY) -m pytest tests/e2e

lint: ## ruff, mypy, import-linter; TypeScript, oxlint, layers, Prettier; djlint, djhtml, sqlfluff
	@ops/setup.sh test
	@ops/lint.sh

format: ## write the front end, the templates and sql/ as the formatters want them (Python is left alone)
	@ops/setup.sh test
	@cd web && PATH="$(NODE_ENV_PATH)" npm run --silent format
	@.venv/bin/djhtml --tabwidth 2 binhan 2>/dev/null; .venv/bin/sqlfluff fix --quiet binhan

laws: ## the architecture's own tests
	@ops/setup.sh test
	@.venv/bin/lint-imports && $(PY) -m pytest tests/laws

contract: ## write the generated contract and diagrams again
	@ops/setup.sh run
	@$(PY) -m binhan.site.contract
	@cd web && PATH="$(NODE_ENV_PATH)" npm run --silent contract

bench: ## measure; prints a table and writes bench/latest.json
	@ops/setup.sh test
	@$(PY) -m bench

shots: ## a picture of every screen into shots/
	@ops/setup.sh test
	@$(PY) -m tests.e2e.shots
