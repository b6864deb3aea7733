"""Settings of every test run. No network: pyproject.toml allows sockets to this machine only."""


def pytest_collectstart(collector):
    """Have nbval compare pictures too: by itself it passes a figure that became a dot."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = tuple(
            kind for kind in collector.skip_compare if kind not in ("image/png", "image/jpeg"))
