"""Counts for those who may not see single doors: nothing from 1 to 4 is shown, nor anything that would give it away.

Hiding small counts is not enough where sums are known: a lone hidden count is the sum less the others. So in every sum
the hidden ones are at least two, and together at least five; whatever is missing for that is hidden too, the smallest
first. Then all sums are solved together, as a curious reader would, and where one count still comes out, more is hidden.
"""
from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 5
PRIME = 2_147_483_647  # sums are solved in whole numbers modulo a prime: exact, unlike floating point
Touching = Mapping[Hashable, Sequence["Sum"]]


@dataclass(frozen=True, slots=True)
class Sum:
    """`parts` add up to the cell `total`, or to a number that everybody knows (None)."""

    parts: Sequence[Hashable]
    total: Hashable | None = None

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """Every cell in it."""
        return (*self.parts, *([self.total] if self.total is not None else []))


def hidden(cells: Mapping[Hashable, int], sums: Iterable[Sum], fewest: int = FEWEST,
           first: Iterable[Hashable] = ()) -> set[Hashable]:
    """The cells that are not to be shown. `first`: those that must go whatever they count."""
    every = list(sums)
    touching: dict[Hashable, list[Sum]] = {}
    for row in every:
        for key in row.keys:
            touching.setdefault(key, []).append(row)
    gone = {key for key, n in cells.items() if 0 < n < fewest} | set(first)
    waiting = every
    while waiting:
        gone |= _spread(cells, waiting, touching, gone, fewest)
        more: set[Hashable] = set()
        for key in solved(every, gone):
            others = (_shown(cells, row, gone | more) for row in touching.get(key, ()))
            more |= set(next(filter(None, others), [])[:1])
        gone |= more
        waiting = [row for key in more for row in touching[key]]
    return gone


def _spread(cells: Mapping[Hashable, int], waiting: Sequence[Sum], touching: Touching, gone: set[Hashable],
            fewest: int) -> set[Hashable]:
    """What must go because of the sums `waiting`, and because of what goes with them."""
    added: set[Hashable] = set()
    while waiting:
        more: set[Hashable] = set()
        for row in waiting:
            more |= _also(cells, row, gone | added | more, fewest)
        added |= more
        waiting = [row for key in more for row in touching[key]]
    return added


def _also(cells: Mapping[Hashable, int], row: Sum, gone: set[Hashable], fewest: int) -> set[Hashable]:
    """What else of one sum must go."""
    covered = [key for key in row.parts if key in gone]
    shown = _shown(cells, Sum(row.parts), gone)
    if row.total in gone:
        return set() if covered else set(shown[:1])  # else the parts give the total away
    if not covered:
        return set()
    more: set[Hashable] = set()
    for key in shown:
        if len(covered) + len(more) >= 2 and sum(cells[k] for k in (*covered, *more)) >= fewest:
            return more
        if cells[key] > 0 or len(covered) + len(more) < 2:
            more.add(key)
    if len(covered) + len(more) < 2 and row.total is not None:
        more.add(row.total)  # a sum of one
    return more


def _shown(cells: Mapping[Hashable, int], row: Sum, gone: set[Hashable]) -> list[Hashable]:
    """Its cells that are still shown: the smallest that are not nothing first, then those that are."""
    return sorted((k for k in row.keys if k not in gone), key=lambda k: (cells[k] == 0, cells[k], str(k)))


def solved(sums: Iterable[Sum], gone: set[Hashable]) -> list[Hashable]:
    """The hidden cells that the sums leave no doubt about: Gauss and Jordan, a row with one unknown left gives it away."""
    at = {key: n for n, key in enumerate(sorted(gone, key=str))}
    rows = {tuple(sorted((at[k], PRIME - 1 if k == s.total else 1) for k in s.keys if k in at)) for s in sums}
    table = np.zeros((len(rows), len(at)), dtype=np.int64)
    for n, row in enumerate(sorted(rows)):
        for column, sign in row:
            table[n, column] = sign
    done = 0
    for column in range(len(at)):
        if not len(filled := np.flatnonzero(table[done:, column])):
            continue
        table[[done, done + filled[0]]] = table[[done + filled[0], done]]
        table[done] = table[done] * pow(int(table[done, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(table[:, column])
        others = others[others != done]
        table[others] = (table[others] - table[others, column][:, None] * table[done]) % PRIME
        done += 1
    names = list(at)
    return [names[int(np.flatnonzero(row)[0])] for row in table[:done] if np.count_nonzero(row) == 1]
