import { describe, expect, it } from "vitest";
import type { DeskEvent, Incident, IncidentState } from "../../../src/contract/types";
import {
  applyEvent,
  applyFixes,
  applyIncident,
  applySnapshot,
  applyUnits,
  EMPTY,
  isOpen,
  isStale,
  unacknowledged,
  type Board,
} from "../../../src/sos/desk/board";
import { event, incident, random, unit } from "./make";

/** A little server: every move appends a journal row and changes the truth. */
class Server {
  journal: DeskEvent[] = [];
  truth = new Map<string, Incident>();
  constructor(private readonly rnd: () => number) {}
  step(): void {
    const ids = [...this.truth.keys()];
    const id = ids[Math.floor(this.rnd() * ids.length)];
    const dice = this.rnd();
    if (!id || dice < 0.3) return this.raise(`i${this.journal.length}`);
    const now = this.truth.get(id)!;
    if (!isOpen(now.state)) return this.log("note", id, {});
    if (dice < 0.5) this.move(id, "acknowledge", "acknowledged");
    else if (dice < 0.6) this.move(id, "close", "closed");
    else if (dice < 0.75) {
      this.truth.set(id, { ...now, level: now.level + 1 });
      this.log("escalate", id, { level: now.level + 1, state: now.state });
    } else {
      this.truth.set(id, { ...now, note: `n${this.journal.length}` });
      this.log("note", id, {});
    }
  }
  raise(id: string): void {
    this.truth.set(id, incident({ id }));
    this.log("raise", id, { kind: "security", priority: "P1" });
  }
  move(id: string, verb: string, state: IncidentState): void {
    this.truth.set(id, { ...this.truth.get(id)!, state });
    this.log(verb, id, { state });
  }
  log(verb: string, id: string, facts: Record<string, unknown>): void {
    this.journal.push(event(this.journal.length + 1, verb, id, facts));
  }
  snapshot() {
    return {
      asOf: this.journal.length,
      items: [...this.truth.values()].filter((i) => isOpen(i.state)),
      list: true,
      complete: true,
    };
  }
}
it("an event's new state brings the verbs of that state at once: the next key must not be refused", () => {
  let board = applySnapshot(EMPTY, {
    asOf: 1,
    items: [incident({ id: "i", verbs: ["acknowledge"] })],
    list: true,
    complete: true,
  });
  board = applyEvent(board, event(2, "acknowledge", "i", { state: "acknowledged" }), 0);
  expect(board.rows.get("i")!.incident.verbs).toEqual(expect.arrayContaining(["dispatch", "resolve", "merge"]));
  expect(board.rows.get("i")!.incident.verbs).not.toContain("acknowledge");
});

const picture = (board: Board) => Object.fromEntries([...board.rows].map(([id, r]) => [id, r.incident]).sort());
const truthOf = (server: Server) =>
  Object.fromEntries(
    server
      .snapshot()
      .items.map((i) => [i.id, i] as const)
      .sort(),
  );

describe("the board agrees with the server, whatever the network does", () => {
  for (let seed = 1; seed <= 60; seed++)
    it(`shuffled, doubled, lost and late events, seed ${seed}`, () => {
      const rnd = random(seed);
      const server = new Server(rnd);
      for (let n = 0; n < 20; n++) server.step();
      let board = applySnapshot(EMPTY, server.snapshot());
      const late: DeskEvent[] = [];
      let oldShot = server.snapshot();
      for (let n = 0; n < 60; n++) {
        server.step();
        late.push(server.journal.at(-1)!);
        if (rnd() < 0.15) oldShot = server.snapshot();
        while (late.length && rnd() < 0.7) {
          const at = Math.floor(rnd() * late.length);
          const [next] = rnd() < 0.2 ? [late[at]!] : late.splice(at, 1); // doubled, or once
          if (rnd() > 0.1) board = applyEvent(board, next!, 0); // or lost
        }
        if (rnd() < 0.1) board = applySnapshot(board, oldShot); // an old answer that arrives late
      }
      for (const e of late) board = applyEvent(board, e, 0);
      server.log("note", [...server.truth.keys()][0]!, {});
      board = applyEvent(board, server.journal.at(-1)!, 0);
      if (isStale(board)) board = applySnapshot(board, server.snapshot());
      expect(isStale(board)).toBe(false);
      expect(picture(board)).toEqual(truthOf(server));
    });
});

describe("applyEvent", () => {
  const start = applySnapshot(EMPTY, { asOf: 5, items: [incident()], list: true, complete: true });
  it("shows an SOS at once from the journal row alone, and asks for the rest", () => {
    const board = applyEvent(
      start,
      event(6, "raise", "i2", { kind: "fire", priority: "P1", silent: true, drill: false }),
      1,
    );
    expect(board.rows.get("i2")!.incident).toMatchObject({
      state: "received",
      kind: "fire",
      silent: true,
      may_ring_back: false,
    });
    expect(unacknowledged(board).map((i) => i.id)).toEqual(["i1", "i2"]);
    expect(isStale(board)).toBe(true);
  });
  it("does nothing the second time", () => {
    const once = applyEvent(start, event(6, "escalate", "i1", { level: 1, state: "received" }), 1);
    expect(applyEvent(once, event(6, "escalate", "i1", { level: 1, state: "received" }), 2)).toBe(once);
  });
  it("notices a hole in the numbers", () => {
    expect(applyEvent(start, event(8, "note", "i1"), 1).gap).toBeGreaterThan(0);
    expect(applyEvent(start, event(6, "note", "i1"), 1).gap).toBe(0);
  });
  it("is not set off by somebody reading", () => {
    expect(isStale(applyEvent(start, event(6, "read", "i1"), 1))).toBe(false);
  });
  it("a move of an incident that is unknown here asks for everything", () => {
    expect(applyEvent(start, event(6, "reopen", "i9", { state: "acknowledged" }), 1).gap).toBeGreaterThan(0);
  });
  it("an assignment's move touches its incident and the units", () => {
    const board = applyEvent(
      start,
      event(6, "accept", "a1", { incident_id: "i1", unit_id: "u1", state: "accepted" }, "assignment"),
      1,
    );
    expect(board.rows.get("i1")!.touched).toBe(6);
    expect(board.rows.get("i1")!.incident.state).toBe("received");
    expect(board.unitsStale).toBe(true);
  });
  it("an older answer never brings back an incident that has ended", () => {
    const closed = applyEvent(start, event(6, "transfer", "i1", { state: "transferred" }), 1);
    expect(closed.rows.size).toBe(0);
    expect(applySnapshot(closed, { asOf: 5, items: [incident()], list: true, complete: true }).rows.size).toBe(0);
  });
});

describe("applyIncident and units", () => {
  it("takes one incident read whole without forgetting later events", () => {
    let board = applySnapshot(EMPTY, { asOf: 5, items: [incident()], list: true, complete: true });
    board = applyEvent(board, event(6, "note", "i1"), 1);
    board = applyIncident(board, incident({ note: "cũ" }), [], 5);
    expect(isStale(board)).toBe(true);
    board = applyIncident(board, incident({ note: "mới" }), [], 6);
    expect(isStale(board)).toBe(false);
    expect(board.rows.get("i1")!.incident.note).toBe("mới");
  });
  it("moves known units and asks for the list when a new one appears", () => {
    const board = applyUnits(EMPTY, [unit()]);
    expect(applyFixes(board, [{ ...unit({ lat: 12 }) }], 1).units.get("u1")!.lat).toBe(12);
    expect(applyFixes(board, [{ ...unit({ unit_id: "u2" }) }], 1).unitsStale).toBe(true);
  });
});
