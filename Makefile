# Staybook's commands. `make` alone lists them.
# Needs git, make and any Python from 3.11 on; everything else is made or fetched on the way.

# The first Python that is new enough to start from: a version manager's `python3` may be none at all.
fits = $(shell $(1) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(1))
ifndef PYTHON
PYTHON := $(or $(call fits,python3),$(call fits,/usr/bin/python3),$(call fits,python3.13),$(call fits,python3.12),$(call fits,python3.11),python3)
endif

STAGE ?= local
ROLE ?= guest
# Shells say who is logged in as USER: only a USER given to make is meant.
user := $(if $(findstring command line,$(origin USER)),$(USER),mina)

.DEFAULT_GOAL := help
# Every target is a command, none a file.
.PHONY: $(shell awk -F ':' '/^[a-z0-9-]+: /{print $$1}' $(firstword $(MAKEFILE_LIST)))

# Bytecode is worth its disk space here: cold starts and test starts read it.
unexport PYTHONDONTWRITEBYTECODE

bin := .venv/bin
python := $(bin)/python
staybook_engine = $(python) -m infra.engine
export ENGINE
environments := $(PYTHON) infra/environments.py
sources := bench functions infra localstack tests
service_roots := functions/kernel/src:functions/room:functions/reservation:functions/payment:functions/message:functions/viewpage
operation := PYTHONPATH=$(service_roots) $(python) -m infra.operations

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## everything from nothing: engine, build, deploy, demo rooms; Ctrl-C ends it all
	@$(environments)
	@$(python) -m infra.local.run

test: ## everything: checks, tests of every kind on an engine of their own, two lanes at a time
	@$(environments)
	@$(python) -m infra.checks.side_by_side "checks: lint secrets types" "alone: unit" then "parts: integration model crash race engine browser" "whole: e2e"

up: ## start the engine in the background (ENGINE=docker: in a container)
	@$(environments)
	@$(staybook_engine) up

down: ## stop the engine; no process and no port remains
	@$(environments)
	@$(staybook_engine) down

status: ## say whether the engine runs, and where
	@$(environments)
	@$(staybook_engine) status

logs: ## the engine's log; NAME=staybook-room-api [FOLLOW=1]: a function's; ID=<correlation id>: all functions' about it
	@$(environments)
	@$(if $(ID),$(operation).logs --about $(ID) --stage $(STAGE),$(if $(filter local,$(STAGE)),\
		$(staybook_engine) logs $(NAME) $(if $(FOLLOW),--follow),$(operation).logs --function $(NAME) --stage $(STAGE)))

dev: ## SERVICE=room: that service by `chalice local` with reload, against the running engine
	@$(environments) dev
	@$(python) -m infra.local.dev $(if $(SERVICE),$(SERVICE),$(error say which: make dev SERVICE=room))

token: ## USER=mina ROLE=guest|host|admin: a bearer token, alone on the last line
	@$(environments) dev
	@$(python) -m infra.local.bearer $(user) $(ROLE)

build: ## package the services that changed and compose the gateway
	@$(environments) dev
	@$(python) -m infra.packaging.build --stage $(STAGE)

deploy: build ## STAGE=local|...: deploy what is built, on the running engine or on AWS
	@$(python) -m infra.deployment.deploy --stage $(STAGE)

lint: ## style, layers, dead code, dependencies, templates
	@$(environments) dev
	@$(bin)/ruff check $(sources)
	@$(bin)/ruff format --check $(sources)
	@PYTHONPATH=$(service_roots) $(bin)/lint-imports
	@$(bin)/vulture
	@$(python) -m infra.checks.declared
	@$(python) -m infra.packaging.build
	@$(bin)/cfn-lint dist/platform.json dist/gateway.json dist/watch.json dist/pipeline.json dist/stage.json dist/*/template.json

contracts: ## write AsyncAPI and OpenAPI documents from the code (PUBLISH=1 promises events, RETIRE=Event takes one back)
	@$(environments) dev
	@PYTHONPATH=$(service_roots) $(python) -m infra.openapi
	@PYTHONPATH=$(service_roots) $(python) -m infra.contracts $(if $(PUBLISH),--publish) $(if $(RETIRE),--retire $(RETIRE))

docs: ## draw the pages that are made from the code
	@$(environments) dev
	@PYTHONPATH=$(service_roots) $(python) -m infra.drawings.booking_states
	@PYTHONPATH=$(service_roots) $(python) -m infra.drawings.landscape
	@PYTHONPATH=$(service_roots) $(python) -m infra.drawings.hexagons

trace: ## ID=<rsvId or payId>: the story of a booking across the services, with times
	@$(environments) dev
	@$(operation).story $(if $(ID),$(ID),$(error say which: make trace ID=...)) --stage $(STAGE)

dlq: ## what failed and waits: what it is, why, since when
	@$(environments) dev
	@$(operation).dead_letters --stage $(STAGE)

redrive: ## QUEUE=...: put back what waits in a queue that `make dlq` names
	@$(environments) dev
	@$(operation).redrive $(if $(QUEUE),$(QUEUE),$(error say which: make redrive QUEUE=...)) --stage $(STAGE)

replay: ## FROM= TO= [RULE=]: play archived events again (RFC 3339 instants), to all rules or one
	@$(environments) dev
	@$(operation).replay $(FROM) $(TO) $(if $(RULE),--rule $(RULE)) --stage $(STAGE)

reconcile: ## compare reservations, payments, nights and view now; repair what the rules allow
	@$(environments) dev
	@$(operation).reconcile --stage $(STAGE)

rebuild-view: ## [UNTIL=] [ANYWAY=1]: make the room view anew from the archive and swap it in; UNTIL only shows the past
	@$(environments) dev
	@$(operation).rebuild_view $(if $(UNTIL),--until $(UNTIL)) $(if $(ANYWAY),--anyway) --stage $(STAGE)

export: ## TO=folder: everything a stage keeps (tables, pictures, what the operator has set), with hashes
	@$(environments) dev
	@$(operation).export_stage $(if $(TO),$(TO),$(error say where to: make export TO=backups/monday)) --stage $(STAGE)

import: ## FROM=folder [ANYWAY=1]: bring an empty stage to what was exported; ANYWAY writes over one that is not
	@$(environments) dev
	@$(operation).import_stage $(if $(FROM),$(FROM),$(error say where from: make import FROM=backups/monday)) \
		$(if $(ANYWAY),--anyway) --stage $(STAGE)

republish: ## [SINCE=]: announce again what lies in the items' outboxes
	@$(environments) dev
	@$(operation).republish $(if $(SINCE),--since $(SINCE)) --stage $(STAGE)

fmt: ## put sources into shape
	@$(environments) dev
	@$(bin)/ruff check --fix --quiet $(sources)
	@$(bin)/ruff format $(sources)

types: ## mypy --strict, on everything
	@$(environments) dev engine
	@$(python) -m infra.checks.type_check

unit: ## tests that need nothing but themselves; they reach every branch of domain and use cases
	@$(environments) dev
	@PYTHONPATH=$(service_roots) $(bin)/coverage run -m pytest tests/unit tests/contract
	@$(bin)/coverage report --fail-under=100

coverage: ## what unit tests and adapters' tests reach of all five services together: 95% of branches and more
	@$(environments) dev
	@PYTHONPATH=$(service_roots) $(bin)/coverage run --source=functions -m pytest tests/unit tests/contract tests/integration
	@$(bin)/coverage report --fail-under=95

integration: ## tests of the adapters, on a store of one thread
	@$(environments) dev
	@$(bin)/pytest tests/integration

crash: ## a booking hurt at every call there is, and finished in every way there is
	@$(environments) dev
	@$(bin)/pytest tests/crash

model: ## the protocol as an executable specification, explored in every order
	@$(environments) dev
	@$(bin)/pytest tests/model

race: ## many who want the same nights, step by step in any order; every rule broken on purpose is missed
	@$(environments) dev
	@$(bin)/pytest tests/race --ignore=tests/race/http

engine: ## tests of the local engine, inside and out
	@$(environments)
	@.local/engine/bin/python -P -m pytest localstack/plugin
	@$(bin)/pytest -m "not unmended" tests/engine

e2e: ## tests of the whole, deployed on an engine of their own
	@$(environments)
	@$(bin)/pytest tests/e2e tests/security tests/chaos tests/race/http

browser: export STAYBOOK_AWS_PORT := $(shell expr $(or $(STAYBOOK_AWS_PORT),4566) + 100)
browser: export STAYBOOK_GATEWAY_PORT := $(shell expr $(or $(STAYBOOK_GATEWAY_PORT),8088) + 100)
browser: ## only the tests in a browser, on ports of their own: `make test` runs them beside the others
	@$(environments)
	@$(bin)/pytest tests/browser

screenshots: ## write docs/screenshots/*.png anew, of the demo on an engine of its own
	@$(environments)
	@$(python) -m infra.local.screenshots

first-hour: ## play a newcomer's first hour again: clone, run, change a rule, see its test fail, mend it, see it
	@$(environments)
	@$(python) -m infra.local.first_hour

chaos: ## faults on the running whole, longer: nothing that was accepted is lost (BOOKINGS=60 each)
	@$(environments)
	@STAYBOOK_CHAOS_BOOKINGS=$(or $(BOOKINGS),60) $(bin)/pytest -s --timeout=1800 tests/chaos
	@$(MAKE) --no-print-directory storm

storm: ## SEED=1 SECONDS=60: a game day at random: every kind of fault, a mixed load, a deployment; then every promise
	@$(environments)
	@STAYBOOK_STORM_SEED=$(or $(SEED),1) STAYBOOK_STORM_SECONDS=$(or $(SECONDS),60) STAYBOOK_STORM_REPORTS=$(REPORTS) \
		$(bin)/pytest -s --timeout=1800 tests/storm

siege: ## [PLAYS="rooms bookings circuit isolation"] [SECONDS=60]: the seed's load tests and ours, with tables; nothing accepted is lost
	@$(environments)
	@PYTHONPATH=$(service_roots) STAYBOOK_SIEGE_SECONDS=$(or $(SECONDS),60) $(python) -m tests.siege $(PLAYS)

smoke: ## a client's walk through a stage, changing nothing (STAYBOOK_TOKEN=... sees more): STAGE=local|...
	@$(environments) dev
	@$(python) -m infra.deployment.smoke --stage $(STAGE)

release-drill: ## releases in the middle of bookings, good and broken ones (SECONDS=60 around each)
	@$(environments)
	@STAYBOOK_DRILL_SECONDS=$(or $(SECONDS),60) $(bin)/pytest -s --timeout=1800 tests/release

secrets: ## no secret in a file (UPDATE=1: take what it found for none, in .secrets.baseline)
	@$(environments) dev
	@git ls-files -z | xargs -0 $(bin)/$(if $(UPDATE),detect-secrets scan,detect-secrets-hook) --no-verify --baseline .secrets.baseline

security: build ## the packaged templates, inspected by checkov; what is accepted says docs/security.md
	@$(environments) security
	@$(python) -m infra.checks.inspection

audit: ## known vulnerabilities of what is locked; asks PyPI, so it needs the internet
	@$(environments) dev security
	@$(python) -m infra.checks.audit

mutation: ## [SERVICE=room]: change every decision of domain and use cases on purpose; at least 90% are noticed by unit tests
	@$(environments) dev
	@PYTHONPATH=$(service_roots) nice $(python) -m tests.mutation $(SERVICE)

deep: security ## what takes longer: messages of 500 bookings, 10,000 contended ones, every crash and fault, 5,000 fuzzed requests
	@$(environments)
	@$(bin)/pytest -m unmended tests/engine
	@STAYBOOK_DEEP=1 $(bin)/pytest --timeout=1800 tests/model tests/crash tests/race tests/security
	@STAYBOOK_BOOKINGS=500 $(bin)/pytest tests/e2e/test_messages.py
	@STAYBOOK_DEEP=1 $(bin)/pytest -s --timeout=1800 tests/e2e/test_rebuild.py tests/integration/viewpage
	@STAYBOOK_CHAOS_BOOKINGS=60 $(bin)/pytest -s --timeout=1800 tests/chaos
	@$(bin)/pytest --timeout=1200 tests/operations
	@STAYBOOK_DRILL_SECONDS=60 $(bin)/pytest -s --timeout=1800 tests/release
	@$(MAKE) --no-print-directory storm SECONDS=180
	@$(MAKE) --no-print-directory siege
	@$(MAKE) --no-print-directory coverage mutation

bench: build ## what requests cost beside floors and targets: calls, units, growth, packages, CPU, an engine (bench/results.json)
	@$(environments)
	@PYTHONPATH=$(service_roots) $(python) -m bench.accounting booking
	@PYTHONPATH=$(service_roots) $(python) -m bench $(if $(ROUNDS),--rounds $(ROUNDS))

simulate: ## where 10, 1,000 and 100,000 bookings a second break first, and what a million of them cost
	@$(environments) dev
	@PYTHONPATH=$(service_roots) $(python) -m bench.scale

bench-engine: ## only what is measured on an engine: propagation, bookings a second, folds and rebuilds of the view
	@$(environments)
	@PYTHONPATH=$(service_roots) $(python) -m bench.engine

hooks: ## have git call lint and types before a commit, unit tests before a push
	@$(environments) dev
	@$(bin)/pre-commit install --hook-type pre-commit --hook-type pre-push

environments: ## make .venv, the engine's and the Lambda runtime's environments
	@$(environments)

lock: ## write the locks anew from the *.in files (UPGRADE=1 takes newer versions)
	@$(environments) dev
	@$(python) -m infra.locks $(if $(UPGRADE),--upgrade)

clean: ## remove what was built; environments and the engine's state stay
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
