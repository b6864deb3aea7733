"""Titles of the validity figures, each in every form."""

import numpy as np
import pandas as pd
import pytest

from analysis.claims import measures
from analysis.old.figures import validity


def _claims(*verdicts, measure="toward Russia"):
    return pd.DataFrame({"family": measures.TONE, "measure": measure, "unit": "polarity",
                         "verdict": verdicts, "effect": 0.5, "smallest_detectable": 1.0})


@pytest.mark.parametrize("verdicts, title", [
    (["not_supported"] * 3, "None of 3 testable comparisons is supported"),
    (["supported", "not_supported"],
     "1 of 2 testable comparisons is supported, in tone toward Russia"),
    (["supported", "supported", "direction_only"],
     "2 of 3 testable comparisons are supported, all in tone toward Russia")])
def test_the_title_of_the_claims_counts_what_is_supported(verdicts, title):
    assert validity.claims_title(_claims(*verdicts)) == title


def test_supported_claims_in_several_measures_are_only_counted():
    table = pd.concat([_claims("supported"), _claims("supported", measure="toward Syria")])
    assert validity.claims_title(table) == "2 of 2 testable comparisons are supported"


@pytest.mark.parametrize("effects, title", [
    ([1, 2, -1, -2], "Every way of measuring tone gives each pair one sign"),
    ([1, -2, -1, 2], "The sign of the difference in tone hangs on how it is measured"),
    ([1, 2, -1, 2], "1 of 2 pairs keep one sign however tone is measured")])
def test_the_title_of_the_specifications_says_whether_signs_hold(effects, title):
    table = pd.DataFrame({"outlet": ["A", "A", "B", "B"], "other_outlet": "C", "effect": effects})
    assert validity.specifications_title(table, "tone") == title


@pytest.mark.parametrize("chance, title", [
    (0.01, "Chance is called supported in at most 1.0 % of deals; "
           "one test parts up to 33 % of one publisher’s articles"),
    (0.2, "Chance alone is called supported in up to 20 % of deals")])
def test_the_title_of_the_controls_speaks_up_when_chance_passes(chance, title):
    table = pd.DataFrame({"control": ["dealt at random: stance", "one publisher, one test: vader",
                                      "one publisher, one test: any"],
                          "rate": [chance, 0.33, 0.66]})
    assert validity.controls_title(table).replace("\u202f", " ").replace("\u00a0", " ") == title


@pytest.mark.parametrize("least, title", [
    ([np.inf, np.inf], "These texts are too short to show any difference"),
    ([0.4, np.inf], "1 of 2 observed differences reaches the size that these texts show reliably"),
    ([0.6, 0.7], "0 of 2 observed differences reach the size that these texts show reliably")])
def test_the_title_of_power_counts_what_could_be_shown(least, title):
    table = _claims("supported", "not_supported").assign(smallest_detectable=least)
    assert validity.power_title(table) == title


def test_the_title_of_alpha_counts_coders_and_instruments():
    table = pd.DataFrame({"instrument": ["codes", "codes", "vader"], "low": [0.7, 0.5, 0.1]})
    assert validity.alpha_title(table) == (
        "Coders agree enough on 1 of 2 measures; none of 1 readings by instrument agrees with them")
