# Every target does its own set-up. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := $(VENV)/peers
LAKE ?= lake
BENCH ?= ../shared/bench
RUNS ?= 10000
PORT ?= 4200

.DEFAULT_GOAL := help
.PHONY: help setup demo serve-demo test test-server check docs lock bench soak train clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready  ## Install newslake into .venv, from hash-locked requirements

$(VENV)/.ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newslake needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	@# The list is complete: without --no-deps, older releases of pip stumble over extras that it pins.
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: setup  ## Ingest a dozen invented outlets on loopback twice and once more, and ask five questions
	@$(BIN)/python -m tests.newsroom.demo $(LAKE)
	@for question in sql/questions/*.sql; do echo; sed -n 's/^-- //p' $$question; \
	    $(BIN)/newslake sql --lake $(LAKE) < $$question; done
	@echo; echo 'Ask your own:  $(BIN)/newslake sql --lake $(LAKE)'

serve-demo: setup  ## The newsroom on a schedule: Prefect's server, a worker, an ingest each minute; Ctrl-C stops it
	@$(BIN)/python -m tests.newsroom.serve_demo --port $(PORT)

test: setup check  ## Run the tests, the type checker and the linter
	$(BIN)/pytest

test-server: setup  ## Run the tests that test leaves out: docs/server.md word by word, Prefect on PostgreSQL
	$(BIN)/pytest -n0 -m slow

check: setup  ## Types, lint, and whether anything generated has drifted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup  ## Write what is generated: docs/dictionary.md, docs/settings.md
	$(BIN)/newslake dictionary docs/dictionary.md
	$(BIN)/newslake settings docs/settings.md

# Other extractors never touch newslake's own environment.
$(PEERS)/.ready: $(VENV)/.ready requirements-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-peers.txt
	touch $@

bench: setup $(PEERS)/.ready  ## Rates of load and ingest as ratios; extraction beside its peers on BENCH, to docs/benchmarks.md
	$(BIN)/python -m tests.bench.rates 20000 --flow
	$(BIN)/python -m tests.bench.flow 20000
	$(BIN)/python -m tests.bench.fetching
	$(BIN)/python -m tests.bench.lake 1000000
	$(BIN)/python -m tests.bench.search 500000
	$(BIN)/python -m tests.bench.reprints $(BENCH)
	$(BIN)/python -m tests.bench.reprints_cost 500000 3000000
	$(BIN)/python -m tests.bench.extraction --bench $(BENCH) --peers $(PEERS)/bin/python --out docs/benchmarks.md

soak: setup  ## Kill 1,000 journeys at random instants beside two readers; extract 100,000 damaged and hostile documents
	$(BIN)/python -m tests.lake.crash soak 1000
	$(BIN)/python -m tests.bench.mutations_run 100000 --sets $(BENCH)
	$(BIN)/python -m tests.bench.small_runs $(RUNS)
	$(BIN)/python -m tests.flows.soak 200
	$(BIN)/python -m tests.server_docs

train: setup  ## Rebuild the classifiers' weights, of lines and of blocks, and the figures of words; BENCH names the folder of evaluation sets
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tasks.train_lines --guides $(BENCH)/text_guides --out tasks/article/data/line_weights.npz
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tasks.train_blocks --pages $(BENCH)/html_meta --out tasks/article/data/block_weights.npz
	$(BIN)/python -m tasks.train_story_words $(BENCH)/text_guides $(BENCH)/text $(BENCH)/text_news \
	    --out tasks/linking/data/story_words.npz

lock: setup  ## Resolve the requirements anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	    --no-header --no-annotate --no-emit-index-url pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	    --no-header --no-annotate --no-emit-index-url --group dev --extra cluster pyproject.toml \
	    --constraints requirements.txt --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	    --no-header --no-annotate --no-emit-index-url --group peers --output-file requirements-peers.txt

clean:  ## Remove .venv, caches and the demo's lake
	rm -rf $(VENV) lake build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
