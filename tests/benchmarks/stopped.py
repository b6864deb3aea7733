"""Runs of many articles that are killed half-way: what comes out is what an undisturbed run writes.

    python tests/benchmarks/stopped.py N [--workers W] [--longest P] [--without-tone]

Makes N articles from templates, 2 to P paragraphs long, and runs ``tables --format parquet`` three
times, each with a cache of its own: undisturbed; killed with all its processes when half of the
chunks are kept, and started again; and on a Dask cluster of as many workers of this machine, one
of which is killed half-way. Prints seconds by the clock, the largest process of each run, and
whether all bytes are equal.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cost import corpus

ROOT = Path(__file__).resolve().parents[2]
CHUNK = 20


def started(folder: Path, args: argparse.Namespace, name: str, *where: str) -> subprocess.Popen:
    """Start a run in a group of processes of its own."""
    from analysis.pipeline import MADE

    tone = ["--without-tone"] if args.without_tone else []
    return subprocess.Popen(
        [sys.executable, "-m", "analysis", "tables", str(folder / "made.csv"), *tone, "--format",
         "parquet", "--out", str(folder / name), "--only", *MADE, *where], cwd=ROOT,
        env=os.environ | {"ANALYSIS_CACHE": str(folder / f"cache of {name}")},
        start_new_session=True)


def half_done(folder: Path, args: argparse.Namespace, name: str) -> None:
    """Wait until names of all articles are counted and half of them are read."""
    half = 1.5 * args.size / CHUNK
    while len(list((folder / f"cache of {name}" / "chunks").glob("*.pickle"))) < half:
        time.sleep(0.2)


def finish(run: subprocess.Popen) -> None:
    if run.wait():
        sys.exit(f"a run failed with status {run.returncode}")


def timed(name: str, work: Callable[[], None]) -> None:
    began, load = time.perf_counter(), os.getloadavg()[0]
    work()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{name}: {time.perf_counter() - began:.0f} s by the clock, load {load:.1f} before, "
          f"largest process so far {peak:.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--longest", type=int, default=60)
    parser.add_argument("--without-tone", action="store_true")
    args = parser.parse_args()
    processes = ["--workers", str(args.workers)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        corpus(folder / "made.csv", args.size, args.longest)

        def stopped() -> None:
            run = started(folder, args, "stopped", *processes)
            half_done(folder, args, "stopped")
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            finish(started(folder, args, "stopped", *processes))

        def clustered() -> None:
            from distributed import LocalCluster

            with LocalCluster(args.workers, threads_per_worker=1, dashboard_address=None) as made:
                run = started(folder, args, "cluster", "--scheduler", made.scheduler_address)
                half_done(folder, args, "cluster")
                os.kill(made.workers[0].pid, signal.SIGKILL)  # its nanny starts another
                finish(run)

        timed("undisturbed", lambda: finish(started(folder, args, "whole", *processes)))
        timed("killed and resumed", stopped)
        timed("Dask, a worker killed", clustered)
        whole = {path.name: path.read_bytes() for path in (folder / "whole").iterdir()}
        for name in ("stopped", "cluster"):
            same = whole == {path.name: path.read_bytes() for path in (folder / name).iterdir()}
            print(f"{name}: {'the same bytes' if same else 'OTHER BYTES'} in {len(whole)} tables")


if __name__ == "__main__":
    main()
