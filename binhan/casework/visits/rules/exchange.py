"""Exchange of doors between neighbouring turfs: ruin and recreate.

Again and again short strings of doors that lie near each other are taken out of a few neighbouring turfs and put back
one by one where they lengthen the walking least; the result is kept if the whole became better, and now and then, less
and less often, although it became a little worse (Christiaens and Vanden Berghe, "Slack induction by string removals",
2020). No turf ever has more doors than its bound, nor fewer at the end of a step; minutes beyond the bound cost
walking. The same input and seed always give the same turfs.
"""
from __future__ import annotations

import math
import random

from binhan.casework.visits.rules.door_graph import DoorGraph
from binhan.casework.visits.rules.split import METRES_PER_MINUTE, OVERTIME_M, Bounds

STRING = 20  # doors in a string, at most: about one alley
STRINGS = 3  # turfs that a step touches, at most
BLINK = 0.01  # how often a good place is overlooked on purpose
WARM, COLD = 20.0, 0.1  # tolerated worsening at the first and the last step, in mean metres from door to door
NOWHERE = -1
Removed = list[tuple[int, int, int, int]]  # door, the one before, the one after, turf


def exchange(graph: DoorGraph, turfs: list[list[int]], bounds: Bounds, steps: int, seed: int) -> list[list[int]]:
    """Turfs with less walking and overtime together, the same in number."""
    if len(turfs) < 2 or bounds.most < 2:
        return turfs
    search = Search(graph, turfs, bounds, random.Random(seed))
    edge = sum(search.walking) / max(1, graph.outside - len(turfs))
    if edge <= 0.0:
        return turfs
    cooling = (COLD / WARM) ** (1 / max(1, steps))
    tolerance = WARM * edge
    for _ in range(steps):
        search.step(tolerance)
        tolerance *= cooling
    return search.best_turfs()


class Search:
    """The turfs while doors are exchanged: doubly linked lists between two OUTSIDEs, and each turf's totals."""

    def __init__(self, graph: DoorGraph, turfs: list[list[int]], bounds: Bounds, rng: random.Random) -> None:
        self.graph, self.bounds, self.rng = graph, bounds, rng
        outside = graph.outside
        self.before, self.after = [outside] * (outside + 1), [outside] * (outside + 1)
        self.turf = [NOWHERE] * (outside + 1)
        self.doors = [len(turf) for turf in turfs]
        self.walking = [0.0] * len(turfs)
        self.minutes = [0.0] * len(turfs)
        for number, turf in enumerate(turfs):
            for i, door in enumerate(turf):
                self.turf[door] = number
                self.before[door] = turf[i - 1] if i else outside
                self.after[door] = turf[i + 1] if i + 1 < len(turf) else outside
                self.minutes[number] += graph.minutes[door]
                self.walking[number] += graph.metres[self.before[door]][door]
        self.total = sum(self.walking) + sum(map(self._overtime, range(len(turfs))))
        self.best = self.total
        self.kept = (self.before[:], self.after[:], self.turf[:])

    def _overtime(self, turf: int) -> float:
        over = self.minutes[turf] + self.walking[turf] / METRES_PER_MINUTE - self.bounds.minutes
        return OVERTIME_M * over if over > 0.0 else 0.0

    def step(self, tolerance: float) -> None:
        """Ruin, recreate, and keep or undo."""
        removed, touched = self._ruin()
        places = self._recreate(removed, touched)
        worth = sum(map(self._worth, touched)) - sum(touched.values())
        enough = all(self.doors[t] >= self.bounds.fewest for t in touched)
        if enough and worth < -tolerance * math.log(1.0 - self.rng.random()):
            self.total += worth
            if self.total < self.best - 1e-6:
                self.best = self.total
                self.kept = (self.before[:], self.after[:], self.turf[:])
        else:
            self._undo(removed, places)

    def _worth(self, turf: int) -> float:
        return self.walking[turf] + self._overtime(turf)

    def _ruin(self) -> tuple[Removed, dict[int, float]]:
        """Take strings out of the turfs around a random door. Also: what each touched turf cost before."""
        rand, turf_of = self.rng.random, self.turf
        seed = int(rand() * self.graph.outside)
        most = 1 + int(rand() * STRINGS)
        removed: Removed = []
        touched: dict[int, float] = {}
        for door in (seed, *self.graph.near[seed]):
            turf = turf_of[door]
            if turf == NOWHERE or turf in touched or self.doors[turf] < 2:
                continue  # an emptied turf would have no door beside which to put another
            touched[turf] = self._worth(turf)
            self._take_string(door, 1 + int(rand() * min(STRING, self.doors[turf] - 1)), removed)
            if len(touched) == most:
                break
        return removed, touched

    def _take_string(self, door: int, length: int, removed: Removed) -> None:
        """Take out `length` doors in a row, `door` among them."""
        outside, before, after = self.graph.outside, self.before, self.after
        start = door
        for _ in range(int(self.rng.random() * length)):
            if before[start] == outside:
                break
            start = before[start]
        for _ in range(length):
            if start == outside:
                break
            following = after[start]
            self._take(start, removed)
            start = following

    def _take(self, door: int, removed: Removed) -> None:
        metres = self.graph.metres[door]
        p, q, turf = self.before[door], self.after[door], self.turf[door]
        removed.append((door, p, q, turf))
        self.after[p], self.before[q] = q, p
        self.turf[door] = NOWHERE
        self.doors[turf] -= 1
        self.minutes[turf] -= self.graph.minutes[door]
        self.walking[turf] -= metres[p] + metres[q] - self.graph.metres[p][q]

    def _recreate(self, removed: Removed, touched: dict[int, float]) -> Removed:
        """Put every removed door where it costs least, in random order."""
        order = [r[0] for r in removed]
        self.rng.shuffle(order)
        places: Removed = []
        for door in order:
            p, q, turf = self._cheapest(door)
            if turf not in touched:
                touched[turf] = self._worth(turf)
            self._put(door, p, q, turf)
            places.append((door, p, q, turf))
        return places

    def _cheapest(self, door: int) -> tuple[int, int, int]:
        """Between which two stops of which turf: beside a near door if any such turf has room, else anywhere."""
        found = self._cheapest_beside(door, self.graph.near[door])
        if found is None:
            found = self._cheapest_beside(door, range(self.graph.outside))
        if found is None:
            raise AssertionError("the turfs together have room for every door")
        return found

    def _cheapest_beside(self, door: int, others: list[int] | range) -> tuple[int, int, int] | None:
        metres, row = self.graph.metres, self.graph.metres[door]
        rand, most, limit = self.rng.random, self.bounds.most, self.bounds.minutes - self.graph.minutes[door]
        best, found = math.inf, None
        for c in others:
            turf = self.turf[c]
            if turf == NOWHERE or self.doors[turf] >= most or (found is not None and rand() < BLINK):
                continue
            over = self.minutes[turf] + self.walking[turf] / METRES_PER_MINUTE - limit
            base = row[c] + (OVERTIME_M * over if over > 0.0 else 0.0)
            p, q, beside = self.before[c], self.after[c], metres[c]
            cost = base + row[p] - beside[p]
            if cost < best:
                best, found = cost, (p, c, turf)
            cost = base + row[q] - beside[q]
            if cost < best:
                best, found = cost, (c, q, turf)
        return found

    def _put(self, door: int, p: int, q: int, turf: int) -> None:
        metres = self.graph.metres[door]
        self.before[door], self.after[door] = p, q
        self.after[p], self.before[q] = door, door
        self.turf[door] = turf
        self.doors[turf] += 1
        self.minutes[turf] += self.graph.minutes[door]
        self.walking[turf] += metres[p] + metres[q] - self.graph.metres[p][q]

    def _undo(self, removed: Removed, places: Removed) -> None:
        """As it was before the step: the last change is taken back first."""
        for door, *_ in reversed(places):
            self._take(door, [])
        for door, p, q, turf in reversed(removed):
            self._put(door, p, q, turf)

    def best_turfs(self) -> list[list[int]]:
        """The best turfs met, each in walking order."""
        before, after, turf_of = self.kept
        turfs: list[list[int]] = [[] for _ in self.doors]
        for door in range(self.graph.outside):
            if before[door] == self.graph.outside:
                turf = turfs[turf_of[door]]
                while door != self.graph.outside:
                    turf.append(door)
                    door = after[door]
        return turfs
