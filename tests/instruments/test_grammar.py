"""Grammar can be read: beside a rule stands the sentence that provoked it."""

import ast
import re

import pytest

from analysis.definitions import ROOT

ROOM = ROOT / "analysis" / "instruments"
# What a rule of grammar asks of a token, or of a list of a paragraph's tokens.
_ASKS = {"dep_", "tag_", "dep", "tag", "can_open", "can_close"}
_QUOTED = re.compile(r"[\"“*][^\"“”*\n]*\w['’]?[ -][^\"“”*]*\w[^\"“”*]*[\"”*]")
_REMARK = re.compile(r" # [^\n]*\w+ \w+")


def rules():
    """Functions whose conditions ask how a word stands in its sentence."""
    for name in ("attributions", "attribution_candidates", "attribution_model", "acts", "silences",
                 "speakers", "persons", "quotations", "mentions", "referents", "cues"):
        source = (ROOM / f"{name}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.FunctionDef) or node.name.endswith("_features"):
                continue
            inside = {child.attr for test in ast.walk(node)
                      if isinstance(test, ast.Compare | ast.BoolOp | ast.IfExp)
                      for child in ast.walk(test) if isinstance(child, ast.Attribute)}
            if inside & _ASKS and node.end_lineno - node.lineno > 5:
                lines = source.splitlines()[node.lineno - 1:node.end_lineno]
                yield pytest.param(ast.get_docstring(node) or "", "\n".join(lines),
                                   id=f"{name}.{node.name}")


@pytest.mark.parametrize(("docstring", "source"), list(rules()))
def test_a_rule_of_grammar_stands_beside_the_sentence_that_provoked_it(docstring, source):
    assert _QUOTED.search(docstring) or _REMARK.search(source)
