# One door. `make demo` and `make test` need nothing but Python 3.11 or later and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: installed demo up test check storm fuzz specifications mutations bench docs services spark lock clean

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

installed: $(READY)  ## the program, for production, its modules compiled: no service may write there (docs/operations.md)
	$(BIN)/python -m compileall -q samkorning assets resources pipelines cli

demo: $(READY)  ## two synthetic cases from their orders to sealed deliveries
	$(BIN)/samkorning demo

up: $(READY)  ## the Dagster page and daemon on data/local
	$(BIN)/samkorning up

WORKERS ?= $(shell $(PYTHON) -c "import os; print(len(os.sched_getaffinity(0)) + $(if $(ALL),2,1))")
test: $(READY)  ## the tests, one process more than cores, with ALL=1 two, as some wait; ALL=1 the slow ones too; WHOLE=1 properties on all their examples; what was skipped and why comes last
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(ALL),,-m "not slow") $(if $(WHOLE),,--hypothesis-profile=fewer)

check: $(READY)  ## format, lint, types, import contracts, generated pages, fast tests (not with TESTED=1, after make test)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(if $(TESTED),,$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow and not services" tests/spec tests/unit tests/property)

KILLS ?= 500
WRITERS ?= 3
SEQUENCES ?= 1000
storm: $(READY)  ## kill -9 over concurrent writers of a code key and of a case, KILLS times each; SEQUENCES random sequences of arrivals, runs, kills; nothing may be lost or doubled
	folder=$$(mktemp -d) && $(BIN)/python tests/integration/vault_storm.py $$folder/storm --kills $(KILLS) --writers $(WRITERS)
	folder=$$(mktemp -d) && $(BIN)/python tests/integration/register_storm.py $$folder/storm --kills $(KILLS) --writers $(WRITERS)
	$(BIN)/python -m tests.pipeline.interleavings --sequences $(SEQUENCES)

MINUTES ?= 10
fuzz: $(READY)  ## damaged files of every format and packing for MINUTES; none may hang, crash the service or be told
	$(BIN)/python -m tests.fuzz.fuzz --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(if $(KEEP),--keep $(KEEP))

SPECIFICATIONS ?= 10000
specifications: $(READY)  ## random selections over small registers; Polars, DuckDB and the plain oracle must agree on all SPECIFICATIONS
	SAMKORNING_SPECIFICATIONS=$(SPECIFICATIONS) $(BIN)/python -m pytest -q -n auto --dist worksteal -m slow tests/property/test_selection_engines.py

JOBS ?= 2
mutations: $(READY)  ## each safeguard switched off in a run of its own; a test must notice. ONLY=name, SHORT=1 for ten of them
	$(BIN)/python -m tests.mutations.run --jobs $(JOBS) $(if $(ONLY),--only $(ONLY)) $(if $(SHORT),--short)

BENCHES := $(filter-out bench/measuring.py bench/scale_model.py bench/short.py,$(wildcard bench/*.py))
bench: $(READY)  ## figures as ratios, measured side by side; KEEP=1 keeps them for docs/benchmarks.md; SHORT=1 fails if slower than kept
	$(if $(SHORT),$(BIN)/python bench/short.py $(if $(KEEP),--keep),broken=; for script in $(BENCHES); do \
	  echo "$$script"; SAMKORNING_BENCH_KEEP=$(KEEP) $(BIN)/python $$script || broken=1; done; test -z "$$broken")

docs: $(READY)  ## the generated pages under docs/
	$(BIN)/python docs/generate.py

services:  ## Debian packages that some tests need
	apt-get update -q
	apt-get install -q -y 7zip age chromium fish fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 \
	  libpangoft2-1.0-0 minisign nginx-light openjdk-17-jre-headless openssh-client openssh-server openssl poppler-utils \
	  postgresql pspp r-base-core r-cran-haven softhsm2 zsh

spark: $(READY)  ## the engine spark: its package, 490 MB, for tests and homes that link on a cluster; Java is in services
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-spark.lock

LOCK := uv pip compile --universal --generate-hashes --no-strip-extras --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11
lock:  ## renews requirements.lock and requirements-spark.lock; needs uv
	$(LOCK) --extra dev pyproject.toml -o requirements.lock
	echo 'pyspark==4.3.0' | $(LOCK) - -o requirements-spark.lock

clean:
	rm -rf .venv data/local
