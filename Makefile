# `make demo` and `make test` are complete on a fresh machine: Python 3.11 or later, make and the package index; some tests
# need Chromium, PgBouncer and promtool, which are brought with apt where that asks nobody.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CAMPAIGN ?= campaigns/earth-week-2027

# Where it is set, every process that a test starts would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

# Databases of tests wait for the disk at each commit; in memory, where there are four gigabytes of it, they do not.
IN_MEMORY := $(shell test "$$(df -k /dev/shm 2>/dev/null | awk 'END {print $$4}')" -gt 4000000 2>/dev/null && echo /dev/shm)
export PYTEST_DEBUG_TEMPROOT ?= $(IN_MEMORY)

.DEFAULT_GOAL := help
.PHONY: help demo room test quick check format pictures settings bench fuzz attack storm canary image image-check sbom release lock chromium pgbouncer promtool clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## Play the shipped week with twenty made-up colleagues, and print what was said where
	$(BIN)/earthweek rehearse --headless --people 20 --campaign $(CAMPAIGN)

room: $(VENV)/.run ## Open the rehearsal room: be anybody, press everything, turn the clock
	$(BIN)/earthweek rehearse --people 40 --campaign $(CAMPAIGN)

# Three at a time on two cores, because tests of the whole bot wait for other processes half of the time.
test: $(VENV)/.dev chromium pgbouncer promtool ## Run every test, with Chromium, PostgreSQL, PgBouncer and promtool
	$(BIN)/python -m pytest -n 3 --dist worksteal

quick: check ## Lint, types, and the tests that start neither the whole bot nor a browser nor a database server
	$(BIN)/python -m pytest -n 2 --dist loadfile -q -m quick --hypothesis-profile=quick

check: $(VENV)/.dev ## Lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## Mend what the linter and the formatter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: $(VENV)/.dev chromium ## Make the pictures of posts, of the README and of the page for representatives
	CI=true EARTHWEEK_PICTURES=docs $(BIN)/python -m pytest tests/browser -k "readme or guide or campaign_pictures"

settings: $(VENV)/.dev ## Write docs/settings.md and .env.example anew from the settings
	$(BIN)/python -m tests.settings_page

bench: $(VENV)/.dev ## Measure how fast the bot is (35 minutes)
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/.dev ## Put a million malformed requests, forms and campaign files before the bot (20 minutes)
	$(BIN)/python -m tests.fuzz

attack: $(VENV)/.dev ## Try to work out hidden figures
	$(BIN)/python -m tests.attack

storm: $(VENV)/.dev ## Kill processes at random under a week that runs fast (5 minutes)
	$(BIN)/python -m tests.storm

canary: $(VENV)/.dev ## Look for what should have been forgotten, wherever it may have gone
	EARTHWEEK_CANARIES=60 $(BIN)/python -m pytest tests/canary -q -n 2

image: ## Build the container image with docker or podman, and record the digest of its base
	$(PYTHON) -m deploy.image

image-check: $(VENV)/.dev ## Build and run the container image; INSTALL=yes brings buildah and podman with apt
	$(BIN)/python -m tests.image $(if $(filter yes,$(INSTALL)),--install)

sbom: $(VENV)/.dev ## List what the lock file brings, in build/earthweek.cdx.json (CycloneDX)
	mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --validate \
	    --output-format JSON --output-file build/earthweek.cdx.json

release: $(VENV)/.dev ## Make everything of VERSION= out of the last commit, in build/release, the same bytes each time
	$(BIN)/python -m deploy.release "$(VERSION)"

lock: $(VENV)/.dev ## Write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 build-requirements.in -o build-requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --no-deps \
	    --python-version 3.11 deploy-tools.in -o deploy-tools.lock

chromium:
	@sh tests/browser/chromium.sh install

pgbouncer:
	@sh tests/bot/database/pgbouncer.sh install

promtool:
	@sh tests/deploy/promtool.sh install

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run: requirements.lock build-requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r build-requirements.lock -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock deploy-tools.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r deploy-tools.lock
	touch $@
