"""The first page: what is claimed, with which verdict, and in which words."""

import pandas as pd
from IPython.display import HTML, display

from analysis.old import overview, show, tone
from analysis.old.study import Study

VERDICTS = ["supported", "direction_only", "not_supported", "not_testable"]
_SPOKEN = {"supported": "supported", "direction_only": "direction only",
           "not_supported": "not supported", "not_testable": "not testable"}
_SCOPES = {"raw": "everything in the file", "article": "without furniture and section headings",
           "author": "the author’s voice alone"}


def primary(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that are members of a family: not the rows of rival instruments."""
    return claims[claims["member"].astype(bool)]


def verdict_counts(study: Study) -> pd.DataFrame:
    """Return the number of claims by family (rows) and verdict (columns)."""
    rows = primary(study.claims)
    counts = pd.crosstab(rows["family"], rows["verdict"]).reindex(columns=VERDICTS, fill_value=0)
    return counts.rename(columns=_SPOKEN).rename_axis(columns=None)


def _tally(claims: pd.DataFrame) -> dict[str, int]:
    counts = claims["verdict"].value_counts()
    return {verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}


def verdicts_title(study: Study) -> str:
    """Return the heading that the verdicts earn."""
    rows = primary(study.claims)
    if rows.empty:
        return "With one outlet there is nothing to compare"
    found = _tally(rows)
    if found["not_testable"] == len(rows):
        return f"None of the {len(rows)} comparisons can be tested on texts this short"
    if not found["supported"]:
        return f"None of the {len(rows)} comparisons is supported"
    share = "Every one" if found["supported"] == len(rows) else (
        f"{found['supported']} of the {len(rows)} comparisons")
    return f"{share} {'is' if found['supported'] in (1, len(rows)) else 'are'} supported"


def answer(study: Study) -> list[str]:
    """Return the answer of the findings notebook as paragraphs, with its numbers."""
    rows = primary(study.claims)
    if rows.empty:
        return [f"**{verdicts_title(study)}.** Everything else in this report still describes the "
                "articles: voices, sources, tone, frames and actors."]
    found = _tally(rows)
    parts = [f"{count} {_SPOKEN[name]}" for name, count in found.items() if count]
    first = (f"**Of {len(rows)} declared comparisons, {show.listing(parts)}.** "
             f"{overview.scope_sentence(study)}")
    best = ranked(study).head(1)
    if best.empty:
        return [first]
    return [first, f"The strongest: {show.plain(best.iloc[0]['statement'])}"]


def ranked(study: Study) -> pd.DataFrame:
    """Return the claims that say something, strongest first: by verdict, then adjusted p."""
    rows = primary(study.claims)
    rows = rows[rows["verdict"].isin(["supported", "direction_only"])]
    order = rows.assign(rank=rows["verdict"].map(VERDICTS.index),
                        size=-rows["effect"].abs()).sort_values(
        ["rank", "p_adjusted", "size", "claim_id"])
    return order.drop(columns=["rank", "size"])


def matter_title(study: Study) -> str:
    """Return the heading over the claims that matter most."""
    rows = ranked(study)
    if rows.empty:
        return "No comparison says more than that these texts differ somewhere"
    return "What can be said" if (rows["verdict"] == "supported").any() else (
        "What points one way, and no further")


def show_claims(study: Study, most: int) -> None:
    """Display up to ``most`` claims in words, one a pair of outlets first, with their evidence."""
    rows = ranked(study)
    # One claim a measure and pair before a second one: three restatements are one finding.
    chosen = rows.drop_duplicates(["family", "outlet", "other_outlet"]).head(most)
    if chosen.empty:
        show.markdown("Every comparison fails at least one of the conditions; "
                      "[Validity](06-validity.ipynb) says which.")
    for claim in chosen.itertuples():
        beside = "" if pd.isna(claim.publisher_rate) else (
            f" (To compare: on the nearest feature, a single test at .05 also tells apart "
            f"{show.percent(claim.publisher_rate)} of pairs of articles by one publisher.)")
        show.markdown(f"**{show.plain(claim.statement)}**{beside}")
        if claim.evidence_article and not pd.isna(claim.evidence_start):
            place = (claim.evidence_article, int(claim.evidence_start), int(claim.evidence_end))
            display(HTML(show.quote(study, *place)))


def cautions(study: Study) -> list[str]:
    """Return what a reader must keep in mind, with the numbers of this corpus."""
    lines = [overview.scope_sentence(study)]
    if study.codes:
        coders = sorted({coder for codes in study.codes.values() for coder in codes["coder"]})
        lines.append(f"The reference codes are those of {len(coders)} coders "
                     f"({', '.join(map(show.plain, coders))}); `codes/` says who they are. "
                     "Agreement of passes by one language model shows its consistency, not truth.")
    else:
        lines.append("There are no reference codes for this corpus: no instrument here has been "
                     "held against close reading, so only plainly counted measures can be "
                     "supported.")
    lines.append("A verdict of *not supported* is not a finding of no difference: texts of this "
                 "length show large differences only.")
    return lines


def hasty_sentence(study: Study) -> str:
    """Return how the usual first analysis would have read, and what is left of it."""
    ladder = tone.ladder(study)
    raw = ladder[(ladder["scope"] == "raw") & (ladder["p"] < 0.05)].sort_values("p")
    if raw.empty:
        return ("TextBlob over whole files tells no two of these outlets apart at .05: even the "
                "hasty analysis would have found nothing.")
    first = raw.iloc[0]
    steps = ladder[(ladder["outlet"] == first["outlet"])
                   & (ladder["other_outlet"] == first["other_outlet"])].set_index("scope")
    higher, lower = first["outlet"], first["other_outlet"]
    if first["effect"] < 0:
        higher, lower = lower, higher
    told = "; ".join(
        f"{_SCOPES.get(name, name)}: {show.signed(abs(step['effect']) * _same(step, first))}, "
        f"{show.p_value(step['p'])}"
        for name, step in steps.iterrows())
    return (f"TextBlob over whole files would have reported that *{show.plain(higher)} is more "
            f"positive than {show.plain(lower)}*. The difference, by what is scored — {told}. "
            "One p-value falling and another rising is itself no finding (Gelman & Stern 2006): "
            "whether voice or lost power removed the difference, these texts cannot tell.")


def _same(step: pd.Series, first: pd.Series) -> int:
    return 1 if step["effect"] * first["effect"] > 0 else -1
