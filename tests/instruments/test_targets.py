"""Polarity toward a target in its sentence: the network, its probes, and the file that it reads."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from analysis.corpus.read import CorpusError
from analysis.definitions import ROOT
from analysis.instruments import targets
from analysis.instruments.targets import (
    PROBABILITIES,
    explain_sentence,
    find_pieces,
    polarity_of_file,
    read_targets,
    score_mentions,
    score_sentence,
    score_sentences,
)

CLEAR = [
    ("{} was praised for a brilliant and courageous rescue of the stranded miners.", "positive"),
    ("{} was condemned for lying to investigators and bullying the staff.", "negative"),
    ("Critics called {} corrupt, incompetent and a disgrace.", "negative"),
    ("Voters admire {} for honesty, and for keeping every promise.", "positive"),
]
NAMES = ["Keller", "Maria Santos", "Mr. Okafor", "President Lindqvist", "Russia", "the Pentagon",
         "Canada", "NATO", "Amazon"]


def polarity(sentence, mention):
    start = sentence.index(mention)
    return score_mentions([sentence], [(start, start + len(mention))])["polarity"][0]


def write(folder, *rows):
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(**changed):
    return {"id": "a", "sentence": "Keller left.", "start": 0, "end": 6} | changed


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("frame, label", CLEAR)
def test_another_name_keeps_the_polarity_of_a_clear_sentence(frame, label, name):
    sentence = frame.format(name)
    assert polarity(sentence[0].upper() + sentence[1:],
                    name if frame[0] != "{" else name[0].upper() + name[1:]) == label


@pytest.mark.parametrize("sentence, mention", [
    ("Keller’s plan wasn’t good, and she didn’t apologise.", "Keller"),
    ("“It’s a disaster,” Santos said of the mayor’s ‘plan’.", "Santos"),
])
def test_a_curly_apostrophe_scores_exactly_as_a_straight_one(sentence, mention):
    straight = sentence.translate(str.maketrans("’‘“”", "''\"\""))
    start = sentence.index(mention)
    table = score_mentions([sentence, straight], [(start, start + len(mention))] * 2)
    assert table.iloc[0].tolist() == table.iloc[1].tolist()
    assert score_sentence(sentence) == score_sentence(straight)


@pytest.mark.parametrize("mention, label", [("Norway", "positive"), ("Hungary", "negative")])
def test_two_targets_of_one_sentence_may_differ(mention, label):
    sentence = "Experts praised Norway for its openness and rebuked Hungary for its secrecy."
    assert polarity(sentence, mention) == label


@pytest.mark.parametrize("sentence, mention, said, why", [
    ("Unlike the brilliant Keller, Voss has been a miserable failure in office.", "Keller",
     "negative", "the other target's blame spills over"),
    ("Voss viciously insulted Keller at the meeting.", "Keller", "negative",
     "a victim is no target of the writer's blame"),
    ("What a genius Keller is: three budgets, three disasters.", "Keller", "positive",
     "irony is read at face value"),
])
def test_where_the_network_misleads(sentence, mention, said, why):
    assert polarity(sentence, mention) == said, why


@pytest.mark.parametrize("sentence", [
    "Keller is not a good mayor.", "Keller isn’t honest.", "Keller isn't honest.",
])
def test_a_negated_praise_is_negative(sentence):
    assert polarity(sentence, "Keller") == "negative"


def test_blame_of_one_does_not_spill_over_to_whom_the_jury_cleared():
    sentence = "The jury cleared Keller of every charge and condemned Voss for fraud."
    assert polarity(sentence, "Keller") != "negative"
    assert polarity(sentence, "Voss") == "negative"


def test_a_denied_insult_is_not_negative():
    assert polarity("Keller is not a liar.", "Keller") != "negative"


def test_who_insults_is_not_insulted():
    quoted = "“Keller is a crook,” said Voss."
    assert polarity(quoted, "Voss") == "neutral"


@pytest.mark.parametrize("sentence, mention", [
    ("The earthquake killed forty people in Chile.", "Chile"),
    ("Keller will meet Voss in Geneva next week.", "Voss"),
    ("Talks between Canada and Norway resume on Monday.", "Canada"),
])
def test_a_mere_mention_is_neutral(sentence, mention):
    assert polarity(sentence, mention) == "neutral"


def test_a_plain_report_is_neutral():
    assert polarity("Keller arrived in Oslo on Tuesday for a meeting.", "Keller") == "neutral"


def test_a_row_scores_the_same_alone_and_in_any_company():
    sentences = [frame.format("Keller") for frame, _ in CLEAR] + ["Keller slept. " * 300]
    spans = [(s.index("Keller"), s.index("Keller") + 6) for s in sentences]
    together = score_mentions(sentences, spans)
    turned = score_mentions(sentences[::-1], spans[::-1]).iloc[::-1].reset_index(drop=True)
    alone = [score_mentions([s], [span]).iloc[0].tolist()
             for s, span in zip(sentences, spans, strict=True)]
    assert together.equals(turned)
    assert together.to_numpy().tolist() == alone


def test_probabilities_sum_to_one_and_the_polarity_is_the_largest():
    sentences = [frame.format("Keller") for frame, _ in CLEAR]
    table = score_mentions(sentences, [(s.index("Keller"), s.index("Keller") + 6)
                                       for s in sentences])
    values = table[PROBABILITIES]
    assert (values.sum(axis=1).sub(1).abs() < 1e-9).all()
    assert values.ge(0).all(axis=None)
    assert ("p_" + table["polarity"]).tolist() == values.idxmax(axis=1).tolist()


def test_no_mentions_give_a_table_without_rows():
    table = score_mentions([], [])
    assert list(table.columns) == ["polarity", *PROBABILITIES]
    assert len(table) == 0


@pytest.mark.parametrize("span", [(3, 3), (5, 2), (-1, 4), (0, 99)])
def test_a_span_that_marks_nothing_is_refused(span):
    with pytest.raises(ValueError, match="row 0"):
        score_mentions(["Keller left."], [span])


@pytest.mark.parametrize("before, after, place", [
    (10_000, 10_000, 64),  # in the middle
    (0, 10_000, 1), (10_000, 0, 126), (60, 10_000, 61), (10_000, 60, 66),
])
def test_a_long_sentence_is_read_around_its_target(before, after, place):
    text = "word " * before + "Keller" + " word" * after
    pieces, own = find_pieces(text, 5 * before, 5 * before + 6)
    assert len(pieces) == 128
    assert (pieces[0], pieces[-1]) == (101, 102)  # those that open and close a text
    assert (own.start, own.stop) == (place, place + 1)  # the name is one piece of the vocabulary
    assert pieces[place] not in {*pieces[:place], *pieces[place + 1:]}


def test_a_long_sentence_is_its_own_target_with_as_many_pieces_as_are_read():
    pieces, own = find_pieces("word " * 10_000, 0, 50_000)
    assert len(pieces) == 128
    assert (own.start, own.stop) == (1, 127)


def test_a_target_has_the_pieces_that_it_touches():
    text = "Voss praised Mary-Ann O’Keller."
    pieces, own = find_pieces(text, 13, 30)
    alone, _ = find_pieces("Mary-Ann O'Keller", 0, 17)
    assert pieces[own] == alone[1:-1]
    assert find_pieces(text, 14, 29) == (pieces, own)  # a span that cuts words takes them whole


def test_the_network_reads_a_sentence_once_for_itself_and_all_its_targets(monkeypatch):
    read, run = [], targets._network().run
    monkeypatch.setattr(targets, "_network", lambda: SimpleNamespace(
        run=lambda *given: read.append(given) or run(*given)))
    targets._leanings.cache_clear()
    text = "Experts praised Norway for its openness and rebuked Hungary for its secrecy."
    score_sentence(text)
    score_mentions([text] * 3, [(16, 22), (52, 59), (0, 7)])
    assert len(read) == 1


@pytest.mark.parametrize("text, mention", [
    ("👏👏 Keller 👏 saved them all, and the town loves her! 🎉", "Keller"),
    ("Zoë Müller-Łuczak wurde geehrt — naïve café.", "Zoë Müller-Łuczak"),
    ("北京 praised Keller.", "北京"),
    ("\u200bKeller left.", "\u200b"),
    ("😀", "😀"),
])
def test_any_character_may_stand_in_a_sentence_or_a_mention(text, mention):
    start = text.index(mention)
    table = score_mentions([text], [(start, start + len(mention))])
    assert table[PROBABILITIES].to_numpy().sum() == pytest.approx(1)


def test_offsets_count_code_points():
    plain, emoji = "Voss lied; Keller was praised.", "😀😀 Voss lied; Keller was praised."
    assert plain[11:17] == emoji[14:20] == "Keller"
    (read, own), (read_so, own_so) = (find_pieces(text, start, start + 6)
                                      for text, start in ((plain, 11), (emoji, 14)))
    assert read[own] == read_so[own_so]
    assert len(read[own]) == 1


def test_a_sentence_scores_between_minus_one_and_one_with_the_right_sign():
    good, bad, plain, empty = score_sentences([
        "The reform was a splendid success that everyone praised.",
        "It was a shameful, cruel and dishonest attack.",
        "The meeting takes place on Tuesday in Oslo.",
        " … 👏",
    ])
    assert -1 <= bad < -0.3 < plain < 0.3 < good <= 1
    assert empty == 0


def test_the_words_that_made_a_score_are_found_by_leaving_them_out():
    text = "It’s a shameful attack."
    words = explain_sentence(text)
    assert [word for word, *_ in words] == ["It’s", "a", "shameful", "attack"]
    assert all(text[start:end] == word for word, start, end, _ in words)
    without = score_sentence("It’s a attack.")
    assert words[2][3] == pytest.approx(score_sentence(text) - without, abs=1e-9)


def test_a_sentence_without_words_has_nothing_to_explain():
    assert explain_sentence("…") == []


@pytest.mark.parametrize("line, message", [
    ("{", "not JSON"),
    ("9" * 5000, "not JSON"),
    ("[1]", "id is missing"),
    ('{"id": "a", "sentence": "b", "start": 0}', "end is missing"),
    (json.dumps(row(start=True)), "not a whole number"),
    (json.dumps(row(end=6.0)), "not a whole number"),
    (json.dumps(row(end="6")), "not a whole number"),
    (json.dumps(row(end=13)), "mark nothing in 12 characters"),
    (json.dumps(row(start=-1)), "mark nothing"),
    (json.dumps(row(end=0)), "mark nothing"),
    (json.dumps(row(sentence="")), "sentence is empty"),
    (json.dumps(row(sentence=None)), "sentence is empty"),
    (json.dumps(row(sentence="Keller \ud83d left.")), "surrogate"),
    (json.dumps(row(id="")), "id is empty"),
    (json.dumps(row(id=None)), "id is empty"),
    (json.dumps(row(id="first")), "'first' stands above already"),
])
def test_a_malformed_line_is_refused_with_file_row_and_remedy(tmp_path, line, message):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(row(id="first")) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=message) as refused:
        read_targets(path)
    text = str(refused.value)
    assert text.startswith("in.jsonl, row 2: ")
    assert "; " in text
    assert "\n" not in text


@pytest.mark.parametrize("content, message", [
    (b"", "no rows"),
    (b"\n \n", "no rows"),
    (json.dumps(row()).encode() + b"\n\xff", "row 2: not UTF-8"),
])
def test_a_file_without_usable_lines_is_refused(tmp_path, content, message):
    path = tmp_path / "in.jsonl"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        read_targets(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CorpusError, match=r"none\.jsonl"):
        read_targets(tmp_path / "none.jsonl")


def test_further_keys_a_mark_and_line_separators_in_a_text_do_no_harm(tmp_path):
    path = tmp_path / "in.jsonl"
    lines = json.dumps(row(sentence="Keller\u2028left.", label="x"), ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + lines.encode() + b"\r\n\r\n")
    assert read_targets(path).to_dict("records") == [row(sentence="Keller\u2028left.")]


def test_a_file_gives_a_row_for_each_line_in_its_order(tmp_path):
    rows = [row(id=str(number), sentence=frame.format("Keller"), start=frame.index("{"),
                end=frame.index("{") + 6) for number, (frame, _) in enumerate(CLEAR)]
    table = polarity_of_file(write(tmp_path, *rows))
    assert list(table.columns) == ["id", "polarity", *PROBABILITIES]
    assert table["id"].tolist() == ["0", "1", "2", "3"]
    assert table["polarity"].tolist() == [label for _, label in CLEAR]


def test_the_same_file_gives_the_same_bytes_under_any_hash_seed(tmp_path):
    path = write(tmp_path, *(row(id=name, sentence=f"{name} lied.", end=len(name))
                             for name in NAMES))
    code = ("import sys; from analysis.instruments.targets import polarity_of_file; "
            "sys.stdout.write(polarity_of_file(sys.argv[1]).to_csv(index=False))")
    seen = [subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=True,
                           env={"PYTHONHASHSEED": seed}, capture_output=True).stdout
            for seed in ("1", "2")]
    assert seen[0] == seen[1]
    assert seen[0].count(b"\n") == 1 + len(NAMES)


def test_importing_the_room_loads_no_network():
    code = "import sys, analysis.instruments.targets; print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    assert done.stdout.strip() == b"False"


def test_the_network_stays_small():
    assert (ROOT / "data" / "models" / "targets.onnx").stat().st_size <= 25_000_000
