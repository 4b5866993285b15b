"""Django made ready in this process, with the environment that it is to read."""
from __future__ import annotations

import os
from pathlib import Path

from binhan.site.environment import Environment, load, set_variable


def setup(data_dir: Path | None = None) -> Environment:
    """Load the environment (of that data directory) and Django with it."""
    if data_dir is not None:
        set_variable("BINHAN_DATA_DIR", str(data_dir))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")
    import django  # noqa: PLC0415 - only after the environment names the data directory
    django.setup()
    return load()
