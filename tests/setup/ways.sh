#!/usr/bin/env bash
# Every way to set the project up that README.md names, each in a fresh copy and environment:
#   tests/setup/ways.sh [make] [pip] [editable] [wheel] [binder]     (all, where none is named)
# Each has to load the tables and to run a notebook's first cell in a folder of its own. Needs a
# package index, some minutes and 2 GB an environment; with uv on the path it goes faster.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH VIRTUAL_ENV
export UV_LINK_MODE=copy PIP_DISABLE_PIP_VERSION_CHECK=1

fresh() { # a copy of what git would check out, changes of today with it, and an environment
  mkdir "$work/$1"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null |
    tar -cf - -T -) | tar -xf - -C "$work/$1"
  cd "$work/$1"
}

environment() {
  "${PYTHON:-python3}" -m venv "$work/$1/.venv"
  python=$work/$1/.venv/bin/python
}

get() { # pip's own words; uv understands the same
  if command -v uv >/dev/null; then uv pip install --quiet --python "$python" "$@"
  else "$python" -m pip install --quiet "$@"; fi
}

works() { # from a folder that is not the project's
  mkdir -p "$work/elsewhere" && cd "$work/elsewhere"
  "$python" -c 'from analysis import load; t = load(); assert len(t.articles) == 3; print(repr(t)[:60])'
  "$python" - <<'CELL'
import nbformat
from nbclient import NotebookClient
cell = nbformat.v4.new_code_cell("from analysis import load, plot, compare, show; len(load().articles)")
book = nbformat.v4.new_notebook(cells=[cell])
NotebookClient(book, kernel_name="python3").execute()
assert book.cells[0].outputs[0]["data"]["text/plain"] == "3", book.cells[0].outputs
CELL
}

way_make() {
  fresh make
  make --silent .venv/ready
  python=$work/make/.venv/bin/python
  works
}

way_pip() {
  fresh pip
  environment pip
  get -r requirements.txt
  works
}

way_editable() {
  fresh editable
  environment editable
  get --editable .
  works
}

way_wheel() { # away from the checkout: data and notebooks are inside the package
  fresh wheel
  environment wheel
  get .
  rm -rf analysis data notebooks
  works
  "$python" -m analysis check
  "$python" -m analysis tables --out "$work/tables"
  test -s "$work/tables/attributions.csv"
  "$python" -m analysis report --out "$work/report"
  test -s "$work/report/index.html"
}

way_binder() { # what repo2docker does with binder/: requirements, then postBuild, in the checkout
  fresh binder
  grep -qx 'python-3\.1[1-9]' binder/runtime.txt
  environment binder
  get -r binder/requirements.txt
  "$python" -m pip --version >/dev/null
  PATH=$work/binder/.venv/bin:$PATH binder/postBuild
  works
}

for way in "${@:-make pip editable wheel binder}"; do
  for one in $way; do
    echo "== $one"
    set +e  # in the condition of an `if`, the subshell would go on after a failure
    (set -e; "way_$one")
    status=$?
    set -e
    if [ $status = 0 ]; then echo "== $one: works"; else echo "== $one: FAILED"; failed=1; fi
    rm -rf "${work:?}/$one"
  done
done
exit "${failed:-0}"
