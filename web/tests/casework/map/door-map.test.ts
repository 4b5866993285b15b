import { afterEach, describe, expect, it } from "vitest";
import type { GroundDoc } from "../../../src/casework/field/types";
import "../../../src/casework/map/door-map";
import type { DoorMap, MapDoor } from "../../../src/casework/map/door-map";

const DOORS: MapDoor[] = [
  { id: "a", lat: 10.75, lon: 106.7, state: "not_yet", label: "1 Đường Thử", place: 1 },
  { id: "b", lat: 10.751, lon: 106.7, state: "refused", label: "3 Đường Thử", place: 2 },
  { id: "x", lat: null, lon: null, state: "not_home", label: "5 Đường Thử", place: 3 },
];
const GROUND: GroundDoc = {
  ward_name: "Phường Thử",
  outline: [
    [
      [10.74, 106.69],
      [10.76, 106.69],
      [10.76, 106.71],
    ],
  ],
  areas: [
    {
      name: "Khu phố 1",
      outline: [
        [
          [10.745, 106.695],
          [10.755, 106.695],
          [10.755, 106.705],
        ],
      ],
    },
  ],
};

async function mount(props: Partial<DoorMap> = {}): Promise<{ map: DoorMap; picked: string[] }> {
  const map = Object.assign(document.createElement("door-map"), { doors: DOORS, ground: GROUND, ...props });
  const picked: string[] = [];
  map.addEventListener("pick", (e) => picked.push((e as CustomEvent<{ id: string }>).detail.id));
  document.body.append(map);
  await map.updateComplete;
  return { map, picked };
}
afterEach(() => document.body.replaceChildren());
const text = (el: Element) => el.textContent.replace(/\s+/g, " ").trim();
const key = (map: DoorMap, name: string) =>
  map.querySelector("canvas")!.dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
const finger = (map: DoorMap, type: string, x: number, y: number, id = 1) =>
  map
    .querySelector("canvas")!
    .dispatchEvent(
      Object.assign(new Event(type), { pointerId: id, pointerType: "touch", clientX: x, clientY: y, button: 0 }),
    );
// Without a layout the canvas counts as 360 × 360 with its corner at 0, 0, 56 px of it under the buttons; the doors lie
// one above the other.
const A = { x: 152, y: 180 + (111.195 / 2) * (272 / 111.195) };

describe("door-map", () => {
  it("says each state in words, with its count", async () => {
    const legend = text((await mount()).map.querySelector(".dm-legend")!);
    for (const word of [
      "Chưa tới 1",
      "Không tiếp 1",
      "Vắng nhà 1",
      "Đã gặp 0",
      "Ranh giới phường",
      "Ranh giới khu phố",
    ])
      expect(legend).toContain(word);
    expect(legend).not.toContain("Đường đi");
    expect(text((await mount({ lang: "en", route: true })).map)).toContain("Route");
  });
  it("says what has no position, and lists it", async () => {
    const { map, picked } = await mount();
    expect(text(map)).toContain("1 căn chưa có vị trí");
    const list = map.querySelector("details")!;
    list.open = true;
    list.dispatchEvent(new Event("toggle"));
    await map.updateComplete;
    const rows = [...map.querySelectorAll<HTMLButtonElement>(".dm-list li button")];
    expect(rows.map(text)).toEqual([
      "thứ 1, 1 Đường Thử, Chưa tới",
      "thứ 2, 3 Đường Thử, Không tiếp",
      "thứ 3, 5 Đường Thử, Vắng nhà, chưa có vị trí",
    ]);
    rows[2]!.click();
    expect(picked).toEqual(["x"]);
  });
  it("picks the door under a finger, and none when the map is dragged", async () => {
    const { map, picked } = await mount();
    finger(map, "pointerdown", A.x, A.y);
    finger(map, "pointerup", A.x + 3, A.y);
    expect(picked).toEqual(["a"]);
    finger(map, "pointerdown", A.x, A.y);
    finger(map, "pointermove", A.x + 60, A.y);
    finger(map, "pointerup", A.x + 60, A.y);
    finger(map, "pointerdown", A.x, A.y);
    finger(map, "pointerup", A.x, A.y); // the door has gone with the finger
    expect(picked).toEqual(["a"]);
    key(map, "0");
    finger(map, "pointerdown", A.x, A.y);
    finger(map, "pointerup", A.x, A.y);
    expect(picked).toEqual(["a", "a"]);
  });
  it("takes two fingers for a pinch, never for a press", async () => {
    const { map, picked } = await mount();
    finger(map, "pointerdown", A.x, A.y, 1);
    finger(map, "pointerdown", A.x + 40, A.y, 2);
    finger(map, "pointermove", A.x + 90, A.y, 2);
    finger(map, "pointerup", A.x + 90, A.y, 2);
    finger(map, "pointerup", A.x, A.y, 1);
    expect(picked).toEqual([]);
  });
  it("chooses by keys, in walking order", async () => {
    const { map, picked } = await mount({ selected: "a" });
    key(map, "PageDown");
    key(map, "PageUp");
    key(map, "x");
    expect(picked).toEqual(["b", "a"]);
  });
  it("tells a screen reader which door is chosen, and that others stand at the same spot", async () => {
    const { map } = await mount({
      doors: [...DOORS, { ...DOORS[0]!, id: "a2", label: "1A Đường Thử", place: 4 }],
      selected: "a",
    });
    expect(text(map.querySelector("[role=status]")!)).toContain(
      "Đang chọn: thứ 1, 1 Đường Thử, Chưa tới 2 căn cùng chỗ",
    );
  });
  it("shows where I stand only when it is known", async () => {
    expect((await mount()).map.querySelectorAll(".dm-keys button")).toHaveLength(3);
    const { map } = await mount({ here: { lat: 10.75, lon: 106.7, accuracy_m: 20 } });
    expect(map.querySelector(".dm-keys button:last-child")!.getAttribute("aria-label")).toBe("Tới chỗ tôi đứng");
  });
  it("keeps a long list short until more is asked for", async () => {
    const many = Array.from({ length: 130 }, (_, n) => ({ ...DOORS[0]!, id: `d${n}`, place: n + 1 }));
    const { map } = await mount({ doors: many });
    expect(map.querySelectorAll("li button")).toHaveLength(0);
    map.querySelector("details")!.open = true;
    map.querySelector("details")!.dispatchEvent(new Event("toggle"));
    await map.updateComplete;
    expect(map.querySelectorAll("li button")).toHaveLength(60);
    map.querySelector<HTMLButtonElement>("details > button")!.click();
    await map.updateComplete;
    expect(map.querySelectorAll("li button")).toHaveLength(120);
  });
  it("leaves the list to the screen where that has one", async () =>
    expect((await mount({ nolist: true })).map.querySelector("details")).toBeNull());
});
