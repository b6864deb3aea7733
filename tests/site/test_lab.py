"""Run All in a real JupyterLab: no error, and saving leaves no difference.

Two notebooks in the ordinary run, since nbval executes all of them anyway; all by
THREE_TELLINGS_LAB=1. Skipped where no browser is found, as in test_browser.py.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

from analysis.definitions import ROOT
from analysis.site import notebooks

BROWSER = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None)
pytestmark = [pytest.mark.skipif(BROWSER is None, reason="no chromium on the path"),
              pytest.mark.slow]
TRIED = [path for path in notebooks.listed()
         if "THREE_TELLINGS_LAB" in os.environ or path.stem[:2] in ("01", "04")]
KEPT = ("analysis", "data", "figures", "notebooks", "jupyter_server_config.py", "pyproject.toml")
READY = """async (path) => {
  const app = window.jupyterapp; await app.restored;
  const seen = await app.commands.execute('docmanager:open', {path});
  await seen.context.ready; await seen.sessionContext.ready;
  return seen.content.widgets.length; }"""
RUN = """async () => {
  const app = window.jupyterapp;
  await app.commands.execute('notebook:run-all-cells');
  const seen = app.shell.currentWidget;
  await seen.context.save();
  return seen.content.widgets.filter(cell => cell.model.type === 'code' &&
    cell.model.outputs.toJSON().some(out => out.output_type === 'error')).length; }"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the project, and the folder of the copy."""
    home = tmp_path_factory.mktemp("lab")
    for name in KEPT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, home / name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", f"--config={home / 'jupyter_server_config.py'}",
         "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
         "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url="],
        cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
                          "JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"),
                          "JUPYTERLAB_WORKSPACES_DIR": str(home / ".workspaces")})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        yield address, home
    finally:
        server.terminate()
        server.wait(20)


def test_run_all_in_jupyterlab_ends_without_an_error_or_a_difference(lab):
    from playwright.sync_api import sync_playwright

    address, home = lab
    said = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(300_000)
        page.goto(f"{address}/lab?reset")
        page.wait_for_function("window.jupyterapp !== undefined")
        for path in TRIED:
            name = f"notebooks/{path.name}"
            cells = page.evaluate(READY, name)
            assert cells == len(nbformat.read(path, as_version=4).cells), name
            failed = page.evaluate(RUN)
            if failed:
                said[name] = f"{failed} cells failed"
            elif (home / name).read_bytes() != path.read_bytes():
                said[name] = "running and saving it changed the file"
        browser.close()
    assert not said
