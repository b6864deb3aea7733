"""Change one filter or constant in each comparing cell, and count where the output changes.

python tests/benchmarks/mutate.py [NOTEBOOK …]

A cell compares where it filters, groups, pivots or joins in sight. In each, one constant that such
an expression reads (a word in a list, a number, a column's value) is exchanged by program, the cell
is run again, and its output is held against the one before; a cell whose output stays is printed.
Printed last, one line of JSON: cells, mutated, changed, share; and of the static measures distinct
functions of the package, share of code cells that compare, longest cell.
"""

import ast
import copy
import json
import os
import re
import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from analysis.definitions import ROOT

COMPARES = re.compile(r"\.(query|mask|where|groupby|pivot|pivot_table|merge|join|isin|eq|ne|gt)\b"
                      r"|crosstab|\[[^\]]*(?:==|!=|<=|>=)[^\]]*\]")


def cells(path: Path) -> list[str]:
    """Return the sources of a notebook's code cells."""
    found = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]


def run(source: str, names: dict) -> object:
    """Run a cell; return what it ends in."""
    tree, value = ast.parse(source), None
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(
        tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is not None:
        value = eval(compile(last, "cell", "eval"), names)
    return value


def seen(value: object, names: dict) -> str:
    """Return what a reader sees of an output, and every table that the cell's names hold."""
    if hasattr(value, "png"):
        return str(hash(value.png()))
    shown = getattr(value, "rows", value)
    text = shown.to_csv() if isinstance(shown, pd.DataFrame | pd.Series) else str(shown)
    held = [table.to_csv() for name, table in sorted(names.items())
            if isinstance(table, pd.DataFrame | pd.Series) and not name.startswith("_")]
    return text if value is not None else text + "".join(held)


def mutants(source: str) -> list[str]:
    """Return copies of a cell with one constant of a filter or a list exchanged in each."""
    tree, found = ast.parse(source), []
    for node in ast.walk(tree):
        inside = node.args if isinstance(node, ast.Call) and isinstance(
            node.func, ast.Attribute) and node.func.attr in (
            "isin", "eq", "ne", "gt", "lt", "head", "nlargest", "contains", "query",
            "findall") else (
            node.comparators if isinstance(node, ast.Compare) else [])
        for value in inside:
            found += [item for item in ast.walk(value) if isinstance(item, ast.Constant)]
    found += [item for node in tree.body if isinstance(node, ast.Assign) and isinstance(
        node.targets[0], ast.Name) and node.targets[0].id.isupper()
        for item in ast.walk(node.value) if isinstance(item, ast.Constant)]
    made = []
    for constant in found:
        kept = copy.copy(constant.value)
        constant.value = "no such word" if isinstance(kept, str) else (
            not kept if isinstance(kept, bool) else
            kept + 1 if isinstance(kept, int | float) else kept)
        made.append(ast.unparse(tree))
        constant.value = kept
    return list(dict.fromkeys(made))


def main(paths: list[Path]) -> None:
    """Mutate the cells of each notebook and print what stays."""
    total = changed = comparing = count = longest = 0
    used: set[str] = set()
    os.chdir(ROOT / "notebooks")
    for path in paths:
        names: dict = {"display": print}  # as a kernel offers it
        for number, source in enumerate(cells(path), start=1):
            count, longest = count + 1, max(longest, len(source.splitlines()))
            compares = bool(COMPARES.search(source))
            comparing += compares
            used |= set(re.findall(r"\b(?:plot|show|compare|t)\.([a-z_]+)\(", source))
            used |= set(re.findall(r"^from analysis\S* import (.+)$", source, re.M))
            before = dict(names)
            value = seen(run(source, names), names)
            if not compares:
                continue
            outcomes = []
            for mutant in mutants(source):
                trial = dict(before)
                try:
                    outcomes.append(seen(run(mutant, trial), trial) != value)
                except Exception:  # a failing cell is no silent one
                    outcomes.append(True)
                if outcomes[-1]:
                    break
            if outcomes:
                total, changed = total + 1, changed + any(outcomes)
                if not any(outcomes):
                    print(f"{path.stem}, code cell {number}: unchanged\n{source}\n")
    print(json.dumps({"cells": count, "mutated": total, "changed": changed,
                      "share": round(changed / max(1, total), 3),
                      "functions": sorted(used), "compare_in_sight": round(comparing / count, 3),
                      "longest_cell": longest}))


if __name__ == "__main__":
    main([Path(name).resolve() for name in sys.argv[1:]]
         or sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")))
