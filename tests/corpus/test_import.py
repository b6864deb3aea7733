"""What people have in hand becomes a corpus: texts, outlets, dates, headlines come out as given."""

import pytest
from shapes import ARTICLES, SHAPES, write

from analysis.corpus import bring, check_corpus, load_corpus


def _words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_comes_out_as_it_went_in(name, tmp_path):
    content, otherwise = SHAPES[name]
    bring(write(name, content, tmp_path / "in"), tmp_path / "out")
    assert [each for each in check_corpus(tmp_path / "out") if each.level == "refused"] == []
    corpus = load_corpus(tmp_path / "out")
    rows = sorted(corpus.articles.itertuples(), key=lambda row: corpus.texts[row.article_id][-30:])
    expected = sorted(ARTICLES, key=lambda row: row["text"][-30:])
    assert len(rows) == len(expected)
    for got, row in zip(rows, expected, strict=True):
        headline = otherwise.get("headline", row["headline"])
        assert got.headline == headline
        text = corpus.texts[got.article_id]
        assert _words(text) == _words(f"{headline} {row['text']}")
        paragraphs = [line for line in text.split("\n") if line.strip()]
        assert paragraphs == [*filter(None, [headline]), *row["text"].split("\n\n")]
        domain = row["url"].split("/")[2]
        outlets = {"domain": domain, "joined": row["outlet"].replace(" ", "")}
        assert got.outlet == outlets.get(otherwise.get("outlet"), row["outlet"])
        assert got.published[:10] == otherwise.get("date", row["date"])
