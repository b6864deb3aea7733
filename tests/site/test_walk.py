"""From each claim, cell and reference to its target: what stands there is what was claimed."""

import re

import pytest

from analysis.definitions import WORDED, side_name
from analysis.site import front

FUNCTIONS = {"problem definition": "problem_definition", "cause": "causal_attribution",
             "moral judgement": "moral_evaluation", "remedy": "treatment_recommendation"}


def target(built, href):
    """Return the article, the sentence's row, and the anchor's element."""
    page, _, anchor = href.partition("#")
    assert page == "reader.html" and anchor in built.anchors, href
    tag = built.anchors[anchor]
    sentence = tag if "s" in tag.get("class", []) else tag.find_parent(class_="s")
    article, _, number = sentence["id"].rpartition("-")
    rows = built.t.sentences
    row = rows[(rows["article_id"] == article) & (rows["sentence"] == int(number))].iloc[0]
    return article, row, tag


def mention(built, href):
    """Return the coded mention that an anchor stands before, checked against its element."""
    article, row, tag = target(built, href)
    start = int(href.rpartition(".")[2])
    assert row["start"] <= start < row["end"] and tag["data-layer"] == "targets"
    rows = built.t.targets
    actors = list(dict.fromkeys(built.t.mentions["actor"]))
    found = rows[(rows["article_id"] == article) & (rows["start"] == start)
                 & (rows["by"] == tag["data-by"]) & (rows["holder"] == "author")]
    if tag["data-actor"]:
        found = found[found["actor"] == actors[int(tag["data-actor"])]]
    assert len(found) == 1, href
    said = found.iloc[0]
    assert f"to-{said['polarity']}" in tag.find_next("span")["class"]  # and the page shows it
    return said


def evidence(built):
    for claim in built.claims[built.claims["member"]].to_dict("records"):
        if claim["evidence_article"] and claim["effect"] == claim["effect"]:
            yield claim, built.site._evidence(claim)


def test_each_claim_about_a_side_leads_to_a_mention_of_its_polarity_actor_holder_and_coder(built):
    checked = 0
    for claim, href in evidence(built):
        if claim["family"] != "tone toward sides":
            continue
        said = mention(built, href)
        here = built.t.articles.set_index("article_id")["outlet"][said["article_id"]]
        toward = claim["effect"] if here == claim["outlet"] else -claim["effect"]
        assert said["score"] * toward > 0, claim["claim_id"]
        assert claim["measure"] == f"toward {side_name(said['side'], built.t.actors)}"
        assert said["target"] in claim["evidence_actor"].split("|")
        assert said["by"].removeprefix("coder ") in claim["evidence_coder"].split("|")
        checked += 1
    assert checked >= 6


def test_each_claim_about_a_function_leads_to_a_sentence_that_its_coder_reads_so(built):
    for claim, href in evidence(built):
        if claim["family"] == "Entman's functions":
            article, row, tag = target(built, href)
            assert (tag["data-layer"], tag["data-by"]) == ("frames", "coder b")
            rows = built.t.frames
            coded = rows[(rows["article_id"] == article) & (rows["by"] == tag["data-by"])
                         & (rows["start"] < row["end"]) & (rows["end"] > row["start"])]
            assert coded["entman"].str.contains(FUNCTIONS[claim["measure"]]).any(), href


def test_every_other_claim_leads_to_its_sentence_and_layer(built):
    layers = {"sourcing": "attributions", "sentence tone": "tone", "stance": "cues"}
    for claim, href in evidence(built):
        if claim["family"] in layers:
            article, row, tag = target(built, href)
            assert (article, row["start"]) == (claim["evidence_article"], claim["evidence_start"])
            assert tag["data-layer"] == layers[claim["family"]]


def cells(built, key):
    row = next(row for row in built.rows if row.key == key)
    for outlet, runs in row.cells.items():
        for words, href in runs:
            if href:
                article, sentence, _ = target(built, href)
                assert sentence["outlet"] == outlet
                yield words, href, article, sentence


def test_each_name_on_the_front_page_leads_to_words_of_his(built):
    for words, _, article, sentence in cells(built, "voices"):
        said = front.outside(built.t)
        said = said[(said["article_id"] == article) & (said["speaker"] == words)
                    & said["quote_type"].isin(["direct", "mixed"])]
        assert ((said["start"] < sentence["end"]) & (said["end"] > sentence["start"])).any(), words


def test_each_count_of_mentions_leads_to_a_mention_of_that_polarity_by_the_author(built):
    who, _ = front.mentions(built.t)
    assert who == "Russia and its officials"
    for words, href, _, _ in cells(built, "judgement"):
        said = mention(built, href)
        assert said["polarity"] in words and said["side"] == "Russia" and said["used"]
        assert said["paragraph_role"] not in front.ASIDE


def test_each_response_on_the_front_page_leads_to_where_the_author_gives_it(built):
    spoken = {said: name for name, said in front.RESPONSES.items()}
    for words, _, article, sentence in cells(built, "response"):
        name = spoken[re.sub(r"^\d+ ", "", words)]
        rows = front.responses(built.t)
        rows = rows[(rows["article_id"] == article) & (rows["uptake"] == name)]
        assert rows["at"].between(sentence["start"], sentence["end"] - 1).any(), words


@pytest.mark.parametrize("key", ["blame", "remedy", "names", "certainty", "facts", "people",
                                 "record"])
def test_each_reading_in_brief_leads_to_the_words_that_show_it(built, key):
    for words, _, article, sentence in cells(built, key):
        rows = built.t.readings
        row = rows[(rows["article_id"] == article) & (rows["brief"] == words)].iloc[0]
        assert row["start"] < sentence["end"] and row["end"] > sentence["start"]


def test_words_quoted_on_the_front_page_stand_where_their_links_lead(built):
    quoted = built.pages["index.html"].select(".told blockquote a")
    assert len(quoted) == len(built.t.readings)
    for link in quoted:
        article, sentence, _ = target(built, link["href"])
        text, words = built.t.texts[article], link.get_text()
        assert any(text[row.start:row.end] == words and row.start < sentence["end"]
                   for row in built.t.readings.itertuples() if row.article_id == article), words


def test_the_record_leads_to_the_words_that_were_checked(built):
    links = built.pages["record.html"].select("table a")
    assert len(links) == len(built.t.record) == 24
    for link in links:
        article, sentence, _ = target(built, link["href"])
        at = built.t.texts[article].find(link.get_text())
        assert at >= 0 and sentence["start"] <= at < sentence["end"]


def test_every_anchor_of_every_page_leads_somewhere(built):
    ids = {name: {tag["id"] for tag in page.find_all(id=True)}
           for name, page in built.pages.items()}
    for name, page in built.pages.items():
        for link in page.select("a[href]"):
            where, _, anchor = link["href"].partition("#")
            if where.startswith(("http", "tables/", "figures/")) or where == "CITATION.cff":
                continue
            assert not anchor or anchor in ids[where or name], f"{name}: {link['href']}"


# What the front page says -------------------------------------------------------------------------

def test_the_front_page_states_the_counts_of_the_codes(built):
    said = " ".join(built.pages["index.html"].get_text(" ").split())
    assert ("The author’s mentions of Russia and its officials are negative in 12 of 21 "
            "(Washington Examiner), 29 of 39 (Vox), 1 of 17 (The Duran), by coder b "
            "(coder c: 13 of 21, 29 of 39, 1 of 17).") in said
    members = built.claims[built.claims["member"]]
    testable, leaning = (members["verdict"] != "not_testable").sum(), (
        members["verdict"] == "direction_only").sum()
    assert front.tested(built.claims) == {"declared": 51, "testable": testable, "supported": 2,
                                           "leaning": leaning}
    assert f"2 of {testable} testable comparisons are supported" in said
    assert f"{51 - testable} could not be tested on texts this short" in said


def test_the_front_page_counts_distinct_outsiders(built):
    row = next(row for row in built.rows if row.key == "voices")
    said = {outlet: "".join(words for words, _ in runs) for outlet, runs in row.cells.items()}
    assert {outlet: (words.split(":")[0], words.split("; ")[1].split()[0])
            for outlet, words in said.items()} == {
        "Washington Examiner": ("1 source", "3"), "Vox": ("4 sources", "14"),
        "The Duran": ("1 source", "3")}


def test_the_first_screen_names_the_articles_with_their_dates_and_leads_to_them(built):
    heads = built.pages["index.html"].select(".questions thead th")
    assert [head.select_one(".headline").get_text() for head in heads] == list(
        built.t.articles["headline"])
    assert "21 March 2018" in heads[1].get_text() and "1,239 words" in heads[1].get_text()


def test_particulars_leave_furniture_idioms_and_heard_sides_out(built):
    facts = front.particulars(built.t)
    assert facts["checkable"].to_dict() == {"Washington Examiner": 2, "Vox": 14, "The Duran": 2}
    assert facts["attributed"].to_dict() == {"Washington Examiner": 1, "Vox": 5, "The Duran": 0}
    for text, found in [("It’s trolling 101.", False), ("In 2014 it fell.", True),
                        ("It was on Thursday.", True), ("It said so today.", True)]:
        assert bool(re.search(front.PARTICULAR, text)) is found, text


def test_who_read_and_who_coded_stands_in_the_first_screen(built):
    said = " ".join(built.pages["index.html"].select_one(".under").get_text().split())
    assert "read rows are a close reading by a language model; no person has checked either" in said
    assert "Coded rows count codes that a language model gave, passage by passage" in said
    assert "a difference is one between these texts and belongs to no outlet" in said


def test_remarks_on_the_corpus_stand_on_its_front_page(built):
    said = built.pages["index.html"].select_one(".remarks").get_text()
    assert all(line in said for line in built.t.remarks)


def test_without_readings_only_what_is_counted_stands_there(small, tmp_path):
    from analysis import compare, load
    from analysis.site import report

    t = load(small({"articles/c.txt": "“It is open,” Ann Lee said.\nIt was not. Ann Lee left."}))
    rows = front.rows(t, lambda *_: "x")
    assert [row.key for row in rows] == ["words", "voices", "roles"]
    assert not any(row.told for row in rows)
    assert all(row.cells[outlet] for row in rows for outlet in t.outlets)
    (tmp_path / "out" / "figures").mkdir(parents=True)
    report.Site(t, compare.claims(t), tmp_path / "out", [], False).write([])
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "with the words quoted" not in page and "Nobody has coded these articles" in page
    assert "record.html" not in page


def test_words_that_a_third_puts_into_a_mouth_are_the_thirds(built):
    """Haley is cited inside Lavrov's words: she is reported, and not quoted word for word."""
    rows = front.outside(built.t)
    haley = rows[(rows["article_id"] == "examiner") & (rows["speaker"] == "Nikki Haley")]
    assert len(haley) and not haley["quote_type"].isin(["direct", "mixed"]).any()
    assert set(rows["kind"]) <= set(WORDED)
