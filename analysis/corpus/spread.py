"""The same function over many pieces of work: in this process, on all cores, or on a cluster.

Each finished piece is kept on disk under what it rests on, so that a run that was stopped goes on
from there, and its results are read back in order, one at a time.
"""

import itertools
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from analysis.corpus.cache import cached, installed, path_of
from analysis.corpus.files import CorpusError, needed

CHUNK = 20  # articles in a piece: few enough to share evenly, enough to hide what sending costs
PATIENCE = 20  # seconds in which a scheduler has to answer


@dataclass(frozen=True)
class Where:
    """Where work is done: on so many processes of this machine, or on a Dask cluster."""

    workers: int = 1
    scheduler: str = ""


HERE = Where()


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_cell() -> bool:
    """Whether this runs in a notebook's cell."""
    kernel = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(kernel, "kernel")


@contextmanager
def _bar(total: int, verb: str) -> Iterator[tqdm]:
    """Show progress in a terminal or a notebook's cell while work lasts; nothing of it stays."""
    cell = in_cell() and "TQDM_DISABLE" not in os.environ  # as tests of saved outputs set it
    with tqdm(total=total, desc=verb, unit="article", disable=False if cell else None,
              leave=False) as bar:
        yield bar
    if cell:
        from IPython.display import clear_output

        clear_output()


class Spread:
    """Results of a function for chunks of work, in order; iterate as often as you like.

    Parameters
    ----------
    function : callable
        Takes a chunk and a list of ids of work that must not be touched, since it killed its
        process. It goes to other processes by name: of a module, deterministic, not a closure.
    chunks : list of sequences
        Pieces of work with an ``article_id``.
    keys : list of tuple of str
        All that each chunk's result rests on.
    """

    def __init__(self, function: Callable[[Sequence, list[str]], Any], chunks: list[Sequence],
                 keys: list[tuple[str, ...]], where: Where, verb: str):
        self.function, self.chunks, self.keys = function, chunks, keys
        total = sum(map(len, chunks))
        with _bar(total, verb) as self.bar:
            todo = [place for place, key in enumerate(keys) if not path_of(key).exists()]
            self.bar.update(total - sum(len(chunks[place]) for place in todo))
            if where.scheduler or (where.workers > 1 and len(todo) > 1):
                self._share(todo, where)
            else:
                for place in todo:
                    self._keep(place, self._here(place))

    def __iter__(self) -> Iterator[Any]:
        """Yield each result from the disk; where nothing can be kept there, it is made anew."""
        for place, key in enumerate(self.keys):
            yield cached(key, lambda place=place: self._here(place))

    def forget(self, which: Callable[[Any], Any] | None = None) -> None:
        """Remove what was kept, all or the results for which ``which`` says so."""
        for place, key in enumerate(self.keys):
            kept = path_of(key)
            if kept.exists() and (
                    which is None or which(cached(key, lambda place=place: self._here(place)))):
                kept.unlink(missing_ok=True)

    def _here(self, place: int) -> Any:
        return self.function(self.chunks[place], [])

    def _keep(self, place: int, result: Any) -> None:
        cached(self.keys[place], lambda: result)
        self.bar.update(len(self.chunks[place]))

    def _share(self, todo: list[int], where: Where) -> None:
        """Do the chunks side by side; one whose process died is tried again alone.

        Where it dies again, each of its articles is tried alone, and those that kill a process
        are left to the function to name.
        """
        died: list[int] = []
        waiting = iter(todo)
        while lost := self._round(waiting, where):
            died += lost
        alone = Where(1, where.scheduler)
        for place in died:
            if self._round(iter([place]), alone):
                killers = [work.article_id for work in self.chunks[place]
                           if not self._survives([work], alone)]
                with _executor(alone) as (pool, _):
                    self._keep(place, pool.submit(self.function, self.chunks[place],
                                                  killers).result())

    def _survives(self, work: Sequence, where: Where) -> bool:
        with _executor(where) as (pool, _):
            return pool.submit(self.function, work, []).exception() is None

    def _round(self, waiting: Iterator[int], where: Where) -> list[int]:
        """Do what waits until all is done or a process has died; return what was lost by it."""
        running: dict[futures.Future, int] = {}
        lost: list[int] = []
        with _executor(where) as (pool, width):
            while not lost:
                # A few at a time: what waits in line lies in memory.
                for place in itertools.islice(waiting, width - len(running)):
                    try:
                        running[pool.submit(self.function, self.chunks[place], [])] = place
                    except futures.BrokenExecutor:
                        lost.append(place)
                        break
                if not running:
                    break
                done, _ = futures.wait(running, return_when=futures.FIRST_COMPLETED)
                lost += self._collect(done, running)
            return lost + self._collect(futures.wait(running).done, running)

    def _collect(self, done: set[futures.Future], running: dict[futures.Future, int]) -> list[int]:
        lost = []
        for future in done:
            place, error = running.pop(future), future.exception()
            if error is None:
                self._keep(place, future.result())
            else:
                lost.append(place)
        return lost


@contextmanager
def _executor(where: Where) -> Iterator[tuple[futures.Executor, int]]:
    """Offer an executor, and how many pieces of work to give it at a time."""
    if where.scheduler:
        with _cluster(where.scheduler) as client:
            yield client.get_executor(pure=False), 2 * max(1, sum(client.nthreads().values()))
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the cores are taken by processes
    # Started afresh, not forked: the network's threads do not live through a fork.
    pool = futures.ProcessPoolExecutor(where.workers, multiprocessing.get_context("spawn"),
                                       initializer=_follow_parent)
    try:
        yield pool, where.workers + 1
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    pool.shutdown()


def _follow_parent() -> None:
    """End with the process that started this one, even where that was killed."""
    parent = multiprocessing.parent_process()

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    dask = needed("distributed", "--scheduler")
    try:
        client = dask.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise CorpusError(f"--scheduler {address}: no Dask scheduler answers ({error}); start one "
                          "with `dask scheduler` and name its address") from None
    with client:
        mine = installed()
        try:
            theirs = client.run(installed)
        except Exception as error:
            raise CorpusError(f"--scheduler {address}: its workers cannot import this analysis "
                              f"({error}); install it there") from None
        other = [name for name, found in theirs.items() if found != mine]
        if other or not theirs:
            raise CorpusError(f"--scheduler {address}: " + (
                f"{other[0]} has other code, lists or libraries than this machine; install the "
                "same there and restart its workers" if other else "it has no workers; start one"))
        yield client

