import { describe, expect, it } from "vitest";
import type { Lifecycles, RankedUnit } from "../../../src/contract/types";
import { Refusal, Unreachable } from "../../../src/live/http";
import { applySnapshot, EMPTY } from "../../../src/sos/desk/board";
import type { Feed } from "../../../src/sos/desk/feed";
import { complaint, Turn } from "../../../src/sos/desk/moves";
import { Officer } from "../../../src/sos/desk/officer";
import { full, incident } from "./make";
import { tick } from "./mount";

const move = (verb: string, needs: string[]) => ({ verb, from: [], to: "x", by: "desk", needs });
const tables = {
  lifecycles: {
    incident: {
      moves: [
        move("acknowledge", []),
        move("close", ["outcome"]),
        move("resolve", ["reason"]),
        move("transfer", ["agency"]),
        move("dispatch", ["unit"]),
      ],
    },
  },
  outcomes: [{ code: "false_accidental", vi: "Bấm nhầm", en: "By accident" }],
  kinds: [],
  agencies: [],
} as unknown as Lifecycles;
const lostRace = {
  status: 409,
  code: "state_changed",
  detail: "không",
  detail_en: "no",
  moved_by: "Trực ban Mẫu Hai",
  moved_at: "2026-11-24T05:03:05Z",
  moved_verb: "acknowledge",
};

function desk(
  verbs: string[],
  answer: (verb: string) => unknown = () => full({ verbs: ["close"], state: "resolved" }),
) {
  const board = applySnapshot(EMPTY, { asOf: 1, items: [incident({ verbs })], list: true, complete: true });
  const feed = {
    ward: 25888,
    selected: "i1",
    board,
    full: null,
    taken: [] as unknown[],
    refreshed: 0,
    take(i: unknown) {
      this.taken.push(i);
    },
    refresh() {
      this.refreshed++;
    },
  };
  const log: string[] = [];
  const posted: [string, object][] = [];
  const turn = new Turn({
    changed: () => undefined,
    good: (x) => log.push(`good ${x}`),
    bad: (x) => log.push(`bad ${x}`),
    lost: () => feed.refresh(),
  });
  const post = async (_id: string, verb: string, body: object = {}) => {
    posted.push([verb, body]);
    const a = answer(verb);
    if (a instanceof Error) throw a;
    return a;
  };
  const ports = {
    postVerb: post,
    postIntake: async () => full({ id: "i9" }),
    postMessage: async () => ({ messages: [] }),
    postAssignmentVerb: async () => ({}),
    endDeskShift: async () => null,
  };
  const screen = {
    choose: (id: string) => log.push(`choose ${id}`),
    dialog: (what: string) => log.push(`dialog ${what}`),
    shut: () => log.push("shut"),
    refuse: (text: string) => log.push(`refuse ${text}`),
  };
  return {
    officer: new Officer(feed as unknown as Feed, turn, tables, screen, ports as never),
    feed,
    log,
    posted,
    turn,
  };
}

describe("the officer", () => {
  it("acknowledges the chosen one, or else the most pressing", async () => {
    const d = desk(["acknowledge"]);
    d.feed.selected = "elsewhere";
    d.officer.acknowledge();
    expect(d.log).toContain("choose i1");
    d.feed.selected = "i1";
    d.officer.acknowledge();
    await tick(1);
    expect(d.posted).toContainEqual(["acknowledge", {}]);
  });
  it("sends by dispatch or reinforce, whichever the API allows, and never without a unit", async () => {
    const d = desk(["reinforce"]);
    d.officer.send({ unit_id: "u2", call_sign: "Mẫu-02" } as RankedUnit);
    await tick(1);
    expect(d.posted).toEqual([["reinforce", { unit: "u2" }]]);
    d.officer.send(undefined);
    expect(d.log.at(-1)).toContain("Không có tổ nào sẵn sàng");
    desk([]).officer.send({ unit_id: "u2" } as RankedUnit);
  });
  it("A and S in one breath: what is typed while the acknowledgement is under way is sent after it, once", async () => {
    const d = desk(["acknowledge", "dispatch"]);
    d.officer.acknowledge();
    for (const id of ["u2", "u3"]) d.officer.send({ unit_id: id, call_sign: id } as RankedUnit);
    await tick(2);
    expect(d.posted).toEqual([
      ["acknowledge", {}],
      ["dispatch", { unit: "u2" }],
    ]);
  });
  it("sends nobody after an acknowledgement that failed, nor to another incident chosen meanwhile", async () => {
    const lost = desk(["acknowledge", "dispatch"], () => new Refusal(lostRace));
    lost.officer.acknowledge();
    lost.officer.send({ unit_id: "u2" } as RankedUnit);
    const moved = desk(["acknowledge", "dispatch"]);
    moved.officer.acknowledge();
    moved.officer.send({ unit_id: "u2" } as RankedUnit);
    moved.feed.selected = "i2";
    await tick(2);
    for (const d of [lost, moved]) expect(d.posted.map(([verb]) => verb)).toEqual(["acknowledge"]);
  });
  it("asks what a verb needs, does at once what needs nothing, refuses what is not allowed", () => {
    const d = desk(["acknowledge", "transfer", "resolve"]);
    d.officer.ask("transfer");
    d.officer.ask("end");
    d.officer.ask("merge");
    expect(d.log).toEqual([
      "dialog transfer",
      "dialog close",
      "refuse Vụ việc này không cho phép thao tác đó ở bước hiện tại.",
    ]);
  });
  it("ends an unresolved incident in two moves with one question", async () => {
    const d = desk(["resolve"]);
    await d.officer.filled("close", { outcome: "false_accidental" });
    expect(d.posted).toEqual([
      ["resolve", { reason: "Bấm nhầm" }],
      ["close", { outcome: "false_accidental" }],
    ]);
    expect(d.log).toContain("shut");
  });
  it("stops after a refused first move and keeps the question open", async () => {
    const d = desk(["resolve"], () => new Refusal(lostRace));
    await d.officer.filled("close", { outcome: "false_accidental" });
    expect(d.posted).toHaveLength(1);
    expect(d.log).toEqual(["bad Đ/c Trực ban Mẫu Hai đã tiếp nhận lúc 12:03:05."]);
    expect(d.feed.refreshed).toBe(1);
  });
  it("takes a phone report, chats, withdraws and hands over", async () => {
    const d = desk([]);
    await d.officer.intake({ id: "x", ward: 1 });
    expect(d.log).toContain("choose i9");
    await d.officer.chat("a");
    await d.officer.withdraw({ id: "a1", reason: "b" });
    expect(d.feed.refreshed).toBe(2);
    expect(await d.officer.handover("n")).toBe(true);
  });
});
it("sends a message again under the same id when its answer was lost", async () => {
  const d = desk([]);
  const ids: string[] = [];
  (d.officer as unknown as { ports: object }).ports = {
    postMessage: async (_i: string, id: string) => {
      ids.push(id);
      if (ids.length === 1) throw new Unreachable("x");
      return { messages: [] };
    },
  };
  expect(await d.officer.chat("đang tới")).toBe(false);
  expect(await d.officer.chat("đang tới")).toBe(true);
  expect(await d.officer.chat("đang tới")).toBe(true);
  expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false]);
});
describe("answers to the officer", () => {
  it("name who was first, repeat the server's words, or say that nothing was recorded", () => {
    expect(complaint(new Refusal(lostRace))).toBe("Đ/c Trực ban Mẫu Hai đã tiếp nhận lúc 12:03:05.");
    expect(complaint(new Refusal({ status: 422, code: "x", detail: "Thiếu lý do.", detail_en: "" }))).toBe(
      "Thiếu lý do.",
    );
    expect(complaint(new Unreachable("x"))).toContain("Chưa ghi nhận");
  });
  it("a double stroke does nothing twice", async () => {
    const d = desk(["acknowledge"]);
    await Promise.all([d.officer.verb("acknowledge", {}, ""), d.officer.verb("acknowledge", {}, "")]);
    expect(d.posted).toHaveLength(1);
    expect(d.turn.busy).toBe(false);
  });
});
it("a form belongs to the incident for which it was opened, whatever is chosen meanwhile", async () => {
  const d = desk(["resolve"]);
  const about: string[] = [];
  (d.officer as unknown as { ports: object }).ports = {
    postVerb: async (id: string) => {
      about.push(id);
      return full({ id, verbs: ["close"], state: "resolved" });
    },
  };
  d.feed.selected = "i2";
  await d.officer.filled("close", { outcome: "false_accidental" }, "i1");
  expect(about).toEqual(["i1", "i1"]);
  await d.officer.filled("close", { outcome: "false_accidental" }, "gone");
  expect(about).toHaveLength(2);
  expect(d.log.at(-1)).toContain("refuse");
});
