"""From notebooks to pages: what stands in them, what is kept out, and when nothing is written."""

import asyncio

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import load
from analysis.site import report, run
from analysis.site.excerpts import Excerpts
from analysis.site.pages import Page


def notebook(*cells):
    return new_notebook(cells=[
        new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells])


def shown(data, metadata=None, source="show()"):
    output = new_output("display_data", data=data, metadata=metadata or {})
    return new_code_cell(source, outputs=[output])


def page(*cells):
    def article_page(article_id):
        return {"vox": "reader-vox.html"}[article_id]

    return Page("00-toy", notebook(*cells), article_page,
                {"reader-vox.html", "03-sentiment.html", "trust.html"})


# Pages --------------------------------------------------------------------------------------------

def test_headings_in_outputs_get_anchors_and_stand_in_the_contents():
    made = page("# Title\n\nWhat is asked?", "## Method",
                shown({"text/markdown": "## Vox is *first*"}), "## Method")
    assert made.title == "Title" and made.question == "What is asked?"
    assert [entry["id"] for entry in made.contents] == ["method", "vox-is-first", "method.2"]
    assert made.soup.find(id="vox-is-first").name == "h2" and made.soup.h1 is None


def test_no_level_of_headings_is_left_out():
    made = page("# Title", "### Deep", "# Again", "#### Deeper")
    assert [tag.name for tag in made.soup.find_all(["h1", "h2", "h3", "h4"])] == ["h2", "h2", "h3"]


@pytest.mark.parametrize("link, leads", [
    ("03-sentiment.ipynb", "03-sentiment.html"),
    ("./03-sentiment.ipynb#method", "03-sentiment.html#method"),
    ("reader.html#vox-17", "reader-vox.html#vox-17"),
    ("https://doi.org/10.1000/1", "https://doi.org/10.1000/1"),
    ("#method", "#method"),
    ("../data/README.md", None),
    ("javascript:alert(1)", None),
    ("data:text/html,x", None),
])
def test_links_lead_to_pages_or_are_taken_out(link, leads):
    made = page(f'# T\n\n<a href="{link}">words</a>')
    assert [a["href"] for a in made.soup.find_all("a")] == ([leads] if leads else [])
    assert "words" in made.body


def test_scripts_handlers_and_remote_pictures_are_taken_out():
    made = page("# T", shown({"text/html": (
        '<script>alert(1)</script><b onclick="alert(2)">bold</b><img src="https://e.org/x.png" '
        'alt="seen"><iframe src="x"></iframe><svg><script>alert(3)</script></svg>')}))
    assert made.soup.b.attrs == {} and "seen" in made.body
    for gone in ("alert", "<img", "<iframe", "<script"):
        assert gone not in made.body


def test_a_figure_keeps_its_alternative_text_and_gains_links_to_its_files():
    png = {"alt": 'Up & "down"', "width": 720, "name": "arcs", "title": "Up", "note": "See."}
    made = page("# T", shown({"image/png": "iVBORw0KGgo=\n", "text/plain": "x"},
                             {"image/png": png}))
    figure = made.soup.figure
    assert figure.img["alt"] == 'Up & "down"' and made.figures == {"arcs": "Up"}
    links = [a["href"] for a in figure.find_all("a")]
    assert links == ["figures/arcs.svg", "figures/arcs.svg", "figures/arcs.png", "figures/arcs.csv"]


def test_tables_get_scopes_names_and_a_frame_that_scrolls():
    made = page("# T", shown({"text/html": (
        "<style>x</style><table border=1><thead><tr><th></th><th>n</th></tr></thead><tbody>"
        "<tr><th>Vox</th><td>−0.25</td></tr></tbody></table>")}))
    table = made.soup.table
    assert [(cell.name, cell.get("scope")) for cell in table.find_all(["th", "td"])] == [
        ("td", None), ("th", "col"), ("th", "row"), ("td", None)]
    assert table.find_all("td")[1]["class"] == "number" and not table.has_attr("border")
    assert table.parent["role"] == "region" and table.parent["aria-label"] == "Table (table 1)"


def test_code_is_folded_and_escaped():
    made = page("# T", new_code_cell("a < b  # <script>"))
    assert made.soup.details.summary.code.get_text() == "a < b  # <script>"
    assert made.soup.script is None


def test_where_a_notebook_can_mislead_is_found():
    assert page("# T", "## Where this can mislead\n\nA.").misleading == "where-this-can-mislead"
    assert page("# T", "## Next").misleading == ""


def test_references_to_sentences_become_links(small):
    t = load(small())
    made = Page("00-toy", notebook(
        "# T",
        shown({"text/html": '<blockquote><cite class="ref" data-at="c-1">East ¶ 1</cite>'
               '<cite data-at="nobody-1">Nobody</cite></blockquote>'})),
        lambda key: {"a": "reader.html", "c": "reader.html"}[key], {"reader.html"})
    made.link_sentences(Excerpts(t, lambda key: "reader.html"))
    assert [(a["href"], a.get_text()) for a in made.soup.find_all("a")] == [
        ("reader.html#c-1", "East ¶ 1")]


def test_a_term_is_linked_where_it_first_stands_and_only_in_sentences():
    made = page("# T", "## Blocks\n\nIn `block` a block, then blocks.\n\n* A block again.")
    made.link_terms([{"id": "block", "pattern": "blocks?"}])
    assert [(a["href"], a.get_text()) for a in made.soup.find_all("a")] == [
        ("terms.html#block", "block")]
    assert made.soup.p.get_text() == "In block a block, then blocks."


def test_every_term_has_a_pattern_and_every_checked_reference_a_doi():
    for term in report.listing("terms"):
        assert term["meaning"].endswith(".") and "(" not in term["pattern"].replace("(?:", "")
    assert all(bool(work["doi"]) == bool(work["checked"]) for work in report.listing("references"))


def test_without_texts_a_cell_of_article_text_is_cut(small):
    long = "Ann said that the bridge stayed shut for the whole of a long winter" + (
        ", and that ice lay on the river" * 8 + ".")
    t = load(small({"articles/a.txt": f"The mayor waited.\n{long}\nThe river rose."}))
    made = page("# T", "A long paragraph of the notebook’s own. " * 20,
                shown({"text/html": f"<table><tr><td>{long}</td></tr></table>"}))
    made.leave_out(Excerpts(t, lambda key: f"reader.html#{key}"))
    assert len(made.soup.td.get_text()) <= 242 and made.soup.td.get_text().endswith(" …")
    assert made.soup.p.get_text().count("own.") == 20


# Notebooks ----------------------------------------------------------------------------------------

def test_cells_on_the_bundled_articles_are_dropped_and_the_notebook_left_alone():
    whole = notebook(new_markdown_cell("Vox", metadata={"tags": ["bundled"]}), "All")
    assert [cell.source for cell in run.drop_bundled(whole).cells] == ["All"]
    assert len(whole.cells) == 2


@pytest.fixture
def saved(tmp_path):
    def write(*cells, name="toy.ipynb"):
        made = notebook(*cells)
        for number, cell in enumerate(made.cells):
            cell.id = f"toy-{number}"
        nbformat.write(made, tmp_path / name)
        return tmp_path / name

    return write


def execute(path, corpus):
    made = []
    run.execute([path], corpus, lambda _, notebook: made.append(notebook))
    return made[0]


def test_a_notebook_has_the_same_bytes_in_every_run_and_knows_its_corpus(saved, small):
    corpus = small()
    path = saved("# T", new_code_cell(
        "import os, analysis\nprint(hash('a'), os.environ['ANALYSIS_CORPUS'])"))
    first, second = (execute(path, corpus) for _ in range(2))
    assert nbformat.writes(first) == nbformat.writes(second)
    assert str(corpus) in first.cells[1].outputs[0].text
    assert set(first.metadata) == {"kernelspec", "language_info"}


def test_a_notebook_can_be_executed_from_where_an_event_loop_runs_already(saved, small):
    async def cell():
        return execute(saved("# T", new_code_cell("print(6 * 7)")), small())

    assert asyncio.run(cell()).cells[1].outputs[0].text == "42\n"


def test_a_failing_cell_stops_the_report_and_nothing_is_written(saved, small, tmp_path):
    path = saved("# T", new_code_cell("1 / 0"))
    with pytest.raises(ChildProcessError, match=r"toy.ipynb: a cell failed \(ZeroDivisionError"):
        report.build_site(small(), tmp_path / "out", notebooks=[path])
    assert not (tmp_path / "out").exists()
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".out")]


def test_a_report_on_any_corpus_has_an_index_a_page_a_notebook_a_reader_and_downloads(
        saved, small, tmp_path):
    path = saved("# What is *asked*?\n\nThis.", new_code_cell("print(1)"),
                 new_markdown_cell("Vox", metadata={"tags": ["bundled"]}))
    out = tmp_path / "out"
    (out / "kept").mkdir(parents=True)
    report.build_site(small(), out, notebooks=[path])
    names = {item.name for item in out.iterdir()}
    assert {"index.html", "toy.html", "reader.html", "trust.html", "terms.html", "tables",
            "kept"} <= names
    assert (out / "tables" / "voices.csv").exists()
    index = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    assert index.h1.get_text() == "3 tellings" and "What is asked?" in index.get_text()
    assert "Vox" not in (out / "toy.html").read_text("utf-8")
