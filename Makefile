# Two commands for everybody: `make demo` runs the main job, `make test` runs every check.
# Both set up .venv when pyproject.toml has changed since the last set-up; the demo needs only what users need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test laws lint browser docs bench clean
.DEFAULT_GOAL := demo

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/ready: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: $(VENV)/installed ## answer the question for the example organisation
	$(BIN)/assay assess examples/acme --html acme.html || test $$? -eq 1

lint: $(VENV)/ready ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser: ## a browser for the tests of the page, where Debian's packages are at hand; without one those tests are skipped
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq chromium >/dev/null 2>&1; } \
		|| echo "no chromium here: the tests of the page in a browser are skipped"

# The specification of CEL has conformance files; the sources of cel-python carry them, no wheel does.
CEL := cel_python-0.5.0
$(VENV)/$(CEL)/features: $(VENV)/ready
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
		--dest $(VENV) $(subst _,-,$(subst -,==,$(CEL)))
	tar --extract --gzip --file $(VENV)/$(CEL).tar.gz --directory $(VENV)
	touch $@

test: lint browser $(VENV)/$(CEL)/features ## every check
	CEL_CONFORMANCE=$(VENV)/$(CEL)/features $(BIN)/pytest

docs: $(VENV)/installed ## make the generated pages again
	$(BIN)/assay reference docs/reference
	$(BIN)/python -c "from assay.expressions.functions import functions_page as page; print(page(), end='')" > docs/functions.md
	$(BIN)/python -c "from pathlib import Path; from assay.sources.terraform.documentation import with_types; page = Path('docs/terraform.md'); page.write_text(with_types(page.read_text()))"

laws: $(VENV)/ready ## the search and the evaluator of permissions agree, on as many cases as a night has
	ASSAY_LAW_CASES=$${ASSAY_LAW_CASES:-200000} $(BIN)/pytest -n 0 -q -m slow tests/laws/test_permissions.py

bench: $(VENV)/installed ## speed and memory; what was measured is kept in docs/benchmarks.md
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python benchmarks/start_up.py
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python benchmarks/templates.py
	$(BIN)/python benchmarks/columns.py

clean: ## remove what the commands above made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache acme.html
