"""What the report says of coders: what coders.csv states, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

_ARE = {"person": ("is a person", "are persons"),
        "model": ("is a pass of a language model", "are passes of a language model"),
        "unstated": ("is not described by coders.csv: person or model is unstated",
                     "are not described by coders.csv: person or model is unstated")}
_BLIND = {"yes": "did not see the outlet", "no": "could see the outlet",
          "": "saw the outlet or not, which is unstated"}


def kinds_of(coders: pd.DataFrame) -> Callable[[str], str]:
    """Return a function from a coder's name to person, model or unstated."""
    known = dict(zip(coders["coder"], coders["kind"], strict=True))
    return lambda name: known.get(name, "unstated")


def ordered(coders: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """Return names without repetition: models, persons, unstated; in each by coders.csv."""
    kind, order = kinds_of(coders), coders["coder"].tolist()
    names = list(dict.fromkeys(names))
    place = {name: i for i, name in enumerate([*order, *(n for n in names if n not in order)])}
    return sorted(names, key=lambda name: (kind(name), place[name]))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def describe_coders(coders: pd.DataFrame, names: Iterable[str] | None = None) -> str:
    """Say who coded, in plain sentences.

    Parameters
    ----------
    coders : DataFrame
        As `Corpus.coders`: coder, kind, blind, based_on.
    names : optional
        The coders to speak of, for instance those of one table; all of coders.csv without it.

    Returns
    -------
    str
        Who is a person and who a pass of a model, who could see the outlet, whose units were
        before whom, and what agreement between them can mean. What is unstated is said to be.
    """
    names = ordered(coders, coders["coder"] if names is None else names)
    if not names:
        return "Nobody has coded these articles."
    kind, rows = kinds_of(coders), coders.set_index("coder")
    blind = {name: rows["blind"].get(name, "") for name in names}
    said, kinds = [], list(dict.fromkeys(map(kind, names)))
    for each in kinds:
        group = [name for name in names if kind(name) == each]
        many = len(group) > 1
        lead = f"{'Coders' if many else 'Coder'} {_listed(group)} {_ARE[each][many]}"
        sights = dict.fromkeys(blind[name] for name in group)
        if each == "unstated" and list(sights) == [""]:
            said.append(f"{lead}.")
        elif len(sights) == 1:
            said.append(f"{lead}; {'they' if many else 'this coder'} {_BLIND[blind[group[0]]]}.")
        else:
            parts = [f"{_listed([name for name in group if blind[name] == sight])} {_BLIND[sight]}"
                     for sight in sights]
            said.append(f"{lead}; {'; '.join(parts)}.")
    before: dict[str, list[str]] = {}
    for name in names:
        before.setdefault(rows["based_on"].get(name, ""), []).append(name)
    said += [f"{_listed(group)} {'were' if len(group) > 1 else 'was'} given the units of "
             f"{_listed(others.split('|'))}." for others, group in before.items() if others]
    if kinds == ["model"]:
        said.append("No person has coded here: agreement between passes of one model shows its "
                    "consistency, and flatters.")
    if "model" in kinds and "person" in kinds:
        said.append("Agreement of a person with the model shows how valid the model's codes are; "
                    "the two kinds are never pooled.")
    return " ".join(said)
