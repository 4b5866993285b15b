"""What a command was given on its line, settled with what the environment says."""
from __future__ import annotations

import argparse

from binhan.site.environment import Environment, load, set_variable


def settle(given: argparse.Namespace) -> Environment:
    """The environment with the command's own options on top, kept in the process's variables."""
    for option, name in (("data_dir", "BINHAN_DATA_DIR"), ("port", "BINHAN_PORT"), ("host", "BINHAN_HOST")):
        if (value := getattr(given, option, None)) is not None:
            set_variable(name, str(value))
    env = load()
    env.data_dir.mkdir(parents=True, exist_ok=True)
    return env
