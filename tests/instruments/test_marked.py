"""Words in quotation marks, sentence by sentence."""

import pandas as pd

from analysis.instruments.voices import assign_voices, sentence_voices

NOBODY = pd.DataFrame(columns=["quote_type", "kind", "speaker", "start", "end", "cue"])


def _marked(parsed):
    return sentence_voices(parsed, assign_voices(parsed, NOBODY))["marked"].tolist()


def test_words_in_marks_are_counted_whoever_is_credited(parse_text):
    """“All is well” holds three words; a scare quote one; the last sentence none."""
    parsed = parse_text("“All is well,” he said. They call it a “reset” now. It rained.")
    assert _marked(parsed) == [3, 1, 0]


def test_a_block_quotation_is_marked_without_marks(parse_text):
    rows = pd.DataFrame({"paragraph": [2], "role": ["block_quotation"], "speaker": [""]})
    parsed = parse_text("He wrote to us.\n\nNone of this is true.\n", rows=rows)
    assert _marked(parsed) == [0, 5]
