"""Makes a corpus of what people have in hand, and writes down all that it changed.

The source stays as it is. The new folder holds ``articles.csv``, the texts, and ``import.csv``: a
row for each change to an article with its count, for each column that was read, and for each row
or file that was left out.
"""

import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from tqdm import tqdm

from analysis.corpus import formats
from analysis.corpus.dates import Dates
from analysis.corpus.disk import csv_bytes, write_whole
from analysis.corpus.files import CorpusError
from analysis.corpus.formats import Found, Item
from analysis.corpus.mend import begins_with, mended
from analysis.corpus.names import aliases, alike, folded, nearest
from analysis.definitions import template

_NOTHING = {"", "nan", "none", "null", "[removed]", "[deleted]", "n/a", "na", "#n/a"}
_WRITTEN = ["article_id", "outlet", "headline", "author", "published", "url", "genre", "event",
            "outlet_basis", "published_basis"]
# What refers to places in a text: an article that these speak of stays byte for byte.
_ANCHORED = ("layout.csv", "record.csv", "codes/*.csv")
_PARTS = re.compile(r"\s*_+\s*|\s+[-–—]+\s+")
_DATED = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2}|(?:19|20)\d{6})(?!\d)")


def bring(source: str | Path | Iterable[str | Path], out: str | Path,
          columns: Mapping[str, str] | None = None, outlets: str | Path | None = None,
          dry_run: bool = False) -> pd.DataFrame:
    """Make a corpus of files as people have them.

    Parameters
    ----------
    source : path or paths
        Tables (CSV, TSV, Excel), JSON, web pages, Word, RTF, PDF and text files, exports of
        Nexis, Factiva and ProQuest, folders and archives of these.
    out : path
        The folder to make; one that exists is refused.
    columns : mapping, optional
        Role (``text``, ``outlet``, ``headline``, …) to the source's column; ``"=The Post"`` is a
        value for all rows. Roles not named are found by ``lexicons/columns.csv``.
    outlets : path, optional
        A CSV file whose first column is an outlet as it stands, the second as it should.
    dry_run : bool
        Read everything, write nothing.

    Returns
    -------
    DataFrame
        What ``import.csv`` holds: article_id, source, row, change, count, example.

    Raises
    ------
    CorpusError
        If ``out`` exists, or nothing can be read; a line a kind, with the remedy.
    """
    paths = [Path(source)] if isinstance(source, (str, Path)) else [Path(each) for each in source]
    target = Path(out)
    if target.exists():
        raise CorpusError(f"{target} exists; name a folder that is yet to be made")
    for path in paths:
        if not path.exists():
            raise CorpusError(f"{path}: there is no such file or folder")
    bringing = _Bringing(dict(columns or {}), _read_map(outlets))
    if dry_run:
        with TemporaryDirectory() as aside:
            return bringing.run(paths, Path(aside))
    with write_whole(target) as folder:
        return bringing.run(paths, folder)


def _read_map(path: str | Path | None) -> dict[str, str]:
    if path is None:
        return {}
    item = next(formats.walk(Path(path)))
    rows = formats.found(item, {"text": "outlet", "outlet": "outlet"})
    pairs = [[str(cell).strip() for cell in row.cells.values()] for row in rows]
    if not pairs or any(len(pair) < 2 for pair in pairs):
        raise CorpusError(f"{path}: needs a header and two columns, the outlet and its right name")
    return {pair[0]: pair[1] for pair in pairs if pair[0] and pair[1]}


@dataclass
class _Bringing:
    """One import on its way."""

    columns: dict[str, str]
    outlets: dict[str, str]
    rows: list[dict[str, str]] = field(default_factory=list)
    log: list[tuple[str, str, str, str, int, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: dict[str, int] = field(default_factory=dict)  # columns met: longest value
    dates: Dates = field(default_factory=Dates)
    kept: frozenset[str] = frozenset()  # articles that stay as they are

    def run(self, paths: list[Path], folder: Path) -> pd.DataFrame:
        (folder / "articles").mkdir()
        for item, found in tqdm(self.stream(paths, folder), desc="importing", unit="article",
                                disable=None, leave=False):
            self.take(item, found, folder)
        if not self.rows:
            raise CorpusError(self.why_nothing(", ".join(map(str, paths))))
        self.check_columns()
        for row, (written, note) in zip(self.rows, self.dates.read(), strict=True):
            if note:
                self.log.append((row["article_id"], row["source"], "", note, 1, row["published"]))
            row["published"] = written
            if not written:
                row["published_basis"] = ""
            elif row["published_basis"]:
                self.log.append((row["article_id"], row["source"], "",
                                 "date taken from the file's or folder's name", 1, written))
        table = pd.DataFrame(self.rows, dtype=str)
        names = [name for name in _WRITTEN if name in ("article_id", "outlet")
                 or (name in table and table[name].ne("").any())]
        (folder / "articles.csv").write_bytes(csv_bytes(table[names]))
        log = self.whole_log(table)
        (folder / "import.csv").write_bytes(csv_bytes(log))
        return log

    def stream(self, paths: list[Path], folder: Path) -> Iterator[tuple[Item, Found]]:
        for path in paths:
            if (path / "articles.csv").is_file():
                yield from self.corpus(path, folder)
                continue
            items = list(formats.walk(path, named=len(paths) > 1))
            self.places = _Places([item.name for item in items])
            for item in items:
                yield from self.guarded(item)

    def guarded(self, item: Item) -> Iterator[tuple[Item, Found]]:
        try:
            for found in formats.found(item, self.columns):
                yield item, found
        except ValueError as error:
            self.leave(item.name, "", f"not read: {error}")
        except (OSError, EOFError, KeyError, LookupError, TypeError, AttributeError,
                RecursionError, NotImplementedError, RuntimeError) as error:
            self.leave(item.name, "", f"not read: is damaged ({type(error).__name__})")
        except Exception as error:  # the readers of formats raise errors of their own
            self.leave(item.name, "", f"not read: {type(error).__name__}: {error}")

    def corpus(self, path: Path, folder: Path) -> Iterator[tuple[Item, Found]]:
        """The rows of a corpus whose texts lie beside its table, and what came with it."""
        anchored = [file for pattern in _ANCHORED for file in sorted(path.glob(pattern))]
        tables = [pd.read_csv(file, dtype=str) for file in anchored]
        self.kept = frozenset(key for table in tables if "article_id" in table
                              for key in table["article_id"].dropna())
        for file in [*anchored, *sorted(path.glob("*.csv")), *sorted(path.glob("codes/*"))]:
            if file.is_file() and file.name not in ("articles.csv", "import.csv"):
                copy = folder / file.relative_to(path)
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(file, copy)
        self.places = _Places(["articles.csv"])
        table = formats.on_disk("articles.csv", path / "articles.csv")
        for item, found in self.guarded(table):
            cells = dict(found.cells)
            if not self.fact(cells, "text")[0]:
                name = self.fact(cells, "file")[0] or f"articles/{cells.get('article_id', '')}.txt"
                beside = [each for each in (path / name, path / Path(name).name) if each.is_file()]
                if beside:
                    inner = formats.on_disk(name, beside[0])
                    texts = [each for _, each in self.guarded(inner)]
                    cells["text"] = "".join(str(each.cells.get("text", "")) for each in texts[:1])
                    if cells.get("article_id", "").strip() in self.kept:
                        cells["text"] = beside[0].read_bytes().decode("utf-8", "replace")
            yield item, Found(found.source, found.row, cells, found.changes, found.wrong)

    def fact(self, cells: Mapping[str, Any], role: str) -> tuple[str, str]:
        """What a row says of a role, and the column that says it."""
        own = self.columns.get(role)
        if own is not None and own.startswith("="):
            return own[1:], ""
        by_fold: dict[str, str] = {}
        for name in cells:
            by_fold.setdefault(folded(name), name)
        for alias in [folded(own)] if own is not None else aliases().get(role, []):
            name = by_fold.get(alias, "")
            value = _as_text(cells[name], role) if name else ""
            if value.strip().casefold() not in _NOTHING and not (
                    role == "outlet" and own is None and re.match(r"https?://[^/]+/.", value)):
                return value, name
        return "", ""

    def take(self, item: Item, found: Found, folder: Path) -> None:
        row = "" if found.row is None else str(found.row)
        if found.wrong:
            self.leave(found.source, row, found.wrong)
            return
        facts: dict[str, str] = {}
        for role in aliases():
            facts[role], name = self.fact(found.cells, role)
            if name and role != "file":
                self.read[role, name] += 1
        for name, value in found.cells.items():
            self.unread[name] = max(self.unread.get(name, 0), len(str(value)))
        if not facts["text"].strip():
            self.leave(found.source, row, "no text")
            return
        if not self.add_outlet(item, facts):
            self.leave(found.source, row, "no outlet")
            return
        stem = re.sub(r"\.\w{1,5}$", "", Path(found.source).name)
        key = self.new_id(facts["article_id"], stem if found.row is None else f"{stem}-{row}")
        text, changes = self.mend(key, facts, str(found.cells.get("wrapped", "")))
        changes.update(found.changes)
        (folder / "articles" / f"{key}.txt").write_bytes(text.encode("utf-8", "replace"))
        for change, count in changes.items():
            self.log.append((key, found.source, row, change, count, ""))
        facts.pop("text")
        facts.update(article_id=key, source=found.source)
        facts["published_basis"] = "" if facts["published"] else "inferred"
        facts["published"] = facts["published"] or self.places.date(item.name)
        self.dates.add(found.source, facts["published"])
        for name in ("headline", "author", "outlet"):
            facts[name] = " ".join(mended(facts[name], "no")[0].split())
        self.rows.append(facts)

    def mend(self, key: str, facts: dict[str, str], wrapped: str) -> tuple[str, Counter[str]]:
        if key in self.kept:
            return facts["text"], Counter()
        text, changes = mended(facts["text"], wrapped if wrapped in ("yes", "no") else "")
        headline = " ".join(mended(facts["headline"], "no")[0].split())
        if headline and not begins_with(text, headline):
            text = f"{headline}\n\n{text}"
            changes["headline written as the first line"] += 1
        return text, changes

    def add_outlet(self, item: Item, facts: dict[str, str]) -> bool:
        outlet, basis = facts["outlet"].strip(), ""
        if re.fullmatch(r"https?://\S+", outlet):
            outlet = _host(outlet)
        if not outlet:
            outlet, basis = self.places.outlet(item.name), "inferred"
        if not outlet and facts["url"]:
            outlet = _host(facts["url"])
        facts.update(outlet=self.outlets.get(outlet, outlet), outlet_basis=basis)
        return bool(outlet)

    def new_id(self, given: str, stem: str) -> str:
        plain = unicodedata.normalize("NFKD", given.strip() or stem).encode("ascii", "ignore")
        key = re.sub(r"[^A-Za-z0-9._-]+", "-", plain.decode()).strip("-.")[:80] or "article"
        numbers = (f"{key}-{n}" for n in range(2, len(self.ids) + 3))
        fresh = key if key.lower() not in self.ids else next(
            each for each in numbers if each.lower() not in self.ids)
        self.ids.add(fresh.lower())
        return fresh

    def leave(self, source: str, row: str, why: str) -> None:
        self.log.append(("", source, row, f"left out: {why}", 1, ""))

    def check_columns(self) -> None:
        for role, name in self.columns.items():
            if role not in aliases():
                raise CorpusError(f"there is no role {role!r}; {nearest(role, aliases())} "
                                  f"The roles are: {', '.join(aliases())}")
            if not name.startswith("=") and folded(name) not in map(folded, self.unread):
                raise CorpusError(f"there is no column {name!r}; {nearest(name, self.unread)} "
                                  f"The columns are: {', '.join(self.unread)}")

    def why_nothing(self, source: str) -> str:
        """Why no article came of it: one line a kind."""
        self.check_columns() if self.unread else None
        kinds = Counter(why.removeprefix("left out: ") for *_, why, _, _ in self.log)
        links = {"url", "link", "uri"} & {*map(folded, self.unread)}
        rest = [n for name, n in self.unread.items() if folded(name) not in links]
        return template(__file__, "nothing.j2").render(
            source=source, kinds=kinds, columns=", ".join(self.unread),
            zotero="fileattachments" in map(folded, self.unread),
            linked=links and max(rest, default=0) < 400,
            longest=max(self.unread, key=lambda name: self.unread[name], default="")).strip()

    def whole_log(self, table: pd.DataFrame) -> pd.DataFrame:
        seen = [("", "", "", f"column {name!r} read as {role}", n, "")
                for (role, name), n in self.read.items() if name != role]
        twins = [("", "", "", "outlets look alike; join them with --outlets", 1, f"{one} | {two}")
                 for one, two in alike(table["outlet"])]
        inferred = int(table["outlet_basis"].eq("inferred").sum())
        if inferred:
            seen.append(("", "", "", "outlet taken from the folder's, file's or site's name",
                         inferred, ""))
        made = [("", source, "", "articles made", n, "")
                for source, n in table["source"].value_counts(sort=False).items()]
        return pd.DataFrame([*made, *seen, *twins, *self.log],
                            columns=["article_id", "source", "row", "change", "count", "example"])


class _Places:
    """What the names of files and folders say of outlet and date."""

    def __init__(self, names: list[str]) -> None:
        self.folders = {self.folder(name) for name in names}

    @staticmethod
    def folder(name: str) -> str:
        parents = [part for part in Path(name).parts[:-1] if not re.fullmatch(r"[\d._-]+", part)]
        return parents[-1] if parents else ""

    def outlet(self, name: str) -> str:
        folder = self.folder(name)
        parts = _PARTS.split(re.sub(r"\.\w{1,5}$", "", Path(name).name))
        if (folder and len(self.folders) > 1) or len(parts) < 2:
            return folder
        dated = [i for i, part in enumerate(parts) if _DATED.search(part)]
        named = parts[1:] if dated[:1] == [0] else parts
        return named[0].strip() or folder

    @staticmethod
    def date(name: str) -> str:
        found = _DATED.search(Path(name).name) or _DATED.search(name)
        return found[1] if found else ""


def _as_text(value: Any, role: str) -> str:
    if isinstance(value, list):
        return ("\n\n" if role == "text" else ", ").join(filter(None, map(str, value)))
    if role == "author" and re.fullmatch(r"\[.*\]", str(value)):  # a list that a table wrote out
        return ", ".join(re.findall(r"['\"]([^'\"]+)['\"]", str(value)))
    return str(value)


def _host(url: str) -> str:
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    return host.removeprefix("www.")


def summary(log: pd.DataFrame) -> list[str]:
    """A log as lines: one a kind of change, with its count and the first places."""
    lines = []
    for change, rows in log.groupby("change", sort=False):
        places = [f"{key or source}{f', row {row}' if row and not key else ''}" for key, source, row
                  in rows[["article_id", "source", "row"]].head(3).to_numpy() if key or source]
        shown = [*dict.fromkeys(places), *filter(None, rows["example"].head(9))]
        more = " …" if len(rows) > 3 and places else ""
        lines.append(f"{change} ({int(rows['count'].sum()):,} ×): {'; '.join(shown)}{more}")
    return lines
