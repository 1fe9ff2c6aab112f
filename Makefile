# Staybook's commands. `make` alone lists them.
# Needs git, make and any Python from 3.11 on; everything else is made or fetched on the way.

PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help environments lock clean

# Bytecode is worth its disk space here: cold starts and test starts read it.
unexport PYTHONDONTWRITEBYTECODE

bin := .venv/bin
engine := .local/engine/bin/staybook-engine
environments = $(PYTHON) infra/environments.py

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

environments: ## make .venv, the engine's and the Lambda runtime's environments
	@$(environments)

lock: ## write the locks anew from the *.in files (UPGRADE=1 takes newer versions)
	@$(environments) dev
	@$(bin)/python -m infra.locks $(if $(UPGRADE),--upgrade)

clean: ## remove what was built; environments and the engine's state stay
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
