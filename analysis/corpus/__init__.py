"""Texts in: a corpus is read, checked, and laid out in paragraphs and sentences."""

from analysis.corpus.bring import bring
from analysis.corpus.copies import near_duplicates
from analysis.corpus.files import CorpusError, Problem
from analysis.corpus.read import Corpus, check_corpus, load_corpus

__all__ = ["Corpus", "CorpusError", "Problem", "bring", "check_corpus", "load_corpus",
           "near_duplicates"]
