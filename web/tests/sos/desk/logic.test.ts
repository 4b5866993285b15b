import { describe, expect, it } from "vitest";
import type { Lifecycles } from "../../../src/contract/types";
import { HUSH_MS, hush, isHushed, QUIET, sounding, tidy } from "../../../src/sos/desk/alarm";
import { commandOf } from "../../../src/sos/desk/keys";
import { heard, lamp, lost, NEW_LINE, opened } from "../../../src/sos/desk/line";
import { compare, freshness, leftS, neighbour, ordered, waitedS } from "../../../src/sos/desk/queue";
import { bodyOf, buttonsOf, endingOf, formOf, originalsFor, sendVerb } from "../../../src/sos/desk/verbs";
import { incident, random } from "./make";

describe("the queue's order", () => {
  const many = Array.from({ length: 40 }, (_, n) =>
    incident({
      id: `i${n}`,
      priority: `P${1 + (n % 4)}` as "P1",
      state: (["received", "acknowledged", "responding", "resolved"] as const)[(n * 7) % 4],
      received_at: `2026-11-24T05:00:${String((n * 13) % 60).padStart(2, "0")}Z`,
    }),
  );
  it("is the same from whatever order it came", () => {
    const rnd = random(4);
    const rows = many.map((i) => ({ incident: i, assignments: [], asOf: 0, touched: 0 }));
    const once = ordered(rows).map((r) => r.incident.id);
    for (let n = 0; n < 20; n++)
      expect(ordered([...rows].sort(() => rnd() - 0.5)).map((r) => r.incident.id)).toEqual(once);
  });
  it("puts the unacknowledged first, then priority, then the longest wait", () => {
    const a = incident({ id: "a", state: "received", priority: "P3" });
    expect(compare(a, incident({ id: "b", state: "acknowledged", priority: "P1" }))).toBeLessThan(0);
    expect(compare(a, incident({ id: "b", priority: "P1" }))).toBeGreaterThan(0);
    expect(
      compare(incident({ received_at: "2026-11-24T05:00:01Z" }), incident({ received_at: "2026-11-24T05:00:02Z" })),
    ).toBeLessThan(0);
  });
  it("stops the waiting time at the acknowledgement", () => {
    const now = Date.parse("2026-11-24T05:01:00Z");
    expect(waitedS(incident(), now)).toBe(60);
    expect(waitedS(incident({ acknowledged_at: "2026-11-24T05:00:09Z" }), now)).toBe(9);
    expect(leftS(incident(), now)).toBe(-45);
  });
  it("walks with the arrow keys and stays inside", () => {
    expect(neighbour(["a", "b"], null, 1)).toBe("a");
    expect(neighbour(["a", "b"], "b", 1)).toBe("b");
    expect(neighbour(["a", "b"], "b", -1)).toBe("a");
    expect(neighbour([], "b", 1)).toBeNull();
    expect([freshness(3), freshness(31), freshness(61), freshness(null)]).toEqual(["fresh", "stale", "lost", "lost"]);
  });
});

describe("the alarm", () => {
  const one = incident();
  it("rings for every unacknowledged incident, louder with each rung, never above 1", () => {
    expect(sounding(QUIET, [], 0).ringing).toBe(false);
    const volumes = [0, 1, 2, 3, 4].map((level) => sounding(QUIET, [incident({ level })], 0).volume);
    expect(volumes).toEqual([...volumes].sort((a, b) => a - b));
    expect(volumes[0]).toBeGreaterThan(0.5);
    expect(Math.max(...volumes)).toBe(1);
  });
  it("cannot be hushed without a reason", () => expect(hush(QUIET, one, "  ", 0)).toBe(QUIET));
  it("comes back by itself after 15 s", () => {
    const quiet = hush(QUIET, one, "đang nghe máy", 1000);
    expect(sounding(quiet, [one], 1000 + HUSH_MS - 1).ringing).toBe(false);
    expect(sounding(quiet, [one], 1000 + HUSH_MS).ringing).toBe(true);
  });
  it("comes back at once when it climbs, or is pressed again, or another one arrives", () => {
    const quiet = hush(QUIET, one, "đang nghe máy", 0);
    expect(isHushed(quiet, { ...one, level: 1 }, 1)).toBe(false);
    expect(isHushed(quiet, { ...one, repeats: 1 }, 1)).toBe(false);
    expect(sounding(quiet, [one, incident({ id: "i2" })], 1)).toMatchObject({
      ringing: true,
      count: 2,
      hushedCount: 1,
    });
  });
  it("forgets a hush that is over and keeps the log", () => {
    const quiet = hush(QUIET, one, "x", 0);
    expect(tidy(quiet, [one], 1)).toBe(quiet);
    expect(tidy(quiet, [], 1)).toMatchObject({ hushed: new Map(), log: [{ reason: "x" }] });
  });
});

describe("the line", () => {
  it("is amber while reconnecting and red after ten seconds", () => {
    const up = heard(opened(NEW_LINE, 1000), 2000);
    expect(lamp(up, 9000).colour).toBe("green");
    const down = lost(lost(up, 10_000), 15_000);
    expect(lamp(down, 13_000)).toEqual({ colour: "amber", forS: 3, signedOut: false });
    expect(lamp(down, 20_000).colour).toBe("red");
    expect(lamp(opened(down, 21_000), 22_000).colour).toBe("green");
    expect(lamp({ ...up, signedOut: true }, 2000).colour).toBe("red");
  });
});

describe("keys", () => {
  it("mean commands, but letters stay letters while writing", () => {
    expect(commandOf({ key: "a" })).toEqual({ do: "acknowledge" });
    expect(commandOf({ key: "ArrowDown" })).toEqual({ do: "down" });
    expect(commandOf({ key: "3" })).toEqual({ do: "pick", number: 3 });
    expect(commandOf({ key: "a", writing: true })).toBeNull();
    expect(commandOf({ key: "a", ctrlKey: true })).toBeNull();
    expect(commandOf({ key: "s", dialog: true })).toBeNull();
    expect(commandOf({ key: "Escape", writing: true })).toEqual({ do: "escape" });
    expect(commandOf({ key: "F5" })).toBeNull();
    expect(commandOf({ key: "p" })).toEqual({ do: "triage" });
  });
  it("held down walks through the queue, but acknowledges and sends once", () => {
    for (const key of ["a", "s", "1", "c"]) expect(commandOf({ key, repeat: true })).toBeNull();
    expect(commandOf({ key: "j", repeat: true })).toEqual({ do: "down" });
  });
});

describe("verbs and their forms", () => {
  const move = (verb: string, needs: string[]) => ({ verb, from: ["received"], to: "x", by: "desk", needs });
  const tables = {
    lifecycles: {
      incident: {
        name: "incident",
        start: "received",
        states: [],
        names: {},
        final: [],
        clocks: [],
        moves: [
          move("close", ["outcome"]),
          move("transfer", ["agency"]),
          move("triage", []),
          move("invent", ["colour"]),
          move("resolve", ["reason"]),
        ],
      },
    },
    kinds: [],
    outcomes: [],
    agencies: [],
  } as Lifecycles;
  it("asks what the table says, also for a verb that this screen has never heard of", () => {
    expect(formOf(tables, "invent").fields).toEqual([{ name: "colour", field: "text", required: true }]);
    expect(formOf(tables, "close").fields.map((f) => f.name)).toEqual(["outcome", "note"]);
    expect(formOf(null, "acknowledge").fields).toEqual([]);
  });
  it("sends only what was given, and says what is missing", () => {
    expect(bodyOf(formOf(tables, "close"), { outcome: "", note: "x" })).toEqual({ missing: ["outcome"] });
    expect(bodyOf(formOf(tables, "close"), { outcome: "helped", note: " " })).toEqual({ body: { outcome: "helped" } });
    expect(bodyOf(formOf(tables, "triage"), {})).toEqual({ missing: ["priority"] });
    expect(bodyOf(formOf(tables, "triage"), { kind: "fire" })).toEqual({ body: { kind: "fire" } });
  });
  it("draws only what is allowed", () => {
    expect(buttonsOf(["transfer", "dispatch", "acknowledge", "invent"])).toEqual(["acknowledge", "transfer", "invent"]);
    expect(sendVerb(["reinforce"])).toBe("reinforce");
    expect(sendVerb(["close"])).toBeNull();
    expect([endingOf(["close"]), endingOf(["resolve"]), endingOf([])]).toEqual([["close"], ["resolve", "close"], []]);
  });
  it("offers the nearest others to merge into", () => {
    const others = [incident({ id: "far" }), incident({ id: "near" }), incident({ id: "i1" })];
    expect(originalsFor(incident(), others, (_, o) => (o.id === "near" ? 10 : 5000)).map((o) => o.id)).toEqual([
      "near",
      "far",
    ]);
  });
});
