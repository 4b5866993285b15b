"""python -m bench [--quick] [--only STAGE] [--size SIZE] [--document]: measures, prints the table, writes
bench/latest.json."""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "binhan.site.settings"
os.environ["BINHAN_DATA_DIR"] = tempfile.mkdtemp(prefix="binhan-bench-own-")

import django  # noqa: E402 - after the environment

django.setup()

import psutil  # noqa: E402 - as above

from bench import field, growth, measure, odk, start, storm, under_load, visits  # noqa: E402 - after the environment
from bench.system import Figure, System  # noqa: E402 - as above

Stage = Callable[[System, int], list[Figure]]
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"
# The tables of the reference: each is written anew when one of its stages has run.
TABLES = {"<!-- written by python -m bench --document -->": (
              measure.idle, measure.presses, measure.burst, measure.desk_latency, measure.rungs, measure.positions,
              measure.ranking),
          "<!-- written by python -m bench --only under_load --document -->": (under_load.under_load,),
          "<!-- written by python -m bench --only storm --document -->": (storm.storm,),
          "<!-- written by python -m bench --only visits --only field --document -->": (visits.visits, field.field),
          "<!-- written by python -m bench --only growth --size full --document -->": (growth.growth,)}
STAGES = tuple(stage for stages in TABLES.values() for stage in stages)
STARTING = "<!-- written by python -m bench --only start --before CHECKOUT --document -->"


def main() -> int:
    """1 if a target is missed."""
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="two seconds per figure instead of six")
    asked.add_argument("--only", action="append", choices=[*(s.__name__ for s in STAGES), "start"],
                       help="only this stage; start, which needs the machine for itself, runs only when it is asked for")
    asked.add_argument("--before", type=Path, metavar="CHECKOUT", help="start: another checkout to measure in turn")
    asked.add_argument("--size", choices=growth.SIZES, default="small", help="growth: how much there is (small)")
    asked.add_argument("--document", action="store_true", help="write the table into docs/reference/performance.md too")
    odk.add_options(asked)
    chosen = asked.parse_args()
    visits.BESIDE = odk.chosen(chosen)
    seconds = 2 if chosen.quick else 6
    load = os.getloadavg()[0]
    growth.chosen = chosen.size
    tables = {STARTING: start.start(seconds, chosen.before)} if "start" in (chosen.only or ()) else {}
    wanted = {mark: [s for s in stages if not chosen.only or s.__name__ in chosen.only] for mark, stages in TABLES.items()}
    if any(wanted.values()):
        tables |= measured(wanted, seconds)
    for mark, figures in tables.items():
        report(figures, load, mark if chosen.document else None)
    found = [f for figures in tables.values() for f in figures]
    path = Path(__file__).parent / "latest.json"
    path.write_text(json.dumps([dataclasses.asdict(f) for f in found], ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if all(f.met is not False for f in found) else 1


def measured(wanted: dict[str, list[Stage]], seconds: int) -> dict[str, list[Figure]]:
    """The figures of these stages on one system, by table."""
    system, tables = System(), dict[str, list[Figure]]()
    system.start()
    try:
        for mark, stages in wanted.items():
            for stage in stages:
                print(f"… {stage.__name__}", flush=True)
                system.quiet()
                tables.setdefault(mark, []).extend(_tried(stage, system, seconds))
    finally:
        system.stop()
    return tables


def _tried(stage: Stage, system: System, seconds: int) -> list[Figure]:
    """A stage's figures. One that cannot be measured is a target missed; it must not take the others' figures with it."""
    try:
        return stage(system, seconds)
    except Exception:  # noqa: BLE001 - whatever it was, it is shown, and the rest is still worth knowing
        traceback.print_exc()
        return [Figure(f"{stage.__name__}: could not be measured, see above", 0, "", None, "measured", False)]


def report(figures: list[Figure], load: float, mark: str | None) -> None:
    """A table, on the screen, and between its marks in the reference if asked."""
    lines = [f"{machine()}, load before the run {load:.1f}, {datetime.now(UTC):%d/%m/%Y}", "",
             "| figure | measured | of the limit | target | met |", "|---|---|---|---|---|"]
    for f in figures:
        share = f"{f.figure / f.limit:.2f}" if f.limit else "–"
        met = "–" if f.met is None else "yes" if f.met else "NO"
        shown = f"{f.figure:,.2f}" if f.unit == "s" else f"{f.figure:,.1f}"
        lines.append(f"| {f.name} | {shown} {f.unit} | {share} | {f.target} | {met} |")
    print("\n" + "\n".join(lines))
    if mark is not None:
        before, mark, rest = DOCUMENT.read_text(encoding="utf-8").partition(mark)
        after = rest.partition(mark)[2]
        DOCUMENT.write_text(before + mark + "\n" + "\n".join(lines) + "\n" + mark + after, encoding="utf-8")


def machine() -> str:
    """What this was measured on."""
    model = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
             if line.startswith("model name")] if Path("/proc/cpuinfo").exists() else []
    return (f"{model[0] if model else platform.machine()}, {os.cpu_count()} cores shared by PostgreSQL, the server and the"
            f" load, {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}")


if __name__ == "__main__":
    sys.exit(main())
