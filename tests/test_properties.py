"""The invariants hold on generated articles: words, all kinds of marks, cues, names, breaks.

250 examples in an ordinary run, which has to fit its minutes; any number by
``THREE_TELLINGS_EXAMPLES=20000 pytest …``.
"""

import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import annotate_text, assert_invariants

from analysis.corpus import language
from analysis.corpus.disk import csv_bytes

EXAMPLES = int(os.environ.get("THREE_TELLINGS_EXAMPLES", "250"))
ORDINARY = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
                    suppress_health_check=list(HealthCheck))  # fmt: skip

ACTORS = pd.DataFrame({
    "actor": ["Anna Reyes", "Peter Novak", "United States", "Russia"],
    "aliases": ["Reyes|President Reyes", "Novak", "US|U.S.", "Moscow|the Kremlin"],
    "role": [""] * 4, "side": ["", "", "West", "East"],
})  # fmt: skip
MARKS = ['"', "“", "”", "„", "‟", "«", "»", "'", "‘", "’", "‚", "‹", "›", "″", "''", "``"]
CUES = ["said", "says", "told", "according to", "wrote", "he added", "argued that", "said that",
        "believes", "claimed", ", she warned,", "denied that", "asked:", "As I noted", "put it:"]
NAMES = ["Reyes", "Peter Novak", "Novak’s", "the U.S.", "US", "Moscow", "Mr. Lee", "officials",
         "the mayor", "a spokeswoman", "experts", "Reuters", "The Post", "I", "They", "he", "her"]
WORDS = ["the", "bridge", "was", "closed", "by", "police", "war", "never", "more", "attack",
         "perhaps", "clearly", "disaster", "on Monday", "2018", "3.5", "$5m", "not", "and", "but",
         "co-op", "naïve", "e\u0301tude", "\u202eright\u202c", "😀", "👩‍🚀", "a\u200bb", "\ufeff",
         "{{x}}", "<b>", "]]>", "&amp;", "%s", "…", "—", "–", "(", ")", "[", "]", "*", "#", "|"]
ENDS = [".", "?", "!", ":", ";", ",", "...", ".”", '."', "—"]
BREAKS = ["\n", "\n\n", "\r\n", "\r\n\r\n", " \n\t\n", "\n\n\n", "\r", "\u2028", "\x0b", "\u00a0\n"]
LINES = ["Related Content", "By Anna Reyes", "Sign up for our newsletter", "(emphasis added)",
         "Photo: Lee", "Novak told the crowd:", "As I wrote in May:", "— Novak (@novak) May 3"]

tokens = st.one_of(*map(st.sampled_from, (WORDS, WORDS, NAMES, CUES, MARKS, ENDS)))
spaces = st.sampled_from([" ", " ", " ", " ", " ", "", "  ", "\t", "\u00a0"])
phrases = st.lists(st.tuples(tokens, spaces), min_size=1, max_size=12).map(
    lambda pairs: "".join(word + space for word, space in pairs))  # fmt: skip
paragraphs = st.one_of(phrases, phrases, phrases, st.sampled_from(LINES))
texts = st.lists(st.tuples(paragraphs, st.sampled_from(BREAKS)), min_size=1, max_size=3).map(
    lambda pairs: "".join(words + gap for words, gap in pairs)
).filter(str.strip)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def no_cache():
    """Generated texts come once: they are not worth a file each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "cached", lambda key, make: make())
        yield


@ORDINARY
@given(texts)
def test_the_invariants_hold_on_generated_articles(text):
    assert_invariants(text, annotate_text(text, ACTORS))


@settings(ORDINARY, max_examples=max(EXAMPLES // 20, 20))
@given(texts)
def test_the_same_text_gives_the_same_tables(text):
    first, second = annotate_text(text, ACTORS), annotate_text(text, ACTORS)
    for name in first:
        assert csv_bytes(first[name]) == csv_bytes(second[name])


@settings(ORDINARY, max_examples=max(EXAMPLES // 20, 20))
@given(st.text(min_size=1, max_size=120).filter(str.strip))
def test_the_invariants_hold_on_any_characters(text):
    assert_invariants(text, annotate_text(text, ACTORS))
