"""A report of the bundled articles without its notebooks, built once for the tests of its pages."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from analysis import compare, load
from analysis.definitions import ROOT
from analysis.site import front, report


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The tables, the claims, and every page as a tree of elements."""
    t, folder = load(ROOT / "data"), tmp_path_factory.mktemp("site")
    claims = compare.claims(t)
    (folder / "figures").mkdir()
    site = report.Site(t, claims, folder, [], False)
    site.write([])
    pages = {path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser")
             for path in folder.glob("*.html")}
    anchors = {tag["id"]: tag for tag in pages["reader.html"].find_all(id=True)}
    return SimpleNamespace(t=t, claims=claims, pages=pages, anchors=anchors, site=site,
                           rows=front.rows(t, site.link))
