"""Every figure of the report, by name: ``figures.show("arcs", study)`` in a notebook."""

import importlib
import pkgutil

from analysis.old.figures.style import FIGURES, Drawing, save, show

for _module in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")

__all__ = ["FIGURES", "Drawing", "save", "show"]
