import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attachHold } from "../../../src/sos/press/hold";

let button: HTMLButtonElement;
const said: string[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  button = document.createElement("button");
  said.length = 0;
  attachHold(button, {
    start: () => said.push("start"),
    cancel: () => said.push("cancel"),
    armed: () => said.push("armed"),
    disarmed: () => said.push("disarmed"),
    fire: () => said.push("fire"),
  });
});
afterEach(() => vi.useRealTimers());
const pointer = (name: string) => button.dispatchEvent(Object.assign(new Event(name), { button: 0 }));
const key = (name: string, repeat = false) =>
  button.dispatchEvent(new KeyboardEvent(name, { key: "Enter", repeat, cancelable: true }));

test("held for a second it fires once, and the click that follows is not a second press", () => {
  pointer("pointerdown");
  vi.advanceTimersByTime(999);
  expect(said).toEqual(["start"]);
  vi.advanceTimersByTime(1);
  pointer("pointerup");
  button.click();
  expect(said).toEqual(["start", "fire"]);
});

test("let go too early it does not fire, but asks for a second press, which fires", () => {
  pointer("pointerdown");
  vi.advanceTimersByTime(300);
  pointer("pointerup");
  button.click();
  expect(said).toEqual(["start", "cancel", "armed"]);
  vi.advanceTimersByTime(800);
  button.click();
  expect(said.at(-1)).toBe("fire");
});

test("a double tap by accident is one press; after 10 s it is forgotten", () => {
  button.click();
  vi.advanceTimersByTime(100);
  button.click();
  expect(said).toEqual(["armed"]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual(["armed", "disarmed"]);
  button.click();
  expect(said.at(-1)).toBe("armed");
});

test("by key: held, or pressed twice", () => {
  key("keydown");
  key("keydown", true);
  vi.advanceTimersByTime(1000);
  key("keyup");
  expect(said).toEqual(["start", "fire"]);
  vi.advanceTimersByTime(5000);
  said.length = 0;
  for (let i = 0; i < 2; i++) {
    key("keydown");
    vi.advanceTimersByTime(200);
    key("keyup");
    vi.advanceTimersByTime(600);
  }
  expect(said).toEqual(["start", "cancel", "armed", "start", "cancel", "fire"]);
});
