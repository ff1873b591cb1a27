# Everything happens in .venv, from the locked requirements; nothing else on the machine is touched.
# "make" alone lists what there is.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet
BASE := .venv/.base
DEV := .venv/.dev
PROJECT := .venv/.project
COMPILE = UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url $(ARGS)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_COLOR := 1
unexport PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install demo test check bench deep docs words lock clean venv

help: ## List these targets.
	@sed -n 's/^\([a-z]*\): .*## /\1 /p' $(firstword $(MAKEFILE_LIST)) | \
		while read -r name says; do printf 'make %-7s %s\n' "$$name" "$$says"; done
	@echo
	@echo 'ARGS is passed on: make test ARGS="-k links", make demo ARGS="--help".'
	@echo 'PYTHON chooses the Python, 3.11 or newer: make test PYTHON=python3.13.'

install: $(BASE) $(PROJECT) ## Set up the software in .venv, for your own firm.
	@echo 'Ready: .venv/bin/crm --help'

demo: $(BASE) $(PROJECT) ## Fill a demonstration firm and serve it at http://127.0.0.1:8000.
	@$(BIN)/crm demo $(ARGS)

test: $(DEV) $(PROJECT) ## Run the tests.
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

check: $(DEV) $(PROJECT) ## Check style, types, imports and templates, and show what is wrong.
	@failed=; \
	run() { name="$$1"; shift; said=$$("$$@" 2>&1) || { failed="$$failed $$name"; printf '%s\n' "$$said"; }; }; \
	run ruff $(BIN)/ruff check .; \
	run format $(BIN)/ruff format --check .; \
	run mypy $(BIN)/mypy; \
	run imports $(BIN)/lint-imports --no-logo; \
	run templates $(BIN)/djlint --lint web/templates plugins; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

bench: $(DEV) $(PROJECT) ## Measure each promised speed beside its floor, and write docs/performance.md.
	@$(BIN)/python -m benchmarks docs/performance.md

# Without the addopts of every day: they may leave the deep tests out, and they are strict about
# markers, where having no deep test yet is no mistake (pytest then ends with 5).
deep: $(DEV) $(PROJECT) ## Run the long tests (those marked deep), then the bench.
	@$(BIN)/pytest -n auto --dist worksteal -o addopts=-q -m deep $(ARGS) || [ $$? -eq 5 ]
	@$(BIN)/python -m benchmarks

docs: $(BASE) $(PROJECT) ## Write docs/hooks.md from the hooks themselves.
	@trap 'rm -f docs/hooks.md.new' EXIT; \
	$(BIN)/python -m crm_core.hookdocs > docs/hooks.md.new && mv docs/hooks.md.new docs/hooks.md

words: $(BASE) $(PROJECT) ## Gather the texts into the catalogues, and print those to be translated.
	@$(BIN)/python -m web.extraction $(ARGS)

lock: venv ## Lock the requirements anew; ARGS=--upgrade takes newer releases.
	@$(PIP) install uv
	@$(COMPILE) pyproject.toml --extra postgres --extra s3 --extra sign -o requirements/base.txt
	@$(COMPILE) pyproject.toml --extra postgres --extra s3 --extra sign --group dev -c requirements/base.txt -o requirements/dev.txt
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' | \
		$(COMPILE) - -c requirements/base.txt -o requirements/build.txt

clean: ## Remove what make made (.venv, built assets, caches); a data folder stays.
	@rm -rf .venv build dist web/static/built test-results screenshots *.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find . -name .git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +
	@find . -name .git -prune -o -path './*/locale/*.mo' -exec rm -f {} +

# ---- Setting up. Each stamp is newer than what it was made from, so a second call is instant. ----

venv:
	@if [ ! -e .venv ]; then \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
			echo 'Python 3.11 or newer is needed; $(PYTHON) is not that. Name one: make PYTHON=python3.11 ...' >&2; \
			exit 1; }; \
		$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; \
		pwd -P > .venv/.made; \
	elif [ "$$(cat .venv/.made 2>&1)" != "$$(pwd -P)" ] || ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
		echo 'The folder .venv is broken, was moved, or was not made by this Makefile. Remove it and start again: rm -rf .venv' >&2; \
		exit 1; \
	fi

$(BASE): requirements/base.txt | venv
	@echo 'Installing what the software needs; this happens once.'
	@$(PIP) install --require-hashes -r requirements/base.txt
	@touch $@

$(DEV): requirements/dev.txt | venv
	@echo 'Installing what the software and its tests need; this happens once.'
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $(BASE) $@

# The tools that build the project are locked too, and lie in a folder of their own.
.venv/.build: requirements/build.txt | venv
	@rm -rf .venv/build
	@$(PIP) install --require-hashes --target .venv/build -r requirements/build.txt
	@touch $@

CATALOGUES := $(wildcard */locale/*/LC_MESSAGES/*.po plugins/*/locale/*/LC_MESSAGES/*.po)
ifneq ($(words $(CATALOGUES)),$(words $(wildcard $(CATALOGUES:.po=.mo))))
.PHONY: $(PROJECT)
endif
ifeq ($(wildcard web/static/built/*),)
.PHONY: $(PROJECT)
endif
$(PROJECT): pyproject.toml hatch_build.py crm_core/version.py $(CATALOGUES) .venv/.build | venv
	@PYTHONPATH='$(CURDIR)/.venv/build' $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
