"""Copies are no evidence: each article four times earns what it earned once."""

from analysis import compare, load

WORDS = ["river", "bridge", "harbour", "council", "market", "school", "station", "church",
         "garden", "valley"]


def write(path, times):
    """Ten articles of two outlets, the first with two quotations each, each so many times."""
    rows = ["article_id,outlet,text"]
    for outlet in ("One", "Two"):
        for number in range(5):
            at, by = WORDS[number], WORDS[(number * 3 + len(outlet)) % 10]
            text = "".join(f"The {at} near the {by} number {number}{line} was old and {outlet} "
                           f"people of the {at} saw it on day {line}. " for line in range(4))
            if outlet == "One" or number == 0:
                text += f"“The {by} is not safe today,” said Ann Lund. “We close it,” she said."
            rows += [f"{outlet}{number}-{copy},{outlet},\"{text} Updated at 10:0{copy}.\""
                     for copy in range(times)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return load(path)


def test_articles_copied_four_times_are_blocks_once_and_nothing_is_supported(tmp_path):
    once, four = write(tmp_path / "once.csv", 1), write(tmp_path / "four.csv", 4)
    assert "cluster" not in once.articles and four.articles["cluster"].nunique() == 10
    claims = compare.claims(four)
    assert not claims["verdict"].isin(["supported"]).any()
    plain = compare.claims(once)
    keys = ["measure", "instrument"]
    both = plain.merge(claims, on=keys, suffixes=("", "_four"))
    assert len(both) and (both["blocks"] == both["blocks_four"]).all()
