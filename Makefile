# Two commands do everything: `make course` and `make test`.  Both do all the set-up.
# Set-up writes only into .venv, node_modules and the ignored folders.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

VENV := .venv
PYTHON := $(VENV)/bin/python
AUTOGRADER := $(VENV)/bin/autograder
export PATH := $(abspath $(VENV))/bin:$(PATH)
export JUPYTER_PLATFORM_DIRS := 1
export PYTHONHASHSEED := 0

.PHONY: help setup apt course test oldest book check prove mutate bench clean

help:  ## Show what can be made.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: apt $(VENV)/.ready node_modules/.ready  ## Install everything the two commands need.

apt:
	@bash autograder/setup/apt.sh

$(VENV)/.ready: requirements.txt pyproject.toml
	@bash autograder/setup/venv.sh $(VENV)

node_modules/.ready: package-lock.json | $(VENV)/.ready
	@bash autograder/setup/node.sh $(VENV)

course: setup  ## Build book and bundle; make, grade and report the sample class.
	@$(AUTOGRADER) build
	$(AUTOGRADER) sample

book: setup  ## Build the book into build/site.
	@$(AUTOGRADER) build

test: setup  ## Run everything that checks the project.
	@bash autograder/setup/test.sh

oldest: | $(VENV)/.ready  ## Test the estimators with the oldest scikit-learn that pyproject.toml admits.
	@bash autograder/setup/oldest.sh $(VENV)

check: | $(VENV)/.ready  ## The gate for one exercise, in seconds: make check TASK=ridge.closed_form
	@$(AUTOGRADER) check $(or $(TASK),$(error say which exercise: make check TASK=ridge.closed_form))

prove: setup  ## The authors' gate over all 16 case sets.
	@$(AUTOGRADER) build && $(AUTOGRADER) prove --sets 16

bench: | $(VENV)/.ready  ## Time the estimators beside scikit-learn's, and write book/_data/bench.json (half an hour).
	@$(PYTHON) -m bench

mutate:  ## Which small wrong changes the tests of a module notice: make mutate MODULE=ridge
	@bash autograder/setup/mutate.sh $(VENV) $(or $(MODULE),$(error say which module: make mutate MODULE=ridge)) "$(TESTS)" "$(AGAIN)"

clean:  ## Remove what can be built again; never touches course/.
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
