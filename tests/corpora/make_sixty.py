"""Writes a corpus of sixty articles, five outlets on twelve events, from templates.

``python tests/corpora/make_sixty.py FOLDER``. The same folder every time: no chance is involved.
"""

import csv
import sys
from pathlib import Path

OUTLETS = ["Alder Gazette", "Birch Journal", "Cedar Mail", "Dogwood Record", "Elm Observer"]
PLACES = ["Arnholt", "Belmere", "Corvin", "Dunsby", "Elstow", "Farrow", "Glenmore", "Harwick",
          "Iverton", "Jessop", "Kilburn", "Lothian"]  # fmt: skip
THINGS = ["bridge", "school", "mill", "harbour", "library", "railway", "market", "hospital",
          "tunnel", "theatre", "quarry", "museum"]  # fmt: skip
PEOPLE = ["Ada Moss", "Ben Farr", "Cora Pell", "Dan Voss", "Eve Hall", "Finn Roth", "Gwen Tate",
          "Hugo Lamb", "Iris Kemp", "Jack Dorn", "Kate Wynn", "Leo Marsh"]  # fmt: skip
OPENINGS = [
    "The {thing} in {place} will close in May, the council said on Tuesday.",
    "After months of quarrels, {place} is to lose its {thing}.",
    "Nobody in {place} wanted to believe it, but the {thing} is to be shut.",
]
QUOTATIONS = [
    "“We were never asked,” said {person}, who has worked there for {years} years.",
    "{person}, a teacher, called the decision “a disgrace.”",
    "According to {person}, the council had promised to keep the {thing} open.",
    "“The money is gone,” {person} told the {outlet}. “Somebody took it.”",
]
MIDDLES = [
    "The council blames the state, which cut its grant by {years} percent.",
    "Two reports have warned that the roof of the {thing} is not safe.",
    "Last year the {thing} was praised as the best in the region.",
    "A vote is planned for Friday, and few expect a happy end.",
    "Critics say that the mayor has wasted the money on a terrible plan.",
]
CLOSINGS = [
    "The mayor has not said what will become of the workers.",
    "{person} hopes that the {thing} can still be saved.",
    "“I will chain myself to the door,” {person} said.",
]


def article(outlet: int, event: int) -> str:
    """One short article; which sentences it takes follows from its two numbers."""
    pick = 3 * outlet + 5 * event
    words = {"place": PLACES[event], "thing": THINGS[event], "outlet": OUTLETS[outlet],
             "person": PEOPLE[(outlet + event) % 12], "years": 5 + pick % 17}  # fmt: skip
    lines = [f"{words['place']} to lose its {words['thing']}", OPENINGS[pick % 3]]
    lines += [QUOTATIONS[(outlet + event + i) % 4] for i in range(1 + pick % 2)]
    lines += [MIDDLES[(pick + i) % 5] for i in range(2 + outlet % 2)]
    lines.append(CLOSINGS[(outlet + 2 * event) % 3])
    return "\n\n".join(lines).format(**words) + "\n"


def make(folder: Path) -> Path:
    """Write the corpus into a folder and return it."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    with open(folder / "articles.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["article_id", "outlet", "published", "event"])
        for event, place in enumerate(PLACES):
            for outlet, name in enumerate(OUTLETS):
                key = f"{name.split()[0].lower()}-{event + 1:02}"
                (folder / "articles" / f"{key}.txt").write_text(
                    article(outlet, event), encoding="utf-8", newline="")
                writer.writerow([key, name, f"2031-{event + 1:02}-10", f"{place} closure"])
    return folder


if __name__ == "__main__":
    make(Path(sys.argv[1]))
