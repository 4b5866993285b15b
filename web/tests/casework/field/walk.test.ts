import { describe, expect, it, test } from "vitest";
import { doors, find, next, overlay, progress } from "../../../src/casework/field/walk";
import { begin, needsOf, withNeeds } from "../../../src/casework/field/draft";
import { changes } from "../../../src/casework/field/edits";
import { comeBackChoices, dayAfter, fromPicker, short, toPicker } from "../../../src/casework/field/times";
import { hours } from "../../../src/casework/field/turfs";
import { door, doorDoc, session } from "./fake";

test.each([
  ["not_yet", "not_home", "not_home"],
  ["not_yet", "met", "reached"],
  ["reached", "not_home", "reached"],
  ["refused", "not_home", "refused"],
  ["refused", "met", "reached"],
  ["come_back", "moved", "vacant"],
] as const)("a door that is %s, and then %s, is %s", (server, outcome, stands) =>
  expect(overlay(server, outcome)).toBe(stands),
);

describe("the walk", () => {
  it("goes on after the door where I stand, then back to those left out, then to those to come back to", async () => {
    const s = session();
    expect(next(doors(s), door(1))?.id).toBe(door(2));
    expect(next(doors(s), door(3))?.id).toBe(door(1));
    for (const n of [1, 2, 3]) await s.finish({ ...begin(s, door(n)), outcome: n === 2 ? "not_home" : "met" });
    expect(next(doors(s), door(1))?.id).toBe(door(2));
    expect(progress(doors(s))).toEqual({ doors: 3, approached: 3, reached: 2 });
  });
  it("keeps the order of the chosen turfs, and leaves inactive doors out", () => {
    const s = session();
    s.docs.push(
      { kind: "door", id: door(9), digest: "", body: doorDoc(9, { turf: "first" }) },
      { kind: "door", id: door(8), digest: "", body: doorDoc(8, { active: false }) },
    );
    s.turfs = ["first", ...s.turfs];
    expect(doors(s).map((d) => d.body.place)).toEqual([9, 1, 2, 3]);
  });
  it("does not lead to a door whose resident has asked us not to come, unless they agreed to a time after all", () => {
    const s = session();
    const meet = (n: number, state: string) =>
      s.docs.push({
        kind: "appointment",
        id: `a${n}${state}`,
        digest: "",
        body: { dwelling: door(n), from_at: "", to_at: "", state, state_name: "", note: "" },
      });
    meet(2, "declined");
    meet(3, "declined");
    meet(3, "booked");
    expect(doors(s).map((d) => d.declined)).toEqual([false, true, false]);
    expect(next(doors(s), door(1))?.id).toBe(door(3));
    expect(find(doors(s), "", "again").map((d) => d.id)).not.toContain(door(2));
  });
  it("shows when to come back though that was sent and the documents are older", () => {
    const s = session();
    s.claim = (() => ({
      outcome: "come_back",
      at: "",
      sent: true,
      id: "v",
      back: "2026-11-27T02:00:00.000Z",
    })) as never;
    expect(doors(s)[0]).toMatchObject({ state: "come_back", comeBackAt: "2026-11-27T02:00:00.000Z", sent: true });
  });
  it("counts an outcome that can still be taken back", async () => {
    const s = session();
    await s.keep({ ...begin(s, door(1)), outcome: "come_back", come_back_at: "2026-11-26T02:00:00.000Z" });
    const here = doors(s)[0]!;
    expect([here.state, here.comeBackAt, here.draft]).toEqual(["come_back", "2026-11-26T02:00:00.000Z", false]);
  });
});

test("search needs no marks, in any order", () => {
  const all = doors(session());
  expect(find(all, "lui 2", "todo")).toHaveLength(1); // y as i, as at the server
  expect(find(all, "luy 2", "todo").map((d) => d.body.place)).toEqual([2]);
  expect(find(all, "nguyen", "all")).toEqual([]);
});
test("four times to come back, none of them past, in Vietnam's day", () => {
  const wednesday = Date.parse("2026-11-25T08:00:00Z"); // 15:00 there
  expect(comeBackChoices(wednesday).map((c) => [c.when, c.at])).toEqual([
    ["afternoon", "2026-11-25T09:30:00.000Z"],
    ["tonight", "2026-11-25T12:00:00.000Z"],
    ["morning", "2026-11-26T02:00:00.000Z"],
    ["evening", "2026-11-26T11:30:00.000Z"],
  ]);
  const lateFriday = Date.parse("2026-11-27T15:00:00Z"); // 22:00
  const choices = comeBackChoices(lateFriday);
  // Saturday's 9:00 is tomorrow morning already.
  expect(choices.map((c) => c.when)).toEqual(["morning", "evening", "sunday"]);
  expect(short("2026-11-28T02:00:00Z", "vi", wednesday)).toBe("T7 28/11 09:00");
  expect(short("2026-11-25T12:00:00Z", "vi", wednesday)).toBe("19:00");
  expect(dayAfter(Date.parse("2026-11-25T20:00:00Z"), 1)).toBe("2026-11-27"); // already the 26th there
  expect(toPicker(fromPicker("2026-11-26T18:30"))).toBe("2026-11-26T18:30");
});
test("needs stand in the first line of the words, and come out again", () => {
  const words = withNeeds("Mẹ tôi ốm.", ["vốn vay", "giấy tờ"]);
  expect(words).toBe("Cần hỗ trợ: vốn vay; giấy tờ\nMẹ tôi ốm.");
  expect(needsOf(words)).toEqual(["vốn vay", "giấy tờ"]);
  expect(withNeeds(words, [])).toBe("Mẹ tôi ốm.");
});
test("only what differs is a correction, with what stood there", () => {
  const body = doorDoc(1, { landmark: "cổng xanh" });
  expect(changes(body, { landmark: "cổng xanh", occupants: 4, position: { lat: body.lat!, lon: body.lon! } })).toEqual([
    { field: "occupants", base: null, value: 4 },
  ]);
});

test("walking time is said in the reader's language", () => {
  expect([hours(45, "vi"), hours(130, "vi"), hours(120, "vi"), hours(65, "en")]).toEqual([
    "45 phút",
    "2 giờ 10",
    "2 giờ",
    "1 h 05",
  ]);
});
