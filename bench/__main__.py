"""python -m bench [--quick] [--only STAGE]: measures, prints the table, writes bench/latest.json."""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "binhan.site.settings"
os.environ["BINHAN_DATA_DIR"] = tempfile.mkdtemp(prefix="binhan-bench-own-")

import django  # noqa: E402 - after the environment

django.setup()

from bench import measure  # noqa: E402 - after the environment
from bench.system import Figure, System  # noqa: E402 - as above

STAGES = (measure.idle, measure.presses, measure.burst, measure.desk_latency, measure.rungs, measure.positions,
          measure.ranking)


def main() -> int:
    """1 if a target is missed."""
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="two seconds per figure instead of six")
    asked.add_argument("--only", action="append", choices=[s.__name__ for s in STAGES], help="only this stage")
    chosen = asked.parse_args()
    seconds = 2 if chosen.quick else 6
    system = System()
    system.start()
    figures: list[Figure] = []
    try:
        for stage in [s for s in STAGES if not chosen.only or s.__name__ in chosen.only]:
            print(f"… {stage.__name__}", flush=True)
            system.quiet()
            figures += stage(system, seconds)
    finally:
        system.stop()
    report(figures)
    return 0 if all(f.met is not False for f in figures) else 1


def report(figures: list[Figure]) -> None:
    """The table, on the screen and as JSON."""
    print(f"\n{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| figure | measured | of the limit | target | met |\n|---|---|---|---|---|")
    for f in figures:
        share = f"{f.figure / f.limit:.2f}" if f.limit else "–"
        met = "–" if f.met is None else "yes" if f.met else "NO"
        print(f"| {f.name} | {f.figure:,.1f} {f.unit} | {share} | {f.target} | {met} |")
    path = Path(__file__).parent / "latest.json"
    path.write_text(json.dumps([dataclasses.asdict(f) for f in figures], ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
