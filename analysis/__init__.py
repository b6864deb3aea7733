"""Three Tellings: framing, sentiment and sourcing of news articles, with whose voice and how sure.

In a notebook: ``from analysis import figures, open_study, show``.
"""

import importlib

_WHERE = {"open_study": "study", "load_corpus": "corpus", "CorpusError": "corpus",
          "show_article": "reader", "explore": "reader"}

__all__ = ["CorpusError", "explore", "load_corpus", "open_study", "show_article"]


def __getattr__(name: str):
    """Import a public name when it is first asked for: `import analysis` itself stays instant."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"analysis.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")
