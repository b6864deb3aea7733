"""Runs the notebooks: in place, or on a corpus for its figures; no second way draws a figure."""

import ast
import asyncio
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import DEVNULL

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from tqdm import tqdm
from traitlets.config import Config

from analysis.corpus.disk import write_file, write_whole
from analysis.corpus.read import load_corpus
from analysis.definitions import ROOT
from analysis.picture import FOLDER as FIGURES  # where a notebook's figures are saved when shown
from analysis.pipeline import tables_of
from analysis.site.notebooks import FOLDER, listed, nearest, tidy

WITHOUT_TEXTS = "ANALYSIS_WITHOUT_TEXTS"  # set for the notebooks of a report without texts
_KERNELS = 2  # notebooks that run side by side


def names_in(source: str) -> list[str]:
    """Return the names of the figures that a cell draws: ``plot.bars(table, "name", …)``."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
             and node.func.value.id == "plot"]
    given = [value for call in calls for value in [
        *call.args[1:2], *(word.value for word in call.keywords if word.arg == "name")]]
    return [value.value for value in given if isinstance(value, ast.Constant)]


def drawn_by(path: Path) -> list[str]:
    """Return the names of the figures that a notebook draws."""
    cells = nbformat.read(path, as_version=4).cells
    return [name for cell in cells if cell.cell_type == "code" for name in names_in(cell.source)]


def drop_bundled(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy without the cells that speak of the bundled articles alone."""
    kept = nbformat.from_dict(notebook)
    kept.cells = [cell for cell in kept.cells if "bundled" not in cell.metadata.get("tags", [])]
    return kept


async def _executed(notebook: nbformat.NotebookNode, name: str, environment: dict[str, str]):
    with tempfile.TemporaryDirectory() as home:  # no settings, no start-up files, no history
        client = NotebookClient(
            notebook, kernel_name="python3", timeout=1800, record_timing=False,
            coalesce_streams=True, store_widget_state=False, config=_connection(home),
            shutdown_kernel="immediate",  # its cells are done; waiting takes seconds
            extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(FOLDER)}})
        try:
            await client.async_execute(env=environment | {"IPYTHONDIR": home}, stderr=DEVNULL)
        except CellExecutionError as error:
            raise ChildProcessError(
                f"{name}: a cell failed ({error.ename}: {error.evalue}); run the notebook in "
                "JupyterLab to see where") from None
        except (RuntimeError, DeadKernelError) as error:
            raise ChildProcessError(f"{name}: its kernel died ({error}); try again") from None
    tidy(notebook)
    return nbformat.from_dict(notebook)


def _connection(home: str) -> Config:
    """Let a kernel talk through files of its own: ports can be taken while two kernels start."""
    if os.name != "posix":
        return Config()
    return Config(KernelManager={"transport": "ipc", "ip": f"{home}/kernel",
                                 "connection_file": f"{home}/kernel.json"})


async def _execute_all(paths: list[Path], drop: bool, environment: dict[str, str],
                       done: Callable[[Path, nbformat.NotebookNode], None]) -> None:
    free = asyncio.Semaphore(_KERNELS)
    bar = tqdm(total=len(paths), desc="running notebooks", disable=None, leave=False)

    async def one(path: Path) -> None:
        async with free:
            notebook = nbformat.read(path, as_version=4)
            notebook = await _executed(drop_bundled(notebook) if drop else notebook, path.name,
                                       environment)
        done(path, notebook)
        bar.update()

    tasks = [asyncio.create_task(one(path)) for path in paths]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # no kernel outlives the run
        bar.close()


def execute(paths: list[Path], corpus: Path | None, done: Callable, **more: str | bool) -> None:
    """Run notebooks on a corpus and hand each to ``done``, with its path, as it is finished.

    Kernels have the same surroundings whoever runs them, with ``more`` that is set. A notebook's
    cell may call this too, though a loop runs in its thread already.
    """
    own = ("ANALYSIS_CORPUS", "MPLBACKEND", "FORCE_COLOR", "NO_COLOR", WITHOUT_TEXTS, FIGURES)
    around = {name: value for name, value in os.environ.items() if name not in own} | {
        "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT),
                                       *filter(None, [os.environ.get("PYTHONPATH")])])}
    if corpus:
        around["ANALYSIS_CORPUS"] = str(Path(corpus).resolve())
    bundled = corpus is None or Path(corpus).resolve() == ROOT / "data"
    around |= {name: "1" if value is True else value for name, value in more.items() if value}
    work = _execute_all(paths, not bundled, around, done)
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # so that an interrupt ends the kernels too
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as other_thread:
        return other_thread.submit(asyncio.run, work).result()


def in_place(paths: list[Path]) -> None:
    """Execute notebooks on the bundled articles, write them back, and their figures with them.

    Figures of the project's notebooks lie in ``figures/``, those of any other in a folder of this
    name beside it.
    """
    tables_of(load_corpus(ROOT / "data"))  # made once, before kernels read them
    for home in dict.fromkeys(path.resolve().parent for path in paths):
        written: list[tuple[Path, bytes]] = []
        with write_whole((ROOT if home == FOLDER else home) / "figures") as folder:
            execute([path for path in paths if path.resolve().parent == home], None,
                    lambda path, notebook, written=written: written.append(
                        (path, (nbformat.writes(notebook) + "\n").encode())),
                    ANALYSIS_FIGURES=str(folder))
            for path, content in written:
                write_file(path, content)


def draw(corpus: Path, out: Path, only: list[str], skip_refused: bool = False) -> None:
    """Draw the figures of a corpus into a folder, each with its CSV, by running the notebooks.

    Raises
    ------
    CorpusError
        If no figure has one of the names ``only``; the message lists those that there are.
    """
    drawn = {name: path for path in listed() for name in drawn_by(path)}
    only = [nearest(name, drawn, "figure") for name in only]
    read = load_corpus(corpus, skip_refused=skip_refused)
    tables_of(read)
    paths = sorted({drawn[name] for name in only}) if only else listed()
    with write_whole(out, keep=read.files) as folder:
        execute(paths, corpus, lambda *_: None, ANALYSIS_FIGURES=str(folder),
                ANALYSIS_ONLY=" ".join(only), ANALYSIS_SKIP_REFUSED=skip_refused)
