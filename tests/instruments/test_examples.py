"""The examples in the docstrings of the instruments run as they stand."""

import doctest

from analysis import instruments


def test_every_public_instrument_has_an_example_that_runs():
    found = doctest.DocTestFinder().find(instruments, "instruments")
    shown = {test.name.split(".")[-1] for test in found if test.examples}
    assert set(instruments.__all__) <= shown
    assert doctest.testmod(instruments).failed == 0
