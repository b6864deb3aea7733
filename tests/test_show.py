"""What notebooks print is escaped, and reads well."""

import pandas as pd
import pytest

from analysis.old import show


def test_a_table_escapes_what_it_shows():
    frame = pd.DataFrame({"<b>": ["<script>alert(1)</script>"], "n": [3]})
    page = show.table(frame, "A & <B>").data
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<caption>A &amp; &lt;B&gt;</caption>" in page
    assert '<th scope="col" class="number">n</th>' in page


def test_formats_are_escaped_too():
    page = show.table(pd.DataFrame({"x": [0.5]}), "t", formats={"x": lambda value: f"<{value}>"})
    assert "&lt;0.5&gt;" in page.data


def test_a_missing_cell_is_a_dash():
    page = show.table(pd.DataFrame({"x": [None], "y": [float("nan")]}), "t").data
    assert page.count("–") == 2


@pytest.mark.parametrize("number, text", [(0.25, "+0.25"), (-0.4, "−0.40"), (float("nan"), "–")])
def test_signed_numbers_carry_a_true_minus(number, text):
    assert show.signed(number) == text


@pytest.mark.parametrize("p, text", [(0.0132, "p = .013"), (0.0001, "p < .001"), (1.0, "p = 1.000"),
                                     (float("nan"), "p not testable")])
def test_p_values_read_as_in_print(p, text):
    assert show.p_value(p) == text


@pytest.mark.parametrize("names, text", [(["A"], "A"), (["A", "B"], "A and B"),
                                         (["A", "B", "C"], "A, B and C")])
def test_a_listing_reads_as_a_sentence(names, text):
    assert show.listing(names) == text


def test_markdown_marks_in_article_text_stay_text():
    assert show.plain("*a* [b](javascript:c) <d> $e$") == (
        r"\*a\* \[b\](javascript:c) \<d\> \$e\$")


def test_a_table_without_rows_says_so_in_a_line():
    page = show.table(pd.DataFrame({"x": []}), "A & B").data
    assert page == "<p>A &amp; B: nothing in this corpus.</p>"
