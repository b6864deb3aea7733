"""Which words are cues, and which content and speaker each of them has.

For every possible cue `attribution_view` proposes contents and speakers. Softmax models over
readable features (tables in ``data/models``, figures in ATTRIBUTIONS.md there) choose among them
or choose none. Contents that were chosen compete for their words: the more probable attribution
keeps them.
"""

from __future__ import annotations

import csv
import functools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, listed
from analysis.definitions import ROOT
from analysis.instruments.attribution_candidates import PUNCT_CUES, Span, View, contents, speakers
from analysis.instruments.persons import ROLE_KINDS
from analysis.instruments.quotations import Quotation
from analysis.instruments.silences import find_silences
from analysis.instruments.turns import Turn

if TYPE_CHECKING:
    from analysis.corpus.tokens import Doc, Token

THRESHOLD = 0.38  # expected match below which no attribution is stated: half of the F1 reached
QUOTED_THRESHOLD = 0.1  # the same for words in quotation marks, which somebody must have said
NOBODY = -2.5  # log-odds against nobody above which the likeliest speaker is stated
GATE = -1.6  # log-odds below which a word is no cue, whatever its contents
NESTED_ABOVE = 0.9  # an attribution within another's content needs this much
_TELLING, _OWNS_UP = listed("say"), listed("own up")
_NAMING = {"call", "describe", "label", "brand", "dub", "deride"}
_PERSONS = ("official", "citizen", "expert", "media")
_DASHES = {"-", "--", "–", "—", "―"}


@dataclass
class Hit:
    """An attribution in code points of the article; ``speaker`` and ``cue`` may be missing."""

    paragraph: int  # place in parsed.docs
    parts: list[tuple[int, int]]
    cue: tuple[int, int] | None = None
    lemma: str = ""
    pos: str = ""
    speaker: tuple[int, int] | None = None
    head: Token | None = None  # of the speaker
    chief: Token | None = None  # the word that stands for the speaker, by the head
    score: float = 0.5
    carried: bool = False
    scare: bool = False
    name: str = ""
    turn: bool = False
    kind: str = ""  # silence, where the cue's own kind does not hold
    shows: bool = False  # whether something that is no document shows it
    clause: bool = True  # whether the content holds a finite verb
    phrases: list[str] = field(default_factory=list)


# ---- tables ------------------------------------------------------------------------------------

# Kind and stance of each listed cue and its part of speech.
CUE_KINDS = {(row.cue, row.pos): (row.kind, row.stance) for row in lexicon("cues").itertuples()}


@functools.cache
def weights(name: str) -> dict[str, float]:
    """Return the coefficients of a model, by feature."""
    file = ROOT / "data" / "models" / f"attributions_{name}.csv"
    with file.open(newline="", encoding="utf-8") as lines:  # 64,000 rows: a third of pandas' time
        rows = csv.reader(lines)
        next(rows)
        return {feature: float(weight) for feature, weight in rows}


@functools.cache
def cue_counts() -> dict[tuple[str, str], tuple[int, int]]:
    """Return, for lemma and part of speech, how often it was a cue, and how often it occurred."""
    table = pd.read_csv(ROOT / "data" / "models" / "attributions_cues.csv", dtype=str,
                        keep_default_na=False)
    return {(row.lemma, row.pos): (int(row.cues), int(row.total)) for row in table.itertuples()}


@functools.cache
def word_classes() -> dict[str, str]:
    """Return a class for each known lemma: words of one class occur in like company."""
    table = pd.read_csv(ROOT / "data" / "models" / "attributions_words.csv", dtype=str,
                        keep_default_na=False)
    return dict(zip(table["lemma"], table["class"], strict=True))


def _class(view: View, i: int) -> str:
    return word_classes().get(view.lemma[i], "?")


def _sum(table: dict[str, float], features: list[str]) -> float:
    get = table.get
    return sum([get(feature, 0.0) for feature in features])


def prior(cues: int, total: int) -> int:
    """Return a class of the smoothed log-odds that a word is a cue."""
    odds = math.log((cues + 0.2) / (max(total - cues, 0) + 2.0))
    return max(-5, min(3, round(odds)))


# ---- cues --------------------------------------------------------------------------------------

def is_trigger(view: View, i: int, counts: dict[tuple[str, str], tuple[int, int]]) -> bool:
    """Whether a token may be a cue."""
    pos = view.pos[i]
    if i < view.body or _is_idle(view, i):
        return False
    if pos in ("AUX", "DET", "PRON", "PROPN", "NUM", "SPACE", "CCONJ"):
        return pos == "AUX" and view.dep[i] == "ROOT" and bool(view.quotes)
    if pos == "PUNCT":
        if view.lower[i] in _DASHES:  # “…” — Ann Lee
            return i > 0 and view.quote[i - 1] >= 0 and view.quote[i] < 0
        return view.lower[i] in PUNCT_CUES and i > 0 and i + 1 < view.count
    key = (view.lemma[i], pos)
    cues, total = counts.get(key, (0, 0))
    if cues >= 2 and cues >= 0.02 * total:
        return True
    if key in CUE_KINDS:
        return True
    return pos == "VERB" and (view.child(i, "ccomp") >= 0 or bool(view.quotes))


def _is_idle(view: View, i: int) -> bool:
    """Whether a word of speech reports none.

    "That said, the bridge is shut." "Whatever Reed might say, the bridge is shut." "Reed did not
    say that the bridge was safe."
    """
    if view.pos[i] != "VERB":
        return False
    if view.lemma[i] == "look" and view.quote[i] < 0 and view.lower[i + 1:i + 2] == ["at"]:
        return True  # "sighed Mags, looking at her coat"
    before = view.lower[i - 1] if i else ""
    if before == "that" and i - 1 == view.low[i] and view.lower[i + 1:i + 2] == [","]:
        return True
    if any(view.lower[kid] in ("whatever", "whoever") and kid < i
           for kid in view.kids[i]):
        return True
    negated = view.lemma[i] in _TELLING and any(
        view.dep[kid] == "neg" and view.lower[kid] != "never" for kid in view.kids[i])
    return negated and view.quote[i] < 0 and not view.quotes_in(view.low[i], view.high[i])


# ---- features of a speaker -------------------------------------------------------------------

def speaker_class(view: View, token: int) -> str:
    """Return what kind of thing a noun phrase names, as far as its head shows.

    "the minister" is an official, "Tom Reed" a PERSON, "the bridge" a NOUN.
    """
    if token < 0:
        return "none"
    lower, pos = view.lower[token], view.pos[token]
    if pos == "PRON" or view.tag[token] in ("WP", "WDT", "PRP"):
        return lower
    if view.ent[token] in ("PERSON", "ORG", "GPE", "NORP"):
        return view.ent[token]
    kind = ROLE_KINDS.get(lower) or ROLE_KINDS.get(view.lemma[token])
    if kind:
        return kind
    return view.ent[token] or pos


def speaker_features(view: View, i: int, token: int, path: str, total: int) -> list[str]:
    """Return the features of one candidate speaker of a cue."""
    lemma, pos = view.lemma[i], view.pos[i]
    kind = speaker_class(view, token)
    passive = "P" if view.child(i, "auxpass") >= 0 else "A"
    side = "l" if token < i else "r"
    low, high = (token, i) if token < i else (i, token)
    far = min(6, (high - low).bit_length())
    same = "s" if view.quote[token] == view.quote[i] else "q" if view.quote[token] >= 0 else "o"
    found = [
        "b", "path=" + path, f"path|tag={path}|{view.tag[i]}", f"path|pass={path}|{passive}",
        f"path|L={path}|{lemma}", f"path|kind={path}|{kind}", "kind=" + kind,
        f"kind|pos={kind}|{pos}", "lemma=" + view.lemma[token], f"side={side}|{pos}",
        f"far={far}|{side}", f"same={same}", f"same|pos={same}|{pos}",
        f"dep={view.dep[token]}|{side}", f"pos={view.pos[token]}", f"cuedep={view.dep[i]}|{path}",
        f"L={lemma}", f"class={_class(view, token)}|{side}", f"total={min(total, 6)}",
        f"up={path.count('^')}|{view.pos[token]}",
    ]
    if view.low[token] != view.low[i]:
        found.append("other sentence")
    return found


# ---- features of cue and content ---------------------------------------------------------------

def _rate(view: View, i: int, counts) -> int:
    return prior(*counts.get((view.lemma[i], view.pos[i]), (0, 0)))


def cue_features(view: View, i: int, counts) -> list[str]:
    """Return the features of a possible cue, its speaker and content left aside."""
    lemma, pos, tag, dep = view.lemma[i], view.pos[i], view.tag[i], view.dep[i]
    kind = CUE_KINDS.get((lemma, pos), ("?", ""))[0]
    level = f"{_rate(view, i, counts)}{pos[0]}"
    found = [
        "b", "rate=" + level, f"L={lemma}|{pos}", f"L|tag={lemma}|{tag}", "tag=" + tag,
        f"dep={dep}|{pos}", f"dep|rate={dep}|{level}", f"kind={kind}|{pos}",
        f"dep|L={dep}|{lemma}",
    ]
    group = _class(view, i)
    found += [f"class={group}|{pos}", f"class|tag={group}|{tag}", f"class|dep={group}|{dep}"]
    if view.quote[i] >= 0:
        found += ["inquote", f"inquote|rate={level}"]
    for kid in view.kids[i]:
        name = view.dep[kid]
        if name in ("prep", "prt", "agent"):
            found += [f"L+{name}={lemma}+{view.lower[kid]}", f"{name}={view.lower[kid]}|{pos}",
                      f"class+{name}={group}+{view.lower[kid]}"]
        elif name in ("dobj", "attr", "acomp", "xcomp", "oprd", "advmod", "nsubj", "amod",
                      "nsubjpass", "poss", "det"):
            found += [f"L+{name}={lemma}+{view.lemma[kid]}", f"{name}:{view.lemma[kid]}|{pos}",
                      f"class+{name}={group}+{_class(view, kid)}",
                      f"{name}:class={_class(view, kid)}|{pos}"]
        elif name in ("aux", "neg", "auxpass"):
            found += [f"{name}={view.lower[kid]}", f"{name}|rate={view.lower[kid]}|{level}"]
        found.append(f"has={name}|{level}")
        if name in ("ccomp", "parataxis", "advcl") and view.pos[kid] == "VERB":
            side = "l" if kid < i else "r"
            found.append(f"over={name}|{_rate(view, kid, counts)}|{side}")
    head = view.head[i]
    if head != i:
        found += [f"head={dep}<{view.lemma[head]}", f"headpos={dep}<{view.pos[head]}|{level}"]
        if dep in ("prep", "pobj"):
            found.append(f"L+head={lemma}<{view.lemma[head]}")
    token = i
    for _ in range(6):
        if view.head[token] == token:
            break
        step, token = view.dep[token], view.head[token]
        if view.pos[token] == "VERB":
            above = _rate(view, token, counts)
            if above >= -1:
                side = "l" if token < i else "r"
                found += [f"under={above}|{side}|{step}", f"under|rate={above}|{level}"]
                break
    return found


def who_features(view: View, i: int, rate: int, best: tuple[int, str, float]) -> list[str]:
    """Return the features of a cue that its best speaker gives."""
    token, path, sure = best
    who, level = speaker_class(view, token), f"{rate}{view.pos[i][0]}"
    return [
        f"who={who}", f"who|rate={who}|{level}", f"who|pos={who}|{view.tag[i]}",
        f"who|L={who}|{view.lemma[i]}", f"path={path}", f"path|rate={path}|{level}",
        f"whoclass={_class(view, token) if token >= 0 else ''}|{level}",
        f"sure={round(sure * 4)}|{view.pos[i]}", f"quote|who={view.quote[i] >= 0}|{who}",
    ]


def _bucket(number: int) -> int:
    return min(7, number.bit_length())


def content_features(view: View, i: int, parts: tuple[Span, ...], names: list[str], rate: int,
                     token: int) -> list[str]:
    """Return the features of one candidate content of a cue."""
    lemma, pos = view.lemma[i], view.pos[i]
    level = f"{rate}{pos[0]}"
    first, last = parts[0][0], parts[-1][1]
    size = sum(high - low for low, high in parts)
    side = "r" if first > i else "l" if last <= i else "b"
    gap = first - i - 1 if side == "r" else i - last if side == "l" else 0
    own = view.quote[i]
    own_low, own_high = view.quotes[own] if own >= 0 else (0, 0)
    quoted = sum(view.quoted(low, high) - max(0, min(high, own_high) - max(low, own_low))
                 for low, high in parts)
    status = "no" if not quoted else "all" if quoted == size else "part"
    cut = any(_cuts(view, low) or _cuts(view, high) for low, high in parts)
    top = first
    while first <= view.head[top] < parts[0][1] and view.head[top] != top:
        top = view.head[top]
    start = view.lower[first]
    if view.pos[first] in ("NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV"):
        start = view.pos[first]
    finite = any(view.finite(low, min(high, low + 30)) for low, high in parts)
    ending = view.lower[last] if last < view.count and view.is_punct(last) else \
        view.pos[last] if last < view.count else "$"
    opening = view.lower[first - 1] if first and view.is_punct(first - 1) else \
        view.pos[first - 1] if first else "^"
    inner = view.head[last] if last < view.count else -1  # what follows hangs on the content
    tied = view.dep[last] if any(low <= inner < high for low, high in parts) else "-"
    comma = any(view.commas(low, high) for low, high in parts)
    held = token >= 0 and any(low <= token < high for low, high in parts)
    to_end = last >= view.high[i] - 1
    base = names[0]
    found = [
        f"n={len(parts)}|{side}|{pos}", f"size={_bucket(size)}|{pos}",
        f"size|q={_bucket(size)}|{status}",
        f"gap={_bucket(gap)}|{side}|{pos}", f"side|L={side}|{lemma}", f"side|rate={side}|{level}",
        f"q={status}|{base}", f"q|rate={status}|{level}", f"q|side={status}|{side}|{cut}",
        f"cut={cut}|{base}", f"start={start}|{side}", f"start|base={start}|{base}",
        f"start|L={start}|{lemma}", f"top={view.pos[top]}|{view.dep[top]}|{base}",
        f"toptag={view.tag[top]}|{pos}|{side}", f"topent={view.ent[top]}|{base}",
        f"toplemma={view.lemma[top]}|{side}",
        f"finite={finite}|{base}", f"finite|rate={finite}|{level}",
        f"ending={ending}|{side}|{base}", f"opening={opening}|{side}", f"held={held}|{base}",
        f"tied={tied}|{ending}|{base}", f"comma={comma}|{base}|{_bucket(size)}",
        f"end={to_end}|{base}", f"end|side={to_end}|{side}|{status}",
        f"topdep={view.dep[top]}|{status}|{_bucket(size)}",
    ]
    group = _class(view, i)
    found += [f"topclass={_class(view, top)}|{base}", f"class|side={group}|{side}",
              f"class|topclass={group}|{_class(view, top)}"]
    for name in names:
        found += [f"g={name}", f"g|class={name}|{group}", f"g|pos={name}|{pos}",
                  f"g|L={name}|{lemma}", f"g|rate={name}|{level}",
                  f"g|tag={name}|{view.tag[i]}"]
    return found


def _cuts(view: View, place: int) -> bool:
    """Whether a boundary lies inside a quotation."""
    if not 0 < place < view.count:
        return False
    return view.quote[place] >= 0 and view.quote[place] == view.quote[place - 1]


# ---- choice ------------------------------------------------------------------------------------

def best_speaker(view: View, i: int, who: dict[str, float],
                 barred: tuple[Span, ...] = (), floor: float = 0.0) -> tuple[int, str, float]:
    """Return head token, path and probability of a cue's speaker; -1 where it is nobody.

    ``barred`` are spans in which the speaker cannot stand: the content.
    """
    found = {token: path for token, path in speakers(view, i).items()
             if not any(low <= token < high for low, high in barred)}
    best, best_score, total = -1, floor, 1.0
    for token, path in found.items():
        score = _sum(who, speaker_features(view, i, token, path, len(found)))
        total += math.exp(min(score, 50.0))
        if score > best_score:
            best, best_score = token, score
    return best, found.get(best, ""), math.exp(min(best_score, 50.0)) / total


def _jaccard(one: tuple[Span, ...], other: tuple[Span, ...]) -> float:
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)
    size = sum(b - a for a, b in one) + sum(d - c for c, d in other)
    return shared / (size - shared) if size > shared else 1.0


def choose(view: View, i: int, counts, who, content) -> list[tuple[float, tuple[Span, ...]]]:
    """Return likely contents of a cue, best first, each with its expected rate of matches."""
    features = cue_features(view, i, counts)
    if _sum(weights("gate"), features) < GATE:
        return []
    candidates = contents(view, i)
    if not candidates:
        return []
    rate, best = _rate(view, i, counts), best_speaker(view, i, who)
    features += who_features(view, i, rate, best)
    common = _sum(weights("cue"), features)
    scored = []
    for parts, names in candidates.items():
        features = content_features(view, i, parts, names, rate, best[0])
        scored.append((common + _sum(content, features), parts))
    top = max(0.0, max(score for score, _ in scored))
    masses = [(math.exp(score - top), parts) for score, parts in scored]
    total = math.exp(-top) + sum(mass for mass, _ in masses)
    likely = [(mass / total, parts) for mass, parts in masses if mass > 0.02 * total]
    if sum(p for p, _ in likely) < QUOTED_THRESHOLD:
        return []
    expected = [(sum(p for p, other in likely if _jaccard(parts, other) >= 0.5), p, parts)
                for p, parts in likely]
    expected.sort(key=lambda row: (-round(row[0], 3), -row[1], row[2]))
    return [(match, parts) for match, _, parts in expected if match >= QUOTED_THRESHOLD]


def _mention(view: View, token: int) -> Span:
    """Return the speaker's noun phrase: without clauses and loose ends after it.

    "Tom Reed, the mayor," of "Tom Reed, the mayor, who had come late, said".
    """
    low, high = view.left[token], view.right[token] + 1
    for kid in view.kids[token]:
        if kid > token and view.dep[kid] in ("relcl", "acl", "advcl"):
            high = min(high, view.left[kid])
        elif kid == low < token and view.dep[kid] in ("punct", "cc", "mark"):
            low = kid + 1
    while high > token + 1 and (view.is_punct(high - 1) or view.dep[high - 1] == "case"):
        high -= 1
    while low < token and view.is_punct(low):
        low += 1
    return low, high


def _voiced(view: View, token: int) -> int:
    """Return who speaks: the spokeswoman in "a spokeswoman for Acme", not Acme."""
    preposition = view.head[token] if token >= 0 else -1
    if token >= 0 and view.dep[token] == "pobj" and view.lower[preposition] in ("for", "of", "to"):
        noun = view.head[preposition]
        if view.pos[noun] == "NOUN" and ROLE_KINDS.get(view.lower[noun]) in _PERSONS:
            return noun
    return token


def _cue_span(view: View, i: int) -> Span:
    """Return the cue with its particle: "according to", "pointed out"."""
    if view.lower[i] == "according" and i + 1 < view.count and view.lower[i + 1] == "to":
        return i, i + 2
    if i + 1 < view.count and view.dep[i + 1] == "prt" and view.head[i + 1] == i:
        return i, i + 2
    return i, i + 1


def paragraph_hits(place: int, view: View) -> list[Hit]:
    """Return the attributions of one paragraph.

    Contents share no word, but for attributions that stand, cue and all, in another's content.
    """
    counts, who, content = cue_counts(), weights("speaker"), weights("content")
    options = []
    for i in range(view.count):
        if is_trigger(view, i, counts):
            options += [(-match, rank, i, parts) for rank, (match, parts)
                        in enumerate(choose(view, i, counts, who, content))]
    owner = [-1] * view.count
    done: set[int] = set()
    hits: list[Hit] = []
    for negative, _, i, parts in sorted(options):
        if i in done:
            continue
        owners = {owner[j] for low, high in parts for j in range(low, high)}
        nested = owners != {-1}
        if nested and (-negative < NESTED_ABOVE or len(owners) > 1 or owner[i] not in owners):
            continue
        if not nested and -negative < THRESHOLD and not _is_quotation(view, parts):
            continue
        done.add(i)
        for low, high in () if nested else parts:
            owner[low:high] = [len(hits)] * (high - low)
        hits.append(_hit(place, view, i, parts, -negative, who))
    return hits


def _is_quotation(view: View, parts: tuple[Span, ...]) -> bool:
    """Whether every word stands in quotation marks, and there are enough of them to quote."""
    words = [j for low, high in parts for j in range(low, high) if not view.is_punct(j)]
    return len(words) >= 4 and all(view.quote[j] >= 0 for j in words)


def _hit(place: int, view: View, i: int, parts: tuple[Span, ...], score: float,
         who: dict[str, float]) -> Hit:
    token, _, _ = best_speaker(view, i, who, parts, NOBODY)
    if token < 0:  # a name that the parser does not know is no less a subject
        subject = view.child(i, "nsubj")
        known = subject >= 0 and view.pos[subject] == "PROPN" and view.pos[i] == "VERB"
        token = subject if known and not any(a <= subject < b for a, b in parts) else -1
    token = _voiced(view, token)
    whole = [view.chars(*view.with_marks(low, high)) for low, high in parts]
    span = _cue_span(view, i)
    hit = Hit(place, whole, view.chars(*span), view.lemma[i], view.pos[i], score=score)
    hit.clause = any(view.finite(low, high) for low, high in parts) or (
        view.tag[parts[0][0]] == "VBG" and view.lemma[i] in _OWNS_UP) \
        or view.lemma[i] in _NAMING  # reported being afraid; described her as the owner
    high = span[1]
    after = view.lower[high] if high < view.count and view.dep[high] == "prep" else ""
    hit.phrases = [" ".join(view.lemma[slice(*span)]), f"{view.lemma[i]} {after}"]
    if token >= 0:
        hit.speaker, hit.head = view.chars(*_mention(view, token)), view.doc[token]
    return hit


def introduction(doc: Doc) -> tuple[Token, Token | None] | None:
    """Return cue and speaker of the sentence that introduces the next paragraph.

    It ends with a colon; its content follows in the next paragraph. None where no cue is likely.
    """
    view, counts = View(doc, []), cue_counts()
    if not view.count:
        return None
    gate = weights("gate")
    low = view.low[view.count - 1]
    scored = [(_sum(gate, cue_features(view, i, counts)), -i)
              for i in range(low, view.count)
              if view.pos[i] in ("VERB", "NOUN") and is_trigger(view, i, counts)]
    if not scored:
        return None
    i = -max(scored)[1]
    token, _, _ = best_speaker(view, i, weights("speaker"), floor=NOBODY)
    return doc[i], doc[token] if token >= 0 else None


def _with_silences(place: int, view: View, hits: list[Hit]) -> list[Hit]:
    """Put refusals in place of what their words were taken for: "declined to comment"."""
    for verb, first, last, who in find_silences(view.doc):
        if view.quote[verb.i] >= 0:
            continue  # a refusal told by somebody quoted
        start, end = view.chars(first, last + 1)
        hits = [hit for hit in hits if not (start <= hit.cue[0] < end)]
        cue = view.chars(verb.i, verb.i + 1)
        hit = Hit(place, [(start, end)], cue, verb.lemma_.lower(), "VERB", kind="silence")
        if who is not None:
            hit.speaker, hit.head = view.chars(view.left[who.i], who.i + 1), who
        hits.append(hit)
    return hits


def find_hits(parsed: Parsed, quotations: list[Quotation], turns: dict[int, Turn]) -> list[Hit]:
    """Return the attributions that stand within paragraphs, furniture left out."""
    outer = [(q.start, q.end) for q in quotations if q.level == 1]
    hits = []
    for place, (doc, role) in enumerate(zip(parsed.docs, parsed.roles, strict=True)):
        if role == "furniture":
            continue
        base = doc.user_data["start"]
        view = View(doc, [(start - base, end - base) for start, end in outer
                          if base <= start < base + len(doc.text)])
        found = _with_silences(place, view, paragraph_hits(place, view))
        turn = turns.get(place)
        if turn is not None:
            found = [hit for hit in found if hit.score >= NESTED_ABOVE and not hit.kind
                     and hit.cue[0] >= turn.start and min(hit.parts)[0] >= turn.start]
        hits += found
    return hits
