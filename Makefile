# The commands a person needs. Another interpreter: make run PYTHON=python3.13
PYTHON ?= python3
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-gpu lint

export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1
IN_VENV := .venv/bin/python

help:
	@echo "make run     start mjweb on this machine and print its address; Ctrl-C stops it"
	@echo "make test    check, then every test, a real browser's included"
	@echo "make check   style, types and imports (fast)"
	@echo "make bench   measure, each result a ratio within one run; make bench-gpu does it on a CUDA GPU"

run:
	@scripts/install.sh local,engine
	@exec $(IN_VENV) manage.py up

test:
	@scripts/install.sh local,engine,train,test
	@$(IN_VENV) -m scripts.ensure_browser
	@$(MAKE) --no-print-directory lint
	@exec $(IN_VENV) -m pytest -n 2

check:
	@scripts/install.sh local,engine,train,test
	@$(MAKE) --no-print-directory lint

bench:
	@scripts/install.sh local,engine,train,test
	@exec $(IN_VENV) -m bench

bench-gpu:
	@scripts/install.sh local,engine,train,test
	@exec $(IN_VENV) -m bench.gpu

lint:
	@$(IN_VENV) -m ruff check
	@$(IN_VENV) -m ruff format --check --quiet
	@$(IN_VENV) -m mypy
	@.venv/bin/lint-imports
