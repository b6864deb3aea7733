"""The page of the architecture: its picture is the one that its script draws, of what there is."""

import contextlib
import io
import re
import runpy

from analysis.definitions import ROOT

DRAWN = runpy.run_path(str(ROOT / "docs" / "architecture.py"))
PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_picture_is_the_one_that_its_script_draws():
    committed = (ROOT / "docs" / "architecture.svg").read_bytes()
    assert committed == DRAWN["draw"](), "draw it anew: python docs/architecture.py"


def test_every_box_stands_for_something_that_exists():
    missing = {box.path for box in DRAWN["BOXES"].values() if not (ROOT / box.path).exists()}
    assert missing == set()


def test_every_room_stands_in_the_picture_and_on_the_page():
    rooms = {path.parent.name for path in (ROOT / "analysis").glob("*/__init__.py")} - {"old"}
    assert rooms <= {box.path.removeprefix("analysis/") for box in DRAWN["BOXES"].values()}
    assert {room for room in rooms if f"`{room}`" not in PAGE} == set()


def test_the_cell_of_the_page_gives_the_number_of_the_page(monkeypatch):
    monkeypatch.chdir(ROOT)
    cell = re.search(r"^   ```python\n(.*?)^   ```", PAGE, re.M | re.S).group(1)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(re.sub(r"^   ", "", cell, flags=re.M), {})
    assert f"{float(said.getvalue()):.2f}".replace("-", "−") in PAGE
    assert round(float(said.getvalue()), 6) == -0.859944
