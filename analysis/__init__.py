"""Three Tellings: framing, sentiment and sourcing of news articles, with whose voice and how sure.

In a notebook: ``from analysis import load, plot, compare, show``; then ``t = load()``.
"""

import importlib

_WHERE = {"load": "tables", "CorpusError": "corpus"}
__all__ = ["CorpusError", "compare", "load", "plot", "show"]


def __getattr__(name: str):
    """Import a public name when it is first asked for: `import analysis` itself stays instant."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"analysis.{_WHERE[name]}"), name)
    if name in __all__:
        return importlib.import_module(f"analysis.{name}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
