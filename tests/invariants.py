"""The invariants of DESIGN: offsets, partition, nothing lost. Each function asserts one of them."""

import pandas as pd

from analysis.corpus.language import parse
from analysis.corpus.layout import ROLES
from analysis.definitions import COLUMNS
from analysis.instruments import annotate

NO_ACTORS = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)
VOICES = {"author", "quoted", "paraphrased", "self_quoted", "furniture"}
# Table, its span, and the column that holds the words of the span.
WORDS = [
    ("mentions", "start", "end", "mention"),
    ("attributions", "cue_start", "cue_end", "cue"),
    ("attributions", "speaker_start", "speaker_end", "speaker_mention"),
    ("targets", "start", "end", "mention"),
    ("frame_cues", "start", "end", "cue"),
    ("agency", "start", "end", "name_used"),
]
# What a column may say.
ALLOWED = {
    ("mentions", "basis"): {"alias", "demonym", "title", "pronoun"},
    ("attributions", "basis"): {"named", "pronoun", "carried", "described",
                                "none"},
    ("attributions", "quote_type"): {"direct", "indirect", "mixed", "scare"},
    ("attributions", "kind"): {"speech", "document", "performative", "mental", "attitude",
                               "silence", ""},
    ("agency", "role"): {"agent", "patient", "agentless"},
    ("voices", "voice"): VOICES,
    ("sentences", "voice"): VOICES | {"mixed"},
    ("paragraphs", "role"): set(ROLES),
}
ROLE_VOICE = {"furniture": "furniture", "self_quotation": "self_quoted",
              "block_quotation": "quoted"}  # fmt: skip


def annotate_text(text: str, actors: pd.DataFrame = NO_ACTORS) -> dict[str, pd.DataFrame]:
    """Every table that needs no network."""
    rows = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})
    return annotate.read(parse("generated", text, rows, actors), actors)


def columns_of(table: pd.DataFrame, *names: str) -> zip:
    """Rows as plain tuples: named ones would take a seventh of the time of all examples."""
    return zip(*(table[name].tolist() for name in names), strict=True)


def spans_of_paragraphs(text: str) -> list[tuple[int, int]]:
    """The definition of a paragraph, spelled out character by character."""
    spans, first, last = [], None, None
    for place, mark in enumerate(text + "\n"):
        if mark == "\n":
            if first is not None:
                spans.append((first, last + 1))
            first = last = None
        elif not mark.isspace():
            first, last = place if first is None else first, place
    return spans


def assert_offsets(text: str, tables: dict[str, pd.DataFrame]) -> None:
    """Spans lie inside the text, are never empty, and are what their row says."""
    for name, table in tables.items():
        if name in COLUMNS:
            assert list(table.columns[: len(COLUMNS[name])]) == COLUMNS[name], name
        if {"start", "end"} <= set(table.columns) and name not in ("sentiment", "terms"):
            assert (table["start"] >= 0).all() and (table["end"] <= len(text)).all(), name
            assert (table["start"] < table["end"]).all(), name
    for name, start, end, words in WORDS:
        rows = tables.get(name, pd.DataFrame(columns=[start, end, words]))
        for first, last, said in zip(rows[start], rows[end], rows[words], strict=True):
            if not pd.isna(first) and not (name == "agency" and said == ""):
                assert text[int(first) : int(last)] == said, (name, words)
                assert said, (name, words)
    paragraphs = tables["paragraphs"]
    spans = list(columns_of(paragraphs, "start", "end"))
    assert spans == spans_of_paragraphs(text)
    assert paragraphs["paragraph"].tolist() == list(range(1, len(spans) + 1))
    sentences = tables["sentences"]
    assert sentences["sentence"].tolist() == list(range(1, len(sentences) + 1))
    for paragraph, first, last in columns_of(sentences, "paragraph", "start", "end"):
        start, end = spans[paragraph - 1]
        assert start <= first < last <= end
    assert (sentences["start"].iloc[1:].to_numpy() >= sentences["end"].iloc[:-1].to_numpy()).all()


def assert_partition(text: str, tables: dict[str, pd.DataFrame]) -> None:
    """The voices cut the text without gap or overlap, and roles of paragraphs win."""
    voices = tables["voices"]
    starts, ends = voices["start"].tolist(), voices["end"].tolist()
    assert starts[0] == 0 and ends[-1] == len(text) and ends[:-1] == starts[1:]
    assert "".join(text[start:end] for start, end in zip(starts, ends, strict=True)) == text
    for start in starts[1:]:
        assert not text[start].isspace(), "white space goes with the piece before it"
    for role, start, end in columns_of(tables["paragraphs"], "role", "start", "end"):
        if role in ROLE_VOICE:
            over = voices[(voices["start"] < end) & (voices["end"] > start)]
            assert set(over["voice"]) == {ROLE_VOICE[role]}


def assert_nothing_lost(text: str, tables: dict[str, pd.DataFrame]) -> None:
    """Every word of the text stands in a sentence."""
    covered = [False] * len(text)
    for start, end in columns_of(tables["sentences"], "start", "end"):
        covered[start:end] = [True] * (end - start)
    lost = [mark for mark, inside in zip(text, covered, strict=True)
            if not inside and not mark.isspace()]  # fmt: skip
    assert not lost, "".join(lost)[:80]


def assert_semantics(tables: dict[str, pd.DataFrame]) -> None:
    """Columns hold the words of the contract, and rows point to the sentence they stand in."""
    for (name, column), allowed in ALLOWED.items():
        assert set(tables[name][column]) <= allowed, (name, column)
    starts, ends = (tables["sentences"][name].to_numpy() for name in ("start", "end"))
    for name in ("mentions", "frame_cues", "agency"):
        rows = tables[name]
        at = rows["sentence"].to_numpy(dtype=int) - 1
        assert (starts[at] <= rows["start"]).all() and (rows["start"] < ends[at]).all(), name
    acts, said = tables["agency"], tables["attributions"]
    assert ((acts["role"] == "agentless") == (acts["name_used"] == "")).all()
    assert ((said["basis"] == "none") == (said["speaker"] == "")).all()


def assert_invariants(text: str, tables: dict[str, pd.DataFrame]) -> None:
    assert_semantics(tables)
    assert_offsets(text, tables)
    assert_partition(text, tables)
    assert_nothing_lost(text, tables)
