# Every command that a developer runs. `make` alone lists them.
#
# Needed on the machine: Python 3.11 or newer, pip and make. Everything else comes from the package registry, at the
# versions and hashes of requirements/*.txt, into $(VENV). Stamp files there remember what is installed, so a second
# run installs nothing.

PYTHON ?= python3
VENV ?= .venv
OUT ?= brief.html
FORMAT ?= html
ARGS ?=

# A pair by default; one state when only A is given.
ifeq ($(strip $(A)$(B)),)
PARTIES := DEU POL
else
PARTIES := $(strip $(A) $(B))
endif

BIN := $(VENV)/bin
# pip of the system installs into the environment: no ensurepip (Debian's python3-venv) is needed.
PIP := $(PYTHON) -m pip --python $(BIN)/python --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --require-hashes --only-binary :all:
INSTALL_COMITY := $(PIP) install --no-index --no-deps --no-build-isolation --editable .
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" $(UPGRADE)

# Extras of rooms that a clone has whole.
ROOMS := --extra plan --extra commitments

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help brief test browser lint types contract docs bench peers scale lock ci wheel clean

help: ## list these commands
	@echo "make COMMAND [NAME=value ...]"
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "PYTHON=$(PYTHON) and VENV=$(VENV) choose the interpreter and the environment."

brief: $(VENV)/run.stamp ## write a brief: A=DEU B=POL OUT=brief.html FORMAT=html|pdf|json|md (A alone: one state)
	@$(BIN)/comity brief $(PARTIES) --format $(FORMAT) --out "$(OUT)"

test: $(VENV)/test.stamp ## run the tests (ARGS="-k store -x" is passed on); browser tests skip where there is no browser
	$(BIN)/python -m pytest $(ARGS)

browser: $(VENV)/ci.stamp ## run the tests of the pages in the Chromium of this machine
	$(BIN)/python -m pytest -m browser $(ARGS)

lint: $(VENV)/ci.stamp ## style, docstrings and complexity (ruff)
	$(BIN)/ruff check .

types: $(VENV)/ci.stamp ## types (mypy, strict)
	$(BIN)/mypy

contract: $(VENV)/ci.stamp ## the order of the rooms, and each heavy package behind one door (import-linter)
	$(BIN)/lint-imports

docs: $(VENV)/ci.stamp ## build the documentation into build/site, strictly
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir build/site
	@! grep -rEl '<(script|link|img|iframe|source)[^>]+(src|href)="?(https?:)?//' build/site --include='*.html' \
		|| { echo "These pages load something from elsewhere." >&2; exit 1; }

bench: $(VENV)-bench/bench.stamp ## load the same files with Comity and its peers, side by side, in one run
	$(VENV)-bench/bin/python bench/ingest.py $(ARGS)

peers: $(VENV)-peers/peers.stamp ## ask the libraries that do the same, where there are any, for the same values (a large environment)
	$(VENV)-peers/bin/python -m pytest tests/reference tests/rooms/relations tests/rooms/plan/test_plan_project_file.py $(ARGS)

scale: $(VENV)-scale/scale.stamp ## the same expressions on DuckDB by Ibis and on Spark (needs Java 17), the compiled SQL, BigQuery played on loopback
	$(VENV)-scale/bin/python scripts/build_sql.py --check
	$(VENV)-scale/bin/python -m pytest tests/scale $(ARGS)

lock: $(VENV)/ci.stamp ## write requirements/*.txt anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(LOCK) --group build $(ROOMS) --extra team --extra fast --extra test --extra browser --extra docs --extra dev --output-file requirements/ci.txt
	$(LOCK) --group build $(ROOMS) --extra team --extra fast --extra test --constraints requirements/ci.txt --output-file requirements/test.txt
	$(LOCK) --group build $(ROOMS) --constraints requirements/ci.txt --output-file requirements/run.txt
	$(LOCK) --group build --extra fast --extra bench --output-file requirements/bench.txt
	$(LOCK) --group build $(ROOMS) --extra team --extra fast --extra test --extra peers --constraints requirements/ci.txt --output-file requirements/peers.txt
	$(LOCK) --group build $(ROOMS) --extra team --extra fast --extra test --extra scale --extra spark --extra bigquery --output-file requirements/scale.txt

ci: ## all that a change must pass: tests, lint, types, contract, docs, browser, newest Python
	bash .ci/run

wheel: $(VENV)/test.stamp ## build the wheel and the source archive into dist/
	$(BIN)/python -m hatchling build

clean: ## remove environments, caches and what was built
	rm -rf $(VENV) $(VENV)-* build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# --- environments ----------------------------------------------------------------------------------------------------
# run.txt is part of test.txt, and test.txt of ci.txt, so a larger environment stamps the smaller ones too.
$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Comity needs Python 3.11 or newer; $(PYTHON) is older or missing. Name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 \
		|| { echo "$(PYTHON) has no pip. Install it first (Debian: apt-get install python3-pip)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@touch $@

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/made.stamp
	@echo "Installing Comity into $(VENV) (first run: some minutes) ..." >&2
	@$(INSTALL) -r requirements/run.txt
	@$(INSTALL_COMITY)
	@touch $@

$(VENV)/test.stamp: requirements/test.txt pyproject.toml | $(VENV)/made.stamp
	@echo "Installing Comity and what its tests need into $(VENV) (first run: some minutes) ..." >&2
	@$(INSTALL) -r requirements/test.txt
	@$(INSTALL_COMITY)
	@touch $(VENV)/run.stamp $@

$(VENV)/ci.stamp: requirements/ci.txt pyproject.toml | $(VENV)/made.stamp
	@echo "Installing Comity and every tool of its developers into $(VENV) (first run: some minutes) ..." >&2
	@$(INSTALL) -r requirements/ci.txt
	@$(INSTALL_COMITY)
	@touch $(VENV)/run.stamp $(VENV)/test.stamp $@

# Those who stand beside Comity need environments of their own: `bench` has the clients of GDELT, `peers` the methods.
$(VENV)-bench/bench.stamp: requirements/bench.txt pyproject.toml
	$(call install_beside,bench)

$(VENV)-peers/peers.stamp: requirements/peers.txt pyproject.toml
	$(call install_beside,peers)

$(VENV)-scale/scale.stamp: requirements/scale.txt pyproject.toml
	$(call install_beside,scale,--no-binary pyspark)

define install_beside
@echo "Installing Comity and its peers into $(VENV)-$(1) ..." >&2
@$(MAKE) --no-print-directory VENV=$(VENV)-$(1) $(VENV)-$(1)/made.stamp
@$(PYTHON) -m pip --python $(VENV)-$(1)/bin/python --quiet --disable-pip-version-check --no-input \
	install --require-hashes --only-binary :all: $(2) -r requirements/$(1).txt
@$(PYTHON) -m pip --python $(VENV)-$(1)/bin/python --quiet --disable-pip-version-check --no-input \
	install --no-index --no-deps --no-build-isolation --editable .
@touch $@
endef
