"""What the tests of claims share: tables of the bundled corpus, whole and to be changed."""

import copy

import pytest

from analysis import compare, load
from analysis.definitions import ROOT


@pytest.fixture(scope="session")
def three():
    """The tables of the three articles; not to be changed."""
    return load(ROOT / "data")


@pytest.fixture(scope="session")
def claims_of_three(three):
    return compare.claims(three)


@pytest.fixture
def t(three):
    """The same, for a test to change."""
    own = copy.copy(three)
    for name, table in vars(three).items():
        setattr(own, name, copy.deepcopy(table))
    return own
