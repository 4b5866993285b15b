"""The translations as programs read them: every django.po beside a context is compiled to a django.mo where that is missing
or older. Only the .po files are kept in the repository: compiled ones would be in every merge's way."""
from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger(__name__)


def compile_stale(folders: Iterable[Path]) -> list[Path]:
    """Compile what is stale below these folders' `locale/`; returns what was written. A folder that cannot be written is
    said and left: its pages are then shown in Vietnamese."""
    written = []
    for folder in folders:
        for source in sorted((folder / "locale").glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                try:
                    _compile(source, target)
                    written.append(target)
                except OSError as error:
                    log.warning("%s could not be written: %s", target, error)
    return written


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - needed once after a change, not at every start
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above
    with source.open("rb") as text:
        catalogue = read_po(text)
    half = target.with_suffix(f".{os.getpid()}")  # several parts start at once
    with half.open("wb") as out:
        write_mo(out, catalogue)
    half.replace(target)
