"""The first page: questions by outlets in plain words, each answer with the words it rests on.

Rows that are counted stand for any corpus; rows that somebody read (`readings.csv`) join them where
there are some. A reading is never evidence for a count.
"""

from collections.abc import Callable, Iterator

import pandas as pd

from analysis.definitions import AUTHOR, STANDS_IN, WORDED, side_name, template
from analysis.site.layers import Place

# What the author does with words that he lets in: the codebook's words and a reader's.
RESPONSES = {"endorse": "agreed with", "dispute": "disputed", "qualify": "agreed with in part",
             "impugn": "answered with a remark on the speaker’s motive or character",
             "use": "used as support", "leave": "left unanswered"}
ASIDE = ("self_quotation", "heading", "furniture")  # no place for an author's tone, as in claims
_VERBATIM = ("direct", "mixed")
_NAMES = 6  # that a cell lists
# Words by which a sentence can be looked up: a number (not that of a course, "trolling 101"), a day
# or month, a document by its kind.
PARTICULAR = (
    r"\b(?!101\b)\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?"
    r"|billions?)\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:January|February|March|April"
    r"|June|July|August|September|October|November|December|yesterday|today)\b"
    r"|\b(?:report|treaty|resolution|transcript|poll)\b")
OTHERS = ["quoted", "paraphrased", "mixed"]  # voices of sentences that hold somebody else's words

Run = tuple[str, str]  # words, and the address that they lead to or ""
Link = Callable[[str, int, Place | None], str]


class Row:
    """One question, with an answer for each outlet.

    Attributes
    ----------
    basis : str
        How the answers are known: counted, coded, read.
    cells : dict of list of Run
        By outlet, pieces of one short answer.
    told : dict of list of dict
        By outlet, readings in full: reading, words, link.
    """

    def __init__(self, key: str, question: str, basis: str, cells: dict[str, list[Run]]):
        self.key, self.question, self.basis, self.cells = key, question, basis, cells
        self.told: dict[str, list[dict]] = {}


def outside(t) -> pd.DataFrame:
    """Return the attributions whose words are an outsider's, in the reading that is used.

    The author, scare quotes, thoughts and attitudes are left out, and so is page furniture.
    """
    rows = t.attributions
    return rows[rows["used"] & rows["kind"].isin(WORDED) & rows["quote_type"].ne("scare")
                & rows["role"].ne("author_self") & rows["speaker"].ne(AUTHOR)
                & rows["paragraph_role"].ne("furniture")]


def voices(t, link: Link) -> Row:
    """Count the outsiders quoted word for word, and those reported in any form."""
    rows, cells = outside(t), {}
    for outlet in t.outlets:
        own = rows[(rows["outlet"] == outlet) & (rows["speaker"] != "")]
        exact = own[own["quote_type"].isin(_VERBATIM)].drop_duplicates("speaker")
        names: list[Run] = []
        for row in exact.head(_NAMES).itertuples():
            names += [(", " if names else ": ", ""), (row.speaker, link(row.article_id, row.start))]
        more, every = len(exact) - _NAMES, own["speaker"].nunique()
        cells[outlet] = [(_number(len(exact), "source"), ""), *names,
                         (f" and {more} more" * (more > 0), ""),
                         (f"; {every} in any form", "")]
    return Row("voices", "Who is quoted word for word?", _by(t, "attributions"), cells)


def responses(t) -> pd.DataFrame:
    """Return what the author does with others' words, in the reading that is used.

    An answer (``at``: where it begins) that several passages share is one row.
    """
    if t.uptake.empty:
        return t.uptake
    rows = t.attributions.rename(columns={"by": "attribution_by"})
    about = rows[rows["kind"].isin(WORDED) & rows["paragraph_role"].ne("furniture")]
    about = about.drop_duplicates(["article_id", "attribution_by", "attribution_id"])
    found = t.uptake[t.uptake["used"]].merge(
        about[["article_id", "attribution_by", "attribution_id"]])
    found["at"] = found["response_start"].fillna(found["start"]).astype(int)
    return found.drop_duplicates(["article_id", "uptake", "at"])


def _cells(t, rows: pd.DataFrame, cell: Callable[[pd.DataFrame], Iterator[Run]], none: str
           ) -> dict[str, list[Run]]:
    """Return what a cell makes of each outlet's rows, with commas between, or ``none``."""
    made = {outlet: [run for said in cell(rows[rows["outlet"] == outlet])
                     for run in ((", ", ""), said)][1:] for outlet in t.outlets}
    return {outlet: runs or [(none, "")] for outlet, runs in made.items()}


def response(t, link: Link) -> Row | None:
    """Count what the author does with the words of others, most frequent first."""
    def cell(own: pd.DataFrame) -> Iterator[Run]:
        for name, count in own["uptake"].value_counts().items():
            first = own[own["uptake"] == name].iloc[0]
            yield f"{count} {RESPONSES.get(name, name)}", link(first["article_id"], first["at"])

    rows = responses(t)
    return None if rows.empty else Row(
        "response", "What does the author do with their words?", "coded; one answer counts once",
        _cells(t, rows, cell, "not coded"))


def mentions(t) -> tuple[str, pd.DataFrame]:
    """Return whom the outlets' authors mention most in common, and every reading of these mentions.

    A side of `actors.csv`, or an actor where no side is declared; earlier pieces, headings and
    furniture are left out, as in the claims.
    """
    rows = t.targets[(t.targets["holder"] == "author") & ~t.targets["paragraph_role"].isin(ASIDE)]
    key = "side" if rows["side"].ne("").any() else "actor"
    used = rows[rows["used"] & rows[key].ne("")]
    if used.empty:
        return "", used
    counts = pd.crosstab(used[key], used["outlet"].astype("str")).reindex(
        columns=t.outlets, fill_value=0)
    best = max(counts.index, key=lambda name: (counts.loc[name].min(), counts.loc[name].sum(),
                                               name))
    return side_name(best, t.actors) if key == "side" else best, rows[rows[key] == best]


def tone(t, link: Link) -> Row | None:
    """Count the author's mentions of one side: negative, neutral, positive."""
    def cell(own: pd.DataFrame) -> Iterator[Run]:
        for name in ("negative", "neutral", "positive") * bool(len(own)):
            found = own[own["polarity"] == name]
            said = f"{len(found)} {name}" if name != "negative" else (
                f"{len(found)} of {len(own)} mentions {name} ({_percent(len(found), len(own))})")
            yield said, place_link(found.iloc[0], link) if len(found) else ""

    who, rows = mentions(t)
    return Row("judgement", f"How does the author mention {who}?", _by(t, "targets"),
               _cells(t, rows[rows["used"]], cell, "not mentioned")) if who else None


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.0f} %"


def place_link(row: pd.Series, link: Link) -> str:
    """Return the address of one mention, with the reading and the actor that it is about."""
    return link(row["article_id"], int(row["start"]), Place(
        row["article_id"], 0, "targets", row["by"], int(row["start"]), row["actor"]))


def roles(t, link: Link) -> Row:
    """Count the words quoted or reported by the role of their speakers, the largest first."""
    def cell(own: pd.DataFrame) -> Iterator[Run]:
        for role, words in own.groupby("role")["words"].sum().nlargest(3).items():
            first = own[own["role"] == role].iloc[0]
            yield (f"{words:,} {str(role).replace('_', ' ') or 'no role'}",
                   link(first["article_id"], first["start"]))

    return Row("roles", "Words of others, by role", _by(t, "attributions"),
               _cells(t, outside(t), cell, "none"))


def own_words(t, link: Link) -> Row:
    """Return how many of an outlet's words, page furniture apart, software gives to its authors."""
    rows = t.voices[t.voices["voice"] != "furniture"]
    words, cells = rows.groupby(["outlet", "voice"], observed=True)["words"].sum(), {}
    for outlet in t.outlets:
        own, before = (words.get((outlet, voice), 0) for voice in ("author", "self_quoted"))
        every = rows.loc[rows["outlet"] == outlet, "words"].sum()
        first = rows[rows["outlet"] == outlet].head(1)
        cells[outlet] = [(f"{own:,} of {every:,} words are the author’s ({_percent(own, every)})"
                          + f", {before} from an earlier piece" * bool(before),
                          "".join(link(row.article_id, row.start) for row in first.itertuples()))]
    return Row("words", "Whose words?", "by software", cells)


def _by(t, table: str) -> str:
    rows = getattr(t, table)
    return "software" if (rows.loc[rows["used"], "by"] == STANDS_IN[table]).all() else "coded"


def rows(t, link: Link) -> list[Row]:
    """Return every question: those counted where a reading asks the same, else first."""
    counted = {row.key: row for row in (own_words(t, link), voices(t, link), response(t, link),
                                        tone(t, link)) if row}
    if t.readings.empty:  # nobody's reading takes the room
        counted["roles"] = roles(t, link)
    asked: dict[str, Row] = {}
    table = t.readings.sort_values("row") if len(t.readings) else t.readings
    for found in table.to_dict("records"):
        key, outlet = found["question_id"], found["outlet"]
        at = link(found["article_id"], int(found["start"]))
        row = asked.setdefault(key, counted.pop(key, None) or Row(key, found["question"], "read",
                                                                  {}))
        row.told.setdefault(outlet, []).append(
            {"reading": found["reading"], "words": found["text"], "link": at})
        if found["brief"]:
            row.cells.setdefault(outlet, []).append((found["brief"], at))
    return [*counted.values(), *asked.values()]


# How sure -----------------------------------------------------------------------------------------


def particulars(t) -> pd.DataFrame:
    """Return by outlet how many sentences of the body hold a particular, and other counts.

    Columns: sentences, checkable, attributed (those that hold somebody's words), unnamed
    (statements without a name), patients (actors to whom something is done), silent (actors
    who are mentioned, while nobody of their side speaks), actors.
    """
    facts, who = [], outside(t)
    body = t.sentences[t.sentences["paragraph_role"].isin(["body", "block_quotation"])]
    named = t.mentions[t.mentions["paragraph_role"] != "furniture"]
    side_of = dict(zip(t.actors.get("actor", []), t.actors.get("side", []), strict=True))
    for outlet in t.outlets:
        told, said, acts = (rows[rows["outlet"] == outlet] for rows in (body, who, t.agency))
        found = told[told["text"].str.contains(PARTICULAR)]
        actors = set(named.loc[named["outlet"] == outlet, "actor"]) - {""}
        heard = {*said["speaker"], *(said["side"])} - {""}
        now = said[said["paragraph_role"] != "self_quotation"]
        facts.append({
            "outlet": outlet, "sentences": len(told), "checkable": len(found),
            "attributed": int(found["voice"].isin(OTHERS).sum()),
            "unnamed": int((~now.drop_duplicates(["article_id", "attribution_id"])["named"]
                            .astype(bool)).sum()),
            "patients": len(set(acts.loc[acts["role"] == "patient", "actor"]) & actors),
            "actors": len(actors),
            "silent": sum(not {actor, side_of.get(actor, "")} & heard for actor in actors)})
    return pd.DataFrame(facts).set_index("outlet")


def scope(t) -> str:
    """Return what may be concluded from the design, in one or two sentences."""
    counts = t.articles.groupby("outlet", observed=True).size()
    events = t.articles[t.articles["event"] != ""].groupby("event")["outlet"].nunique()
    return template(__file__, "templates/scope.j2").render(
        outlets=len(counts), shared=(events > 1).any(), single=(counts == 1).all(),
        several=(counts > 1).all()).strip()


def counts_sentence(t) -> str:
    """Return the author's mentions of one side, with a second coder's where they differ."""
    who, rows = mentions(t)
    if not who:
        return ""
    said = []
    for by, own in rows[rows["used"] | rows["by_kind"].ne("instrument")].groupby("by", sort=False):
        parts = [f"{(mine['polarity'] == 'negative').sum()} of {len(mine)}"
                 for outlet in t.outlets if len(mine := own[own["outlet"] == outlet])]
        said.append((not own["used"].any(), by, parts))
    first, *others = sorted(said)
    named = ", ".join(f"{count} ({outlet})" for count, outlet in zip(
        first[2], [name for name in t.outlets if (rows["outlet"] == name).any()], strict=False))
    differing = "; ".join(f"{by}: {', '.join(parts)}" for _, by, parts in others
                          if parts != first[2])
    beside = f" ({differing})" if differing else ""
    return f"The author’s mentions of {who} are negative in {named}, by {first[1]}{beside}."


def tested(claims: pd.DataFrame) -> dict[str, int]:
    """Return how many comparisons were declared, could be tested, and are supported."""
    members = claims[claims["member"].astype(bool)] if len(claims) else claims
    verdicts = members["verdict"] if len(members) else pd.Series(dtype=str)
    return {"declared": len(members), "testable": int(verdicts.ne("not_testable").sum()),
            "supported": int(verdicts.eq("supported").sum()),
            "leaning": int(verdicts.eq("direction_only").sum())}


def coders(t) -> list[str]:
    """Return who coded what: "coder a: attributions", with what he is where kinds differ."""
    said: dict[tuple[str, str], list[str]] = {}
    for name in ("attributions", "sentiment", "targets", "frames", "uptake"):
        table = getattr(t, name)
        if "by" in table and len(table):
            coded = table[table["by_kind"] != "instrument"]
            for by, kind in dict.fromkeys(zip(coded["by"], coded["by_kind"], strict=True)):
                said.setdefault((by, kind), []).append(name)
    several = len({kind for _, kind in said}) > 1
    return [f"{by}: {', '.join(names)}{f' ({kind})' * several}"
            for (by, kind), names in sorted(said.items())]


def made_by(t) -> str:
    """Return who made the codes, in words: a language model, people, both; "" without codes."""
    kinds = {kind for name in ("attributions", "sentiment", "targets", "frames", "uptake")
             for kind in getattr(t, name).get("by_kind", [])} - {"instrument"}
    words = {"person": "people", "model": "a language model"}
    return " and ".join(sorted({words.get(kind, "coders of whom nothing is stated")
                                for kind in kinds}))
