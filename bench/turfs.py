"""python -m bench.turfs [--seconds 10] [--tsplib FILE …] [--document]: how short and how even the planned walks are,
beside PyVRP's best on the same doors, and how long planning takes. Prints a table; not a timed test.

PyVRP plans open walks too: its one depot lies 0 m from every door. It is given the same doors, number of turfs and most
doors of a turf, but no balance to keep, and stops after a fixed time: its best is not always the best there is.
"""
from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from bench.alleys import alley_doors, scattered_doors, ward_doors
from binhan.casework.visits.rules.blocks import SEED, order
from binhan.casework.visits.rules.door_graph import door_graph
from binhan.casework.visits.rules.doors import Door
from binhan.casework.visits.rules.walk import length_m
from binhan.commons.roads.rules.distances import Metres, straight_m

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"
MARK = "<!-- written by python -m bench.turfs --document -->"
MAX_DOORS = 60
SEEDS = 5
OPTIMUM = {"eil51": 426, "berlin52": 7542, "st70": 675, "eil76": 538, "pr76": 108159, "rat99": 1211, "kroA100": 21282}
Row = tuple[str, str, str, str, str]  # figure, ours, the solver's, ratio, target


def walk(metres: Metres) -> tuple[list[int], float]:
    """The ordering step, as the command takes it for a single turf: doors in order, metres."""
    graph = door_graph(metres, [5.0] * len(metres))
    doors = order(graph)
    return doors, length_m(graph, doors)


def solver(metres: Metres, turfs: int, most: int, seconds: float) -> tuple[float, list[int]]:
    """PyVRP's best within `seconds`: metres, and doors of each turf."""
    count = len(metres)
    wide = np.zeros((count + 1, count + 1), dtype=np.int64)
    wide[1:, 1:] = np.rint(metres * 100)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * (count + 1), depots=[pyvrp.Depot(location=0)],
        clients=[pyvrp.Client(location=i, delivery=[1]) for i in range(1, count + 1)],
        vehicle_types=[pyvrp.VehicleType(num_available=turfs, capacity=[most])],
        distance_matrices=[wide], duration_matrices=[np.zeros_like(wide)])
    best = pyvrp.solve(data, stop=MaxRuntime(seconds), seed=SEED, display=False, collect_stats=False).best
    if not best.is_feasible():
        raise RuntimeError("PyVRP found no plan in its time")
    return best.distance() / 100, [route.num_clients() for route in best.routes()]


def ordering(seconds: float) -> Iterator[Row]:
    """(a) One turf of 40, 60, 80 doors."""
    for name, make in (("along alleys", lambda n, s: alley_doors(n, s, 150.0 + n)),
                       ("scattered", lambda n, s: scattered_doors(n, s, 400.0))):
        for count in (40, 60, 80):
            ours, best, spent = [], [], 0.0
            for seed in range(SEEDS):
                metres = straight_m([(d.lat, d.lon) for d in make(count, seed)])
                began = time.process_time()
                ours.append(walk(metres)[1])
                spent += time.process_time() - began
                best.append(solver(metres, 1, count, seconds)[0])
            ratios = [a / b for a, b in zip(ours, best, strict=True)]
            yield (f"walk of {count} doors {name}, {SEEDS} seeds ({spent / SEEDS * 1000:.0f} ms each)",
                   f"{mean(ours):,.0f} m", f"{mean(best):,.0f} m", f"{mean(ratios):.4f} (worst {max(ratios):.4f})",
                   "≤ 1.02")


def published(files: Sequence[Path]) -> Iterator[Row]:
    """(c) TSPLIB's tours. A tour is an open walk that begins and ends at the same place: the first place is there twice,
    and both are so far from all others that the shortest walk has them at its ends."""
    for file in files:
        optimum = OPTIMUM[file.stem]
        at = np.array([[float(x) for x in line.split()[1:]] for line in file.read_text(encoding="utf-8").splitlines()
                       if line.strip()[:1].isdigit()])
        at = np.vstack((at, at[:1]))
        metres = np.floor(np.hypot(*(at[:, None] - at).transpose(2, 0, 1)) + 0.5)  # TSPLIB rounds to whole numbers
        away = 2 * metres.max()
        metres[[0, -1]] += away
        metres[:, [0, -1]] += away
        metres[0, -1] = metres[-1, 0] = 4 * away
        np.fill_diagonal(metres, 0.0)
        doors, length = walk(metres)
        if {doors[0], doors[-1]} != {0, len(at) - 1}:
            raise RuntimeError("the walk does not close")
        found = length - 2 * away
        yield (f"TSPLIB {file.stem}, closed tour", f"{found:.0f}", f"{optimum} (published optimum)",
               f"{found / optimum:.4f}", "≤ 1.02")


def command(doors: list[Door]) -> tuple[dict[str, object], float, float]:
    """binhan turfs --json in a process of its own: the answer, wall seconds, processor seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("door_id", "lat", "lon", "minutes", "group", "priority"))
        rows.writerows((d.door_id, d.lat, d.lon, d.minutes, d.group, d.priority) for d in doors)
        file.flush()
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "binhan.run.cli", "turfs", file.name, "--max-doors", str(MAX_DOORS),
                               "--json"], check=True, capture_output=True)
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(done.stdout), wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plans(seconds: float) -> Iterator[Row]:
    """(b) A ward of 5,000 doors in 20 khu phố, and 20,000 doors in one."""
    doors = ward_doors(5000, 20)
    answer, wall, processor = command(doors)
    yield "5,000 doors in 20 khu phố: wall time", f"{wall:.1f} s ({processor:.1f} s of processor)", "–", "–", "< 30 s"
    groups: dict[str, list[Door]] = {}
    for door in doors:
        groups.setdefault(door.group, []).append(door)
    best = 0.0
    sizes: list[int] = []
    for members in groups.values():
        metres = straight_m([(d.lat, d.lon) for d in members])
        length, found = solver(metres, -(-len(members) // MAX_DOORS), MAX_DOORS, seconds)
        best, sizes = best + length, sizes + found
    turfs, ours = answer["turfs"], float(str(answer["total_length_m"]))
    assert isinstance(turfs, list)
    yield (f"the same: metres walked in {len(turfs)} turfs (solver: {seconds:g} s a khu phố)", f"{ours:,.0f} m",
           f"{best:,.0f} m", f"{ours / best:.3f}", "≤ 1.10")
    for what, mine, theirs in (("doors", [len(t["doors"]) for t in turfs], sizes),
                               ("minutes", [t["minutes"] for t in turfs], [])):
        yield (f"the same: {what}, largest turf to mean (smallest turf)", f"{max(mine) / mean(mine):.2f} ({min(mine):g})",
               f"{max(theirs) / mean(theirs):.2f} ({min(theirs)})" if theirs else "–", "–", "≤ 1.25")
    answer, wall, processor = command(alley_doors(20_000, 7, 4500.0))
    yield "20,000 doors in one khu phố: wall time", f"{wall:.1f} s ({processor:.1f} s of processor)", "–", "–", "< 120 s"


def machine() -> str:
    """What this was measured on, and how busy it was otherwise."""
    model = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
             if line.startswith("model name")]
    return (f"{model[0] if model else 'unknown processor'}, {os.cpu_count()} cores, load before the run "
            f"{os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}, {datetime.now(UTC):%d/%m/%Y}")


def main() -> None:
    """Print the table; into the reference if asked."""
    asked = argparse.ArgumentParser(prog="bench.turfs", description=__doc__)
    asked.add_argument("--seconds", type=float, default=10.0, help="PyVRP's time for each khu phố")
    asked.add_argument("--tsplib", type=Path, nargs="*", default=[], help=f"EUC_2D files named {', '.join(OPTIMUM)}.tsp")
    asked.add_argument("--document", action="store_true", help="write the table into docs/reference/performance.md too")
    chosen = asked.parse_args()
    lines = [machine(), "", "| figure | ours | solver's best | ratio | target |", "|---|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    for rows in (plans(chosen.seconds), ordering(2.0), published(chosen.tsplib)):
        for row in rows:
            lines.append(f"| {' | '.join(row)} |")
            print(lines[-1], flush=True)
    if chosen.document:
        before, mark, rest = DOCUMENT.read_text(encoding="utf-8").partition(MARK)
        after = rest.partition(MARK)[2]
        DOCUMENT.write_text(before + mark + "\n" + "\n".join(lines) + "\n" + mark + after, encoding="utf-8")


if __name__ == "__main__":
    main()
