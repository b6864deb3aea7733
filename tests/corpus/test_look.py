"""What looks wrong in a corpus is warned of with article, count, example, remedy."""

import pytest

from analysis.__main__ import main
from analysis.corpus import check_corpus, load_corpus

BODY = ("The mayor closed the old harbour on Monday after the crane had fallen into the water.\n\n"
        "“It is not safe,” said Ada Holm, who has worked there since the year of the flood.\n\n"
        "The boats had left for the islands in the night, and nobody was hurt.")  # fmt: skip
LONG = " ".join(["The harbour was closed on Monday by the mayor of the town."] * 20)
GERMAN = ("Der Bürgermeister hat den alten Hafen am Montag geschlossen, weil der Kran ins Wasser "
          "gestürzt war und niemand mehr wusste, wie man ihn heben sollte, sagte die Behörde.")
DUTCH = ("De burgemeester heeft de oude haven op maandag gesloten omdat de kraan in het water was "
         "gevallen en niemand wist hoe die er weer uit moest, zei een woordvoerder van de stad.")
WRAPPED = ("The mayor of the town closed the old harbour on Monday after the crane\n"
           "had fallen into the water and the boats had left for the islands in\n"
           "the night, so that nobody was there to see what came down, she said,\n"
           "when the storm began.")  # fmt: skip
WRONG = {
    "markup": f"<html><body><p>{BODY}</p><p>More.</p></body></html>",
    "rtf": ("markup", "{\\rtf1\\ansi The mayor closed the harbour.}"),
    "json": ("markup", '{"title": "Harbour closed", "text": "The mayor closed it."}'),
    "entities": BODY.replace("“", "&ldquo;").replace("”", "&rdquo;"),
    "mojibake": BODY.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d"),
    "lost marks": BODY.replace("“", "\ufffd").replace("”", "\ufffd"),
    "question marks": ("lost marks", BODY.replace("“", "?").replace("”", "?")),
    "cut": BODY + " The town … [+1834 chars]",
    "excel": ("cut", ("x. " + BODY * 200)[:32_767]),
    "stub": "nan", "none": ("stub", "None"), "removed": ("stub", "[Removed]"),
    "address": ("stub", "https://example.org/harbour"),
    "paywall": ("stub", "The mayor closed the harbour.\n\nSubscribe to continue reading."),
    "cookies": ("stub", "We use cookies to improve your experience. Accept all cookies."),
    "error": ("stub", "403 Forbidden\n\nnginx"),
    "script": ("stub", "Please enable JavaScript to view this page."),
    "one line": LONG,
    "carriage returns": ("one line", "Rain fell.\rThe boats left.\rNobody came.\rAll was calm."),
    "header lines": f"LENGTH: 145 words\n\n{BODY}\n\nLOAD-DATE: March 2, 2026",
    "pages": ("header lines", f"{BODY}\n\n- 2 -\n\n{BODY}\n\n- 3 -"),
    "capitals": BODY.upper() + BODY.upper(),
    "decomposed": BODY.replace("Ada", "A\u030ada"),
    "language": GERMAN, "dutch": ("language", DUTCH),
    "half": ("language", f"{BODY}\n\n{GERMAN}\n\n{GERMAN}"),
    "chinese": ("language", "市长星期一关闭了旧港口。\n“这里不安全，”发言人说。"),
    "wrapped": WRAPPED,
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_looks_wrong_is_said_once_with_article_example_and_remedy(small, name, capsys):
    kind, text = WRONG[name] if isinstance(WRONG[name], tuple) else (name, WRONG[name])
    path = small({"articles.csv": "article_id,outlet\nodd,North\nb,South\n",
                  "articles/odd.txt": text, "articles/a.txt": None, "articles/c.txt": None})
    found = [each for each in check_corpus(path) if each.kind == kind]
    assert len(found) == 1 and found[0].level == "warning" and found[0].row == 2
    assert "'odd'" in str(found[0]) and " ×; " in str(found[0]) and "); " in str(found[0])
    assert found[0] in load_corpus(path).warnings
    assert main(["check", str(path)]) == 0
    assert main(["check", str(path), "--strict"]) == 1
    capsys.readouterr()


def test_sound_articles_are_not_warned_of(small, bundled):
    path = small({"articles.csv": "article_id,outlet\na,North\nb,South\n", "articles/c.txt": None,
                  "articles/a.txt": BODY})
    assert check_corpus(path) == check_corpus(path, strict=True) == []
    assert bundled.warnings == []


def test_a_kind_of_many_articles_is_one_line_with_rows(small):
    rows = "".join(f"x{n},{'North' if n % 2 else 'South'}\n" for n in range(7))
    texts = {f"articles/x{n}.txt": f"Marks &amp; Lund closed {n} times." for n in range(7)}
    path = small({"articles.csv": "article_id,outlet\n" + rows, **texts, "articles/a.txt": None,
                  "articles/b.txt": None, "articles/c.txt": None})
    line, = (str(each) for each in check_corpus(path) if each.kind == "entities")
    assert line.startswith("articles.csv: warning: 7 of 7 articles ('x0', 'x1', 'x2' …; rows 2, 3, "
                           "4, 5, 6 …): entities of HTML (7 ×; ")


def test_a_headline_in_its_column_alone_is_said_not_to_be_read(small):
    head = "article_id,outlet,headline\na,North,Bridge reopens\nb,South,A disgraceful fiasco\n"
    changes = {"articles.csv": head, "articles/c.txt": None}
    found = check_corpus(small(changes))
    assert [each.kind for each in found] == ["headline"] and "'b'" in str(found[0])
    laid = {**changes, "layout.csv": "article_id,paragraph,role\nb,1,body\n"}
    assert check_corpus(small(laid)) == []


def test_copies_within_and_across_outlets_are_listed_as_clusters(small):
    copies = {f"articles/{key}.txt": f"{BODY}\n\nUpdated at 10:0{n}."
              for n, key in enumerate("pqr")}
    path = small({"articles.csv": "article_id,outlet\np,North\nq,North\nr,South\nb,South\n",
                  **copies, "articles/a.txt": None, "articles/c.txt": None})
    line, = (str(each) for each in check_corpus(path) if each.kind == "near-duplicates")
    assert "3 articles across outlets are near-duplicates in 1 cluster ('p' ~ 'q' ~ 'r')" in line


def test_lines_that_recur_across_an_outlets_articles_are_said(small):
    texts = {f"articles/x{n}.txt": f"Story {n}\n\nOn day {n} the {word} of the town was closed by "
             f"the mayor, said {word}.\n\nFollow Ada Lund on X @adalund"
             for n, word in enumerate(["harbour", "bridge", "school", "mill"])}  # fmt: skip
    rows = "".join(f"x{n},North\n" for n in range(4))
    path = small({"articles.csv": "article_id,outlet\n" + rows + "b,South\n", **texts,
                  "articles/a.txt": None, "articles/c.txt": None})
    line, = (str(each) for each in check_corpus(path) if each.kind == "recurring")
    assert "4 of 5 articles" in line and "Follow Ada Lund on X @adalund" in line


def test_a_text_without_a_row_is_said_to_be_unread(small):
    path = small({"articles.csv": "article_id,outlet\na,North\nb,South\n"})
    assert [str(each) for each in check_corpus(path)] == [
        "articles.csv: warning: 1 files in articles/ have no row, so nobody reads them "
        "(articles/c.txt); add a row each, or take them away"]


@pytest.mark.parametrize("one, two", [("nytimes.com", "The New York Times"),
                                      ("www.vale.example", "Vale News"), ("North", "NORTH ")])
def test_outlets_that_may_be_one_are_named(small, one, two):
    path = small({"articles.csv": f"article_id,outlet\na,{one}\nb,{two}\n", "articles/c.txt": None})
    assert [each.kind for each in check_corpus(path)] == ["alike"]
