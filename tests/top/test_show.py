"""What notebooks print is escaped, keeps its meaning without styles, and says where it stands."""

import re
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import openpyxl
import pandas as pd
import pytest

from analysis import show
from analysis.definitions import ROOT
from analysis.site.pages import Page

TEXT = ("Mayor trolls <b>us</b>\n\n"
        "Lee said: “They are trolling.” It isn’t a troll’s work.\nShare this")


def place(words, at=0):
    start = TEXT.index(words, at)
    return {"start": start, "end": start + len(words), "text": words}


def rows(*found, **more):
    table = pd.DataFrame(list(found)).assign(article_id="n", **more)
    return table.assign(outlet=pd.Categorical(["North & Co"] * len(table), ["North & Co", "South"]))


@pytest.fixture
def t():
    """A holder such as `load` returns, of one short article."""
    said = place("“They are trolling.”")
    last = place(" It isn’t a troll’s work.\n")
    tables = {
        "articles": pd.DataFrame({"article_id": ["n"], "outlet": ["North & Co"],
                                  "headline": ["<i>Mayor</i>"]}),
        "paragraphs": rows(place("Mayor trolls <b>us</b>") | {"role": "headline"},
                           place("Lee said: “They are trolling.” It isn’t a troll’s work.")
                           | {"role": "block_quotation"}, place("Share this")
                           | {"role": "furniture"}, paragraph=[1, 2, 3]),
        "sentences": rows(place("Mayor trolls <b>us</b>") | {"paragraph": 1},
                          place("Lee said: “They are trolling.”") | {"paragraph": 2},
                          place("It isn’t a troll’s work.") | {"paragraph": 2},
                          place("Share this") | {"paragraph": 3}, sentence=[1, 2, 3, 4]),
        "voices": rows({"start": 0, "end": said["start"], "voice": "author"},
                       said | {"voice": "quoted"}, last | {"voice": "author"},
                       place("Share this") | {"voice": "furniture"}),
        "attributions": rows(said | {"speaker": "<Lee>", "quote_type": "direct", "by": "coder a",
                                     "used": True, "cue_start": TEXT.index("said"),
                                     "cue_end": TEXT.index("said") + 4, "paragraph": 2},
                             said | {"speaker": "Nobody", "quote_type": "direct", "used": False,
                                     "by": "extractor", "cue_start": pd.NA, "cue_end": pd.NA,
                                     "paragraph": 2}),
        "mentions": rows(place("Lee") | {"actor": "Lee & Sons"}),
        "sentiment": rows(place("It isn’t a troll’s work.") | {"polarity": -0.4}, by="vader",
                          used=True),
    }
    return SimpleNamespace(texts={"n": TEXT}, outlets=["North & Co", "South"], **tables)


# Tables -----------------------------------------------------------------------------------------


def test_a_table_escapes_what_it_shows():
    frame = pd.DataFrame({"<b>": ["<script>alert(1)</script>"], "n": [3]})
    page = show.table(frame, "A & <B>").markup
    assert "<script>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<caption>A &amp; &lt;B&gt;</caption>" in page and "&lt;b&gt;</th>" in page


def test_formats_and_hidden_words_are_escaped_too():
    page = show.table(pd.DataFrame({"x": [0.5], "y": ['"><b> word' * 9]}), clip=12,
                      formats={"x": lambda value: f"<{value}>"}).markup
    assert "&lt;0.5&gt;" in page and 'title="&quot;&gt;&lt;b&gt; word' in page
    assert "<b>" not in page


def test_text_stands_left_and_numbers_right_in_every_viewer():
    page = show.table(pd.DataFrame({"who": ["Lee"], "words": [1200]})).markup
    assert re.search(r'<td style="text-align:left[^"]*"><bdi>Lee', page)
    assert re.search(r'<td style="text-align:right[^"]*">1,200<', page)


@pytest.mark.parametrize("value, text", [
    (None, "–"), (float("nan"), "–"), (pd.NA, "–"), (-0.456, "−0.46"), (12345, "12,345"),
    (True, "yes"), ("a\n b", "a b")])
def test_a_cell_reads_as_in_print(value, text):
    assert f">{text}<" in show.table(pd.DataFrame({"x": [value]}, dtype=object),
                                     index=False).markup.replace("bdi>", ">").replace(">>", ">")


def test_shares_can_be_written_as_per_cent_everywhere():
    page = show.table(pd.DataFrame({"A": [0.255]}, ["officials"]), formats={"*": "{:.0%}"}).markup
    assert ">26%<" in page or ">25%<" in page
    assert '<th scope="row"' in page and "officials" in page


def test_a_table_says_how_many_rows_it_leaves_out():
    shown = show.table(pd.DataFrame({"x": range(40)}), n=10)
    assert shown.markup.count("<tr>") == 11 and "10 of 40 rows" in shown.markup
    assert len(shown.rows) == 40


def test_a_table_without_rows_says_so_in_a_line():
    assert show.table(pd.DataFrame({"x": []}), "A & B").markup == "<p>A &amp; B: no rows.</p>"


def test_a_cell_of_excel_is_no_formula_and_no_table_is_lost(t, tmp_path):
    t.articles.loc[0, "headline"] = "=1+1\x07"
    t.texts_read = 3
    book = openpyxl.load_workbook(show.excel(t, tmp_path / "all.xlsx"))
    assert book.sheetnames == ["articles", "paragraphs", "sentences", "voices", "attributions",
                               "mentions", "sentiment"]
    cell = book["articles"]["C2"]
    assert (cell.value, cell.data_type) == ("=1+1 ", "s")
    one = openpyxl.load_workbook(show.excel(pd.DataFrame({"x": [1]}), tmp_path / "one.xlsx"))
    assert one.active["A2"].value == 1


# Evidence ---------------------------------------------------------------------------------------


def test_evidence_marks_the_words_within_their_sentence_and_names_the_place(t):
    page = show.evidence(t.attributions, t, n=1).markup
    assert "Lee said: <mark>“They are trolling.”</mark></bdi>" in page
    assert '<cite class="ref" data-at="n-2">North &amp; Co ¶ 2</cite>' in page
    assert "1 of 2, in the table’s order" in page


def test_evidence_needs_no_more_than_the_rows(t):
    page = show.evidence(t.attributions.head(1)).markup
    assert "<mark>“They are trolling.”</mark>" in page and "<cite>North &amp; Co ¶ 2</cite>" in page
    assert show.evidence(t.attributions.head(0), t).markup == "<p>No rows.</p>"


def test_an_article_is_named_where_its_outlet_has_several(t):
    two = pd.concat([t.attributions, t.attributions.assign(article_id="<m>")])
    assert "North &amp; Co (&lt;m&gt;) ¶ 2" in show.evidence(two).markup


def test_a_concordance_finds_each_form_once_and_keeps_to_a_voice(t):
    assert show.lines(t, "troll*").rows["text"].tolist() == ["trolls", "trolling", "troll"]
    assert show.lines(t, "Troll?").rows["text"].tolist() == ["trolls"]
    assert show.lines(t, "troll*", voice="quoted").rows["text"].tolist() == ["trolling"]
    assert show.lines(t, "isn't  a").rows["text"].tolist() == ["isn’t a"]
    assert show.lines(t, "rol").rows.empty


def test_a_concordance_says_where_a_word_is_missing_and_escapes(t):
    page = show.lines(t, "troll*").markup
    assert "3 lines: North &amp; Co 3, South 0" in page
    assert "&lt;b&gt;us&lt;/b&gt;" in page and "<b>" not in page
    assert show.lines(t, "<x>").markup == "<p>“&lt;x&gt;” stands nowhere.</p>"


def test_places_become_links_in_the_report_where_the_article_is_known(t):
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output(
        "display_data", {"text/html": show.evidence(t.attributions.head(1), t).markup
                         + '<cite class="ref" data-at="gone-1">Gone ¶ 1</cite>'})])
    pages = {"n": "reader.html"}
    page = Page("04", nbformat.v4.new_notebook(cells=[cell]), pages.__getitem__, {"reader.html"})
    assert '<a href="reader.html#n-2">North &amp; Co ¶ 2</a>' in page.body
    assert "Gone ¶ 1" in page.body and "gone-1" not in page.body


# Articles ---------------------------------------------------------------------------------------


def letters(markup):
    """The words between the tags, without the labels in brackets and the legend."""
    body = re.sub(r"<sub>.*?</sub>", "", markup.split("</p>", 2)[2])
    return " ".join(re.sub(r"<[^>]+>", "", body).split())


def test_an_article_keeps_its_words_and_its_meaning_without_styles(t):
    page = show.article(t, "n").markup
    assert letters(page) == " ".join(TEXT.replace("<", "&lt;").replace(">", "&gt;").split())
    assert "<mark>“They are trolling.”</mark>" in page
    assert "<blockquote>" in page and "<del>Share this</del>" in page
    assert "style=" not in page and "&lt;i&gt;Mayor&lt;/i&gt;" in page
    assert "<mark>quoted</mark>" in page  # the legend


def test_a_layer_shows_the_reading_in_use_or_the_one_asked_for(t):
    page = show.article(t, "n", "attributions").markup
    assert "attributions, by coder a" in page and "<b>said</b>" in page
    assert "</mark> <sub>[&lt;Lee&gt;, direct]</sub>" in page
    assert "[Nobody, direct]" in show.article(t, "n", "attributions", by="extractor").markup
    assert "<u>It isn’t a troll’s work.</u> <sub>[−0.40]</sub>" in show.article(
        t, "n", "sentiment").markup


def test_overlapping_marks_are_cut_flat(t):
    assert show._pieces("abcd", 0, 4, [(0, 3, "u", "x"), (1, 4, "mark", "y")]) == (
        "<u>a</u><mark><u>bc</u></mark> <sub>[x]</sub><mark>d</mark> <sub>[y]</sub>")


def test_an_actor_is_counted_in_the_legend(t):
    page = show.article(t, "n", actor="Lee & Sons").markup
    assert "1 mention of Lee &amp; Sons" in page and "<b>Lee</b> said" in page


def test_not_coded_is_said(t):
    t.attributions["used"] = False
    assert "by nobody: not coded" in show.article(t, "n", "attributions").markup


@pytest.mark.parametrize("ask, error, words", [
    ({"article_id": "m"}, KeyError, "there are n"),
    ({"article_id": "n", "layer": "voice"}, ValueError, "voices"),
    ({"article_id": "n", "layer": "sentiment", "by": "vadr"}, ValueError, "there are vader")])
def test_a_wrong_name_is_answered_with_those_there_are(t, ask, error, words):
    with pytest.raises(error, match=words):
        show.article(t, **ask)


def test_a_report_without_texts_shows_none(t, monkeypatch):
    monkeypatch.setenv(show._WITHOUT_TEXTS, "1")
    assert "troll" not in show.article(t, "n").markup


def test_the_explorer_has_a_static_default_and_follows_its_controls(t):
    assert show.explore(t).markup == show.article(t, "n").markup
    t.targets = t.frames = t.frame_cues = t.agency = t.sentiment.iloc[:0]
    box = show.explore(t, live=True)
    controls, (view,) = box.children[0].children, box.children[1].children
    assert [c.description for c in controls] == ["article", "layer", "by", "actor"]
    controls[1].value = "attributions"
    assert view.value == show.article(t, "n", "attributions").markup
    controls[2].value = "extractor"
    assert "Nobody" in view.value
    controls[3].value = "Lee & Sons"
    assert "<b>Lee</b>" in view.value
    controls[1].value = "voices"  # no coder there: the choice falls back to what is used
    assert "voices:" in view.value


def test_pictures_and_tables_need_neither_parser_nor_network():
    code = ("import sys; from analysis import plot, show; "
            "print([m for m in ('spacy', 'onnxruntime') if m in sys.modules])")
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert made.stdout.strip() == "[]"


def test_a_voice_or_a_column_that_does_not_exist_is_refused(t):
    with pytest.raises(ValueError, match="no voice 'autor'; choose among author, paraphrased"):
        show.lines(t, "troll*", voice="autor")
    with pytest.raises(ValueError, match="no column 'outlets' to order by"):
        show.lines(t, "troll*", by="outlets")


def test_a_series_goes_to_excel_too(tmp_path):
    path = show.excel(pd.Series({"North": 3, "South": 1}, name="sources"), tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(path).active["B2"].value == 3
