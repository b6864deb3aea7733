"""The checks that hold the repository together, as functions that return what is wrong.

`test_repository.py` runs them on the tree; `test_checks.py` proves on changed copies that they see
what they are for.
"""

import hashlib
import html
import json
import re
import subprocess
from pathlib import Path

# Numbers of method, which no table of this project could contradict.
CONSTANTS = {"95%", ".05", ".01", ".5", ".50", ".80", ".8", ".667", ".15", ".30"}
_WARNING = re.compile(r"\b\w*Warning\b|Traceback \(most recent call last\)")
_UNSTABLE = re.compile(r" at 0x[0-9a-f]{6,}|/(home|root|tmp|usr|var|work)/\w")
_NUMBER = re.compile(r"(?<![\w.])[−–-]?\d*\.?\d+(?: ?%|\b)")


def lock_problems(lock: Path) -> list[str]:
    """Addresses of an index or host in a lock, and packages without a hash."""
    text = lock.read_text(encoding="utf-8")
    address = r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b| @ "
    problems = [f"line {number} records an address: {line.strip()[:60]}"
                for number, line in enumerate(text.splitlines(), start=1)
                if re.search(address, line)]  # fmt: skip
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
        name = re.match(r"[\w.\[\]-]+==\S+", entry)
        if name and "--hash=sha256:" not in entry:
            problems.append(f"{name.group()} has no hash")
    return problems


def notebook_problems(path: Path) -> list[str]:
    """Cells that were not executed in order, and outputs that nobody should commit."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"])]
    problems = []
    counts = [cell["execution_count"] for cell in code]
    if counts != list(range(1, len(code) + 1)):
        problems.append("its code cells were not executed in order from 1")
    if not any(cell["outputs"] for cell in code):
        problems.append("its outputs were stripped")
    for number, cell in enumerate(code, start=1):
        if len("".join(cell["source"]).splitlines()) > 15:
            problems.append(f"code cell {number} is longer than 15 lines")
        for output in cell["outputs"]:
            problems += [f"code cell {number}: {problem}" for problem in _output_problems(output)]
    return problems


def _output_problems(output: dict) -> list[str]:
    if output["output_type"] == "error":
        return [f"an error: {output.get('ename', '')}"]
    problems = []
    text = output_text(output)
    if output.get("name") == "stderr" or _WARNING.search(text):
        problems.append(f"a warning: {text.strip()[:60]}")
    if _UNSTABLE.search(text):
        problems.append(f"an address of one run or machine: {_UNSTABLE.search(text).group()}")
    for kind in output.get("data", {}):
        said = output.get("metadata", {}).get(kind, {}).get("alt", "")
        if kind in ("image/png", "image/jpeg") and not said.strip():
            problems.append("a picture without alternative text")
    problems += html_problems("".join(output.get("data", {}).get("text/html", "")))
    return problems


def html_problems(page: str) -> list[str]:
    """Pictures without alternative text."""
    return [f"a picture without alternative text: {tag[:60]}"
            for tag in re.findall(r"<img\b[^>]*>", page)
            if not re.search(r"""\balt=("[^"]*\S[^"]*"|'[^']*\S[^']*')""", tag)]  # fmt: skip


def output_text(output: dict) -> str:
    """What a reader sees of an output, without markup."""
    data = output.get("data", {})
    parts = ["".join(output.get("text", ""))]
    parts += ["".join(data.get(kind, "")) for kind in ("text/markdown", "text/plain")]
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", "".join(data.get("text/html", "")), flags=re.S)
    return "\n".join([*parts, html.unescape(re.sub(r"<[^>]+>", " ", page))])


def numbers(text: str) -> set[str]:
    """Shares and decimals, without sign and leading zero: "−0.86" is ".86", "52 %" is "52%"."""
    found = set()
    for number in _NUMBER.findall(text):
        plain = re.sub(r"[\s−–-]", "", number)
        if "." in plain or plain.endswith("%"):
            found.add(re.sub(r"^0(?=\.)", "", plain))
    return found - CONSTANTS


def sentence_problems(prose: str, outputs: list[str]) -> list[str]:
    """Sentences whose numbers stand together in no output."""
    known = [numbers(output) for output in outputs]
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", prose, flags=re.S)
    problems = []
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z*“])|\n\s*\n|\n(?=[-|*] )| \| ", prose):
        said = numbers(sentence)
        if said and not any(said <= output for output in known):
            problems.append(f"no output says so: {' '.join(sentence.split())[:90]}")
    return problems


def said_together(output: dict) -> list[str]:
    """What an output says in one breath: each row of a table by itself, then all else.

    A long table holds so many numbers that it would back any sentence.
    """
    data, row = output.get("data", {}), r"<tr\b.*?</tr>"
    page = "".join(data.get("text/html", ""))
    rest = {**output, "data": {**data, "text/html": re.sub(row, " ", page, flags=re.S)}}
    rows = [{"data": {"text/html": found}} for found in re.findall(row, page, re.S)]
    return [output_text(part) for part in [*rows, rest]]


def notebook_outputs(path: Path) -> list[str]:
    """What the outputs of a notebook say to a reader, in pieces of one breath."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [said for cell in cells for output in cell.get("outputs", [])
            for said in said_together(output)]


def prose_problems(path: Path) -> list[str]:
    """Running text of a notebook whose numbers its own outputs do not show together."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
    outputs = notebook_outputs(path)
    return [problem for text in prose for problem in sentence_problems("".join(text), outputs)]


def figure_problems(committed: Path, drawn: Path) -> list[str]:
    """Figures and their tables that differ, in any byte, from what the code draws."""
    kinds = (".svg", ".png", ".csv")
    there = {path.name for path in committed.iterdir() if path.suffix in kinds}
    fresh = {path.name for path in drawn.iterdir() if path.suffix in kinds}
    problems = [f"{name} is not drawn any more" for name in sorted(there - fresh)]
    remedy = "make figures F="
    problems += [f"{name} is missing; {remedy}{Path(name).stem}" for name in sorted(fresh - there)]
    problems += [f"{name} is stale; {remedy}{Path(name).stem}" for name in sorted(there & fresh)
                 if (committed / name).read_bytes() != (drawn / name).read_bytes()]  # fmt: skip
    for name in sorted(there):
        stem, _, kind = name.rpartition(".")
        if kind == "svg" and "<dc:description>" not in (committed / name).read_text("utf-8"):
            problems.append(f"{name} has no alternative text")
        problems += [f"{stem} has no {other}" for other in ("svg", "png", "csv")
                     if f"{stem}.{other}" not in there]  # fmt: skip
    return problems


def article_problems(folder: Path, digests: dict[str, str]) -> list[str]:
    """Articles that are not, byte for byte, what was received."""
    there = {path.stem for path in folder.glob("*.txt")}
    problems = [f"{name} is not one of the articles" for name in sorted(there - set(digests))]
    for name, digest in digests.items():
        path = folder / f"{name}.txt"
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"
        if found != digest:
            problems.append(f"{name}.txt was changed")
    return problems


def tracked(root: Path) -> list[Path]:
    """The files of the repository, as git knows them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    return [root / name for name in listed.stdout.decode().split("\0") if name]
