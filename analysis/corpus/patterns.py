"""Lists and regular expressions as data: what each stands for is said beside it.

Word lists are those of ``data/lexicons``, expressions those of ``patterns.csv``.
"""

import functools
import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from analysis.definitions import ROOT


@functools.cache
def lexicon(name: str) -> pd.DataFrame:
    """Return the shipped word list ``data/lexicons/<name>.csv``, every cell a string."""
    return pd.read_csv(ROOT / "data" / "lexicons" / f"{name}.csv", dtype=str, keep_default_na=False)


def patterns(module: str) -> SimpleNamespace:
    """Return the expressions of a module by their names."""
    table = pd.read_csv(Path(__file__).with_suffix(".csv"), dtype=str)
    own = table[table["module"] == module]
    return SimpleNamespace(**dict(zip(own["name"], map(re.compile, own["pattern"]), strict=True)))
