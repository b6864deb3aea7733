"""Every number of the notebooks' answers on the bundled articles, from the CSV files alone.

python tests/outsider.py

Nothing of the package is imported: an outsider with pandas, the tables of data/tables, and the
codes of data/codes gets the same numbers. Printed: each sentence's numbers, and *all hold*.
"""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).resolve().parents[1] / "data"
OUTLETS = {"examiner": "Examiner", "vox": "Vox", "duran": "The Duran"}


def table(name: str) -> pd.DataFrame:
    """Read one CSV; cells are text where they are not numbers, "" where empty."""
    return pd.read_csv(DATA / name, keep_default_na=False)


def roles() -> pd.DataFrame:
    """Where each paragraph starts, and what it is."""
    return table("tables/paragraphs.csv")[["article_id", "start", "role"]]


def placed(rows: pd.DataFrame, start: str) -> pd.DataFrame:
    """Give rows the role of the paragraph in which they start."""
    where = roles().rename(columns={"start": start, "role": "paragraph_role"}).sort_values(start)
    return pd.merge_asof(rows.astype({start: "int64"}).sort_values(start), where, on=start,
                         by="article_id")


def side_of() -> dict[str, str]:
    """The side of each actor by every name it has."""
    names = {}
    for row in table("actors.csv").itertuples():
        for name in [row.actor, *row.aliases.split("|")]:
            names.setdefault(name.strip().lower(), row.side)
    return names


def toward_russia() -> dict[str, dict[str, int]]:
    """The author's mentions of Russia and its officials, by the first coder, by polarity."""
    rows = placed(table("codes/targets.csv").query("coder == 'b'"), "mention_start")
    sides = side_of()
    side = rows["target"].str.strip().str.lower().map(
        lambda name: sides.get(name.removeprefix("the "), sides.get(name, "")))
    own = rows[rows["holder"].str.lower().eq("author") & side.eq("Russia")
               & ~rows["paragraph_role"].isin(["self_quotation", "heading", "furniture"])]
    counts = pd.crosstab(own["article_id"], own["polarity"])
    return {key: counts.loc[key].to_dict() for key in OUTLETS}


def word_for_word() -> dict[str, int]:
    """Distinct outside sources with words in quotation marks or in a block, by the first coder."""
    rows = placed(table("codes/attributions.csv").query("coder == 'a'"), "start")
    worded = rows["kind"].isin(["speech", "media", "document", "decree", "evidence"])
    direct = rows[worded & rows["quote_type"].isin(["direct", "mixed"])
                  & rows["speaker_role"].ne("author_self") & rows["speaker"].ne("")
                  & rows["paragraph_role"].ne("furniture")]
    return direct.groupby("article_id")["speaker"].nunique().reindex(OUTLETS).to_dict()


def uptake() -> pd.DataFrame:
    """What the authors do with attributed words, by the first coder, furniture left out."""
    spans = table("codes/attributions.csv").query("coder == 'a'")
    spans = spans.groupby(["article_id", "attribution_id"], as_index=False)["start"].min()
    rows = table("codes/uptake.csv").query("coder == 'd'").merge(spans)
    rows = placed(rows, "start").query("paragraph_role != 'furniture'")
    return pd.crosstab(rows["article_id"], rows["uptake"]).reindex(OUTLETS)


def remedies(coder: str) -> list[int]:
    """Sentences that a coder calls a remedy, by article."""
    rows = table("codes/sentences.csv").query("coder == @coder")
    found = rows[rows["entman"].str.split().map(lambda f: "treatment_recommendation" in f)]
    return found.groupby("article_id").size().reindex(OUTLETS).tolist()


def main() -> None:
    """Derive and hold each number."""
    russia, taken = toward_russia(), uptake()
    held = {
        "words": table("tables/articles.csv")["words"].tolist() == [495, 1239, 693],
        "negative of all": [(russia[key].get("negative", 0), sum(russia[key].values()))
                            for key in OUTLETS] == [(12, 21), (29, 39), (1, 17)],
        "positive in The Duran": russia["duran"].get("positive") == 6,
        "word for word": list(word_for_word().values()) == [1, 4, 1],
        "impugned": (taken.loc["examiner", "impugn"], taken.loc["examiner"].sum()) == (6, 8),
        "disputed": (taken.loc["vox", "dispute"], taken.loc["vox"].sum()) == (13, 29),
        "used": taken.loc["vox", "use"] == 12,
        "endorsed": (taken.loc["duran", "endorse"], taken.loc["duran"].sum()) == (4, 7),
        "remedies, first coder": remedies("b") == [2, 10, 3],
        "remedies, second coder": remedies("c") == [3, 8, 3],
        "supported": table("tables/claims.csv")["verdict"].eq("supported").sum() == 2,
    }
    for name, holds in held.items():
        print(f"{name}: {'holds' if holds else 'DIFFERS'}")
    assert all(held.values())
    print("all hold")


if __name__ == "__main__":
    main()
