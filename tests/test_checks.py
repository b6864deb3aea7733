"""Checks of the checks: on changed copies, each of them sees what it is for."""

import base64
import io
import json
import shutil
import subprocess
import sys

import changed
import checks
import matplotlib.image
import pytest
from PIL import Image
from test_corpus import SHA256

from analysis.corpus.read import check_corpus
from analysis.definitions import ROOT

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADklEQVR4nGP4z8DwH4QBD/4D/a7uXJUAAAAASUVORK5C"
    "YII="
)


def code_cell(number, *outputs, source="figures.show('arcs', study)"):
    return {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source,
            "execution_count": number, "outputs": list(outputs)}  # fmt: skip


def picture(data=PNG, alt="A line that rises from 1 to 2."):
    return {"output_type": "display_data", "data": {"image/png": data, "text/plain": "x"},
            "metadata": {"image/png": {"alt": alt} if alt else {}}}  # fmt: skip


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


@pytest.fixture
def notebook(tmp_path):
    """A function that writes cells as a notebook and returns its path."""

    def write(*cells):
        path = tmp_path / "made.ipynb"
        path.write_text(json.dumps(
            {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return write


def test_a_sound_notebook_passes(notebook):
    path = notebook(code_cell(1, picture()), code_cell(2, printed("52 %")))
    assert checks.notebook_problems(path) == []


def test_a_stripped_notebook_is_seen(notebook):
    cell = code_cell(1)
    assert checks.notebook_problems(notebook(cell)) == ["its outputs were stripped"]


@pytest.mark.parametrize("counts", [(None, None), (1, None), (2, 1), (1, 3)])
def test_a_notebook_that_was_not_executed_in_order_is_seen(notebook, counts):
    cells = [code_cell(1, printed("a")), code_cell(2, printed("b"))]
    for cell, count in zip(cells, counts, strict=True):
        cell["execution_count"] = count
    assert checks.notebook_problems(notebook(*cells)) == [
        "its code cells were not executed in order from 1"]  # fmt: skip


@pytest.mark.parametrize(
    "output",
    [
        printed("model.py:971: UserWarning: [W095] was trained with another version\n"),
        printed("something", name="stderr"),
        {"output_type": "display_data", "metadata": {},
         "data": {"text/html": "<p>RuntimeWarning: mean of empty slice</p>"}},
    ],
    ids=["text", "stderr", "html"],
)  # fmt: skip
def test_a_warning_in_an_output_is_seen(notebook, output):
    (problem,) = checks.notebook_problems(notebook(code_cell(1, output)))
    assert problem.startswith("code cell 1: a warning")


def test_an_error_in_an_output_is_seen(notebook):
    error = {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": []}
    assert checks.notebook_problems(notebook(code_cell(1, error))) == [
        "code cell 1: an error: KeyError"]  # fmt: skip


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_missing_alternative_text_is_seen(notebook, alt):
    assert checks.notebook_problems(notebook(code_cell(1, picture(alt=alt)))) == [
        "code cell 1: a picture without alternative text"]  # fmt: skip


@pytest.mark.parametrize("tag", ["<img src='x.png'>", '<img src="x.png" alt="">', "<img alt>"])
def test_a_missing_alternative_text_in_a_page_is_seen(tag):
    assert len(checks.html_problems(f"<p>{tag}</p>")) == 1
    assert checks.html_problems('<img src="x" alt="A line.">') == []


def test_an_address_of_one_run_is_seen(notebook):
    path = notebook(code_cell(1, printed("<Axes at 0x7f3b2c1d>")))
    assert len(checks.notebook_problems(path)) == 1


NBVAL = """
import base64
from IPython.display import display
display({"image/png": base64.b64decode(DATA), "text/plain": "x"}, raw=True,
        metadata={"image/png": {"name": "arcs"}})
"""


def png(*greys):
    """A picture of one row, a pixel a shade of grey."""
    made = io.BytesIO()
    Image.frombytes("L", (len(greys), 1), bytes(greys)).save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def test_nbval_names_a_changed_figure_and_how_to_go_on(tmp_path):
    """The hooks in conftest.py: without them, nbval compares no pictures."""
    for name, stored in (("same", png(0, 9, 255)), ("changed", png(0, 8, 255))):
        shown = picture(stored)
        shown["metadata"] = {"image/png": {"name": "arcs"}}
        cell = code_cell(1, shown, source=NBVAL.replace("DATA", repr(png(0, 9, 255))))
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook))
    shutil.copy(ROOT / "conftest.py", tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-rfE",
         "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert "1 failed, 1 passed" in run.stdout, run.stdout[-2000:]
    assert "changed.ipynb" in run.stdout.split("short test summary")[-1]
    assert "figure arcs changed: 1 of 3 pixels differ" in run.stdout
    assert "if the new one is right: make notebooks N=changed" in run.stdout
    seen = {kind: list(Image.open(tmp_path / ".cache" / "pictures" / f"arcs-{kind}.png")
                       .convert("L").tobytes()) for kind in ("old", "new", "difference")}
    assert seen == {"old": [0, 8, 255], "new": [0, 9, 255], "difference": [255, 0, 255]}


@pytest.mark.parametrize("old, new, said", [
    ((0, 0), (0, 0, 9), "1 of 3 pixels differ, 2×1 became 3×1"),
    ((0, 7), (0, 7), "its bytes, not its pixels"),
])
def test_what_became_of_a_picture_is_said(say_change, old, new, said):
    old, new = (base64.b64decode(png(*greys)) for greys in (old, new))
    message = say_change("made-up", old, new)
    assert message.startswith(f"figure made-up changed: {said}")
    assert message.endswith("if the new one is right: make figures F=made-up")


@pytest.mark.parametrize("files, tests", [
    (["analysis/codes/sheets.py"], ["codes"]),
    (["analysis/codes/sheets.py", "tests/codes/test_sheets.py"], ["codes"]),
    (["analysis/plot.py", "tests/claims/test_pairs.py"], ["claims/test_pairs.py", "top"]),
    (["data/lexicons/verbs.csv"], ["instruments"]),
    (["README.md", "notebooks/00-findings.ipynb"], ["test_repository.py"]),
    (["analysis/definitions.py"], sorted(changed.ROOMS)),
    ([".gitignore"], []),
])
def test_a_changed_file_brings_the_tests_of_its_room(files, tests):
    assert changed.tests_for(files) == tests


def test_every_room_has_tests_of_its_own():
    rooms = {path.parent.name for path in (ROOT / "analysis").glob("*/__init__.py")} - {"old"}
    assert rooms <= set(changed.ROOMS)
    assert all(list((ROOT / "tests" / room).glob("test_*.py")) for room in changed.ROOMS)


@pytest.fixture
def drawn(tmp_path):
    """Two folders with the same figure: one committed, one freshly drawn."""
    import numpy as np

    for folder in ("committed", "fresh"):
        (tmp_path / folder).mkdir()
        pixels = np.full((4, 4, 3), 0.5)
        matplotlib.image.imsave(tmp_path / folder / "arcs.png", pixels)
        (tmp_path / folder / "arcs.svg").write_text("<svg><dc:description>A line.</dc:description>")
        (tmp_path / folder / "arcs.csv").write_text("x,y\n1,2\n")
    return tmp_path


def test_figures_that_are_as_drawn_pass(drawn):
    assert checks.figure_problems(drawn / "committed", drawn / "fresh") == []


def test_a_changed_pixel_in_a_figure_is_seen(drawn):
    path = drawn / "committed" / "arcs.png"
    pixels = matplotlib.image.imread(path).copy()
    pixels[0, 0, 0] += 1 / 255
    matplotlib.image.imsave(path, pixels)
    assert checks.figure_problems(drawn / "committed", drawn / "fresh") == [
        "arcs.png is stale; make figures F=arcs"]  # fmt: skip


def test_a_stale_table_of_a_figure_is_seen(drawn):
    (drawn / "committed" / "arcs.csv").write_text("x,y\n1,3\n")
    assert checks.figure_problems(drawn / "committed", drawn / "fresh") == [
        "arcs.csv is stale; make figures F=arcs"]  # fmt: skip


def test_a_figure_that_is_missing_or_left_over_is_seen(drawn):
    (drawn / "committed" / "arcs.csv").rename(drawn / "committed" / "old.csv")
    problems = checks.figure_problems(drawn / "committed", drawn / "fresh")
    assert "old.csv is not drawn any more" in problems
    assert "arcs.csv is missing; make figures F=arcs" in problems


def test_a_figure_without_alternative_text_is_seen(drawn):
    for folder in ("committed", "fresh"):
        (drawn / folder / "arcs.svg").write_text("<svg>")
    assert checks.figure_problems(drawn / "committed", drawn / "fresh") == [
        "arcs.svg has no alternative text"]  # fmt: skip


OUTPUTS = ["Officials supply 52 % (95 % interval 44 % to 60 %).", "toward Russia | −0.86 | 0.00042"]


def test_numbers_of_two_rows_of_a_table_do_not_back_one_sentence():
    page = "<table><tr><td>Vox .34</td></tr><tr><td>The Duran .60</td></tr></table> All: .50"
    outputs = checks.said_together({"data": {"text/html": page}})
    assert checks.sentence_problems("Vox has .34.", outputs) == []
    assert checks.sentence_problems("All have .50.", outputs) == []
    assert len(checks.sentence_problems("Vox has .34, The Duran .60.", outputs)) == 1


@pytest.mark.parametrize(
    "sentence",
    ["Officials supply 52 %.", "Tone toward Russia differs by −0.86.", "In 2018 nothing changed.",
     "Officials supply half (52 %, 44 % to 60 %).", "It clears .667, with a 95 % interval."],
)  # fmt: skip
def test_a_sentence_that_agrees_with_its_table_passes(sentence):
    assert checks.sentence_problems(sentence, OUTPUTS) == []


@pytest.mark.parametrize(
    "sentence",
    ["Officials supply 53 %.", "Tone toward Russia differs by −0.85.",
     "Officials supply 52 % and differ by 0.86.", "True: 52 %. False: 31 %."],
)  # fmt: skip
def test_a_sentence_that_contradicts_its_table_is_seen(sentence):
    assert len(checks.sentence_problems(sentence, OUTPUTS)) == 1


def test_a_text_that_contradicts_the_output_below_it_is_seen(notebook):
    says = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "Officials supply 53 %."}
    path = notebook(says, code_cell(1, printed("52 %")))
    assert checks.prose_problems(path) == ["no output says so: Officials supply 53 %."]


@pytest.fixture
def articles(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("models"))
    return tmp_path / "data"


def test_one_edited_letter_in_an_article_is_seen(articles):
    path = articles / "articles" / "vox.txt"
    path.write_bytes(path.read_bytes().replace(b"mass psychosis", b"mass psychosys"))
    assert checks.article_problems(articles / "articles", SHA256) == ["vox.txt was changed"]
    assert any("the text was changed" in str(problem) for problem in check_corpus(articles))


def test_an_article_that_is_missing_or_added_is_seen(articles):
    (articles / "articles" / "vox.txt").rename(articles / "articles" / "fox.txt")
    assert checks.article_problems(articles / "articles", SHA256) == [
        "fox is not one of the articles", "vox.txt was changed"]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["--index-url https://mirror.example/simple", "--extra-index-url=http://10.0.0.1/",
     "-i mirror", "    # via https://mirror.example", "six @ file:///wheels/six.whl",
     "--find-links wheels", "--trusted-host mirror"],
)  # fmt: skip
def test_an_index_address_in_the_lock_is_seen(tmp_path, line):
    lock = tmp_path / "requirements.lock"
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lock.write_text(text + line + "\n", encoding="utf-8")
    assert any("records an address" in problem for problem in checks.lock_problems(lock))


def test_a_package_without_a_hash_is_seen(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("six==1.17.0 \\\n    --hash=sha256:00\nidna==3.10\n", encoding="utf-8")
    assert checks.lock_problems(lock) == ["idna==3.10 has no hash"]
