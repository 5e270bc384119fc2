# `make demo` and `make test` are complete on a fresh machine: Python 3.11 or later, make and the package index; the browser
# tests need Chromium, which is brought with apt where that asks nobody.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CAMPAIGN ?= campaigns/earth-week-2027

.PHONY: demo play test pictures fuzz attack storm canary check format bench lock chromium image-check clean

demo: $(VENV)/.run
	$(BIN)/earthweek rehearse --people 40 --campaign $(CAMPAIGN)

play: $(VENV)/.run
	$(BIN)/earthweek rehearse --headless --people 40 --campaign $(CAMPAIGN)

test: $(VENV)/.dev chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal

pictures: $(VENV)/.dev chromium
	CI=true EARTHWEEK_PICTURES=docs $(BIN)/python -m pytest tests/browser -k readme

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz

attack: $(VENV)/.dev
	$(BIN)/python -m tests.attack

storm: $(VENV)/.dev
	$(BIN)/python -m tests.storm

canary: $(VENV)/.dev
	EARTHWEEK_CANARIES=60 $(BIN)/python -m pytest tests/canary -q -n 2

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

lock: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 build-requirements.in -o build-requirements.lock

image-check: $(VENV)/.run
	$(BIN)/python -m tests.image

chromium:
	@sh tests/browser/chromium.sh install

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run: requirements.lock build-requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r build-requirements.lock -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
