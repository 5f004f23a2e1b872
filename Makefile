# Osservatorio WE.CA.RE. — `make help` lists what you can do.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Compiled modules are kept, whatever the environment says: half of the time to collect the tests.
export PYTHONDONTWRITEBYTECODE :=
# Two files at a time: most tests keep one processor busy. Where one of the two processes ends early, the run ends too.
# nbval, which judges notebooks only, would take each process two seconds to import.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0
UNITS := $(PYTEST) -p no:nbval

.DEFAULT_GOAL := help
.PHONY: help site test types data test-quick audit preview lab bench trust mutation lock clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(STAMP) ## from nothing to a published _site/: check the data, run the notebooks, publish
	$(BIN)/wecare check
	$(BIN)/wecare build
	$(BIN)/wecare publish

# Measured on 2 cores in a fresh clone, alone: 16 min 8 s, of which 5,763 tests 918 s and the notebooks 28 s. Aim: 12
# minutes, and 45 s for each topic that came later. What a topic adds beyond that, and what only varies what another test
# looks at, belongs to the audit.
test: $(STAMP) ## run the tests (units, notebooks, built site, one page of each kind in a real browser)
	$(BIN)/ruff check src tests
	@$(MAKE) --no-print-directory --jobs 2 types data
	$(UNITS) -m "not audit and not quick"
	$(PYTEST) --nbval-lax notebooks -q

# Each keeps one processor busy, so `make test` runs them side by side.
types: $(STAMP)
	$(BIN)/mypy

data: $(STAMP)
	$(BIN)/wecare build --data-only

# Measured on 2 cores: 58 s for 4,154 tests, 80 s right after an edit of many tests. Aim: 60 s after the first time, which
# installs and compiles.
test-quick: data ## what to run while writing (units, one district in both languages, one page in a browser): a minute
	$(BIN)/ruff check src tests
	$(UNITS) -q -m "quick or not (slow or site or browser or audit)"

# Measured on 2 cores: 16 min 12 s for 175 tests, which look at every page of the site.
audit: data ## before an edition: look at every page, light and dark, desktop and phone, and at whatever takes long
	$(UNITS) -m "audit or quick"

preview: $(STAMP) ## serve the site on this machine and show every edit in the open page
	$(BIN)/wecare preview

lab: $(STAMP) ## open working copies of the notebooks in JupyterLab
	$(BIN)/wecare lab

bench: $(STAMP) ## measure everything side by side into benchmarks/RESULTS.md (about half an hour, idle machine)
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/bench_feed.py

trust: data ## try what must never happen for two hours: kills, spoilt inputs, commands at once; into docs/trust.md
	$(BIN)/python benchmarks/trust.py --minutes 110

mutation: data ## change the modules that compute or publish numbers, one expression at a time, into docs/mutation.md
	$(BIN)/python benchmarks/mutation.py

lock: $(STAMP) ## renew requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --upgrade -o requirements.lock

clean: ## remove everything generated, the published site included
	rm -rf build _site
	find data/processed -name '*.parquet' -delete
	find reports -name '*.ipynb' -delete

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo "Installing the packages of requirements.lock into $(VENV): two to five minutes, about 1.7 GB."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar off --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	touch $@
