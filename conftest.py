"""Settings of every test run: kernels find this package; a changed picture says what changed.

No network: pyproject.toml allows sockets to this machine only.
"""

import base64
import io
import os
import re
import shlex
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
_SLOW = ("site/test_browser.py", "site/test_walk.py")  # a browser opens whole reports
_PICTURES = Path(".cache", "pictures")  # where old, new and difference are put, below the root
# A notebook's kernel starts in its own folder, and runs the package of this checkout.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ["TQDM_DISABLE"] = "1"  # nbval keeps what a cell clears: no bar in kernels of tests


def pytest_collectstart(collector):
    """Have nbval compare pictures too: by itself it passes a figure that became a dot."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = tuple(
            kind for kind in collector.skip_compare if kind not in ("image/png", "image/jpeg"))


def pytest_collection_modifyitems(items):
    """Mark what `make check` leaves out."""
    for item in items:
        if item.path.as_posix().endswith(_SLOW):
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add to the message of a failed notebook cell what became of its pictures."""
    report = yield
    if report.failed and getattr(item, "cell", None) and getattr(item, "test_outputs", None):
        root = item.config.rootpath
        said = _pictures_that_changed(item.cell, item.test_outputs, item.path, root)
        if said:
            report.longrepr = "\n".join([str(report.longrepr), *said])
    return report


@pytest.fixture
def say_change(request):
    """A function that files two pictures with their difference and says how to go on."""
    root = request.config.rootpath
    return lambda name, old, new: _say_change(name, old, new, root, f"make figures F={name}")


def _pictures_that_changed(cell, outputs: list, notebook: Path, root: Path) -> list[str]:
    name = f"{notebook.stem}-cell-{cell.get('execution_count')}"
    old, new = _pictures_of(cell["outputs"], name), _pictures_of(outputs, name)
    command = f"make notebooks N={shlex.quote(notebook.stem)}"
    lines = [f"figure {name} is not drawn any more" for name in old if name not in new]
    lines += [f"figure {name} is new here" for name in new if name not in old]
    lines += [_say_change(name, old[name], new[name], root, command)
              for name in old if name in new and old[name] != new[name]]
    return lines


def _pictures_of(outputs: list, unnamed: str) -> dict[str, bytes]:
    """Return the pictures of a cell by name; where they have none, by cell and place."""
    pictures: dict[str, bytes] = {}
    for output in outputs:
        coded = output.get("data", {}).get("image/png")
        if coded:
            name = output.get("metadata", {}).get("image/png", {}).get("name", "")
            # A name becomes part of a path: letters, digits and hyphens alone.
            name = name if re.fullmatch(r"[\w-]+", name) else f"{unnamed}-{len(pictures) + 1}"
            pictures[name] = base64.b64decode("".join(coded))
    return pictures


def _say_change(name: str, old: bytes, new: bytes, root: Path, command: str) -> str:
    folder = root / _PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    differing, difference = _difference(old, new)
    for kind, made in (("old", old), ("new", new), ("difference", difference)):
        (folder / f"{name}-{kind}.png").write_bytes(made)
    where = _PICTURES.as_posix()
    return (f"figure {name} changed: {differing}\n"
            f"  compare {where}/{name}-old.png, {name}-new.png and {name}-difference.png\n"
            f"  if the new one is right: {command}")


def _difference(old: bytes, new: bytes) -> tuple[str, bytes]:
    """Return in words how far two pictures differ, and a picture of it: ink where they do."""
    from PIL import Image, ImageChops

    one, other = (Image.open(io.BytesIO(made)).convert("RGB") for made in (old, new))
    size = max(one.width, other.width), max(one.height, other.height)
    padded = []
    for picture in (one, other):
        ground = Image.new("RGB", size, "white")
        ground.paste(picture)
        padded.append(ground)
    red, green, blue = ImageChops.difference(*padded).split()
    apart = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda v: 255 * (v > 0))
    count = apart.histogram()[255]
    said = f"{count:,} of {size[0] * size[1]:,} pixels differ"
    if one.size != other.size:
        said += f", {one.width}×{one.height} became {other.width}×{other.height}"
    elif not count:
        said = "its bytes, not its pixels (another version of a library writes them otherwise)"
    buffer = io.BytesIO()
    ImageChops.invert(apart).save(buffer, format="PNG")
    return said, buffer.getvalue()
