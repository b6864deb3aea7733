"""Reads a corpus, checks it, and names what is wrong and where.

A corpus is a folder with ``articles.csv`` and the texts, or one CSV or JSON Lines file with a
column ``text``. Nothing here knows an outlet.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus import coders, layout, look
from analysis.corpus.cache import cached, code_of
from analysis.corpus.coders import whole as _whole
from analysis.corpus.dates import is_date
from analysis.corpus.files import CorpusError, Folder, Problem, Row, folded_problems, text_problem
from analysis.definitions import ROOT

_KNOWN = tomllib.loads(Path(__file__).with_name("files.toml").read_text("utf-8"))
FACTS, BASES = _KNOWN["facts"], _KNOWN["bases"]
CODES, WORDS = _KNOWN["codes"], _KNOWN["words"]
COLUMNS = [*FACTS, "file", "wrapped", *(f"{name}_basis" for name in FACTS[1:])]
LAYOUT, ACTORS = _KNOWN["columns"]["layout"], _KNOWN["columns"]["actors"]
# A span, and the column that repeats its words.
SPANS = [("", "content"), ("", "quoted"), ("cue_", "cue"), ("mention_", "mention"),
         ("response_", "")]
_ID = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Corpus:
    """Articles with all that came with them; every cell is text, "" where missing.

    Attributes
    ----------
    articles : DataFrame
        One row an article, in the order of the file, with the columns of `COLUMNS`.
    texts : dict of str
        Each text as received, by article_id.
    layout, actors, record, readings, notes : DataFrame
        The optional files, empty where there are none. Paragraphs and offsets are integers.
    codes : dict of DataFrame
        Reference codes by table; ``tone.csv`` and ``tone-NAME.csv`` one below the other, and none
        where no row is left.
    coders : DataFrame
        coder, kind (person, model, unstated), blind (yes, no, "") and based_on (coders whose
        units were before this one, separated by "|"), in the order of ``codes/coders.csv``;
        empty without it. A coder whom it does not name is *unstated*.
    coded : DataFrame
        Units that a coder has read, whether or not something was found there: coder, table,
        article_id, start, end, probability of being drawn (nan: not drawn at random), from
        ``codes/coded.csv``; empty without it.
    refused : DataFrame
        file, row, article_id, message of all that was left out.
    files : frozenset of Path
        Every file that was read.
    """

    articles: pd.DataFrame
    texts: dict[str, str]
    layout: pd.DataFrame
    actors: pd.DataFrame
    codes: dict[str, pd.DataFrame]
    coders: pd.DataFrame
    coded: pd.DataFrame
    record: pd.DataFrame
    readings: pd.DataFrame
    notes: pd.DataFrame
    refused: pd.DataFrame
    warnings: list[Problem]
    path: Path
    files: frozenset[Path]
    bundled: bool


class _Reader(Folder):
    """Reads one corpus: sound rows into tables, everything else into problems."""

    def __init__(self, path: Path) -> None:
        super().__init__(path if path.is_dir() else path.parent)
        self.main = "articles.csv" if path.is_dir() else path.name
        self.lines = Path(self.main).suffix.lower() in (".jsonl", ".ndjson", ".json")
        self.known: dict[str, int | None] = {}  # article_id and its row, refused ones too
        self.outlets: set[str] = set()  # of refused rows too
        self.articles: list[dict[str, str]] = []
        self.texts: dict[str, str] = {}
        self.wrapped: dict[str, str] = {}
        self.spans: dict[str, list[tuple[int, int]]] = {}
        self.codes: dict[str, pd.DataFrame] = {}
        self.owner: dict[str, int] = {}  # rows of the actors' names
        self.asked: dict[str, str] = {}  # questions by their ids
        self.read_articles(path.is_dir())
        if any(p.level == "refused" and p.article is None for p in self.problems):
            return  # without all the articles, what stands beside them cannot be judged
        taken: dict[str, list[tuple[int, int, int]]] = {}
        self.layout = self.table(
            "layout.csv", LAYOUT, ["article_id", "paragraph", "role"],
            lambda cells, number: self.wrong_layout(cells, number, taken), LAYOUT[1:4])
        self.actors = self.table("actors.csv", ACTORS, ["actor"], self.wrong_actor)
        self.coders = coders.read_coders(self)
        self.coded = coders.read_coded(self, list(CODES))
        self.beside = {
            name: self.table(f"{name}.csv", [*columns, "row"], columns[: _KNOWN["required"][name]],
                             self.wrong_remark, ["start", "end", "row"])
            for name, columns in _KNOWN["remarks"].items()}
        self.read_codes()
        self.look_over()

    def read_articles(self, is_folder: bool) -> None:
        required = ["article_id", "outlet", *([] if is_folder else ["text"])]
        rows = (self.read_lines(self.main, required, {*COLUMNS, "text"}) if self.lines
                else self.read_csv(self.main, required))
        if not rows and not self.problems:
            self.refuse(self.main, None, "has no rows; write one row an article")
        self.known = {problem.article: problem.row for problem in self.problems if problem.article}
        for row in rows:
            facts = {name: row.cells.get(name, "") for name in COLUMNS}
            for name in COLUMNS:
                if name not in ("headline", "author"):
                    facts[name] = facts[name].strip()
            self.outlets.add(facts["outlet"])
            wrong = self.wrong_facts(facts)
            text = self.read_article(row, facts, wrong)
            for message in wrong:
                self.refuse(self.main, row.number, message, facts["article_id"])
            if facts["article_id"]:
                self.known.setdefault(facts["article_id"], row.number)
            if not wrong:
                self.leave_odd_facts(row.number, facts)
                self.wrapped[facts["article_id"]] = facts["wrapped"]
                self.articles.append(facts)
                self.texts[facts["article_id"]] = text

    def leave_odd_facts(self, number: int, facts: dict[str, str]) -> None:
        """Warn of optional values that are wrong; they are not used."""
        date, said = facts["published"], facts["wrapped"].lower()
        if date and not is_date(date):
            self.warn(self.main, number, f"published {date!r} is no date and is not used; write it "
                      "as 2018-03-21 or leave it empty", "date")
            facts["published"] = ""
        if said not in ("", "yes", "no"):
            self.warn(self.main, number, f"wrapped {said!r} is neither yes nor no; not used")
            said = ""
        facts["wrapped"] = said
        for name in COLUMNS:
            if name.endswith("_basis") and facts[name] not in ("", *BASES):
                known = ", ".join(BASES)
                self.warn(self.main, number, f"{name} {facts[name]!r} is none of {known}")

    def wrong_facts(self, facts: dict[str, str]) -> list[str]:
        wrong, key = [], facts["article_id"]
        if not key:
            wrong.append("article_id is empty; give the article an id of its own")
        elif not _is_id(key):
            wrong.append(f"article_id {key!r} is no id; use letters a-z, digits, '.', '_', '-'")
        elif key in self.known:
            first = self.known[key]
            wrong.append(f"article_id {key!r} stands in row {first} already; give it another")
        if not facts["outlet"]:
            wrong.append("outlet is empty; give the article its outlet")
        for name, value in facts.items():
            if re.search("[\ud800-\udfff]", value):
                wrong.append(f"{name} holds half a surrogate pair; save the file as UTF-8")
        return wrong

    def read_article(self, row: Row, facts: dict[str, str], wrong: list[str]) -> str:
        key, where = facts["article_id"], "text"
        if "text" in row.cells:
            text = row.cells["text"]
        elif not facts["file"] and not _is_id(key):
            return ""  # the id is refused, and names no file
        else:
            facts["file"] = facts["file"] or f"articles/{key}.txt"
            where = f"file {facts['file']}"
            try:
                text = self.read_text(facts["file"])
            except ValueError as error:
                wrong.append(f"{where} {error}")
                return ""
        problem = text_problem(text)
        if problem:
            wrong.append(f"{where} {problem}")
        return text

    def table(self, name: str, columns: list[str], required: list[str],
              wrong: Callable[[dict[str, Any], int], str], whole: Iterable[str] = (),
              spreadsheet: bool = False) -> pd.DataFrame:
        """Read a table that need not be there, without the rows that are wrong and say why.

        ``wrong`` may put cells right, those of ``whole`` into whole numbers.
        """
        rows: list[dict[str, Any]] = []
        for row in self.read_optional(name, required, spreadsheet):
            cells: dict[str, Any] = {column: row.get(column) for column in columns}
            problem = wrong(cells, row.number)
            if problem:
                self.refuse(name, row.number, problem, cells.get("article_id"))
            elif "article_id" not in cells or cells["article_id"] in self.texts:
                rows.append(cells)
        table = pd.DataFrame(rows, columns=columns, dtype=str)
        return table.astype(dict.fromkeys(whole, "int64"))

    def wrong_layout(self, cells: dict[str, Any], number: int,
                     taken: dict[str, list[tuple[int, int, int]]]) -> str:
        key, role = cells["article_id"], cells["role"]
        if key not in self.known:
            return f"article {key!r} is not in {self.main}; name one that is or remove the row"
        if role not in layout.ROLES:
            return f"role {role!r} is unknown; write one of {', '.join(layout.ROLES)}"
        if key not in self.texts:
            return ""
        if key not in self.spans:
            self.spans[key] = layout.find_paragraphs(self.texts[key], self.wrapped[key])
        spans = self.spans[key]
        paragraph = _whole(cells["paragraph"])
        if paragraph is None or not 1 <= paragraph <= len(spans):
            return f"paragraph {cells['paragraph']!r} is unknown; {key!r} has 1 to {len(spans)}"
        span = spans[paragraph - 1]
        start, end = _whole(cells["start"] or span[0]), _whole(cells["end"] or span[1])
        problem = self.wrong_span(key, start, end)
        if problem or start is None or end is None:
            return problem
        for first, last, other in taken.setdefault(key, []):
            if start < last and first < end:
                return f"{start} to {end} overlaps row {other}; keep one row a paragraph"
        if (start, end) != span:
            right = f"{span[0]} to {span[1]}"
            return f"{start} to {end} is not paragraph {paragraph}, {right}; correct the offsets"
        taken[key].append((start, end, number))
        cells.update(start=start, end=end, paragraph=paragraph)
        return ""

    def wrong_span(self, key: str, start: int | None, end: int | None) -> str:
        if start is None or end is None:
            return "start and end must be whole numbers; write offsets in characters, from 0"
        length = len(self.texts[key])
        if not start < end <= length:
            return f"{start} to {end} lies outside the text or is empty; {key!r} has {length}"
        return ""

    def wrong_actor(self, cells: dict[str, str], number: int) -> str:
        names = [cells["actor"], *(alias.strip() for alias in cells["aliases"].split("|"))]
        cells["aliases"] = "|".join(dict.fromkeys(filter(None, names[1:])))
        if not cells["actor"]:
            return "actor is empty; give the row a name"
        shared = [name for name in names if self.owner.get(name, number) != number]
        for name in dict.fromkeys(shared):
            self.refuse("actors.csv", number,
                        f"{name!r} names row {self.owner[name]} too; leave it to one of them")
        self.owner.update(dict.fromkeys(filter(None, names), number))
        return ""

    def wrong_remark(self, cells: dict[str, str], number: int) -> str:
        """Check a remark on a stretch of an article; a question has one wording in all of them."""
        problem = self.wrong_code(cells)
        if not problem and not (cells["start"] and cells["end"]):
            problem = "start or end is empty; say which words show it"
        if "question" in cells and not problem:
            first = self.asked.setdefault(cells["question_id"], cells["question"])
            if not cells["question_id"] or not cells["question"] or first != cells["question"]:
                problem = (f"question {cells['question']!r} is empty or not {first!r}; give a "
                           "question_id one question")
        cells["row"] = str(number)
        return problem

    def read_codes(self) -> None:
        folder = self.path / "codes"
        paths = sorted(folder.glob("*.csv")) if folder.is_dir() else []
        found: dict[str, list[pd.DataFrame]] = {}
        seen: dict[tuple[str | None, ...], Any] = {}  # what each coder says, and where
        for path in paths:
            table, _, coder = path.stem.partition("-")
            if table in coders.BESIDE:
                if path.stem != table:
                    self.warn(f"codes/{path.name}", None, f"is not read; {coders.BESIDE[table]}")
                continue
            rows = self.read_coded(f"codes/{path.name}", table, coder, seen)
            found.setdefault(table, []).append(rows)
        for table, parts in found.items():
            codes = pd.concat(parts, ignore_index=True).fillna("")
            for name in [str(name) for name in codes if _is_offset(str(name))]:
                whole = pd.to_numeric(codes[name].replace("", None)).astype("Int64")
                codes[name] = whole if whole.hasnans else whole.astype("int64")
            self.codes[table] = codes

    def read_coded(self, name: str, table: str, coder: str,
                   seen: dict[tuple[str | None, ...], Any]) -> pd.DataFrame:
        rows: list[dict[str, str]] = []
        for row in self.read_optional(name, ["article_id", *CODES.get(table, [])],
                                      spreadsheet=True):
            cells = {column: row.get(column) for column in row.cells if column}
            cells["coder"] = cells.get("coder") or coder
            problem = self.wrong_code(cells)
            for column in filter(_is_offset, cells):
                number = _whole(cells[column])
                if cells[column] and number is None:
                    problem = problem or f"{column} {cells[column]!r} is no whole number; write one"
                elif cells[column]:
                    cells[column] = str(number)
            names = ["article_id", "coder", *_KNOWN["keys"].get(table, [])]
            key = (table, *(cells.get(name, "") for name in names))
            if not cells["coder"]:
                problem = "coder is empty; say whose code it is"
            elif table in _KNOWN["keys"] and key in seen and not problem:
                said = seen[key].removeprefix(f"{name}, ")
                problem = f"says again what {said} says; keep one code of each coder"
            seen[key] = f"{name}, row {row.number}"
            if problem:
                self.refuse(name, row.number, problem, cells["article_id"])
            elif cells["article_id"] in self.texts:
                rows.append(cells)
        columns = dict.fromkeys(["article_id", "coder", *CODES.get(table, [])])
        return pd.DataFrame(rows, columns=None if rows else list(columns), dtype=str)

    def wrong_code(self, cells: dict[str, str]) -> str:
        key = cells["article_id"]
        if key not in self.known:
            return f"article {key!r} is not in {self.main}; name one that is or remove the row"
        for column, words in WORDS.items():
            if cells.get(column) and cells[column] not in words:
                return f"{column} {cells[column]!r} is unknown; write one of {', '.join(words)}"
        if key not in self.texts:
            return ""
        for prefix, copy in SPANS:
            first, last = cells.get(f"{prefix}start", ""), cells.get(f"{prefix}end", "")
            if not first and not last:
                continue
            start, end = _whole(first), _whole(last)
            problem = self.wrong_span(key, start, end)
            if problem:
                return problem
            words = self.texts[key][start:end].replace("\n", " ")  # wrapped since, perhaps
            if cells.get(copy) and words != cells[copy].replace("\n", " "):
                return f"{copy} is not what stands at {start} to {end}; the text was changed"
        return ""

    def look_over(self) -> None:
        """Warn of what only the corpus as a whole shows."""
        outlets = list(dict.fromkeys(facts["outlet"] for facts in self.articles))
        if len(outlets) == 1:
            left = "" if self.outlets == {*outlets} else "without the refused rows "
            self.warn(self.main, None,
                      f"{left}only one outlet, {outlets[0]!r}; everything but comparison works")
        for column in ("event", "article_id"):
            alike: dict[str, str] = {}
            for value in dict.fromkeys(facts[column] for facts in self.articles):
                folded = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
                first = alike.setdefault(folded, value)
                if first != value:
                    self.warn(self.main, None, f"{column} {value!r} and {first!r} look alike",
                              "alike")
        for facts in self.articles:
            if facts["outlet"].casefold() in ("nan", "none", "null"):
                self.warn(self.main, self.known[facts["article_id"]],
                          f"outlet {facts['outlet']!r} is no name; give the article its outlet",
                          "outlet")
        lost = look.unlisted(self.path, self.opened) if self.main == "articles.csv" else []
        if lost:
            self.warn(self.main, None, f"{len(lost)} files in articles/ have no row, so nobody "
                      f"reads them ({', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}); add a "
                      "row each, or take them away", "unlisted")
        table = pd.DataFrame(self.articles, columns=COLUMNS, dtype=str)
        key = ("look", code_of(*sorted(Path(__file__).parent.glob("*.[pc]*"))), self.main,
               table.to_csv(), self.layout.to_csv(), *self.texts.values())
        self.problems += cached(key, lambda: look.problems(
            self.main, table, self.texts, set(self.layout["article_id"]), self.known))


def _is_id(value: str) -> bool:
    return bool(_ID.fullmatch(value) and value.strip("."))


def _is_offset(name: str) -> bool:
    return name in ("start", "end", "part") or name.endswith(("_start", "_end"))


def _read(path: Path) -> _Reader:
    if not path.exists():
        raise CorpusError(f"{path}: there is no such folder or file; name a corpus")
    # Files stay inside their folder; the one that is named may be reached by a link.
    return _Reader(path.resolve() if path.is_file() else path)


def check_corpus(path: str | Path, strict: bool = False) -> list[Problem]:
    """Every problem of a corpus, refusals and warnings, in the order of files and rows.

    Parameters
    ----------
    strict : bool
        Refuse what looks wrong and is otherwise warned of.

    Raises
    ------
    CorpusError
        If there is nothing at ``path``.
    """
    problems = _read(Path(path)).problems
    if strict:
        problems = [replace(each, level="refused") if each.kind else each for each in problems]
    return folded_problems(problems)


def load_corpus(path: str | Path, skip_refused: bool = False) -> Corpus:
    """Read a corpus whole, or not at all.

    Parameters
    ----------
    path : path
        A folder with ``articles.csv``, or one ``.csv`` or ``.jsonl`` file with a column ``text``.
    skip_refused : bool
        Go on without the articles that are refused; `Corpus.refused` names them.

    Raises
    ------
    CorpusError
        If anything is refused: one line each, with file, row and remedy.
    """
    path = Path(path)
    reader = _read(path)
    refused = [problem for problem in reader.problems if problem.level == "refused"]
    left_out = {problem.article for problem in refused if problem.file != reader.main}
    kept = [facts for facts in reader.articles if facts["article_id"] not in left_out]
    fatal = refused if not skip_refused else [p for p in refused if p.article is None]
    if fatal or not kept:
        raise CorpusError("\n".join(map(str, folded_problems(fatal or refused))))
    keys = [facts["article_id"] for facts in kept]

    def of_kept(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["article_id"].isin(keys)].reset_index(drop=True)

    return Corpus(
        articles=pd.DataFrame(kept, columns=COLUMNS, dtype=str),
        texts={key: reader.texts[key] for key in keys},
        layout=of_kept(reader.layout),
        actors=reader.actors,
        codes={name: rows for name, table in reader.codes.items() if len(rows := of_kept(table))},
        coders=reader.coders,
        coded=of_kept(reader.coded),
        **{name: of_kept(table) for name, table in reader.beside.items()},
        refused=pd.DataFrame([(p.file, p.row, p.article or "", p.message) for p in refused],
                             columns=["file", "row", "article_id", "message"]),
        warnings=folded_problems([each for each in reader.problems if each.level == "warning"]),
        path=path,
        files=frozenset(reader.opened),
        bundled=path.resolve() == (ROOT / "data").resolve(),
    )
