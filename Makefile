# Every target makes its own environment from the hashed lock when that is missing.
PYTHON ?= python3
BIN := .venv/bin
# The lock is whole, so nothing is resolved; what is never imported is never compiled.
FROM_LOCK := --quiet --require-hashes --only-binary :all: --no-deps -r requirements.lock
SIDE_BY_SIDE := --numprocesses logical
# The longest files begin first, so that no process waits for one at the end.
LONGEST := tests/test_another_corpus.py tests/site/test_browser.py tests/claims
export PYTHONHASHSEED := 0
# Some machines tell Python to keep no bytecode: every kernel would compile every library again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test check tables figures notebooks lab lock clean help
help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/ —/'

report: .venv/ready ## the pages, in reports/index.html
	$(BIN)/python -m analysis report --out reports

test: .venv/ready ## lint, tests, and every notebook run again and compared
	$(BIN)/ruff check
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --dist loadfile --no-loadscope-reorder \
	  --nbval --nbval-current-env --nbval-cell-timeout=300 $(LONGEST) tests notebooks

check: .venv/ready ## lint, walls, types, and the tests of what was changed since main
	$(BIN)/ruff check
	$(BIN)/lint-imports --cache-dir .cache/import_linter
	$(BIN)/python tests/typed.py
	@tests=$$($(BIN)/python tests/changed.py) && if [ -n "$$tests" ]; then \
	  $(BIN)/python -m pytest --quiet $(SIDE_BY_SIDE) --dist loadfile -m "not slow" $$tests; \
	else echo "no room was changed: no test to run"; fi

tables: .venv/ready ## the tables of the bundled articles, in data/tables
	$(BIN)/python -m analysis tables --out data/tables

figures: .venv/ready ## every figure; one alone with F=name
	$(BIN)/python -m analysis figures --out figures $(if $(F),--only $(F))

notebooks: .venv/ready ## execute the notebooks in place; one alone with N=04-sourcing
	$(BIN)/python -m analysis notebooks $(N)

lab: .venv/ready ## JupyterLab with the notebooks trusted; try things in scratch/, which git ignores
	@mkdir -p scratch
	$(BIN)/jupyter trust notebooks/[0-9][0-9]-*.ipynb
	$(BIN)/jupyter lab --config=jupyter_server_config.py notebooks/00-findings.ipynb

lock: .venv/ready ## write requirements.lock anew (needs uv)
	uv pip compile --universal --fork-strategy fewest --generate-hashes --no-header \
	  --no-emit-package three-tellings --python-version 3.11 requirements.txt -o requirements.lock

clean: ## remove what is built; keeps data, figures and notebooks
	rm -rf .venv .cache reports

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making .venv from requirements.lock: a minute or a few, by machine and network"
	@$(PYTHON) -m venv --clear .venv
	@if command -v uv >/dev/null; then \
	  UV_LINK_MODE=copy uv pip install --python $(BIN)/python $(FROM_LOCK); else \
	  $(BIN)/python -m pip install --disable-pip-version-check --no-compile $(FROM_LOCK); fi
	@# The notebooks find `analysis` from wherever they are opened.
	@$(BIN)/python -c "import pathlib, site; pathlib.Path(site.getsitepackages()[0], 'three_tellings.pth').write_text(str(pathlib.Path.cwd()) + '\n')"
	@# JupyterLab of this environment starts in the project and saves notebooks as the commands do.
	@mkdir -p .venv/etc/jupyter && ln -sf ../../../jupyter_server_config.py .venv/etc/jupyter/
	@touch $@
