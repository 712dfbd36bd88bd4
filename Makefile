# Everything a developer needs; the first use makes .venv. Only Python 3.11+ and make are asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Most tests wait for a screen or a disk: twice as many at a time as a small machine has cores.
WORKERS ?= 4

.PHONY: run test check format bench bench-peers docs picture clean

run: $(READY)
	$(BIN)/roadtui demo

# In memory where there is such a folder: thousands of tests wait until a disk has what they wrote.
test: export PYTEST_DEBUG_TEMPROOT ?= $(wildcard /dev/shm)
# With the bytecode of the tests kept: else each of the workers compiles all of them, every time.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY)
	$(BIN)/pytest -n $(WORKERS) -q

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m benchmarks

# Beside other programs, each installed into .peers/ the first time.
bench-peers: $(READY)
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m benchmarks peers

docs: $(READY)
	$(BIN)/python docs/make_keys.py
	$(BIN)/python docs/make_query.py
	$(BIN)/python docs/make_settings.py

picture: $(READY)
	$(BIN)/python docs/picture.py

clean:
	rm -rf $(VENV) .peers dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "roadtui needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q src
	touch $(READY)
