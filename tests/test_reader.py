"""The reader: the text stays what it was, annotations lie flat over it, nothing in it runs."""

import re
from html.parser import HTMLParser

import pytest

from analysis.definitions import ROOT
from analysis.old.study import open_study
from analysis.site import reader
from analysis.site.excerpts import excerpt
from analysis.site.layers import LAYERS, Mark, Shelf, Telling

HOSTILE = (
    "<script>alert(1)</script> & <b onclick=alert(2)>bold</b>\r\n"
    "“{{ 7 * 7 }} ]]> &lt;i&gt; </p></article>,” said Ann \u202eLee\u202c </script>.\r\n\n"
    "Ann Lee denied \x0b that <!-- the \u2028 bridge {% raw %} was shut. It’s 5 < 6 > 4."
)


class Words(HTMLParser):
    """The text between the tags, and how deep spans stand in one another."""

    def __init__(self, markup: str):
        super().__init__(convert_charrefs=True)
        self.words, self.tags, self.depth, self.deepest = [], set(), 0, 0
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.depth += tag == "span"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag):
        self.depth -= tag == "span"

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.fixture(scope="module")
def three():
    return open_study(ROOT / "data")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "articles").mkdir()
    (folder / "articles.csv").write_text(
        "article_id,outlet,headline,author,published,url\n"
        'a-1,<img src=x onerror=alert(3)>,"</title><script>alert(4)</script>",'
        "\u202eevil,2020-01-02,javascript:alert(5)\n"
        "a-1-2,South,Plain,,,https://example.org/a?b=1&c=2\n", encoding="utf-8")
    (folder / "articles" / "a-1.txt").write_bytes(HOSTILE.encode())
    (folder / "articles" / "a-1-2.txt").write_text("\ufeffThe bridge stayed shut.")
    return open_study(folder)


@pytest.mark.parametrize("article_id", ["examiner", "vox", "duran"])
@pytest.mark.parametrize("layers", [LAYERS, (), ("voice",)])
def test_the_text_between_the_tags_is_the_article_letter_for_letter(three, article_id, layers):
    telling = Telling(Shelf(three), article_id)
    assert Words(reader.body(telling, layers)).text == telling.text


@pytest.mark.parametrize("article_id", ["a-1", "a-1-2"])
def test_a_hostile_text_stays_text_and_keeps_each_character(hostile, article_id):
    telling = Telling(Shelf(hostile), article_id)
    seen = Words(reader.body(telling))
    assert seen.text == telling.text
    assert seen.tags <= {"p", "h3", "h4", "blockquote", "bdi", "span"}


def test_pieces_of_a_sentence_never_stand_in_one_another(three):
    assert Words(reader.body(Telling(Shelf(three), "vox"))).deepest == 1


def test_overlapping_marks_are_cut_where_any_begins_or_ends():
    marks = [Mark(0, 7, "said", "a", "1"), Mark(4, 9, "m", "m", "2")]
    piece = reader._sentence("He said no.", 0, 11, {}, marks)
    assert re.findall(r">([^<>]+)<", piece) == ["He s", "aid", " n", "o."]
    assert 'class="m said said-end" data-a="1" data-m="2">aid' in piece


def test_every_sentence_can_be_linked_to(three):
    for key in three.articles["article_id"]:
        telling = Telling(Shelf(three), key)
        linked = re.findall(r'id="([^"]+)"', reader.body(telling))
        assert linked == [f"{key}-{row.sentence}" for row in telling.sentences]


def test_the_barcode_has_a_stripe_for_each_sentence_and_links_those_it_may(three):
    telling = Telling(Shelf(three), "duran")
    assert reader.barcode(telling).count("<a ") == len(telling.sentences)
    only = reader.barcode(telling, "reader.html", linked={2})
    assert re.findall(r'href="([^"]+)"', only) == ["reader.html#duran-2"]


def test_a_stripe_is_as_wide_in_every_article(three):
    shelf = Shelf(three)
    boxes = {re.search(r'viewBox="([^"]+)"', reader.barcode(Telling(shelf, key)))[1]
             for key in three.articles["article_id"]}
    assert boxes == {f"0 0 {10 * shelf.longest} 64"}


@pytest.mark.parametrize("url, kept", [
    ("https://example.org/a?b=1&c=2", True),
    ("http://example.org", True),
    ("javascript:alert(1)", False),
    ("JaVaScRiPt:alert(1)", False),
    (" https://example.org", False),
    ("https://example.org/\" onclick=\"alert(1)", False),
    ("https://example.org\njavascript:alert(1)", False),
    ("data:text/html,x", False),
    ("//example.org", False),
    (None, False),
])
def test_only_plain_web_addresses_become_links(url, kept):
    assert bool(reader.safe_url(url)) is kept


def test_json_in_a_page_cannot_end_its_script_element():
    written = reader.embedded_json({"a": "</script><!-- & \u2028"})
    assert written == r'{"a":"\u003c/script\u003e\u003c!-- \u0026 \u2028"}'


def test_details_hold_what_is_said_of_a_sentence(three):
    told = Telling(Shelf(three), "vox").details()
    first = three.sentences[three.sentences["article_id"] == "vox"].iloc[0]
    assert told["s"][1]["p"] == first["paragraph"]
    assert set(told["a"]) == set(
        three.attributions.query("article_id == 'vox'")["attribution_id"].astype(str))


def test_uptake_comes_from_the_coded_attribution_that_shares_the_words(three):
    uptakes = Telling(Shelf(three), "vox").uptakes()
    assert uptakes and all(re.search(r"\(coder [a-z]", said) for said in uptakes.values())


def test_scored_words_are_found_under_curly_apostrophes(three):
    telling = Telling(Shelf(three), "vox")
    telling.tones = {"made": {17: (-1.0, "didn't -0.96; tried -0.10")}}
    spans = [telling.text[mark.start:mark.end] for mark in telling.marks(["tone"])]
    assert spans == ["didn’t"]  # and not a word that weighs less than half as much


def test_codes_are_laid_over_the_sentence_that_shares_most_of_them(three):
    telling = Telling(Shelf(three), "examiner")
    row = telling.sentences[1]
    assert telling.numbers(row.start + 1, row.end + 3) == [row.sentence]


@pytest.mark.parametrize("iso, written", [
    ("2018-03-21", "21 March 2018"), ("2017-11-05", "5 November 2017"), ("", ""),
    ("spring 2018", "spring 2018"), (None, ""),
])
def test_dates_are_written_out(iso, written):
    assert reader.long_date(iso) == written


@pytest.mark.parametrize("polarity, label", [(-0.404, "−0.40"), (0.5, "+0.50"), (0.001, "0.00")])
def test_polarities_carry_their_sign(polarity, label):
    assert reader.tone_label(polarity) == label


def test_an_excerpt_ends_at_a_word():
    assert excerpt("one two\nthree", 9) == "one two …"
    assert excerpt("one  two") == "one two"


# In a notebook ------------------------------------------------------------------------------------

def test_an_article_in_a_cell_is_static_and_holds_the_text(three):
    shown = reader.show_article("duran", ["voice", "tone"], three)
    markup = shown._repr_html_()
    assert "<script" not in markup and " id=" not in markup and "on-voice on-tone" in markup
    held = re.search(r'<div class="text"[^>]*>(.*)</div>\s*<p', markup, re.DOTALL)[1]
    assert Words(held).text == three.corpus.texts["duran"]
    assert repr(shown).startswith("The Duran: ")


def test_a_cell_is_the_same_each_time(three):
    first, second = (reader.show_article("vox", LAYERS, three)._repr_html_() for _ in range(2))
    assert first == second


def test_unknown_layers_and_articles_are_named(three):
    with pytest.raises(ValueError, match="no layer 'mood'; choose among voice"):
        reader.show_article("vox", ["mood"], three)
    with pytest.raises(KeyError, match="no article 'nyt' in this corpus; it has examiner"):
        reader.show_article("nyt", study=three)


def test_a_report_without_texts_shows_no_article_in_a_cell(three, monkeypatch):
    monkeypatch.setenv(reader.WITHOUT_TEXTS, "1")
    markup = reader.show_article("vox", LAYERS, three)._repr_html_()
    assert "leaves out" in markup and "arsonist" not in markup


def test_the_explorer_stands_still_without_a_kernel_and_moves_with_widgets(three):
    assert "on-attributions" in reader.explore(three)._repr_html_()
    explorer = reader.explore(three, live=True)
    choice, layers = explorer.children[0].children
    choice.value, layers.value = "vox", ("tone",)
    assert "on-tone" in explorer.children[1].value and "arsonist" in explorer.children[1].value


def test_hostile_facts_are_escaped_in_a_cell(hostile):
    markup = reader.show_article("a-1", LAYERS, hostile)._repr_html_()
    assert "<img" not in markup and "<script" not in markup and "javascript:" not in markup


# Pages --------------------------------------------------------------------------------------------

def test_a_dozen_articles_share_a_page_and_more_have_one_each(lines):
    rows = [{"article_id": f"n{i}", "outlet": "A" if i % 2 else "B",
             "text": f"The bridge opened. It cost {i} million."} for i in range(13)]
    assert set(reader.reader_pages(open_study(lines(*rows[:12])))) == {"reader.html"}
    pages = reader.reader_pages(open_study(lines(*rows)))
    assert len(pages) == 14 and pages["reader.html"]["listing"]
    assert "reader-n4.html#n4-1" in pages["reader.html"]["tellings"][4]["barcode"]


def test_articles_too_long_for_one_page_have_one_each(three, monkeypatch):
    monkeypatch.setattr(reader, "CHARACTERS", 10_000)  # the three hold 14,726
    assert reader.page_of(three, "vox") == "reader-vox.html"


def test_without_texts_only_the_sentences_asked_for_are_quoted(three):
    page = reader.reader_pages(three, {"vox": {3: "Words."}})["reader.html"]
    quoted = {telling["id"]: telling["passages"] for telling in page["tellings"]}
    assert [len(quoted[key]) for key in ("examiner", "vox", "duran")] == [0, 1, 0]
    assert "data" not in page and "text" not in page["tellings"][1]
