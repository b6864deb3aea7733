"""JupyterLab as `make lab` starts it, or `jupyter lab --config=jupyter_server_config.py`.

Its root is the project, so that data and codes are in reach; its kernels find `analysis`; and a
notebook of the project is saved as the commands write it, so that opening and saving one leaves no
difference. Notebooks of your own are saved as they are.
"""

import os
import sys
from pathlib import Path

root = Path(__file__).resolve().parent
sys.path.insert(0, str(root))
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(root), *filter(None, [os.environ.get("PYTHONPATH")])])

from analysis.site import notebooks  # noqa: E402 - the line above says where it lies


def keep_tidy(model, path, **_):
    """Save a notebook of the project with the metadata that its commands write."""
    ours = {file.relative_to(root).as_posix() for file in notebooks.listed()}
    if model["type"] == "notebook" and path.strip("/") in ours:
        notebooks.tidy(model["content"])


c = get_config()  # noqa: F821 - Jupyter gives it to this file
c.ServerApp.root_dir = str(root)
c.FileContentsManager.pre_save_hook = keep_tidy
