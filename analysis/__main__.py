"""The command line: ``python -m analysis COMMAND --help``."""

import argparse
import os
import re
import shutil
import signal
import sys
import tomllib
from pathlib import Path
from typing import Any

from analysis.corpus.disk import csv_bytes, write_file, write_whole
from analysis.corpus.read import CorpusError, check_corpus, load_corpus
from analysis.corpus.spread import Where, cores
from analysis.definitions import COLUMNS, ROOT

_CODED = ("tone", "targets", "sentences", "attributions", "uptake")
_PART = 500  # articles whose tables stand in memory at once for the claims
_READ_BY_CHECK = 300  # articles that check parses to say whom it would take for actors


def _made(args: argparse.Namespace):
    """Return a corpus and the folder of its tables, made on as many cores as were given."""
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
    from analysis.corpus.store import copy_table

    corpus, home = _made(args)
    form, names = args.format, args.only or list(COLUMNS)
    with write_whole(args.out, keep=corpus.files) as folder:
        for name in names:
            made = _judged(corpus, home) if name == "claims" else home / f"{name}.csv"
            copy_table(made, folder / f"{name}.{form}")
        if args.out.resolve() == (corpus.path / "tables").resolve() and not args.only:
            # `load` will read them from beside their corpus.
            shutil.copyfile(home / "manifest.json", folder / "manifest.json")
            copy_table(home / "actors.csv", folder / f"actors.{form}")
        if len(corpus.refused):
            (folder / "refused.csv").write_bytes(csv_bytes(corpus.refused))


def _judged(corpus, home: Path):
    """Return the claims; of many articles without codes in parts, so that memory stays flat."""
    from analysis import compare
    from analysis.corpus.copies import near_duplicates
    from analysis.tables import clustered, held

    keys = corpus.articles["article_id"].tolist()
    if len(keys) <= _PART or any(map(len, corpus.codes.values())):
        return compare.claims(held(corpus, home), power=True)
    copies = near_duplicates(corpus.texts)
    parts = (held(corpus, home, keys[first:first + _PART], copies)
             for first in range(0, len(keys), _PART))
    return compare.claims_of_parts(parts, clustered(corpus.articles, copies), power=True)


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


def _parser() -> argparse.ArgumentParser:
    """The commands as `commands.toml` beside this file lists them."""
    given = tomllib.loads(Path(__file__).with_name("commands.toml").read_text("utf-8"))
    known = {"path": Path, "share": _part, "from 0": _whole(0), "from 1": _whole(1),
             "bundled": ROOT / "data", "cores": cores(), "tables": list(COLUMNS),
             "coded tables": _CODED}
    parser = _Parser(prog="python -m analysis", description=given["description"])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, told in given["commands"].items():
        command = commands.add_parser(name, help=told["about"], epilog=told.get("epilog"),
                                      description=told["about"].capitalize() + ".")
        command.set_defaults(run=globals()[f"_{name}"])
        group: Any = None
        for flag in told["takes"]:
            about = given["arguments"].get(f"{name} {flag}") or given["arguments"][flag]
            about = {key: known.get(value, value) if key in ("type", "default", "choices")
                     and isinstance(value, str) else value for key, value in about.items()}
            if "choices" in about and "help" in about:
                about["help"] = about["help"].format(", ".join(about["choices"]))
            if flag in told.get("one_of", ()):
                group = group or command.add_mutually_exclusive_group(required=True)
            (group if flag in told.get("one_of", ()) else command).add_argument(flag, **about)
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
