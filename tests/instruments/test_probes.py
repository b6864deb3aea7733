"""168 constructed sentences with answers, written before any change: how the network does by kind.

32 exonerations and their 32 accusations, 24 announcements, 24 agents of passives, 28 praises, 16
accusers and reporters, 12 people whose critics are insulted; half of each about a person, half
about a state or a body. *Not negative* allows neutral and positive. The network was taught on
sentences of these kinds, made by rule by the same hand (data/models/target_lessons.csv), so the
floors say what it learnt of the kinds, not what it does on other news.
"""

from pathlib import Path

import pandas as pd
import pytest

from analysis.instruments.targets import score_mentions
from analysis.instruments.tone import flag_target

PROBES = pd.read_csv(Path(__file__).with_name("target_probes.csv"))
RIGHT = {"exoneration": 0.96, "announcement": 0.91, "agent of a passive": 0.87,
         "critics insulted": 0.91, "accusation": 0.96, "praise": 0.85, "accuser or reporter": 1.0}
FLAGGED = {"exoneration": 0.9, "announcement": 0.75, "agent of a passive": 0.9,
           "critics insulted": 0.75}


@pytest.fixture(scope="module")
def scored(parse_text):
    spans = [doc[:] for doc in parse_text("\n\n".join(PROBES["sentence"])).docs]
    places = list(zip(PROBES["start"], PROBES["end"], strict=True))
    said = score_mentions(PROBES["sentence"].tolist(), places)["polarity"]
    right = said.eq(PROBES["gold"]) | (PROBES["gold"].eq("not negative") & said.ne("negative"))
    flags = [flag_target(span, span.char_span(*place, alignment_mode="expand"))
             for span, place in zip(spans, places, strict=True)]
    return PROBES.assign(right=right, flags=flags)


def test_the_probes_are_balanced():
    counts = PROBES.groupby(["kind", "target_type"]).size().unstack()
    assert (counts["person"] == counts["state or body"]).all()
    assert len(PROBES) >= 150


@pytest.mark.parametrize("kind", RIGHT)
def test_what_the_network_gets_right_of_each_kind(scored, kind):
    assert scored.loc[scored["kind"] == kind, "right"].mean() >= RIGHT[kind]


@pytest.mark.parametrize("kind", FLAGGED)
def test_kinds_that_networks_misread_are_flagged_beside_the_number(scored, kind):
    rows = scored[scored["kind"] == kind]
    assert rows["flags"].ne("").mean() >= FLAGGED[kind]


def test_flags_stay_away_from_plain_accusations_and_praise(scored):
    plain = scored[scored["kind"].isin(["accusation", "praise"])]
    assert plain["flags"].ne("").mean() <= 0.05
