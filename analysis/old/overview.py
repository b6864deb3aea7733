"""What a reader should know of a corpus before any comparison: scope, voices, furniture."""

import pandas as pd

from analysis.old.show import percent, plain, signed
from analysis.old.study import Study, count_words

VOICES = ["author", "quoted", "paraphrased", "self_quoted", "furniture"]


def scope_card(study: Study) -> pd.DataFrame:
    """Return one row an article: outlet, author, date, genre, event, words, the author's words.

    A value that the text itself does not state carries its basis in brackets.
    """
    articles = study.articles
    card = articles[["article_id", "outlet"]].copy()
    for name in ("author", "published", "genre", "event"):
        basis = articles.get(f"{name}_basis", pd.Series("", index=articles.index))
        card[name] = [
            f"{value} [{how}]" if value and how not in ("", "text") else value or "unknown"
            for value, how in zip(articles[name], basis, strict=True)
        ]
    return card.assign(words=articles["words"], author_words=articles["author_words"])


def design(study: Study) -> str:
    """Return how far the corpus lets outlets be compared: one of five designs.

    "one outlet", "one article an outlet", "matched events", "several articles an outlet", or
    "mixed" where some outlets have one article and others several.
    """
    articles = study.corpus.articles
    counts = articles.groupby("outlet", sort=False).size()
    if len(counts) == 1:
        return "one outlet"
    events = articles[articles["event"] != ""].groupby("event")["outlet"].nunique()
    if (events > 1).any():
        return "matched events"
    if (counts == 1).all():
        return "one article an outlet"
    return "several articles an outlet" if (counts > 1).all() else "mixed"


def scope_sentence(study: Study) -> str:
    """Return what may be concluded from the design, in one or two sentences."""
    return {
        "one outlet": "All articles come from one outlet: nothing here compares outlets.",
        "one article an outlet": "Each outlet has one article here. Outlet, writer, event, date "
        "and genre vary together, so every difference is one between these texts and none "
        "belongs to an outlet.",
        "matched events": "Outlets are compared on events that several of them report; what is "
        "found holds for these events and these articles.",
        "several articles an outlet": "Articles are the units: what is found holds for these "
        "articles, and for the outlets only as far as the articles were drawn at random.",
        "mixed": "Some outlets have one article and others several; a comparison with a single "
        "article is one between texts, not outlets.",
    }[design(study)]


def voice_words(study: Study) -> pd.DataFrame:
    """Return words by article (rows, in corpus order) and voice (columns)."""
    texts = study.corpus.texts
    counted = study.voices.assign(words=[
        count_words(texts[row.article_id][row.start : row.end])
        for row in study.voices.itertuples()])
    table = counted.pivot_table(index="article_id", columns="voice", values="words",
                                aggfunc="sum", fill_value=0)
    return table.reindex(index=study.corpus.articles["article_id"], columns=VOICES, fill_value=0)


def furniture_ledger(study: Study, instrument: str = "textblob") -> pd.DataFrame:
    """Return what was set aside as page furniture: its words, rule and would-be tone.

    ``mean_polarity`` is the instrument's mean over the sentences of the paragraph.
    """
    aside = study.paragraphs[study.paragraphs["role"] == "furniture"]
    scores = study.sentiment[study.sentiment["instrument"] == instrument]
    scored = study.sentences.merge(scores, on=["article_id", "sentence"])
    means = scored.groupby(["article_id", "paragraph"])["polarity"].mean().rename("mean_polarity")
    texts = study.corpus.texts
    ledger = aside.assign(text=[texts[row.article_id][row.start : row.end]
                                for row in aside.itertuples()])
    ledger = ledger.join(means, on=["article_id", "paragraph"])
    ledger["words"] = [count_words(text) for text in ledger["text"]]
    columns = ["article_id", "paragraph", "text", "role_rule", "words", "mean_polarity"]
    return ledger[columns].reset_index(drop=True)


def headline_moves(study: Study, instrument: str = "textblob") -> pd.DataFrame:
    """Return the mean tone of each article under three choices of what is scored.

    Columns ``as_received`` (every line of the file), ``without_furniture`` (furniture and section
    headings set aside) and ``author_voice`` (sentences in the author's voice alone); −1 to +1.
    """
    scores = study.sentiment[study.sentiment["instrument"] == instrument]
    rows = study.sentences.merge(scores, on=["article_id", "sentence"]).merge(
        study.paragraphs[["article_id", "paragraph", "role"]], on=["article_id", "paragraph"])
    body = ~rows["role"].isin(["furniture", "heading"])
    choices = {"as_received": rows, "without_furniture": rows[body],
               "author_voice": rows[body & (rows["voice"] == "author")]}
    order = study.corpus.articles["article_id"]
    return pd.DataFrame({name: chosen.groupby("article_id")["polarity"].mean()
                         for name, chosen in choices.items()}).reindex(order)


def role_confusion(study: Study) -> pd.DataFrame:
    """Return paragraphs by given role (rows) and the role that the rules alone infer (columns)."""
    from analysis.corpus import layout

    given = study.paragraphs[study.paragraphs["role_rule"] == "layout.csv"]
    keys = given["article_id"].unique()
    none = study.corpus.layout.iloc[:0]
    parts = [layout.paragraphs(key, study.corpus.texts[key], none) for key in keys]
    inferred = pd.concat([given.iloc[:0], *parts], ignore_index=True)
    return layout.confusion(inferred, given)


def moves_title(study: Study, small: float = 0.02) -> str:
    """Return the heading that the ledger earns: how far the mean tone moves with what is scored."""
    moves = headline_moves(study)
    change = (moves["author_voice"] - moves["as_received"]).dropna()
    if change.empty or change.abs().max() < small:
        return "What is scored hardly moves the mean tone"
    most = change.abs().idxmax()
    outlet = study.corpus.articles.set_index("article_id").loc[most, "outlet"]
    return (f"Scoring the author alone moves the mean tone of an article by up to "
            f"{signed(change[most])} ({plain(outlet)})")


def corpus_answer(study: Study) -> str:
    """Return the answer of the corpus notebook, with its numbers."""
    words = voice_words(study)
    shares = words["author"] / words.sum(axis=1)
    total, aside = int(words.to_numpy().sum()), int(words["furniture"].sum())
    articles = "1 article" if len(words) == 1 else f"{len(words)} articles"
    outlets = "1 outlet" if len(study.outlets) == 1 else f"{len(study.outlets)} outlets"
    spread = (f"{percent(shares.iloc[0])} of its words are" if len(words) == 1 else
              f"by article, {percent(shares.min())} to {percent(shares.max())} of the words are")
    return (f"**{articles} from {outlets}, {total:,} words; {spread} the author’s own.** "
            f"{aside:,} words are page furniture, labelled and left out of tone.")
