# Every command of the project. `make help` lists them.
#
# All of them need Python 3.11 or newer and make, nothing else: the first one that runs installs
# the rest into this folder. PRAXIS_PORT_BASE=<n> runs a stack of its own on ports n+1 … n+6.

PYTHON ?= python3
# exec: a signal sent to make reaches the stack, not a shell in between.
RUN := PYTHONPATH=supabase exec .venv/bin/python -m
export PRAXIS_PORT_BASE

.DEFAULT_GOAL := help
.PHONY: help install dev demo stop reset apply migration types verify lint format test mutants bench bench-short lock deploy

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Install what the lockfiles list (every command does it when needed)
	@$(PYTHON) supabase/local/bootstrap.py

dev: install ## Start everything on this machine and keep it running
	@$(RUN) local dev

demo: install ## Walk through the main job on the running stack
	@$(RUN) local.demo

stop: install ## End the running stack
	@$(RUN) local stop

reset: install ## Give the stack a fresh, seeded database
	@$(RUN) local reset

apply: install ## Rebuild the database from sql/ and policies/ as they are now, without a migration
	@$(RUN) local apply

migration: install ## Write the migration from the committed ones to sql/ and policies/ (NAME=…)
	@$(RUN) local migration --name "$(NAME)"

types: install ## Generate Python and TypeScript types from the schema
	@$(RUN) local types

lock: install ## Resolve pyproject.toml and package.json again, into the lockfiles
	@$(RUN) local lock

verify: install ## Check every invariant on the running stack's database (or DB_URL)
	@$(RUN) local verify

lint: install ## Check formatting, types, SQL and the database advisors
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/sqlfluff lint sql policies
	@$(RUN) local advisors

format: install ## Format the Python files
	@.venv/bin/ruff check --fix-only .
	@.venv/bin/ruff format .

test: install ## Run all tests on a stack of their own
	@.venv/bin/pytest

mutants: install ## Weaken the database in every way; each must turn a test red (ONLY="50_billing …", LOG=…)
	@PYTHONPATH=.:functions:supabase exec .venv/bin/python -m tests.mutants \
		$(if $(ONLY),--only $(ONLY)) $(if $(LOG),--log $(LOG))

bench: install ## Measure speed on 1,000,000 appointments, beside floors and a peer (docs/speed.md)
	@PYTHONPATH=supabase:. exec .venv/bin/python -m bench

bench-short: install ## The same on 10,000 appointments, in under a minute
	@PYTHONPATH=supabase:. exec .venv/bin/python -m bench --short

deploy: ## Deploy all functions to Cloud Run (docs/deploy.md says what it needs)
	@functions/deploy.sh
