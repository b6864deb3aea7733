"""The pages of the rooms: each room has one, and what it shows to try runs as it stands."""

import contextlib
import doctest
import io
import re

import pytest

from analysis.definitions import ROOT

ROOMS = sorted(path.parent.name for path in (ROOT / "analysis").glob("*/README.md"))
PAGES = [*(f"analysis/{room}/README.md" for room in ROOMS), "CONTRIBUTING.md"]


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_to_try_runs(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert blocks(page), f"{page} shows nothing to try"
    for block in blocks(page):
        if ">>>" in block:
            test = doctest.DocTestParser().get_doctest(block, {}, page, page, 0)
            said = io.StringIO()
            assert doctest.DocTestRunner().run(test, out=said.write).failed == 0, said.getvalue()
        else:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block, page, "exec"), {})


@pytest.mark.parametrize("room", ROOMS)
def test_the_page_of_a_room_is_a_page(room):
    text = (ROOT / "analysis" / room / "README.md").read_text("utf-8")
    assert len(text.split()) <= 900 and "**One idea" in text


@pytest.mark.parametrize("room", ["claims", "instruments"])
def test_the_page_of_a_room_names_every_module(room):
    text = (ROOT / "analysis" / room / "README.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "analysis" / room).glob("*.py")} - {"__init__"}
    assert {name for name in modules if f"`{name}`" not in text} == set()
