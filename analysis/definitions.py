"""What a word of this project means: one definition of each idea, imported by all."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from jinja2 import Environment, Template

_PACKAGE = Path(__file__).resolve().parent
# The folder that holds data/ and notebooks/: the checkout, or the package where it was installed.
ROOT = _PACKAGE if (_PACKAGE / "data" / "lexicons").is_dir() else _PACKAGE.parent
DIGITS = 6  # decimals of every written measure

# The tables on disk and their columns.
COLUMNS = {str(row.table): str(row.columns).split()
           for row in pd.read_csv(_PACKAGE / "columns.csv").itertuples()}

# Types of the columns on disk; every other column is text, and an empty cell of it is "".
WHOLE = {"paragraph", "sentence", "part", "words", "author_words", "count", "count_elsewhere", "n",
         "blocks", "marked", "specifications", "same_direction"}
REAL = {"polarity_score", "subjectivity", "score", "p_negative", "p_neutral", "p_positive",
        "log_odds", "se", "z", "p_adjusted", "se_block", "effect", "low", "high", "p",
        "probability"}
BOOLEAN = {"named", "negated", "passive", "nominalised"}


# Whose words a stretch is; in rising order: where several apply, the last one wins.
VOICES = ("author", "paraphrased", "quoted", "self_quoted", "furniture")
# Attributions whose content is a report of words; a thought or an attitude that an author
# ascribes to somebody stays the author's, and a scare quote quotes nobody.
WORDED = ("speech", "document", "performative")
# The codebook's kinds in the project's terms.
KINDS = {"media": "speech", "self": "speech", "decree": "performative", "evidence": "document",
         "intention": "attitude", "scare": ""}
# Polarity toward a target, and of a coded sentence, as a number.
SCORES = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
AUTHOR = "AUTHOR"  # speaker of the author's own earlier words
COVERS = 0.95  # share of an article's units that a coder has to have read to stand for it
EXTRACTOR, NETWORK, VADER = "extractor", "network", "vader"
INSTRUMENTS = ("textblob", VADER, NETWORK)  # of a sentence's tone
# Which instrument stands in where nothing is coded.
STANDS_IN = {"attributions": EXTRACTOR, "sentiment": VADER, "targets": NETWORK}


def template(beside: str, name: str, **filters: Callable) -> Template:
    """Return the wording that stands in a template beside a module (its ``__file__``)."""
    pages = Environment(trim_blocks=True, lstrip_blocks=True)
    pages.filters.update(filters)
    return pages.from_string((Path(beside).parent / name).read_text("utf-8"))


def count_words(text: str) -> int:
    """Return the number of words: stretches without white space."""
    return len(text.split())


def word_starts(text: str) -> list[int]:
    """Return where each word begins; where pieces must add up, a word counts where it begins."""
    return [match.start() for match in re.finditer(r"\S+", text)]


def side_name(side: str, actors: pd.DataFrame) -> str:
    """Return a side as a reader meets it: "Russia and its officials" where it is a state.

    That is where an actor of this very name belongs to a government, and another on this side
    who is no state himself (`type`, where actors.csv has it).
    """
    own = actors[(actors["side"] == side) & actors["role"].fillna("").str.endswith("_government")]
    state = (own["actor"] == side).any()
    others = (own["actor"] != side) & (own.get("type", "") != "state")
    return f"{side} and its officials" if state and others.any() else side


# What claims count ---------------------------------------------------------------------------

# Families of claims, declared before any result: Holm's correction works within each.
TONE, SOURCING, ENTMAN = "tone toward sides", "sourcing", "Entman's functions"
PLAIN_COUNTS, SENTENCES = "plain counts", "sentence tone"
FAMILIES = (TONE, SOURCING, ENTMAN, PLAIN_COUNTS, SENTENCES)
# Entman's functions: their codes in the codebook, and the names by which a reader meets them.
FUNCTIONS = {"problem_definition": "problem definition", "causal_attribution": "cause",
             "moral_evaluation": "moral judgement", "treatment_recommendation": "remedy"}
# An instrument's polarity within this of zero is neutral: a third of the scale each, as the codes
# have three values.
NEUTRAL = 1 / 3
VOTES = 10  # sentences a side by which an instrument may judge tone toward it
BLOCKS = 8  # blocks (paragraphs, articles, events) a side that have to carry a measure
RELIABLE = 0.667  # the bound that alpha's lower end has to reach (Krippendorff 2004: tentative)
