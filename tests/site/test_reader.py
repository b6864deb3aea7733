"""The reader: the text stays what it was, annotations lie flat over it, nothing in it runs."""

import re
from html.parser import HTMLParser

import pytest

from analysis import load
from analysis.definitions import ROOT
from analysis.site import reader
from analysis.site.excerpts import excerpt
from analysis.site.layers import LAYERS, Mark, Place, Shelf, Telling

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
    return load(ROOT / "data")


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
    return load(folder)


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
    coded = three.attributions.query("article_id == 'vox' and by == 'coder a'")["attribution_id"]
    assert set("coder a " + coded) <= set(told["a"])


def test_where_an_article_is_coded_the_codes_come_first(three):
    telling = Telling(Shelf(three), "vox")
    assert next(iter(telling.tones)) == "coder d" and next(iter(telling.functions)) == "coder b"
    assert next(iter(telling.attributions)).startswith("coder a ")
    over = {mark.value for mark in telling.marks(["attributions"])}
    assert over and all(key.startswith("coder a ") for key in over)


def test_where_nothing_is_coded_the_instrument_lies_over_the_text(hostile):
    over = Telling(Shelf(hostile), "a-1").marks(["attributions"])
    assert over and all(mark.value.startswith("extractor ") for mark in over)


def test_what_the_extractor_is_unsure_of_is_pale(hostile):
    telling = Telling(Shelf(hostile), "a-1")
    row = next(row for row in telling.rows("attributions") if row.quote_type != "scare")
    for score, name in ((0.59, "pale-said"), (0.61, "said")):
        telling.attributions = {"extractor a1": [row._replace(score=score)]}
        assert next(telling._attributions_marks()).name == name


def test_uptake_belongs_to_the_coded_attribution_that_it_was_coded_on(three):
    """Not to software's that overlaps it, nor to another coder's of the same id."""
    for key in three.texts:
        telling = Telling(Shelf(three), key)
        said = telling.details()["a"]
        rows = three.uptake[three.uptake["article_id"] == key]
        assert {name for name, about in said.items() if "uptake" in about} == set(
            rows["attribution_by"] + " " + rows["attribution_id"])
        for row in rows.itertuples():
            parts = telling.attributions[f"{row.attribution_by} {row.attribution_id}"]
            assert min(part.start for part in parts) == row.start
            assert row.uptake in said[f"{row.attribution_by} {row.attribution_id}"]["uptake"]
    arsonist = [about for about in Telling(Shelf(three), "vox").details()["a"].values()
                if "uptake" in about and about["by"] != "coder a"]
    assert arsonist == []


def test_notes_and_the_record_stand_below_their_paragraph_and_add_no_letter(three):
    telling = Telling(Shelf(three), "duran")
    page = reader.body(telling)
    assert page.count('class="note notes-note"') + page.count('class="note record-note"') == len(
        telling.remarks) == len({*telling.remarks})
    assert "“Obviously” comes before the grounds" in page
    assert Words(page).text == telling.text


def test_a_mention_that_something_leads_to_has_an_anchor_with_its_reading(three):
    place = Place("vox", 3, "targets", "coder b", 64, "Russia")
    page = reader.body(Telling(Shelf(three, [place]), "vox"))
    number = list(dict.fromkeys(three.mentions["actor"])).index("Russia")
    assert (f'<span class="at" id="vox-3.targets.coder-b.64" data-layer="targets" '
            f'data-by="coder b" data-actor="{number}"></span><span class=' in page)
    assert Words(page).text == three.texts["vox"]


def test_an_article_whose_text_lacks_its_headline_is_given_it(three):
    made = reader.reader_pages(three)["reader.html"]["tellings"]
    assert [telling["headed"] for telling in made] == [True, True, False]


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


# Pages --------------------------------------------------------------------------------------------

def test_a_dozen_articles_share_a_page_and_more_have_one_each(lines):
    rows = [{"article_id": f"n{i}", "outlet": "A" if i % 2 else "B",
             "text": f"The bridge opened. It cost {i} million."} for i in range(13)]
    assert set(reader.reader_pages(load(lines(*rows[:12])))) == {"reader.html"}
    pages = reader.reader_pages(load(lines(*rows)))
    assert len(pages) == 14 and pages["reader.html"]["listing"]
    assert "reader-n4.html#n4-1" in pages["reader.html"]["tellings"][4]["barcode"]


def test_a_list_of_very_many_has_a_line_each_by_outlet_and_event(lines, monkeypatch):
    monkeypatch.setattr(reader, "MANY", 12)
    listed = reader.reader_pages(load(lines(*(
        {"article_id": f"n{i}", "outlet": "A" if i % 2 else "B", "event": f"event {i % 3}",
         "text": f"The bridge opened. It cost {i} million."} for i in range(13)))))["reader.html"]
    assert listed["many"] == 13 and not any(told["barcode"] for told in listed["tellings"])
    assert [told["id"] for told in listed["tellings"]] == [
        "n0", "n6", "n12", "n4", "n10", "n2", "n8", "n3", "n9", "n1", "n7", "n5", "n11"]


def test_articles_too_long_for_one_page_have_one_each(three, monkeypatch):
    monkeypatch.setattr(reader, "CHARACTERS", 10_000)  # the three hold 14,726
    assert reader.page_of(three, "vox") == "reader-vox.html"


def test_without_texts_only_the_sentences_asked_for_are_quoted(three):
    page = reader.reader_pages(three, {"vox": {3: "Words."}})["reader.html"]
    quoted = {telling["id"]: telling["passages"] for telling in page["tellings"]}
    assert [len(quoted[key]) for key in ("examiner", "vox", "duran")] == [0, 1, 0]
    assert "data" not in page and "text" not in page["tellings"][1]
