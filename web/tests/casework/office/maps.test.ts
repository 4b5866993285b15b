import { afterEach, expect, it, vi } from "vitest";
import "../../../src/casework/office/main";
import { given } from "../../../src/casework/office/given";
import type { DoorMap } from "../../../src/casework/map/door-map";

const DOORS = [
  { id: "a", lat: 10.75, lon: 106.7, state: "reached", label: "1 Đường Thử", place: 1, url: "/office/turfs/t1" },
  { id: "b", lat: 10.751, lon: 106.7, state: "strange", label: "3 Đường Thử", place: 2 },
];
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function page(tag: string, rest = ""): Promise<DoorMap> {
  const handed = JSON.stringify({ ground: null, doors: DOORS });
  document.body.innerHTML = `<script type="application/json" id="doors">${handed}</script>
    ${rest}<${tag} given="doors"></${tag}>`;
  const map = document.querySelector(tag) as HTMLElement & { updateComplete: Promise<unknown> };
  await map.updateComplete;
  return map.querySelector("door-map")!;
}
const pick = async (map: DoorMap, id: string) => {
  map.dispatchEvent(new CustomEvent("pick", { detail: { id }, bubbles: true }));
  await (map.parentElement as HTMLElement & { updateComplete: Promise<unknown> }).updateComplete;
};

it("reads what the page hands it, and takes a state it does not know for not yet", async () => {
  const map = await page("coverage-map");
  expect(map.doors.map((d) => d.state)).toEqual(["reached", "not_yet"]);
  expect(given("nothing")).toEqual({ ground: null, doors: [] });
});
it("offers the turf of a door on the coverage map", async () => {
  const map = await page("coverage-map");
  expect(document.querySelector("a")).toBeNull();
  await pick(map, "a");
  expect(document.querySelector("a")!.getAttribute("href")).toBe("/office/turfs/t1");
});
it("chooses in the form what is pressed on the map, and on the map what is chosen in the form", async () => {
  const radio = (value: string) => `<li><input type="radio" name="dwelling" value="${value}"></li>`;
  const map = await page("turf-map", `<ol>${radio("a")}${radio("b")}</ol>`);
  const [a, b] = [...document.querySelectorAll<HTMLInputElement>("input")];
  await pick(map, "b");
  expect([a!.checked, b!.checked, map.selected]).toEqual([false, true, "b"]);
  a!.checked = true;
  a!.dispatchEvent(new Event("change", { bubbles: true }));
  await (map.parentElement as HTMLElement & { updateComplete: Promise<unknown> }).updateComplete;
  expect(map.selected).toBe("a");
});

const PLACES = ["a", "b", "c"].map((id, n) => ({
  dwelling: id,
  turf: `t${n}`,
  place: n + 1,
  address: `${n} Đường Thử`,
  lat: 10.75 + n / 1000,
  lon: 106.7,
  state: n ? "reached" : "strange",
  not_home: 0,
}));
const answer = (items: unknown, next: string | null) => new Response(JSON.stringify({ items, next }));

it("draws a round piece by piece, and goes on from where it was cut off", async () => {
  const asked: string[] = [];
  const answers = [answer(PLACES.slice(0, 2), "x"), new Response("", { status: 503 }), answer(PLACES.slice(2), null)];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    return Promise.resolve(answers.shift());
  });
  document.body.innerHTML = `<coverage-map given="none" round="r1"></coverage-map>`;
  const map = () => document.querySelector<DoorMap>("door-map")!;
  await vi.waitFor(() => expect(document.querySelector("button.secondary")?.textContent).toBe("Tải tiếp"));
  expect(map().doors.map((d) => [d.id, d.state])).toEqual([
    ["a", "not_yet"],
    ["b", "reached"],
  ]);
  expect(document.querySelector("[role=status]:not([hidden])")!.textContent).toContain("mới có 2");
  document.querySelector<HTMLButtonElement>("button.secondary")!.click();
  await vi.waitFor(() => expect(map().doors.map((d) => d.id)).toEqual(["a", "b", "c"]));
  expect(asked).toEqual(["", "&cursor=x", "&cursor=x"].map((c) => `/api/rounds/r1/doors?limit=1000${c}`));
  await pick(map(), "c");
  expect(document.querySelector("a.button")!.getAttribute("href")).toBe("/office/turfs/t2");
});
