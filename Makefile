PYTHON ?= python

.PHONY: check format lint types test docs drift bench fix

check: format lint types test

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

test:
	$(PYTHON) -m pytest -n auto

docs:
	$(PYTHON) -m fglint docs
	$(PYTHON) tools/readme.py
	$(PYTHON) tools/coverage.py

drift:
	$(PYTHON) tools/check_data.py

bench:
	$(PYTHON) tools/bench.py
	$(PYTHON) tools/bench_parse.py --limit 1.5

fix:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
