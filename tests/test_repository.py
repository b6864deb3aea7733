"""The repository as it stands: each check of `checks.py` finds nothing wrong."""

import base64
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import checks
import pytest
from test_corpus import SHA256

from analysis.definitions import ROOT
from analysis.site.run import drawn_by

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
README = ROOT / "README.md"


def test_no_import_runs_back_up_the_house():
    run = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_the_pinned_dependencies_are_those_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    pinned = re.findall(r"^[a-zA-Z].*$", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    assert [line for group in lists for line in group] == pinned


@pytest.mark.parametrize("name", ["requirements.lock", "requirements.txt"])
def test_no_lock_names_an_address(name):
    assert [line for line in checks.lock_problems(ROOT / name) if "no hash" not in line] == []


def test_every_locked_package_has_a_hash():
    assert checks.lock_problems(ROOT / "requirements.lock") == []


def test_the_articles_are_as_received():
    assert checks.article_problems(ROOT / "data" / "articles", SHA256) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebooks_are_executed_in_order_without_a_warning(path):
    assert checks.notebook_problems(path) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_the_text_of_a_notebook_says_what_its_outputs_say(path):
    assert checks.prose_problems(path) == []


def test_there_is_a_notebook_for_each_question():
    names = {path.stem for path in NOTEBOOKS}
    assert {"00-findings", "01-corpus", "02-framing", "03-sentiment", "04-sourcing",
            "07-your-corpus"} <= names  # fmt: skip


def test_the_findings_in_the_readme_stand_in_the_notebooks():
    found = re.search(r"^## [^\n]*found[^\n]*\n(.*?)(?=^## )", README.read_text("utf-8"),
                      re.S | re.M | re.I)  # fmt: skip
    outputs = [text for path in NOTEBOOKS for text in checks.notebook_outputs(path)]
    assert found, "README.md has no section on what was found"
    assert checks.sentence_problems(found.group(1), outputs) == []


def test_every_figure_is_drawn_by_one_notebook_and_committed_with_its_table():
    """That they are the pictures of the notebooks' outputs, nbval compares; names are unique."""
    names = [name for path in NOTEBOOKS for name in drawn_by(path)]
    assert len(set(names)) == len(names)
    kept = {path.stem for path in (ROOT / "figures").glob("*.png")}
    assert kept <= set(names)
    for name in kept:
        assert (ROOT / "figures" / f"{name}.csv").stat().st_size
        assert "<dc:description>" in (ROOT / "figures" / f"{name}.svg").read_text("utf-8")


def test_a_committed_figure_is_the_picture_of_its_notebook():
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                name = output.get("metadata", {}).get("image/png", {}).get("name")
                if name:
                    drawn = base64.b64decode("".join(output["data"]["image/png"]))
                    assert drawn == (ROOT / "figures" / f"{name}.png").read_bytes(), name


def test_no_tracked_file_names_a_path_of_one_machine():
    named = []
    for path in checks.tracked(ROOT):
        if "tests" in path.relative_to(ROOT).parts or not path.is_file():
            continue
        if path.suffix in (".py", ".md", ".ipynb", ".toml", ".csv", ".txt", ".lock", ".yml", ""):
            text = path.read_text(encoding="utf-8", errors="replace")
            named += [f"{path.name}: {found}" for found in
                      re.findall(r"(?<![\w.:/])/(?:work|root|home|Users|tmp/[a-z])[\w./-]*", text)]
    assert named == []


def test_every_notebook_cell_id_is_fixed():
    for path in NOTEBOOKS:
        ids = [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        assert len(set(ids)) == len(ids)


def test_no_file_holds_the_marks_of_a_merge():
    names = subprocess.run(["git", "ls-files", "-z", "*.md", "*.py", "*.csv", "*.toml", "*.html"],
                           cwd=ROOT, capture_output=True, text=True).stdout.split("\0")[:-1]
    marks = re.compile("^(<{7} |>{7} |={7}$)", re.M)
    assert [name for name in names if (ROOT / name).exists()
            and marks.search((ROOT / name).read_text("utf-8", "replace"))] == []
