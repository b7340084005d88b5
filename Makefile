# make demo prices an example; make test runs everything that CI runs; make test-all adds the long proofs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.PHONY: demo test test-all check bench clean

demo: $(VENV)/demo
	$(BIN)/costkit estimate examples/shop.yaml
	$(BIN)/costkit explain examples/shop.yaml --quiet

test: $(VENV)/test $(VENV)/focus-validator/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/costkit prices check pricing
	$(BIN)/python -m pytest -q -n auto --dist loadgroup -m "not followed" tests
	$(BIN)/python -m pytest -q -n auto --dist loadgroup -m followed --cov --cov-report= tests
	$(BIN)/coverage report --fail-under=100 --skip-covered

test-all: test
	COSTKIT_THOROUGH=1 $(BIN)/python -m pytest -q -n auto tests/test_properties.py

bench: $(VENV)/test
	$(BIN)/python bench/run.py

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/demo: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

# The source of pytest carries the schema of JUnit files, which no package does.
$(VENV)/test: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pytest \
	  -c constraints.txt -d $(VENV)/schemas pytest
	touch $@ $(VENV)/demo

# It needs libraries of 2024, so it has a place of its own.
$(VENV)/focus-validator/installed: tests/focus/validator_constraints.txt
	$(PYTHON) -m venv $(VENV)/focus-validator
	$(VENV)/focus-validator/bin/python -m pip install --quiet --disable-pip-version-check -c $< focus-validator
	touch $@

clean:
	rm -rf $(VENV) dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
