"""The command line: ``python -m analysis COMMAND --help``."""

import argparse
import os
import re
import shutil
import signal
import sys
from pathlib import Path

from analysis.corpus.disk import csv_bytes, write_file, write_whole
from analysis.corpus.read import CorpusError, check_corpus
from analysis.corpus.spread import cores
from analysis.definitions import COLUMNS, ROOT

_READ_BY_CHECK = 300  # articles that check parses to say whom it would take for actors


def _made(args: argparse.Namespace):
    """Return a corpus and the folder of its tables, made on as many cores as were given."""
    from analysis.corpus.read import load_corpus
    from analysis.corpus.spread import Where
    from analysis.pipeline import tables_of, without

    corpus = load_corpus(args.corpus, skip_refused=args.skip_refused)
    where = Where(getattr(args, "workers", 1), getattr(args, "scheduler", ""))
    home, manifest = tables_of(corpus, False, where, args.skip_refused,
                               getattr(args, "format", "csv"),
                               not args.without_tone if "without_tone" in args else None)
    corpus = without(corpus, manifest.get("failed", {}))
    for warning in corpus.warnings:
        print(warning, file=sys.stderr)
    return corpus, home


def _report(args: argparse.Namespace) -> None:
    from analysis.site.report import build_site

    _made(args)  # makes the tables, which the notebooks then find
    build_site(args.corpus, args.out, without_texts=args.without_texts,
               skip_refused=args.skip_refused, without_tone=args.without_tone)
    print(f"The report is {args.out / 'index.html'}")


def _figures(args: argparse.Namespace) -> None:
    from analysis.site.run import draw

    _made(args)  # makes the tables, and says what looks wrong in the corpus
    draw(args.corpus, args.out, args.only, args.skip_refused)


def _tables(args: argparse.Namespace) -> None:
    from analysis import compare
    from analysis.corpus.store import copy_table
    from analysis.tables import held

    corpus, home = _made(args)
    form, names = args.format, args.only or list(COLUMNS)
    with write_whole(args.out, keep=corpus.files) as folder:
        for name in names:
            made = compare.claims(held(corpus, home), power=True) if name == "claims" else \
                home / f"{name}.csv"
            copy_table(made, folder / f"{name}.{form}")
        if args.out.resolve() == (corpus.path / "tables").resolve() and not args.only:
            # `load` will read them from beside their corpus.
            shutil.copyfile(home / "manifest.json", folder / "manifest.json")
            copy_table(home / "actors.csv", folder / f"actors.{form}")
        if len(corpus.refused):
            (folder / "refused.csv").write_bytes(csv_bytes(corpus.refused))


def _check(args: argparse.Namespace) -> int:
    problems = check_corpus(args.corpus, strict=args.strict)
    for problem in problems:
        print(problem)
    if any(problem.level == "refused" for problem in problems):
        return 1
    print(_whom(args.corpus), end="")
    return 0


def _whom(path: Path) -> str:
    """Say whom a corpus without ``actors.csv`` takes for actors; reads a few hundred articles."""
    from analysis.corpus.read import load_corpus
    from analysis.instruments.annotate import jobs, whom

    corpus = load_corpus(path)
    if len(corpus.actors) or not len(corpus.articles):
        return ""
    if len(corpus.articles) > _READ_BY_CHECK:
        return "actors.csv: is missing; tables infers actors from recurring names\n"
    found = [f"{row.actor} ({', '.join([row.type, *filter(None, row.aliases.split('|'))])})"
             for row in whom(jobs(corpus)).itertuples()]
    said = f"inferred from recurring names: {'; '.join(found)}" if found else "no name recurs"
    return f"actors.csv: is missing; {said}; write one to say who is who\n"


def _import(args: argparse.Namespace) -> None:
    from analysis.corpus.bring import bring, summary

    pairs = [pair.partition("=") for said in args.columns for pair in said.split(",")]
    wrong = [role for role, equals, _ in pairs if not equals]
    if wrong:
        raise CorpusError(f"--columns {wrong[0]}: write role=column, as in text=body")
    log = bring(args.source, args.out, {role: name for role, _, name in pairs}, args.outlets,
                args.dry_run)
    for line in summary(log):
        print(line)
    print(f"nothing was written; {args.out} would hold this" if args.dry_run else
          f"The corpus is {args.out}; next: python -m analysis check {args.out}")


def _targets(args: argparse.Namespace) -> None:
    from analysis.instruments.targets import polarity_of_file

    write_file(args.out, csv_bytes(polarity_of_file(args.file)))


def _corpus(args: argparse.Namespace):
    from analysis.corpus.read import load_corpus

    corpus = load_corpus(args.corpus, skip_refused=args.skip_refused)
    for row in corpus.refused.itertuples():
        print(f"left out: {row.file}, row {row.row}: {row.message}", file=sys.stderr)
    for warning in corpus.warnings:
        print(warning, file=sys.stderr)
    return corpus


def _sample(args: argparse.Namespace) -> None:
    from analysis.codes.sheets import sample
    from analysis.corpus.store import read_table
    from analysis.pipeline import tables_of

    corpus = _corpus(args)

    def found(name: str):  # a table of the instruments, made where no coder has marked units
        return read_table(tables_of(corpus, beside=False)[0] / f"{name}.csv")

    written, said = sample(corpus, args.table, args.coder, found, args.share, args.units,
                           args.seed, args.format)
    for line in [*said, f"{written[-1]} says what each id stands for; a coder leaves it closed",
                 "fill the sheet, here or in notebook 07, then: python -m analysis agree "
                 f"{args.corpus}"]:
        print(line, file=sys.stderr)
    for path in written[:-1]:
        print(path)


def _agree(args: argparse.Namespace) -> None:
    from analysis.codes.agreement import coder_pairs, to_discuss
    from analysis.codes.filled import take
    from analysis.codes.sheets import folder_of
    from analysis.corpus.read import load_corpus

    for line in take(_corpus(args)):
        print(line, file=sys.stderr)
    corpus = load_corpus(args.corpus, skip_refused=args.skip_refused)
    found = to_discuss(corpus)
    for table in _CODED:
        path = folder_of(corpus) / "sheets" / f"discuss-{table}.csv"
        if table in found:
            write_file(path, csv_bytes(found[table]))
            print(f"{path}: {len(found[table])} units to discuss", file=sys.stderr)
        else:
            path.unlink(missing_ok=True)  # what an earlier run found
    sys.stdout.write(csv_bytes(coder_pairs(corpus)).decode())


def _placebo(args: argparse.Namespace) -> None:
    from analysis import compare
    from analysis.tables import held

    table = compare.placebo(held(*_made(args)), runs=args.runs, seed=args.seed,
                            workers=min(args.workers, args.runs))
    sys.stdout.write(csv_bytes(table).decode())


def _notebooks(args: argparse.Namespace) -> None:
    from analysis.site.notebooks import listed, named
    from analysis.site.run import in_place

    in_place(named(args.notebook) if args.notebook else listed())


_CODED = ("tone", "targets", "sentences", "attributions", "uptake")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        """Say what is wrong with the command in one line."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _whole(least: int):
    def whole(written: str) -> int:
        if not re.fullmatch(r"\d{1,18}", written) or int(written) < least:
            raise argparse.ArgumentTypeError(f"{written!r} is no whole number from {least}")
        return int(written)

    return whole


def _part(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no share above 0 and up to 1")
    return value


def _add_tone(command: argparse.ArgumentParser) -> None:
    command.add_argument("--without-tone", action="store_true",
                         help="leave the tone of sentences and toward actors out: most of the cost")


def _add_where(command: argparse.ArgumentParser) -> None:
    command.add_argument("--workers", type=_whole(1), default=cores(), metavar="N",
                         help="processes that read the articles (default: one for each core)")
    command.add_argument("--scheduler", default="", metavar="ADDRESS",
                         help="a running Dask cluster that reads them instead; the bytes are the "
                         "same")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m analysis",
        description="Framing, sentiment and sourcing of news articles in English: whose voice, "
        "how sure.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run, about: str, corpus: bool = True, out: bool = True):
        added = commands.add_parser(name, help=about, description=about.capitalize() + ".")
        added.set_defaults(run=run)
        if corpus:
            added.add_argument("corpus", nargs="?", type=Path, default=ROOT / "data",
                               metavar="CORPUS", help="a corpus folder or file (default: data)")
            added.add_argument("--skip-refused", action="store_true",
                               help="go on without articles that cannot be read; lists them in "
                               "refused.csv")
        if out:
            added.add_argument("--out", type=Path, required=True, metavar="DIR",
                               help="the folder to write to; it is made where it is missing")
        return added

    report = command("report", _report, "run the notebooks on a corpus and render the pages")
    _add_where(report)
    _add_tone(report)
    report.add_argument("--without-texts", action="store_true",
                        help="leave full texts out, keep short evidence excerpts")
    figures = command("figures", _figures, "draw every figure as SVG and PNG, with its CSV")
    figures.add_argument("--only", nargs="+", default=[], metavar="NAME",
                         help="these figures alone")
    tables = command("tables", _tables, "write the tables as CSV")
    _add_where(tables)
    _add_tone(tables)
    tables.add_argument("--format", choices=["csv", "parquet"], default="csv",
                        help="how to write them (default: csv)")
    tables.add_argument("--only", nargs="+", default=[], metavar="NAME", choices=list(COLUMNS),
                        help=f"these tables alone: {', '.join(COLUMNS)}")
    commands_check = command("check", _check, "list every problem of a corpus, one a line",
                             out=False)
    commands_check.add_argument("--strict", action="store_true",
                                help="refuse what looks wrong and is else only warned of")
    commands_check.epilog = "Exit status 1 if anything is refused, 0 for warnings."
    commands_import = command("import", _import, "make a corpus of articles as you have them",
                              corpus=False, out=False)
    commands_import.add_argument("source", nargs="+", type=Path, metavar="SOURCE",
                                 help="tables, JSON, web pages, Word, RTF, PDF and text files, "
                                 "exports of Nexis, Factiva, ProQuest; folders and archives")
    commands_import.add_argument("--out", type=Path, required=True, metavar="CORPUS",
                                 help="the folder to make; one that exists is refused")
    commands_import.add_argument("--columns", nargs="+", default=[], metavar="ROLE=COLUMN",
                                 help="which column holds what, as in text=body outlet=source; "
                                 "\"outlet==The Post\" gives all articles one value")
    commands_import.add_argument("--outlets", type=Path, metavar="MAP.csv",
                                 help="a table of outlets: as they stand, as they should")
    commands_import.add_argument("--dry-run", action="store_true",
                                 help="say what would be made, write nothing")
    targets = command("targets", _targets, "score the polarity toward each marked mention",
                      corpus=False, out=False)
    targets.add_argument("file", type=Path, metavar="FILE.jsonl",
                         help="one mention a line: id, sentence, start, end")
    targets.add_argument("--out", type=Path, required=True, metavar="FILE.csv",
                         help="the file to write: id, polarity and three probabilities")
    sample = command("sample", _sample, "draw units at random and write a blind coding sheet into "
                     "codes/sheets of the corpus", out=False)
    sample.add_argument("--table", required=True, metavar="NAME", choices=_CODED,
                        help=f"what is coded: {', '.join(_CODED)}")
    sample.add_argument("--coder", required=True, metavar="NAME", help="who will code")
    size = sample.add_mutually_exclusive_group(required=True)
    size.add_argument("--share", type=_part, metavar="S",
                      help="this part of the units of each outlet, above 0 and up to 1")
    size.add_argument("--units", type=_whole(1), metavar="N",
                      help="so many units, in equal parts from the outlets as far as they go")
    sample.add_argument("--seed", type=_whole(0), default=1, metavar="N",
                        help="another seed draws other units; the same gives a second coder the "
                        "same ones (default: 1)")
    sample.add_argument("--format", default="csv", choices=["csv", "xlsx", "label-studio"],
                        help="csv (default), xlsx with lists to choose from, or tasks and "
                        "labelling interface for Label Studio")
    sample.epilog = ("The sheet shows neither outlet nor author. Fill it in its place, or put what "
                     "comes back beside it, and run agree.")
    agree = command("agree", _agree, "take filled coding sheets into the codes of a corpus and "
                    "print how far coders agree, pair by pair", out=False)
    agree.epilog = ("Prints CSV: table, coder, other, kinds, units, alpha, low, high, measure. "
                    "Reads codes/sheets: CSV as any spreadsheet saves it, XLSX, Label Studio's "
                    "JSON export. A blank row is not coded; none is. Units to discuss are written "
                    "to codes/sheets/discuss-TABLE.csv.")
    placebo = command("placebo", _placebo, "deal the blocks at random and count what is claimed",
                      out=False)
    _add_where(placebo)
    placebo.add_argument("--runs", type=_whole(1), default=200, metavar="N")
    placebo.add_argument("--seed", type=_whole(0), default=1, metavar="S")
    notebooks = command("notebooks", _notebooks, "execute the notebooks in place",
                        corpus=False, out=False)
    notebooks.add_argument("notebook", nargs="*", metavar="NAME",
                           help="these alone, by number, word or path: 04, sourcing, "
                           "notebooks/04-sourcing.ipynb")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status: 0 only when all went well."""
    # A polite kill unwinds the stack, so that nothing half-written stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for stream in (sys.stdout, sys.stderr):  # a name may hold what the terminal cannot show
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(arguments)
    try:
        status = args.run(args) or 0
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except CorpusError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error, file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    except Exception as error:
        if "ANALYSIS_TRACEBACK" in os.environ:
            raise
        said = " ".join(str(error).split())
        print(f"a defect of the analysis, {type(error).__name__}: {said}; report it with what "
              "ANALYSIS_TRACEBACK=1 shows", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
