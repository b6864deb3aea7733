"""Three Tellings: framing, sentiment and sourcing of news articles, with whose voice and how sure.

In a notebook: ``from analysis import load, plot, compare, show``; then ``t = load()``.
"""

import importlib

_WHERE = {"load": "tables", "open_study": "old.study", "load_corpus": "corpus.read",
          "CorpusError": "corpus.files", "show_article": "old.show", "explore": "old.show"}
_OLD = ("cards", "controls", "findings", "frames", "instruments", "overview", "portraits",
        "readings", "sources", "tone", "toward", "validity", "figures")
_ROOMS = {"framing": "instruments.words", "layout": "corpus.layout", "claims": "claims.verdicts",
          "agreement": "codes.agreement", "attribution_scores": "codes.attribution_scores",
          "reliability": "codes.reliability", "inference": "claims.inference",
          "sentiment": "instruments.tone", "targets": "instruments.targets"}

__all__ = ["CorpusError", "compare", "load", "plot", "show"]


def __getattr__(name: str):
    """Import a public name when it is first asked for: `import analysis` itself stays instant."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"analysis.{_WHERE[name]}"), name)
    if name in ("compare", "plot", "show"):
        return importlib.import_module(f"analysis.{name}")
    if name in _OLD:
        return importlib.import_module(f"analysis.old.{name}")
    if name in _ROOMS:
        return importlib.import_module(f"analysis.{_ROOMS[name]}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
