"""A lifecycle is a table: who may do what, from where, to where, and which clock runs meanwhile.

Pure data and pure functions; no Django, no database, no time. From one table come the check before
a write, the database guard that repeats it, the diagram in the docs and the JSON for every screen.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from binhan.kernel.words import Words


class Refused(Exception):
    """This move is not possible from here, or not for you.

    `reason` is one of 'state', 'actor', 'needs'; `missing` names the needs that were not given.
    """

    def __init__(self, message: str, reason: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `by` may `verb` from any of `sources`, which leads to `target` and requires `needs`."""

    verb: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    by: StrEnum
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """While in `state` for longer than policy row `policy`, the clock itself does `verb`."""

    state: StrEnum
    policy: str
    verb: str


@dataclass(frozen=True, slots=True)
class Names:
    """What people call a noun ("this round"), its states, the verbs that people do and what these need."""

    noun: Words
    states: Mapping[str, Words]
    verbs: Mapping[str, Words]
    needs: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole life of one noun. Immutable; `problems()` must be empty (checked at every start, and by a law).

    `name` is the journal's and the API's word for it, `table` the one whose rows the database guards.
    """

    name: str
    table: str
    states: type[StrEnum]
    start: StrEnum
    moves: tuple[Move, ...]
    clocks: tuple[Clock, ...]
    names: Names
    clock_actor: str = "clock"

    def move(self, verb: str, state: str, by: str, facts: Mapping[str, object]) -> StrEnum:
        """Return the state after the move, or raise Refused saying why not."""
        rows = [m for m in self.moves if m.verb == verb and state in m.sources]
        if not rows:
            raise Refused(f"{self.name}: cannot {verb} while {state}", "state")
        allowed = [m for m in rows if m.by == by]
        if not allowed:
            raise Refused(f"{self.name}: {by} may not {verb}", "actor")
        missing = tuple(n for n in allowed[0].needs if not facts.get(n))
        if missing:
            raise Refused(f"{self.name}: to {verb}, give {', '.join(missing)}", "needs", missing)
        return allowed[0].target

    def verbs_from(self, state: str, by: str) -> tuple[str, ...]:
        """The verbs that `by` may use now, in table order, each once."""
        return tuple(dict.fromkeys(m.verb for m in self.moves if state in m.sources and m.by == by))

    def verbs_of(self, by: str) -> tuple[str, ...]:
        """The verbs that `by` may ever use, in table order, each once."""
        return tuple(dict.fromkeys(m.verb for m in self.moves if m.by == by))

    def verbs_of_people(self) -> list[str]:
        """Every verb that somebody but the clock may use, in the alphabet's order: the API's addresses."""
        return sorted({m.verb for m in self.moves if m.by != self.clock_actor})

    def needs_of(self, verb: str, by: str | None = None) -> tuple[str, ...]:
        """What `verb` needs – of `by`, or of anybody – in table order, each once."""
        return tuple(dict.fromkeys(n for m in self.moves if m.verb == verb and by in (None, m.by) for n in m.needs))

    def state_name(self, state: str, lang: str = "vi") -> str:
        """What people call the state."""
        return self.names.states[state].said(lang)

    def clock_of(self, state: str) -> Clock | None:
        """The clock that runs while in `state`, or None for a final state."""
        return next((c for c in self.clocks if c.state == state), None)

    def edges(self) -> set[tuple[StrEnum, StrEnum]]:
        """Every (from, to) pair that some row allows."""
        return {(s, m.target) for m in self.moves for s in m.sources}

    def final(self) -> set[StrEnum]:
        """States that no row leaves."""
        return set(self.states) - {s for m in self.moves for s in m.sources}

    def problems(self) -> Iterator[str]:
        """Everything wrong with the table; nothing in a sound one."""
        yield from self._path_problems()
        yield from self._clock_problems()
        yield from self._name_problems()
        seen: set[tuple[str, StrEnum, StrEnum]] = set()
        for m in self.moves:
            for s in m.sources:
                if (m.verb, s, m.by) in seen:
                    yield f"{m.verb} from {s} by {m.by} is given twice"
                seen.add((m.verb, s, m.by))

    def _path_problems(self) -> Iterator[str]:
        for state in sorted(set(self.states) - self._reach({self.start})):
            yield f"{state} can never be reached"
        for state in sorted(self.states):
            if not self._reach({state}) & self.final():
                yield f"{state} can never end"

    def _clock_problems(self) -> Iterator[str]:
        watched = [c.state for c in self.clocks]
        for state in sorted(set(self.states) - self.final() - set(watched)):
            yield f"nobody watches {state}: it has no clock"
        for state in sorted({s for s in watched if watched.count(s) > 1}):
            yield f"{state} has more than one clock"
        for c in self.clocks:
            if c.state in self.final():
                yield f"{c.state} is final but has a clock"
            elif c.verb not in self.verbs_from(c.state, self.clock_actor):
                yield f"the clock of {c.state} may not {c.verb}"

    def _name_problems(self) -> Iterator[str]:
        people = [m for m in self.moves if m.by != self.clock_actor]
        wanted = {"state": set(map(str, self.states)), "verb": {m.verb for m in people},
                  "need": {need for m in people for need in m.needs}}
        given = {"state": self.names.states, "verb": self.names.verbs, "need": self.names.needs}
        for what, keys in wanted.items():
            for key in sorted(keys - {k for k, words in given[what].items() if words.vi and words.en}):
                yield f"{what} {key} has no name in both languages"
            for key in sorted(set(map(str, given[what])) - keys):
                yield f"there is a name for {what} {key}, which is not in the table"

    def _reach(self, states: set[StrEnum]) -> set[StrEnum]:
        while more := {b for a, b in self.edges() if a in states} - states:
            states = states | more
        return states

    def mermaid(self) -> str:
        """The state diagram, as Mermaid source (generated into docs/lifecycles/)."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {s} --> {m.target} : {m.verb} ({m.by})" for m in self.moves for s in m.sources]
        lines += [f"    {s} --> [*]" for s in sorted(self.final())]
        return "\n".join(lines) + "\n"

    def as_json(self) -> dict[str, Any]:
        """The same table for the web: screens draw their buttons from it."""
        return {
            "name": self.name,
            "start": str(self.start),
            "states": [str(s) for s in self.states],
            "final": sorted(str(s) for s in self.final()),
            "moves": [
                {"verb": m.verb, "from": [str(s) for s in m.sources], "to": str(m.target), "by": str(m.by),
                 "needs": list(m.needs)}
                for m in self.moves
            ],
            "clocks": [{"state": str(c.state), "policy": c.policy, "verb": c.verb} for c in self.clocks],
            "names": {what: {str(key): words._asdict() for key, words in names.items()}
                      for what, names in (("states", self.names.states), ("verbs", self.names.verbs),
                                          ("needs", self.names.needs))},
        }

    def guard_sql(self) -> str:
        """SQL that makes the database refuse what the table does not list (trigger `<table>_lifecycle`).

        An insert must be in the start state; an update may keep its state or use a listed edge.
        """
        table = self.table
        pairs = ", ".join(f"('{a}','{b}')" for a, b in sorted(self.edges() | {(s, s) for s in self.states}))
        return f"""
CREATE OR REPLACE FUNCTION {table}_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> '{self.start}' THEN
      RAISE EXCEPTION '{self.name}: starts as {self.start}, not %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
  ELSIF (OLD.state, NEW.state) NOT IN ({pairs}) THEN
    RAISE EXCEPTION '{self.name}: % does not lead to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $guard$;
CREATE OR REPLACE TRIGGER {table}_lifecycle BEFORE INSERT OR UPDATE OF state ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_lifecycle();
"""
