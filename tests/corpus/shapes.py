"""Three invented articles in the shapes in which sources and tools give them."""

import csv
import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

ARTICLES = [
    {"id": "1", "outlet": "Harbour Post", "headline": "Ferry runs aground", "date": "2026-03-01",
     "url": "https://harbourpost.example/ferry", "author": "Ada Lund",
     "text": "The ferry ran aground on Sunday, and nobody was hurt in the fog.\n\n“It is not "
             "safe,” said Marks, who has run the line for years.\n\nThe harbour stayed shut; the "
             "crew walked home — at night."},
    {"id": "2", "outlet": "Harbour Post", "headline": "Crane to be mended", "date": "2026-03-14",
     "url": "https://harbourpost.example/crane", "author": "Bo Rask",
     "text": "The crane at the east quay will be mended in May, the council said.\n\nIt has stood "
             "still since the storm, and the “old lady”, as the crew call it, rusts."},
    {"id": "3", "outlet": "Vale News", "headline": "Council blames the ferry line",
     "date": "2026-03-02", "url": "https://valenews.example/council", "author": "Cy Ohm",
     "text": "The council blamed the line on Monday for the ferry that ran aground.\n\n“They knew "
             "of the fog,” the mayor said, and left; the line’s owner did not answer."},
]  # fmt: skip


def _table(names: dict[str, str], rows=ARTICLES, delimiter=",", **dialect) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, **dialect)
    writer.writerow(names)
    writer.writerows([row.get(key, key) for key in names.values()] for row in rows)
    return out.getvalue()


OWN = {"id": "id", "outlet": "outlet", "headline": "headline", "published": "date", "text": "text"}
KAGGLE = {"": "", "id": "id", "title": "headline", "publication": "outlet", "author": "author",
          "date": "date", "year": "2026.0", "month": "3.0", "url": "url", "content": "text"}


def _day_first(row: dict) -> dict:
    return {**row, "date": datetime.fromisoformat(row["date"]).strftime("%d/%m/%Y")}


def _json_rows(**names: str) -> list[dict]:
    return [{name: row.get(key, key) for name, key in names.items()}
            for row in ARTICLES]  # fmt: skip


NEWSAPI = {"status": "ok", "totalResults": 3, "articles": [
    {"source": {"id": None, "name": row["outlet"]}, "author": row["author"],
     "title": row["headline"], "description": "…", "url": row["url"], "urlToImage": None,
     "publishedAt": row["date"] + "T10:00:00Z", "content": row["text"]} for row in ARTICLES]}
NEWS_PLEASE = [
    {"authors": [row["author"]], "date_download": "2026-04-01 10:00:00", "date_modify": None,
     "date_publish": row["date"] + " 10:00:00", "description": None, "filename": "x.json",
     "image_url": None, "language": "en", "localpath": None, "maintext": row["text"],
     "source_domain": row["url"].split("/")[2], "text": None, "title": row["headline"],
     "title_page": None, "title_rss": None, "url": row["url"]} for row in ARTICLES]  # fmt: skip
TRAFILATURA = [
    {"title": row["headline"], "author": row["author"], "hostname": row["url"].split("/")[2],
     "date": row["date"], "fingerprint": "ab12", "id": None, "license": None, "comments": "",
     "raw_text": row["text"].replace("\n\n", " "), "text": row["text"].replace("\n\n", "\n"),
     "language": None, "image": None, "pagetype": None, "filedate": "2026-04-01",
     "source": row["url"], "source-hostname": row["outlet"], "excerpt": None, "categories": "",
     "tags": ""} for row in ARTICLES]  # fmt: skip
NEWSPAPER = [
    {"url": row["url"], "title": row["headline"], "authors": [row["author"]],
     "publish_date": row["date"] + "T00:00:00", "text": row["text"], "summary": "",
     "meta_site_name": row["outlet"], "source_url": "https://" + row["url"].split("/")[2],
     "keywords": ["a", "b"], "meta_lang": "en"} for row in ARTICLES]  # fmt: skip
CC_NEWS = [
    {"title": row["headline"], "text": row["text"], "domain": row["url"].split("/")[2],
     "date": row["date"] + " 10:00:00", "description": "", "url": row["url"], "image_url": ""}
    for row in ARTICLES]  # fmt: skip


def _lines(rows: list[dict]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _files(rows: list[dict], name: str) -> dict[str, str]:
    return {name.format(**row): json.dumps(each) for row, each in zip(ARTICLES, rows, strict=True)}


def page(row: dict) -> str:
    paragraphs = "".join(f"<p>{each}</p>" for each in row["text"].split("\n\n"))
    return (
        f"<!DOCTYPE html><html><head><title>{row['headline']} | {row['outlet']}</title>"
        f"<meta property='og:site_name' content='{row['outlet']}'>"
        f"<meta property='og:title' content='{row['headline']}'>"
        f"<meta name='author' content='{row['author']}'>"
        f"<meta property='article:published_time' content='{row['date']}T10:00:00Z'>"
        f"<link rel='canonical' href='{row['url']}'></head><body>"
        "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        "<div class='cookie-banner'>We use cookies. Accept all.</div>"
        f"<article><h1>{row['headline']}</h1>{paragraphs}</article>"
        "<footer>Copyright. All rights reserved. Contact us.</footer></body></html>")


def docx_bytes(*paragraphs: str) -> bytes:
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx_bytes(dates: bool = False) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["ID", "Outlet", "Headline", "Date", "Text"])
    for row in ARTICLES:
        when = datetime.fromisoformat(row["date"]) if dates else row["date"]
        book.active.append([int(row["id"]), row["outlet"], row["headline"], when, row["text"]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _long_date(row: dict) -> str:
    return datetime.fromisoformat(row["date"]).strftime("%B %-d, %Y %A")


def nexis_docx() -> bytes:
    lines = []
    for row in ARTICLES:
        lines += [row["headline"], row["outlet"], _long_date(row),
                  f"Copyright 2026 {row['outlet']} Ltd All Rights Reserved", "Section: NEWS; Pg. 3",
                  "Length: 145 words", f"Byline: {row['author']}", "Body", "",
                  *row["text"].split("\n\n"), "Load-Date: March 20, 2026", "End of Document"]
    return docx_bytes(*lines)


def wrap(text: str, width: int = 76) -> str:
    import textwrap

    return "\n\n".join(textwrap.fill(part, width, break_on_hyphens=False)
                       for part in text.split("\n\n"))  # fmt: skip


def nexis_txt() -> str:
    return "".join(
        f"\n\n\n                               {n} of 3 DOCUMENTS\n\n\n"
        f"                                 {row['outlet']}\n\n"
        f"                             {_long_date(row)}\n\n{row['headline']}\n\n"
        f"BYLINE: {row['author']}\n\nSECTION: NEWS; Pg. 3\n\nLENGTH: 145 words\n\n\n"
        f"{wrap(row['text'])}\n\nLOAD-DATE: March 20, 2026\n\nLANGUAGE: ENGLISH\n\n"
        f"PUBLICATION-TYPE: Newspaper\n\n\n            Copyright 2026 {row['outlet']} Ltd\n"
        "                              All Rights Reserved\n"
        for n, row in enumerate(ARTICLES, start=1))  # fmt: skip


def factiva(row: dict) -> list[str]:
    when = datetime.fromisoformat(row["date"]).strftime("%-d %B %Y")
    return [row["headline"], f"By {row['author']}", "145 words", when, row["outlet"], "HRBPST",
            "English", "Copyright 2026. All Rights Reserved.", *row["text"].split("\n\n"),
            f"Document HRBPST00202603{int(row['id']):02d}em310000{row['id']}"]  # fmt: skip


def rtf(lines: list[str]) -> str:
    def escaped(line: str) -> str:
        return "".join(mark if ord(mark) < 128 else f"\\u{ord(mark)}?" for mark in line)

    return "{\\rtf1\\ansi\\ansicpg1252\\deff0 " + "\\par\n".join(map(escaped, lines)) + "\\par}"


def factiva_html() -> str:
    def one(row: dict) -> str:
        head, by, words, when, outlet, code, language, rights, *body, end = factiva(row)
        divs = "".join(f"<div>{x}</div>" for x in (by, words, when, outlet, code, language, rights))
        return (f"<div class='article enArticle'><div id='hd'><b>{head}</b></div>{divs}"
                + "".join(f"<p class='articleParagraph'>{x}</p>" for x in [*body, end]) + "</div>")

    return "<html><body>" + "".join(map(one, ARTICLES)) + "</body></html>"


def proquest() -> str:
    rule = "_" * 60
    return rule.join(
        f"\n\nDocument {n} of 3\n\n{row['headline']}\n\nAuthor: {row['author']}\n\n"
        f"Publication info: {row['outlet']} ; Town [Town]{row['date']}: A1.\n\nAbstract: …\n\n"
        f"Full text: {row['text']}\n\nSubject: Ferries; Fog\n\nTitle: {row['headline']}\n\n"
        f"Publication title: {row['outlet']}\n\n"
        f"Publication date: {_long_date(row).rsplit(' ', 1)[0]}\n\n"
        f"ProQuest document ID: 12345{n}\n\nDocument URL: {row['url']}\n\n"
        for n, row in enumerate(ARTICLES, start=1))  # fmt: skip


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf_bytes(text: str) -> bytes:
    """A PDF of one page in Helvetica, a line of the text a line."""
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
               for line in text.split("\n")]  # fmt: skip
    stream = ("BT /F1 11 Tf 50 780 Td 14 TL\n" + "\n".join(f"({line}) Tj T*" for line in escaped)
              + "\nET").encode("cp1252")
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
               b"/Resources << /Font << /F1 5 0 R >> >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (out + b"xref\n0 6\n0000000000 65535 f \n" + table
            + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out))


TEXTS = {f"{row['outlet']}/{row['date']} {row['id']}.txt": row["text"] for row in ARTICLES}
READTEXT = {f"{row['outlet'].replace(' ', '')}_{row['date']}_story{row['id']}.txt": row["text"]
            for row in ARTICLES}
# Shape: the file or files, and what it does not tell ("headline", "date") or tells otherwise.
SHAPES: dict[str, tuple[str | bytes | dict, dict]] = {
    "own.csv": (_table(OWN), {}),
    "semicolons.csv": (_table(OWN, delimiter=";").encode("cp1252"), {}),
    "sep.csv": ("sep=;\n" + _table(OWN, delimiter=";"), {}),
    "unicode.txt": (_table(OWN, delimiter="\t").encode("utf-16"), {}),
    "tabs.tsv": (_table(OWN, delimiter="\t"), {}),
    "marked.csv": (_table(OWN).encode("utf-8-sig"), {}),
    "sheets.csv": (_table({"ID": "id", "Outlet": "outlet", "Headline": "headline", "Date": "date",
                           "URL": "url", "Text": "text"},
                          [_day_first(row) for row in ARTICLES]), {}),
    "kaggle.csv": (_table(KAGGLE), {}),
    "newsapi.csv": (_table({"source.name": "outlet", "author": "author", "title": "headline",
                            "url": "url", "publishedAt": "date", "content": "text"}), {}),
    "quanteda.csv": (_table({"doc_id": "id", "text": "text", "outlet": "outlet"}),
                     {"headline": "", "date": ""}),
    "r.csv": (_table({"": "id", **OWN}, quoting=csv.QUOTE_ALL), {}),
    "newsapi.json": (json.dumps(NEWSAPI, indent=2), {}),
    "news-please": (_files(NEWS_PLEASE, "{id}.json"), {"outlet": "domain"}),
    "news-please.jsonl": (_lines(NEWS_PLEASE), {"outlet": "domain"}),
    "cc_news.jsonl": (_lines(CC_NEWS), {"outlet": "domain"}),
    "trafilatura": (_files(TRAFILATURA, "{id}.json"), {}),
    "trafilatura.jsonl": (_lines(TRAFILATURA), {}),
    "trafilatura.csv": ("".join(
        "\t".join([row["url"], "null", "ab", row["url"].split("/")[2], row["headline"], "null",
                   row["date"], '"' + row["text"] + '"', "null", "null", "null"]) + "\r\n"
        for row in ARTICLES), {"outlet": "domain"}),
    "newspaper.json": (json.dumps(NEWSPAPER), {}),
    "array.json": (json.dumps(_json_rows(id="id", outlet="outlet", headline="headline",
                                         date="date", text="text")), {}),
    "columns.json": (json.dumps({name: {str(i): row[key] for i, row in enumerate(ARTICLES)}
                                 for name, key in OWN.items()}), {}),
    "split.json": (json.dumps({"columns": list(OWN), "index": [0, 1, 2], "data": [
        [row[key] for key in OWN.values()] for row in ARTICLES]}), {}),
    "bodies": (_files([{"title": row["headline"], "publication": row["outlet"],
                        "date": row["date"], "body": row["text"].split("\n\n")}
                       for row in ARTICLES], "{id}.json"), {}),
    "integers.jsonl": (_lines([{"article_id": int(row["id"]), "outlet": row["outlet"],
                                "headline": row["headline"], "published": row["date"],
                                "text": row["text"]} for row in ARTICLES]), {}),
    "epoch.json": (json.dumps([{"outlet": row["outlet"], "title": row["headline"],
                                "timestamp": int(datetime.fromisoformat(
                                    row["date"] + "T12:00:00+00:00").timestamp() * 1000),
                                "text": row["text"]} for row in ARTICLES]), {}),
    "packed.csv.gz": (gzip.compress(_table(OWN).encode(), mtime=0), {}),
    "packed.zip": (zipped({f"export/{name}": text for name, text in TEXTS.items()}),
                   {"headline": ""}),
    "texts": (TEXTS, {"headline": ""}),
    "readtext": (READTEXT, {"headline": "", "outlet": "joined"}),
    "pages": ({f"{row['id']}.html": page(row) for row in ARTICLES}, {}),
    "workbook.xlsx": (xlsx_bytes(), {}),
    "dates.xlsx": (xlsx_bytes(dates=True), {}),
    "office": ({f"{row['outlet']}/{row['date']} {row['id']}.docx": docx_bytes(
        *row["text"].split("\n\n")) for row in ARTICLES}, {"headline": ""}),
    "nexis.docx": (nexis_docx(), {}),
    "nexis.txt": (nexis_txt(), {}),
    "factiva.rtf": (rtf([line for row in ARTICLES for line in factiva(row)]), {}),
    "factiva.html": (factiva_html(), {}),
    "proquest.txt": (proquest(), {}),
    "letters": ({f"{row['outlet']}/{row['date']} {row['id']}.rtf": rtf(row["text"].split("\n\n"))
                 for row in ARTICLES}, {"headline": ""}),
    "print": ({f"{row['outlet']}/{row['date']} {row['id']}.pdf": pdf_bytes(wrap(row["text"], 60))
               for row in ARTICLES}, {"headline": ""}),
}  # fmt: skip


def write(name: str, content: str | bytes | dict, folder: Path) -> Path:
    """Write a shape and return its path."""
    path = folder / name
    if isinstance(content, dict):
        for inner, each in content.items():
            write(inner, each, path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
