"""Print the tests of what was changed since main, for `make check`: paths, one a line.

Changed is what differs from the commit where this branch left main (on main: from the last
commit), with files that git does not know yet. A room's tests stand in the folder of its name; what
all rooms rest on brings the tests of all of them.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("corpus", "instruments", "codes", "claims", "site", "top")
# Beginnings of paths, and whose tests they bring; the first that fits counts.
BRINGS = (
    ("analysis/definitions.py", ROOMS),
    *((f"analysis/{room}/", (room,)) for room in ROOMS),
    ("analysis/compare.py", ("claims", "top")),
    ("analysis/", ("top",)),
    ("data/lexicons/", ("instruments",)),
    ("data/models/", ("instruments",)),
    ("data/codes/", ("codes", "claims")),
    ("data/", ("corpus", "test_repository.py", "top/test_dictionary.py")),
)
REPOSITORY = ("notebooks/", "figures/", "pyproject.toml", "requirements", "Makefile", "README.md",
              "ARCHITECTURE.md", "CONTRIBUTING.md", "binder/", "docs/", "conftest.py")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else []


def changed() -> list[str]:
    """Return the files that differ from main, or from the last commit where this is main."""
    base = (_git("merge-base", "HEAD", "main") or ["HEAD"])[0]
    return sorted({*_git("diff", "--name-only", base),
                   *_git("ls-files", "--others", "--exclude-standard")})


def tests_for(files: Iterable[str]) -> list[str]:
    """Return the tests that changed files call for, below `tests/`: folders, and single files."""
    found: set[str] = set()
    for file in files:
        if file.startswith("tests/"):
            found.update(_test(file))
        elif file.startswith(REPOSITORY):
            found.add("test_repository.py")
        else:
            found.update(next((tests for start, tests in BRINGS if file.startswith(start)), ()))
    return sorted(name for name in found
                  if "/" not in name or name.split("/")[0] not in found)  # its folder runs it


def _test(file: str) -> list[str]:
    name = file.removeprefix("tests/")
    if Path(name).name.startswith("test_"):
        return [name]
    room = name.split("/")[0]
    return [room] if room in ROOMS else []


if __name__ == "__main__":
    sys.stdout.writelines(f"{(ROOT / 'tests' / name).relative_to(ROOT).as_posix()}\n"
                          for name in tests_for(changed()) if (ROOT / "tests" / name).exists())
