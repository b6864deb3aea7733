"""The data dictionary: each example that data/README.md gives stands in the data."""

import dictionary
import pandas as pd
import pytest

from analysis.definitions import COLUMNS


@pytest.mark.parametrize("name", [*dictionary.FILES, *COLUMNS])
def test_every_example_of_the_dictionary_stands_in_the_data(name):
    assert dictionary.examples(name), f"no examples below {name}"
    assert dictionary.drifted(name) == {}, "mend them with: python tests/dictionary.py"


def test_the_numbers_of_the_example_of_claims_belong_to_one_comparison():
    shown = dict(dictionary.examples("claims"))
    rows = dictionary.table("claims")
    for column in dictionary.ROW["claims"]:
        rows = rows[rows[column] == shown[column]]
    assert len(rows) == 1


def test_an_example_is_compared_whole_but_for_what_is_left_out():
    values = pd.Series(["0.844", "no quotation marks; italics"])
    assert dictionary.occurs("0.844", values)
    assert dictionary.occurs("no quotation marks; …", values)
    assert not dictionary.occurs("0.84", values)
    assert not dictionary.occurs("quotation…", values)


def test_an_example_that_drifts_is_seen_and_mended(monkeypatch, tmp_path):
    page = dictionary.README.read_text("utf-8")
    good = dict(dictionary.examples("attributions"))["score"]
    monkeypatch.setattr(dictionary, "README", tmp_path / "README.md")
    dictionary.README.write_text(page.replace(f"| `{good}` |", "| `0.001` |"), "utf-8")
    assert dictionary.drifted("attributions") == {"score": "0.001"}
    dictionary.mend("attributions")
    assert dictionary.drifted("attributions") == {}
