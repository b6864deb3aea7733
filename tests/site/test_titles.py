"""What stands large says no more than was tested, and one word means one thing on every page."""

import ast
import re

import nbformat
import pytest

from analysis import load
from analysis.definitions import ROOT, WORDED
from analysis.site import front, notebooks, report

# A rank, an order or a leader, said of the texts, is a finding: no constant title may hold one.
FINDING = re.compile(
    r"\b(?:comes? (?:first|last)|leads?|leader|dominates?|mostly|only|never|always|in every|"
    r"most negative|most positive|harsher|kinder|differs?|twice)\b", re.I)
OUTLETS = re.compile(r"\b(?:Examiner|Vox|Duran)\b")


def cells(kind, bundled):
    for path in notebooks.listed():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == kind and bundled == ("bundled" in cell.metadata.get("tags", [])):
                yield path.stem, cell.source


def titles(source):
    """Every string that a cell gives a figure or table as a title, constant parts alone."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        given = [word.value for word in call.keywords if word.arg in ("title", "subtitle")]
        given += call.args[1:2] if name == "show.table" else []
        for value in given * name.startswith(("plot.", "show.")):
            yield "".join(part.value for part in ast.walk(value)
                          if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_no_title_states_an_order_a_leader_or_a_difference():
    said = [(stem, title) for bundled in (True, False) for stem, source in cells("code", bundled)
            for title in titles(source)]
    assert len(said) > 60
    assert [one for one in said if FINDING.search(one[1]) or OUTLETS.search(one[1])] == []


@pytest.mark.parametrize("title, caught", [
    ("In every article, problem comes first and remedy comes last", True),
    ("Conflict leads in The Duran", True), ("Responses differ: one mostly impugns", True),
    ("Where each article defines, blames and judges", False), ("Who is heard first", False)])
def test_titles_of_the_kinds_that_were_false_are_caught(title, caught):
    assert bool(FINDING.search(title)) is caught


def test_headings_and_prose_of_any_corpus_name_no_outlet():
    for stem, source in cells("markdown", False):
        assert not OUTLETS.search(source), stem


def constants(name):
    """The values that cells give one name."""
    for bundled in (True, False):
        for _, source in cells("code", bundled):
            for node in ast.parse(source).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                    yield ast.literal_eval(node.value)


@pytest.mark.parametrize("name, value", [("PARTICULAR", front.PARTICULAR),
                                         ("WORDED", list(WORDED)), ("SKIPPED", list(front.ASIDE))])
def test_a_constant_in_a_cell_repeats_its_definition(name, value):
    found = list(constants(name))
    assert found and all(sorted(one) == sorted(value) if isinstance(value, list) else one == value
                         for one in found)


def test_particulars_count_sentences_and_not_digits():
    """The article that gives facts has more of them, and none is called unsourced for it."""
    facts = front.particulars(load(ROOT / "data"))
    assert facts["checkable"].idxmax() == "Vox"
    assert (facts["attributed"] <= facts["checkable"]).all()


def test_a_lead_in_the_answers_holds_for_each_coder():
    """Who answers how, and tone toward Russia, are no tie of one coder."""
    t = load(ROOT / "data")
    for by in sorted(set(t.uptake["by"])):
        rows = t.uptake[(t.uptake["by"] == by) & t.uptake["paragraph_role"].ne("furniture")]
        rows = rows.assign(at=rows["response_start"].fillna(rows["start"]))
        rows = rows.drop_duplicates(["article_id", "uptake", "at"])
        shares = rows.groupby("outlet", observed=True)["uptake"].value_counts(normalize=True)
        first = shares["Washington Examiner"]
        assert first["impugn"] - first.drop("impugn").max() > .15
        assert shares["The Duran"].get("impugn", 0) == 0
    _, mentions = front.mentions(t)
    for by in ("coder b", "coder c"):
        own = mentions[mentions["by"] == by]
        negative = own["polarity"].eq("negative").groupby(own["outlet"], observed=True).mean()
        assert (negative[["Washington Examiner", "Vox"]] - negative["The Duran"]).min() > .15


def test_every_work_that_a_notebook_cites_is_in_the_list_of_references():
    listed = [work["reference"] for work in report.listing("references")]
    cited = {(before, year) for _, source in cells("markdown", False)
             for before, year in re.findall(r"([^.()]{3,60}) ?\(?((?:19|20)\d\d)\)", source)}
    assert len(cited) >= 7
    for before, year in cited:
        names = re.findall(r"[A-Z][a-z]{3,}", before)
        assert any(f"({year})" in work and any(name in work for name in names)
                   for work in listed), (before, year)


def test_a_doi_has_the_form_of_one():
    for work in report.listing("references"):
        assert re.fullmatch(r"(10\.\d{4,9}/\S+)?", work["doi"]), work
