import { afterEach, describe, expect, it, vi } from "vitest";
import { Attention } from "../../../src/sos/desk/attention";
import { whenPainted } from "../../../src/sos/desk/painted";
import { Siren } from "../../../src/sos/desk/siren";

afterEach(() => vi.unstubAllGlobals());

describe("the siren", () => {
  function context(allowed: boolean) {
    const set: [string, number][] = [];
    const param = (name: string) => ({ setTargetAtTime: (v: number) => set.push([name, v]) });
    class Part {
      gain = param("gain");
      frequency = param("frequency");
      connect(next: unknown) {
        return next;
      }
      start() {}
      stop() {}
    }
    for (const name of ["OscillatorNode", "GainNode", "BiquadFilterNode"]) vi.stubGlobal(name, Part);
    const made = {
      state: "suspended",
      currentTime: 0,
      destination: {},
      resume: async () => void (allowed && (made.state = "running")),
    };
    return { made: made as unknown as AudioContext, set };
  }
  it("is blocked until a click, then sounds, and falls silent", async () => {
    const { made, set } = context(true);
    const siren = new Siren(() => made);
    expect(siren.voice).toBe("blocked");
    siren.ring(0.7, 1);
    expect(siren.sounding).toBe(false);
    expect(await siren.unlock()).toBe(true);
    siren.ring(0.85, 2);
    expect(set).toContainEqual(["gain", 0.85]);
    expect(siren.sounding).toBe(true);
    siren.ring(0, 0);
    expect(siren.sounding).toBe(false);
    siren.chime("look");
  });
  it("says honestly that the browser does not let it, or that there is no sound at all", async () => {
    const refused = new Siren(() => context(false).made);
    expect(await refused.unlock()).toBe(false);
    expect(refused.voice).toBe("blocked");
    expect(new Siren(null).voice).toBe("none");
    expect(await new Siren(null).unlock()).toBe(false);
  });
});
describe("attention", () => {
  it("blinks in the title and turns the icon red, then is calm again", () => {
    const a = new Attention();
    a.beat("2 SOS", "Bàn trực", 0);
    expect(document.title).toBe("🔴 2 SOS");
    a.beat("2 SOS", "Bàn trực", 1000);
    expect(document.title).toBe("Bàn trực");
    expect(document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href).toContain("data:image/svg");
    a.beat(null, "Bàn trực", 2000);
    expect(document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href).toContain("desk.svg");
  });
  it("shows a notice only when the desk is out of sight", () => {
    const made: string[] = [];
    vi.stubGlobal(
      "Notification",
      Object.assign(
        class {
          onclick = null;
          constructor(text: string) {
            made.push(text);
          }
          close() {
            made.push("closed");
          }
        },
        { permission: "granted" },
      ),
    );
    const page = (state: string) => ({ visibilityState: state }) as unknown as Document;
    new Attention(page("visible")).notify("i1", "SOS");
    expect(made).toEqual([]);
    const hidden = new Attention(page("hidden"));
    hidden.notify("i1", "SOS");
    hidden.clear("i1");
    expect(made).toEqual(["SOS", "closed"]);
  });
});
describe("painted", () => {
  it("comes after two frames, and never on a hidden page", () => {
    const frames: (() => void)[] = [];
    let done = 0;
    let visible = false;
    const run = () => frames.splice(0).forEach((f) => f());
    whenPainted(
      () => done++,
      (f) => frames.push(f),
      () => visible,
    );
    run();
    expect(done).toBe(0);
    run();
    expect(done).toBe(0);
    visible = true;
    whenPainted(
      () => done++,
      (f) => frames.push(f),
      () => visible,
    );
    run();
    run();
    expect(done).toBe(1);
  });
});
