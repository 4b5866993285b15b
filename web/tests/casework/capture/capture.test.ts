import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import "../../../src/casework/capture/field-capture";
import type { FieldCapture } from "../../../src/casework/capture/field-capture";
import { fitted, inside } from "../../../src/casework/capture/shrink";
import { paint, Strokes } from "../../../src/casework/capture/strokes";

const text = (el: Element) => el.textContent.replace(/\s+/g, " ").trim();
const button = (el: Element, words: string) => [...el.querySelectorAll("button")].find((b) => text(b).includes(words))!;
let heard: { kind: string; blob: Blob }[];
let removed: string[];

async function mount(props: Partial<FieldCapture> = {}): Promise<FieldCapture> {
  const el = Object.assign(document.createElement("field-capture") as FieldCapture, props);
  heard = [];
  removed = [];
  el.addEventListener("captured", (e) => heard.push((e as CustomEvent<{ kind: string; blob: Blob }>).detail));
  el.addEventListener("removed", (e) => removed.push((e as CustomEvent<{ id: string }>).detail.id));
  document.body.append(el);
  await el.updateComplete;
  return el;
}
async function settle(el: FieldCapture): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
  await el.updateComplete;
  for (const inner of el.querySelectorAll("voice-note, sketch-pad")) await (inner as FieldCapture).updateComplete;
}
beforeEach(() => {
  vi.stubGlobal("fetch", () => {
    throw new Error("nothing here may need a network");
  });
  URL.createObjectURL = () => "blob:made";
  URL.revokeObjectURL = () => undefined;
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("photo", () => {
  test("no side over 1600, the shape kept, never enlarged", () => {
    expect([inside(4000, 3000), inside(3000, 4000), inside(800, 600), inside(8000, 3)]).toEqual([
      [1600, 1200],
      [1200, 1600],
      [800, 600],
      [1600, 1],
    ]);
  });
  test("the finest that fits in 600 kB; then it becomes smaller, and never loses its shape", async () => {
    const tried: string[] = [];
    const draw = async (w: number, h: number, q: number) => {
      tried.push(`${w}x${h}@${q}`);
      return new Blob([new Uint8Array(Math.round(w * h * q))]);
    };
    const blob = await fitted(4000, 3000, draw);
    expect(blob.size).toBeLessThanOrEqual(600_000);
    expect(tried.slice(0, 5)).toEqual([
      "1600x1200@0.82",
      "1600x1200@0.7",
      "1600x1200@0.58",
      "1600x1200@0.45",
      "1200x900@0.82",
    ]);
    await expect(fitted(4000, 3000, async () => new Blob([new Uint8Array(700_000)]))).rejects.toThrow();
  });
  test("what is no picture is said, and the next try is open", async () => {
    vi.stubGlobal("createImageBitmap", async () => Promise.reject(new Error("no")));
    const el = await mount();
    button(el, "Chụp ảnh").click();
    await settle(el);
    const input = el.querySelector<HTMLInputElement>('input[type="file"]')!;
    expect([input.accept, input.getAttribute("capture")]).toEqual(["image/*", "environment"]);
    Object.defineProperty(input, "files", { value: [new File(["x"], "a.jpg")] });
    input.dispatchEvent(new Event("change"));
    await settle(el);
    expect(text(el.querySelector('[role="alert"]')!)).toContain("Không mở được ảnh");
    expect(heard).toEqual([]);
  });
  test("drawn anew upright on a canvas, shown, and handed on only when kept", async () => {
    const asked: unknown[] = [];
    vi.stubGlobal("createImageBitmap", async (_: Blob, options: unknown) => {
      asked.push(options);
      return { width: 3000, height: 4000, close: () => undefined };
    });
    const sizes: number[][] = [];
    const made = vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({
      fillRect: () => undefined,
      drawImage: (_i: unknown, ...box: number[]) => sizes.push(box),
    } as never);
    const out = vi
      .spyOn(HTMLCanvasElement.prototype, "toBlob")
      .mockImplementation((done, type) => done(new Blob(["jpeg"], { type: type! })));
    const el = await mount();
    button(el, "Chụp ảnh").click();
    await settle(el);
    const input = el.querySelector<HTMLInputElement>("input")!;
    Object.defineProperty(input, "files", { value: [new File(["x"], "a.heic")] });
    input.dispatchEvent(new Event("change"));
    await settle(el);
    expect([asked, sizes]).toEqual([[{ imageOrientation: "from-image" }], [[0, 0, 1200, 1600]]]);
    expect(el.querySelector("img")).not.toBeNull();
    expect(heard).toEqual([]);
    button(el, "Giữ lại").click();
    expect(heard.map((h) => [h.kind, h.blob.type])).toEqual([["photo", "image/jpeg"]]);
    made.mockRestore();
    out.mockRestore();
  });
});

class FakeRecorder {
  static made: FakeRecorder[] = [];
  static isTypeSupported = (mime: string) => mime.startsWith("audio/mp4");
  state = "inactive";
  ondataavailable: (e: { data: Blob }) => void = () => undefined;
  onstop: () => void = () => undefined;
  constructor(
    readonly stream: unknown,
    readonly options: { mimeType: string },
  ) {
    FakeRecorder.made.push(this);
  }
  start(): void {
    this.state = "recording";
  }
  stop(): void {
    this.state = "inactive";
    this.ondataavailable({ data: new Blob(["sound"]) });
    queueMicrotask(() => this.onstop());
  }
}

describe("voice note", () => {
  let tracks: { stopped: boolean; stop(): void }[];
  let grant: () => Promise<unknown>;
  beforeEach(() => {
    FakeRecorder.made = [];
    tracks = [];
    grant = async () => {
      const track = {
        stopped: false,
        stop() {
          this.stopped = true;
        },
      };
      tracks.push(track);
      return { getTracks: () => [track] };
    };
    vi.stubGlobal("MediaRecorder", FakeRecorder);
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: () => grant() } });
  });
  const begin = async () => {
    const el = await mount();
    button(el, "Ghi âm").click();
    await settle(el);
    expect(text(el)).toContain("Xin phép người dân");
    button(el, "Bắt đầu ghi").click();
    await settle(el);
    return el;
  };

  test("one sees that it records and how long; stopped, listened to, kept; the microphone is let go", async () => {
    const el = await begin();
    expect(text(el)).toContain("ĐANG GHI ÂM");
    expect(text(el.querySelector('[role="timer"]')!)).toBe("0:00 trên 2:00");
    button(el, "Dừng").click();
    await settle(el);
    expect(tracks.map((t) => t.stopped)).toEqual([true]);
    expect(el.querySelector("audio")!.getAttribute("src")).toBe("blob:made");
    button(el, "Giữ lại").click();
    expect(heard.map((h) => [h.kind, h.blob.type])).toEqual([["voice", "audio/mp4"]]);
  });
  test("after two minutes it stops by itself, and says so", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const el = await begin();
    vi.advanceTimersByTime(61_000);
    await settle(el);
    expect(text(el.querySelector('[role="timer"]')!)).toBe("1:01 trên 2:00");
    vi.advanceTimersByTime(60_000);
    await settle(el);
    expect(text(el)).toContain("Đã đủ 2 phút");
    expect(tracks[0]!.stopped).toBe(true);
  });
  test("nobody is recorded behind a dark screen; what was said is not lost", async () => {
    const el = await begin();
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    await settle(el);
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "visible" });
    expect(text(el)).toContain("Máy dừng ghi");
    expect([tracks[0]!.stopped, el.querySelector("audio") !== null]).toEqual([true, true]);
    button(el, "Bỏ đi").click();
    await settle(el);
    expect([heard, el.querySelector("audio")]).toEqual([[], null]);
  });
  test.each([
    ["NotAllowedError", "Chưa được phép dùng micro"],
    ["NotFoundError", "không có micro"],
    ["NotReadableError", "Ứng dụng khác"],
  ])("%s: said what to do", async (name, words) => {
    grant = async () => Promise.reject(new DOMException("", name));
    const el = await begin();
    expect(text(el.querySelector('[role="alert"]')!)).toContain(words);
    expect(button(el, "Bắt đầu ghi").disabled).toBe(false);
  });
  test("a browser that cannot record says so", async () => {
    vi.stubGlobal("MediaRecorder", undefined);
    expect(text((await begin()).querySelector('[role="alert"]')!)).toContain("không ghi âm được");
  });
  test("closed while the permission is still asked for: the microphone is let go, nothing records", async () => {
    let allow!: (v: unknown) => void;
    const real = grant;
    grant = () => new Promise((done) => (allow = done));
    const el = await begin();
    button(el, "Đóng").click();
    await settle(el);
    allow(await real());
    await settle(el);
    expect([tracks[0]!.stopped, FakeRecorder.made.length]).toEqual([true, 0]);
  });
  test("taken off the page while recording, it records no longer", async () => {
    const el = await begin();
    el.remove();
    expect(tracks[0]!.stopped).toBe(true);
  });
});

describe("sketch", () => {
  test("lines in parts of the frame; undo takes the last one, start over all", () => {
    const s = new Strokes();
    s.begin("black", 0.1, 0.1);
    expect([s.extend(0.1, 0.1005), s.extend(0.5, 1.4)]).toEqual([false, true]);
    s.begin("red", -1, 2);
    expect(s.all.map((l) => [l.ink, l.points])).toEqual([
      [
        "black",
        [
          [0.1, 0.1],
          [0.5, 1],
        ],
      ],
      ["red", [[0, 1]]],
    ]);
    s.undo();
    expect(s.all.length).toBe(1);
    s.clear();
    expect([s.all.length, s.extend(0.5, 0.5)]).toEqual([0, false]);
  });
  test("painted on white, a dot too", () => {
    const done: string[] = [];
    const brush = new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...a: unknown[]) =>
            void done.push(`${String(name)} ${a.map((n) => Math.round(Number(n))).join(",")}`),
        set: () => true,
      },
    ) as CanvasRenderingContext2D;
    paint(brush, [{ ink: "red", points: [[0.5, 0.5]] }], 100, 80);
    expect(done).toEqual(["fillRect 0,0,100,80", "beginPath ", "moveTo 50,40", "lineTo 50,40", "stroke "]);
  });
  test("drawn with one pointer, a second finger changes nothing; kept as PNG", async () => {
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(
      new Proxy({}, { get: () => () => undefined, set: () => true }) as never,
    );
    let size = 300_001;
    vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done, type) =>
      done(new Blob([new Uint8Array(size)], { type: type! })),
    );
    const el = await mount();
    button(el, "Vẽ").click();
    await settle(el);
    const canvas = el.querySelector("canvas")!;
    canvas.getBoundingClientRect = () => ({ left: 0, top: 0, width: 100, height: 75 }) as DOMRect;
    const at = (type: string, x: number, pointerId = 1) =>
      canvas.dispatchEvent(Object.assign(new Event(type), { pointerId, clientX: x, clientY: 10, button: 0 }));
    expect(button(el, "Giữ lại").disabled).toBe(true);
    at("pointerdown", 10);
    at("pointerdown", 90, 2);
    at("pointermove", 95, 2);
    at("pointermove", 40);
    at("pointerup", 40);
    at("pointermove", 70);
    await settle(el);
    const strokes = (el.querySelector("sketch-pad") as unknown as { strokes: Strokes }).strokes;
    expect(strokes.all.map((s) => s.points.map(([x]) => x))).toEqual([[0.1, 0.4]]);
    button(el, "Giữ lại").click();
    await settle(el);
    expect([text(el), heard.length]).toEqual([expect.stringContaining("quá nhiều nét"), 0]);
    size = 5000;
    button(el, "Giữ lại").click();
    await settle(el);
    expect(heard.map((h) => [h.kind, h.blob.type])).toEqual([["sketch", "image/png"]]);
    vi.restoreAllMocks();
  });
});

test("what is kept is listed, and goes only after a second touch; said in English too", async () => {
  const el = await mount({ lang: "en", files: [{ id: "f1", kind: "photo", at: "2026-11-25T02:05:00Z" }] });
  expect(text(el)).toMatch(/Photo \d\d:\d\d/);
  el.querySelector<HTMLButtonElement>(".shelf button")!.click();
  await settle(el);
  expect(removed).toEqual([]);
  button(el, "Remove").click();
  expect(removed).toEqual(["f1"]);
});
