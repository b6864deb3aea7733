"""Results that are costly to make, kept in an ignored folder under the digest of all they rest on.

Any file in the folder may be deleted at any time; what is missing is made again, and where the
folder cannot be written, everything is.
"""

import contextlib
import functools
import hashlib
import importlib.metadata
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.definitions import ROOT

# The libraries whose version can change a result.
_LIBRARIES = ("numpy", "pandas", "scipy", "spacy", "textblob", "vaderSentiment", "onnxruntime",
              "tokenizers")


def folder() -> Path:
    """Return the folder of the cache: `.cache/` of the project, or ``ANALYSIS_CACHE``."""
    return Path(os.environ.get("ANALYSIS_CACHE") or ROOT / ".cache")


@functools.cache
def code_of(*files: Path) -> str:
    """Return a digest of source or data files: what they say, not when they changed."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def _versions() -> str:
    return " ".join(f"{name}={importlib.metadata.version(name)}" for name in _LIBRARIES)


@functools.cache
def installed() -> str:
    """Return a digest of the code, lists, models and libraries with which this process began."""
    package, data = Path(__file__).parents[1], ROOT / "data"
    return code_of(*sorted(package.glob("[ci]*/*.[pct]*")), *sorted(data.glob("lexicons/*")),
                   *sorted(data.glob("models/*.[cot]*"))) + _versions()


def path_of(key: tuple[str, ...]) -> Path:
    """Return where the result of a key is kept."""
    digest = hashlib.sha256("\0".join([_versions(), *key]).encode("utf-8", "surrogatepass"))
    return folder() / key[0] / f"{digest.hexdigest()[:40]}.pickle"


def cached(key: tuple[str, ...], make: Callable[[], Any]) -> Any:
    """Return what ``make`` returns, from the cache where the same key was made before.

    Parameters
    ----------
    key : tuple of str
        Everything that the result depends on, the library versions apart (they are added here).
    make : callable
        Called once for a key. Its result must pickle.

    Notes
    -----
    The cache is the user's own folder and holds pickles: do not copy one from somebody else.
    """
    path = path_of(key)
    try:
        return pickle.loads(path.read_bytes())
    except Exception:  # a broken pickle may raise anything; what cannot be read is made again
        pass
    made = make()
    with contextlib.suppress(OSError):  # what cannot be kept is made anew each time
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".making-")
        with os.fdopen(handle, "wb") as file:
            pickle.dump(made, file, protocol=5)
        os.replace(aside, path)
    return made
