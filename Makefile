PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(VENV)/.installed
# Compiled tests are kept: compiling them anew in each process costs more than most of them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo test soak check bench pages format lock clean

install: $(LOCK)

$(LOCK): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--config-settings editable_mode=compat -e .
	$(BIN)/python -m compileall -q gca_tui migrations bench
	touch $@

demo: install  ## open the program on fictional dossiers
	$(BIN)/gca demo

test: install
	$(BIN)/python -m pytest

SOAK ?= 10
GCA_GRAINE := $(or $(GCA_GRAINE),$(shell date +%s))
soak: install  ## histories, kills and fuzzing SOAK times as long as in the tests, from another seed (GCA_GRAINE repeats it)
	@echo GCA_GRAINE=$(GCA_GRAINE)
	GCA_SOAK=$(SOAK) GCA_GRAINE=$(GCA_GRAINE) $(BIN)/python -m pytest tests/sync tests/server

check: install  ## lint, format, types, arrows between rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install
	$(BIN)/python -m bench

pages: install  ## make the picture and the table of keys of the documentation anew
	$(BIN)/python -m tools.pages

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## pin the versions anew, with hashes and without naming any host
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --python-version 3.11 --universal --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --all-extras pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info
