"""The README's first screen says what the front page says, from the same source."""

import re

import pytest

from analysis.definitions import ROOT
from analysis.site import front

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHORT = {"blame": "Framing", "remedy": "Framing", "judgement": "Sentiment",
         "voices": "Sourcing", "response": "Sourcing"}  # rows of the README's table


def short(t, claims):
    """Return the table in short, as Markdown: framing, sentiment and sourcing by outlet.

    Below it stands how many comparisons are supported.
    """
    asked = {row.key: row for row in front.rows(t, lambda *_: "")}
    facts = t.articles.drop_duplicates("outlet").set_index("outlet")
    heads = [f"{name}{', ' * bool(facts['genre'][name])}{facts['genre'][name]}"
             for name in t.outlets]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for key in filter(asked.get, SHORT):
        row = asked[key]
        said = ["".join(words for words, _ in row.cells.get(name, [])) for name in t.outlets]
        lines.append(f"| **{SHORT[key]}**: {row.question} *({row.basis})* | "
                     + " | ".join(words.replace("|", "\\|") for words in said) + " |")
    found = front.tested(claims)
    return "\n".join([*lines, "", f"{found['supported']} of {found['testable']} testable "
                      f"comparisons are supported, of {found['declared']} declared."])


def test_the_table_of_the_readme_is_the_front_page_in_short(built):
    assert short(built.t, built.claims) in README


def test_what_the_readme_says_is_supported_is(built):
    rows = built.claims[built.claims["member"] & built.claims["verdict"].eq("supported")]
    assert set(rows["measure"]) == {"toward Russia and its officials"}
    assert set(rows["other_outlet"]) == {"The Duran"}
    assert (rows["effect"] < 0).all() and len(rows) == 2


def test_table_picture_commands_and_a_what_if_stand_before_anything_else():
    first = README[:README.index("## How far to trust this")]
    places = [first.index(part) for part in ("| **Framing**", "figures/voices.png", "make report",
                                             "make test", "```python")]
    assert places == sorted(places) and len(first.splitlines()) < 45


def test_the_readmes_what_if_is_three_lines_that_run(built):
    source = re.search(r"```python\n(.*?)```", README, re.S)[1]
    assert len(source.strip().splitlines()) == 3
    compile(source, "README.md", "exec")


@pytest.mark.parametrize("name", ["blame", "remedy", "judgement", "voices", "response"])
def test_each_row_of_the_short_table_has_an_answer_for_each_outlet(built, name):
    row = next(row for row in built.rows if row.key == name)
    assert all(row.cells[outlet] for outlet in built.t.outlets)
