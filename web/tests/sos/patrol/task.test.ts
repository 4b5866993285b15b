import { describe, expect, it } from "vitest";
import type { Assignment } from "../../../src/contract/types";
import { compass, isSo, NEXT, overlay, saidTo, secondsLeft, topOffer } from "../../../src/sos/patrol/task";

const task = (id: string, state: string) => ({ id, state }) as unknown as Assignment;
const verb = (id: string, name: string) => ({ path: `/assignments/${id}/${name}`, body: {} });

describe("how long an offer lasts", () => {
  const at = "2026-11-24T10:00:20Z";
  it("counts by the server's clock, whatever the phone's says", () => {
    const phone = Date.parse("2026-11-24T09:30:00Z"); // half an hour slow
    expect(secondsLeft(at, 30 * 60_000, phone)).toBe(20);
  });
  it("never goes below zero, and is zero without an end", () => {
    expect(secondsLeft(at, 0, Date.parse("2026-11-24T11:00:00Z"))).toBe(0);
    expect(secondsLeft(null, 0, 0)).toBe(0);
  });
});

it("the newest offer is on top: an older one has been passed on to others", () => {
  const offers = [
    ["a", "offered", 1],
    ["b", "offered", 3],
    ["c", "accepted", 4],
    ["d", "offered", 2],
  ].map(([id, state, at]) => ({ id, state, offered_at: `2026-11-24T10:00:0${at}Z` }) as unknown as Assignment);
  expect(topOffer(offers)?.id).toBe("b");
  expect(topOffer([offers[2]!])).toBeUndefined();
});

describe("what this phone has pressed but not yet sent", () => {
  it("is shown at once, in order", () => {
    const shown = overlay([task("a", "offered")], [verb("a", "accept"), verb("a", "depart")]);
    expect(shown.map((t) => t.state)).toEqual(["en_route"]);
  });
  it("takes a finished or declined task away", () => {
    expect(overlay([task("a", "on_scene"), task("b", "offered")], [verb("a", "finish"), verb("b", "decline")])).toEqual(
      [],
    );
  });
  it("leaves other tasks and other calls alone", () => {
    const shown = overlay([task("a", "offered")], [verb("b", "accept"), { path: "/patrol/backup", body: {} }]);
    expect(shown[0]!.state).toBe("offered");
  });
  it("puts the furthest task first", () => {
    expect(overlay([task("a", "offered"), task("b", "on_scene"), task("c", "accepted")], []).map((t) => t.id)).toEqual([
      "b",
      "c",
      "a",
    ]);
  });
});

it("every active state has one next verb", () => {
  expect(Object.keys(NEXT)).toEqual(["offered", "accepted", "en_route", "on_scene"]);
});

it("names eight directions, and north from both sides", () => {
  expect([0, 22, 45, 90, 135, 180, 225, 270, 315, 359].map(compass)).toEqual([
    "n0",
    "n0",
    "n1",
    "n2",
    "n3",
    "n4",
    "n5",
    "n6",
    "n7",
    "n0",
  ]);
});

it("a refusal that names the verb's own aim means that it was done", () => {
  expect(isSo("/assignments/a1/decline", "declined")).toBe(true);
  expect(isSo("/assignments/a1/accept", "withdrawn")).toBe(false);
  expect(isSo("/patrol/backup", undefined)).toBe(false);
});
it("unsent words belong to their own incident", () => {
  const said = { at: "", path: "/incidents/i1/messages", body: { id: "m", text: "tới" } };
  expect(saidTo("i1", [said]).map((m) => m.text)).toEqual(["tới"]);
  expect(saidTo("i2", [said])).toEqual([]);
});
