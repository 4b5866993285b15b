"""The walking order: doors into a short open walk that may begin and end anywhere.

A walk is kept as a ring through one more stop, OUTSIDE, which is 0 m from every door: where the ring passes it, the walk
begins and ends. 2-opt and Or-opt look only at near doors, and only where something has changed; then small kicks, each
undone unless the walk became shorter (iterated local search). The same input and seed always give the same walk.
"""
from __future__ import annotations

import random

from binhan.casework.visits.rules.door_graph import DoorGraph

EPSILON_M = 1e-7  # a shorter gain is rounding, and taking it could go round in circles
SEGMENT = 3  # doors that Or-opt moves at once
REACH = 80  # a kick rearranges the ring within so many stops
WARM = 3.0  # how much longer a kick may leave the walk at first, in mean metres from stop to stop


def length_m(graph: DoorGraph, doors: list[int]) -> float:
    """Metres from the first door to the last; 0 for one door or none."""
    return sum((graph.metres[a][b] for a, b in zip(doors, doors[1:], strict=False)), 0.0)


def shorten(graph: DoorGraph, doors: list[int], kicks: int, seed: int) -> list[int]:
    """The same doors in a shorter or equally long order; `kicks` is how often to try again from a disturbed order."""
    if len(doors) < 3:
        return doors
    ring = Ring(graph, doors)
    ring.settle(list(doors))
    if len(doors) > 3:
        ring.anneal(kicks, random.Random(seed))
    return ring.doors()


def nearest_first(graph: DoorGraph, doors: list[int]) -> list[int]:
    """A first order: always on to the nearest door not yet visited, from the first of `doors`."""
    left = dict.fromkeys(doors)
    here = doors[0]
    walk = [here]
    del left[here]
    while left:
        there = next((c for c in graph.near[here] if c in left), None)
        if there is None:
            there = min(left, key=graph.metres[here].__getitem__)
        del left[there]
        walk.append(there)
        here = there
    return walk


class Ring:
    """The walk while it is being shortened. `stops[at[x]] == x`; OUTSIDE is one of the stops."""

    def __init__(self, graph: DoorGraph, doors: list[int]) -> None:
        self.metres = graph.metres
        self.stops = [graph.outside, *doors]
        self.at = [-1] * (graph.outside + 1)
        for i, stop in enumerate(self.stops):
            self.at[stop] = i
        self.near = graph.near if len(doors) == graph.outside else {  # only doors of this walk
            a: [c for c in graph.near[a] if self.at[c] >= 0] for a in doors}
        if len(doors) < graph.outside:
            self._fill(doors)

    def _fill(self, doors: list[int]) -> None:
        """A door whose neighbours all belong to other walks gets the nearest doors of this one."""
        for a in doors:
            if len(self.near[a]) < min(5, len(doors) - 1):
                row = self.metres[a]
                self.near[a] = sorted((c for c in doors if c != a), key=row.__getitem__)[:8]

    def doors(self) -> list[int]:
        """The walk from its beginning to its end."""
        cut = self.at[len(self.at) - 1]
        return self.stops[cut + 1:] + self.stops[:cut]

    def settle(self, dirty: list[int]) -> float:
        """Shorten around these stops until nothing near helps; returns the metres gained."""
        gained = 0.0
        waiting = set(dirty)
        outside = len(self.at) - 1
        while dirty:
            a = dirty.pop()
            waiting.discard(a)
            if a == outside:
                continue
            gain, touched = self._two_opt(a)
            if not touched:
                gain, touched = self._or_opt(a)
            gained += gain
            for stop in touched:
                if stop not in waiting:
                    waiting.add(stop)
                    dirty.append(stop)
        return gained

    def _two_opt(self, a: int) -> tuple[float, tuple[int, ...]]:
        """Replace the edges a–b and c–d by a–c and b–d, for b after a or before it."""
        metres, stops, at = self.metres, self.stops, self.at
        size, row, here = len(stops), metres[a], at[a]
        for step in (1, -1):
            b = stops[(here + step) % size]
            ab, row_b = row[b], metres[b]
            for c in self.near[a]:
                gain = ab - row[c]
                if gain <= EPSILON_M:
                    break
                d = stops[(at[c] + step) % size]
                gain += metres[c][d] - row_b[d]
                if gain > EPSILON_M:
                    i, j = (here, at[c]) if step == 1 else (at[b], at[d])
                    self._reverse(min(i, j) + 1, max(i, j) + 1)
                    return gain, (b, d, c, a)
        return 0.0, ()

    def _reverse(self, start: int, end: int) -> None:
        """Turn round stops[start:end]."""
        stops, at = self.stops, self.at
        stops[start:end] = stops[start:end][::-1]
        for i in range(start, end):
            at[stops[i]] = i

    def _or_opt(self, a: int) -> tuple[float, tuple[int, ...]]:
        """Move a, or a run of up to SEGMENT stops of which a is one end, to lie beside a door near a."""
        metres, stops, at = self.metres, self.stops, self.at
        size, row, here = len(stops), metres[a], at[a]
        for step in (1, -1):
            before = stops[(here - step) % size]
            run: list[int] = []
            for length in range(min(SEGMENT, size - 3)):
                end = stops[(here + step * length) % size]
                run.append(end)
                after = stops[(here + step * (length + 1)) % size]
                saved = row[before] + metres[end][after] - metres[before][after]
                for c in self.near[a]:
                    if row[c] >= saved - EPSILON_M:
                        break
                    if c in run:
                        continue
                    for side in (1, -1):
                        d = stops[(at[c] + side) % size]
                        gain = saved - row[c] - metres[end][d] + metres[c][d]
                        if gain > EPSILON_M and d not in run:
                            self._move(run, c, d)
                            return gain, (before, after, end, c, d, a)
        return 0.0, ()

    def _move(self, run: list[int], c: int, d: int) -> None:
        """Take the run out and put it between the neighbours c and d, its first stop beside c."""
        stops, at = self.stops, self.at
        places = sorted(at[x] for x in run)
        if places[-1] - places[0] == len(run) - 1:
            i, j = places[0], places[-1] + 1
            put = run if (at[c] + 1) % len(stops) == at[d] else run[::-1]
            first = d if put is run else c  # the stop that follows the run
            target = at[first]
            if target >= j:
                low, high = i, target
                stops[low:high] = stops[j:target] + put
            else:
                low, high = target, j
                stops[low:high] = put + stops[target:i]
        else:  # the run goes over the seam of the list
            inside = set(run)
            forward = (at[c] + 1) % len(stops) == at[d]
            rest = [x for x in stops if x not in inside]
            cut = rest.index(c) + (1 if forward else 0)
            stops[:] = rest[:cut] + (run if forward else run[::-1]) + rest[cut:]
            low, high = 0, len(stops)
        for i in range(low, high):
            at[stops[i]] = i

    def anneal(self, kicks: int, rng: random.Random) -> None:
        """Kick again and again, tolerating a somewhat longer walk for a while, and end with the shortest met."""
        best = now = sum(self.metres[a][b] for a, b in zip(self.stops, self.stops[1:], strict=False))
        best += self.metres[self.stops[-1]][self.stops[0]]
        now, kept = best, self.stops[:]
        tolerance = WARM * best / len(self.stops)
        for left in range(kicks, 0, -1):
            now += self.kick(rng, tolerance * left / kicks)
            if now < best - EPSILON_M:
                best, kept = now, self.stops[:]
        self._put(kept)

    def _put(self, stops: list[int]) -> None:
        self.stops[:] = stops
        for x, stop in enumerate(stops):
            self.at[stop] = x

    def kick(self, rng: random.Random, tolerance: float) -> float:
        """Exchange two neighbouring runs of stops and settle; undone if the walk is longer by more than `tolerance`.
        Returns by how many metres the walk is longer now."""
        stops, metres, size = self.stops, self.metres, len(self.stops)
        kept = stops[:]
        reach = min(REACH, size - 1)
        start = int(rng.random() * (size - reach))
        i, j, k = sorted(rng.sample(range(start, start + reach), 3))
        p, q, r, s, t, u = (stops[i], stops[i + 1], stops[j], stops[j + 1], stops[k], stops[k + 1])
        longer = (metres[p][s] + metres[t][q] + metres[r][u]) - (metres[p][q] + metres[r][s] + metres[t][u])
        stops[i + 1:k + 1] = stops[j + 1:k + 1] + stops[i + 1:j + 1]
        for x in range(i + 1, k + 1):
            self.at[stops[x]] = x
        longer -= self.settle([p, q, r, s, t, u])
        if longer > tolerance:
            self._put(kept)
            return 0.0
        return longer
