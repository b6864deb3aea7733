"""Settings of every test run: no network, and pictures are compared like everything else."""


def pytest_configure(config):
    """Refuse connections to other machines; kernels and browsers talk on this one."""
    config.option.allow_hosts = config.option.allow_hosts or "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True


def pytest_collectstart(collector):
    """Have nbval compare pictures too: by itself it passes a figure that became a dot."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = tuple(
            kind for kind in collector.skip_compare if kind not in ("image/png", "image/jpeg"))
