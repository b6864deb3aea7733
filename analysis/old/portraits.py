"""One actor, several tellings: names, acts, tone, and who speaks, outlet by outlet."""

from collections.abc import Callable

import pandas as pd
from IPython.display import Markdown, display

from analysis.old import show, tone, toward
from analysis.old.study import Study

ROLES = ["agent", "patient", "agentless"]
_PRONOUNS = {"he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their"}
_VERBS = 8  # verbs named in a cell; the rest are counted


def main_actors(study: Study, most: int = 5) -> list[str]:
    """Return the most mentioned actors, the commonest first; ties by name."""
    counts = study.mentions["actor"].value_counts().rename_axis("actor").reset_index()
    counts = counts[counts["actor"] != ""]
    return counts.sort_values(["count", "actor"], ascending=[False, True])["actor"][:most].tolist()


def _with_outlet(study: Study, table: pd.DataFrame, actor: str) -> pd.DataFrame:
    return table[table["actor"] == actor].assign(
        outlet=lambda rows: rows["article_id"].map(tone.outlets_of(study)))


def _counted(values: pd.Series, most: int = _VERBS) -> str:
    """Return values with their counts as a reader's list, the commonest first."""
    counts = values.value_counts(sort=False).rename_axis("value").reset_index(name="count")
    counts = counts.sort_values(["count", "value"], ascending=[False, True])
    said = [value if count == 1 else f"{value} {count}"
            for value, count in zip(counts["value"], counts["count"], strict=True)]
    more = [f"{len(said) - most} more"] if len(said) > most else []
    return ", ".join([*said[:most], *more])


def names(study: Study, actor: str) -> pd.DataFrame:
    """Return the names used for an actor, with their counts: one row an outlet."""
    rows = _with_outlet(study, study.mentions, actor)
    # A name at the head of a sentence is no other name: "The Kremlin" is "the Kremlin".
    said = rows["mention"].str.replace(r"^The ", "the ", regex=True)
    stands_in = rows["mention"].str.lower().isin(_PRONOUNS)
    table = []
    for outlet in study.outlets:
        here = rows["outlet"] == outlet
        table.append((outlet, int(here.sum()), _counted(said[here & ~stands_in]),
                      int((here & stands_in).sum())))
    return pd.DataFrame(table, columns=["outlet", "mentions", "names", "pronouns"])


def deed(row) -> str:
    """Return an act as it is told: "may fuel", "not condemn", "want: help"."""
    verb = f"not {row.verb}" if row.negated else row.verb
    if not row.modal:
        return verb
    return f"if {verb}" if row.modal == "if" else f"({row.modal}) {verb}"


def acts(study: Study, actor: str) -> pd.DataFrame:
    """Return what an actor does and what is done to it: one row an outlet, verbs with counts.

    Verbs in brackets and with *if* or *not* are told as possible, wanted or denied.
    """
    rows = _with_outlet(study, study.agency, actor)
    deeds = pd.Series([deed(row) for row in rows.itertuples()], index=rows.index, dtype=str)
    table = []
    for outlet in study.outlets:
        cells = [deeds[(rows["outlet"] == outlet) & (rows["role"] == role)] for role in ROLES[:2]]
        table.append((outlet, *(part for cell in cells for part in (len(cell), _counted(cell)))))
    return pd.DataFrame(table, columns=["outlet", "acts", "does", "acted on", "undergoes"])


def role_counts(study: Study, actors: list[str]) -> pd.DataFrame:
    """Return the number of acts by actor, outlet and role, and those told as real.

    Returns
    -------
    DataFrame
        actor, outlet, agent, patient, agentless (passives without a doer whose patient is the
        actor), real (agent rows neither negated nor modal), mentions.
    """
    table = []
    for actor in actors:
        acts_of = _with_outlet(study, study.agency, actor)
        mentions = _with_outlet(study, study.mentions, actor)["outlet"].value_counts()
        for outlet in study.outlets:
            rows = acts_of[acts_of["outlet"] == outlet]
            real = (rows["role"] == "agent") & ~rows["negated"].astype(bool) & (rows["modal"] == "")
            table.append((actor, outlet, *(int((rows["role"] == role).sum()) for role in ROLES),
                          int(real.sum()), int(mentions.get(outlet, 0))))
    return pd.DataFrame(table, columns=["actor", "outlet", *ROLES, "real", "mentions"])


def speakers(study: Study, actor: str) -> pd.DataFrame:
    """Return in whose voice an actor is mentioned: one row an outlet.

    Returns
    -------
    DataFrame
        outlet, mentions, author (share of mentions in the author's voice), others (speakers of
        the rest with counts). Page furniture is left out.
    """
    rows = _with_outlet(study, study.mentions, actor)
    voices = dict(iter(study.voices.groupby("article_id")))
    held = []
    for row in rows.itertuples():
        own = voices[row.article_id]
        at = int(own["start"].searchsorted(row.start, side="right")) - 1
        held.append((own["voice"].iat[at], own["speaker"].iat[at] or "nobody named"))
    rows = rows.assign(voice=[voice for voice, _ in held], speaker=[name for _, name in held])
    rows = rows[rows["voice"] != "furniture"]
    own = rows["voice"].isin(["author", "self_quoted"])
    table = []
    for outlet in study.outlets:
        here = rows["outlet"] == outlet
        share = float(own[here].mean()) if here.any() else float("nan")
        table.append((outlet, int(here.sum()), share, _counted(rows.loc[here & ~own, "speaker"])))
    return pd.DataFrame(table, columns=["outlet", "mentions", "author", "others"])


def tone_toward(study: Study, actor: str) -> pd.DataFrame:
    """Return tone toward an actor: one row an outlet, a column an instrument and holder.

    Columns "author, coder b", "others, network" and the like hold mean polarity (−1 to +1);
    "mentions" the mentions that the first of them rests on.
    """
    table = toward.target_tone(study)
    table = table[table["target"] == actor] if len(table) else table
    if not len(table):
        return pd.DataFrame({"outlet": study.outlets})
    table = table.assign(column=table["holder"] + ", " + table["instrument"])
    wide = table.pivot_table(index="outlet", columns="column", values="mean", aggfunc="first")
    order = list(dict.fromkeys(table.sort_values(["holder", "instrument"])["column"]))
    first = table[table["column"] == order[0]].set_index("outlet")["mentions"]
    wide = wide.reindex(study.outlets)[order].rename_axis(columns=None)
    mentions = first.reindex(study.outlets).astype("Int64")
    return wide.assign(mentions=mentions).reset_index()


def evidence(study: Study, actor: str) -> list[tuple[str, int, int]]:
    """Return one sentence an outlet: (article_id, start, end).

    The rule: the first sentence in the author's voice in which the actor does something that is
    neither denied nor only possible; where there is none, the first in which something is done
    to it; where there is none, the first in that voice, or else in any, that names it.
    """
    acts_of = _with_outlet(study, study.agency, actor)
    own = study.sentences[study.sentences["voice"] == "author"][["article_id", "sentence"]]
    acts_of = acts_of.merge(own, on=["article_id", "sentence"])
    real = acts_of[(acts_of["role"] == "agent") & ~acts_of["negated"].astype(bool)
                   & (acts_of["modal"] == "")]
    named = _with_outlet(study, study.mentions, actor)
    found = []
    for outlet in study.outlets:
        for table in (real, acts_of, named.merge(own, on=["article_id", "sentence"]), named):
            rows = table[table["outlet"] == outlet]
            if len(rows):
                place = rows.iloc[0]
                row = study.sentences[(study.sentences["article_id"] == place["article_id"])
                                      & (study.sentences["sentence"] == place["sentence"])].iloc[0]
                found.append((row["article_id"], int(row["start"]), int(row["end"])))
                break
    return found


def answer(study: Study, actors: list[str]) -> list[str]:
    """Return the answer of the actors notebook as paragraphs."""
    if not actors:
        return ["**No actor recurs in this corpus.**"]
    counts = role_counts(study, actors)
    real, told = int(counts["real"].sum()), int(counts["agent"].sum())
    patient, agentless = int(counts["patient"].sum()), int(counts["agentless"].sum())
    return [f"**{show.listing(actors)} are the most mentioned.** They do {told} things, {real} of "
            f"them told as real; {patient} are done to them, {agentless} of these by nobody named. "
            "Below, each is set side by side in every outlet: names, acts, tone, and the voice "
            "that speaks of it."]


def show_each(study: Study, actors: list[str], measure: Callable, caption: str) -> None:
    """Display one table an actor; ``{}`` in the caption is the actor's name."""
    for actor in actors:
        table = measure(study, actor)
        formats = {"author": show.percent} if "author" in table else {}
        display(show.table(table, caption.format(actor), formats))


def show_evidence(study: Study, actors: list[str]) -> None:
    """Display one sentence an actor and outlet, chosen by the rule of `evidence`."""
    for actor in actors:
        places = evidence(study, actor)
        display(Markdown(f"**{show.plain(actor)}**"))
        if places:
            show.evidence(study, *places)


def doubtful(study: Study, most: int = 5) -> pd.DataFrame:
    """Return the acts found in the longest sentences, where a parse errs most.

    The rule: one agent a sentence, the last in it, by the length of the sentence.
    """
    rows = study.agency[study.agency["role"] == "agent"].merge(
        study.sentences[["article_id", "sentence", "start", "end"]],
        on=["article_id", "sentence"], suffixes=("", "_of"))
    rows = rows.assign(length=rows["end_of"] - rows["start_of"]).sort_values(
        ["length", "article_id", "start"], ascending=[False, True, False])
    rows = rows.drop_duplicates(["article_id", "sentence"]).head(most)
    return pd.DataFrame([
        (row.actor, deed(row), study.corpus.texts[row.article_id][row.start_of : row.end_of])
        for row in rows.itertuples()], columns=["actor", "act", "sentence"])
