import { describe, expect, it } from "vitest";
import { Casefile } from "../../../src/sos/desk/casefile";
import "../../../src/sos/desk/desk-panel";
import type { DeskChat } from "../../../src/sos/desk/desk-chat";
import type { DeskFacts } from "../../../src/sos/desk/desk-facts";
import type { DeskPanel } from "../../../src/sos/desk/desk-panel";
import type { DeskTasks } from "../../../src/sos/desk/desk-tasks";
import type { DeskTimeline } from "../../../src/sos/desk/desk-timeline";
import type { DeskVerbs } from "../../../src/sos/desk/desk-verbs";
import { actor, sentence } from "../../../src/sos/desk/says";
import { assignment, full, incident } from "./make";
import { mount, text, tick, told } from "./mount";

const names = {
  unit: (id: string) => `tổ ${id}`,
  kind: (c: string) => `loại ${c}`,
  agency: (c: string) => `nơi ${c}`,
  outcome: (c: string) => `kết quả ${c}`,
};
const file = () => new Casefile(() => undefined);

describe("desk-panel", () => {
  it("asks to choose, then shows one incident whole", async () => {
    expect(text(await mount<DeskPanel>("desk-panel", { incident: null, file: file(), names }))).toContain(
      "Chọn một vụ việc",
    );
    const panel = await mount<DeskPanel>("desk-panel", { incident: full(), file: file(), names });
    expect([...panel.querySelectorAll("*")].map((e) => e.localName).filter((n) => n.startsWith("desk-"))).toEqual([
      "desk-facts",
      "desk-verbs",
      "desk-tasks",
      "desk-units",
      "desk-chat",
      "desk-timeline",
    ]);
  });
  it("offers no unit when nothing may be sent", async () => {
    const panel = await mount<DeskPanel>("desk-panel", { incident: full({ verbs: ["close"] }), file: file(), names });
    expect(panel.querySelector("desk-units")).toBeNull();
  });
});
describe("desk-facts", () => {
  it("links the number, but never of a silent incident", async () => {
    expect(
      (await mount<DeskFacts>("desk-facts", { incident: incident() })).querySelector('a[href="tel:0900000000"]'),
    ).not.toBeNull();
    const silent = await mount<DeskFacts>("desk-facts", { incident: incident({ may_ring_back: false }) });
    expect(silent.querySelector("a")).toBeNull();
    expect(text(silent)).not.toContain("0900000000");
  });
});
describe("desk-verbs", () => {
  it("draws the API's list and nothing else", async () => {
    const verbs = await mount<DeskVerbs>("desk-verbs", {
      open: ["acknowledge", "transfer", "dispatch", "new_verb"],
    });
    expect([...verbs.querySelectorAll<HTMLElement>("button")].map((b) => b.dataset["verb"])).toEqual([
      "acknowledge",
      "transfer",
      "new_verb",
    ]);
    const heard = told<string>(verbs, "verb");
    verbs.querySelectorAll<HTMLElement>("button")[2]!.click();
    expect(heard).toEqual(["new_verb"]);
    expect((await mount<DeskVerbs>("desk-verbs", { open: [] })).querySelector("button")).toBeNull();
  });
});
describe("desk-tasks", () => {
  it("counts the offer down and asks a reason before a unit is withdrawn", async () => {
    const tasks = await mount<DeskTasks>("desk-tasks", {
      tasks: [assignment()],
      now: Date.parse("2026-11-24T05:00:05Z"),
    });
    expect(text(tasks)).toContain("trả lời trong 15s");
    tasks.now = Date.parse("2026-11-24T05:00:25Z");
    await tasks.updateComplete;
    expect(text(tasks)).toContain("mời thêm tổ khác");
    const heard = told<object>(tasks, "withdraw");
    tasks.querySelector("button")!.click();
    await tasks.updateComplete;
    tasks.querySelector("input")!.value = "hỏng xe";
    tasks.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(heard).toEqual([{ id: "a1", reason: "hỏng xe" }]);
  });
});
describe("desk-chat", () => {
  it("tells merged reporters apart, says who reads the desk's lines, and warns under duress", async () => {
    const line = { at: "2026-11-24T05:00:00Z", by: "resident" as const, by_name: "" };
    const chat = await mount<DeskChat>("desk-chat", {
      lines: [
        { ...line, id: "m", text: "a" },
        { ...line, id: "n", text: "b", other: true },
      ],
      duress: true,
      silent: true,
    });
    expect([...chat.querySelectorAll("li .quiet")].map((e) => e.textContent.replace(/\s+/g, " "))).toEqual([
      expect.stringMatching(/^Người báo \d/),
      expect.stringMatching(/^Người báo khác/),
    ]);
    expect(chat.textContent).toContain("hiện trên máy của tất cả");
    expect(chat.querySelector(".tag")!.textContent).toContain("kẻ khác có thể đang cầm máy");
  });
  it("sends what is written, once, and warns in silent incidents", async () => {
    const chat = await mount<DeskChat>("desk-chat", {
      lines: [{ id: "m", at: "2026-11-24T05:00:00Z", by: "resident", by_name: "", text: "<b>x</b>" }],
      silent: true,
    });
    expect(text(chat)).toContain("chỉ nhắn chữ");
    expect(text(chat)).toContain("<b>x</b>");
    const heard = told<string>(chat, "chat");
    chat.write();
    (document.activeElement as HTMLInputElement).value = " Có an toàn không? ";
    for (let n = 0; n < 2; n++) chat.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(heard).toEqual(["Có an toàn không?"]);
    chat.restore(heard[0]!);
    expect((document.activeElement as HTMLInputElement).value).toBe("Có an toàn không?");
  });
});
it("what is half written to one person never goes to another, and waits for its own", async () => {
  const chat = await mount<DeskChat>("desk-chat", { about: "i1" });
  const line = chat.querySelector<HTMLInputElement>("#chat-text")!;
  line.focus();
  line.value = "Mở cửa sau";
  chat.about = "i2";
  await chat.updateComplete;
  expect(line.value).toBe("");
  expect(document.activeElement).not.toBe(line);
  chat.restore("lạc", "i3");
  chat.about = "i1";
  await chat.updateComplete;
  expect(line.value).toBe("Mở cửa sau");
});
describe("desk-timeline and its sentences", () => {
  const say = (verb: string, facts = {}) => sentence({ verb, facts }, "vi", names);
  it("tells what happened in plain words, and shows unknown verbs as they are", () => {
    expect(say("escalate", { level: 2, audience: ["shift_lead"] })).toBe("leo thang bậc 2: trưởng ca");
    expect(say("dispatch", { unit_id: "u1" })).toBe("điều tổ tổ u1");
    expect(say("transfer", { agency: "113" })).toBe("chuyển tới nơi 113");
    expect(say("close", { outcome: "helped" })).toBe("kết thúc vụ việc – kết quả helped");
    expect(say("kind", { value: "fire" })).toBe("chọn loại việc loại fire");
    expect(say("never_heard")).toBe("never_heard");
  });
  it("draws one line per row of the journal", async () => {
    const line = await mount<DeskTimeline>("desk-timeline", {
      names,
      entries: [
        {
          seq: 1,
          at: "2026-11-24T05:00:00Z",
          actor: "resident",
          actor_name: "Người dân",
          verb: "note",
          subject_kind: "incident",
          subject_id: "i1",
          facts: {},
          text: "cửa sau",
        },
      ],
    });
    expect(text(line.querySelector("li"))).toBe("12:00:00 Người dân thêm ghi chú: cửa sau");
    expect([
      actor({ actor: "clock", actor_name: "đồng hồ hệ thống" }, "en"),
      actor({ actor: "account:1", actor_name: "Nguyễn An" }, "en"),
    ]).toEqual(["the system's clock", "Nguyễn An"]);
  });
});
describe("the case file", () => {
  it("reads the timeline when something moved, units again as they drive, and never mixes two incidents", async () => {
    const asked: string[] = [];
    const ports = {
      getRecommendation: async (id: string) => {
        asked.push(`r${id}`);
        return { incident_id: id, units: [], method: "straight_line" as const, factor: 1, computed_ms: 0 };
      },
      getTimeline: async (id: string) => {
        asked.push(`t${id}`);
        return { items: [] };
      },
      listPresses: async () => ({ items: [], next: null }),
    };
    const made = new Casefile(() => undefined, ports);
    made.follow("1", "a", 0);
    await tick(1);
    made.follow("1", "a", 100);
    made.follow("1", "a", 9000);
    await tick(1);
    expect(asked).toEqual(["r1", "t1", "r1"]);
    made.follow("2", "b", 9001);
    expect(made.recommendation).toBeNull();
    await tick(1);
    expect(made.recommendation!.incident_id).toBe("2");
  });
});
