import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkPin, hasPin, setPins } from "../../../src/sos/press/pin";

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

test("two PINs are told apart, a third is neither; the PINs themselves are not kept", async () => {
  expect(await setPins("1234", "9999")).toBe("kept");
  expect([await checkPin("1234"), await checkPin("9999"), await checkPin("0000")]).toEqual(["cancel", "duress", null]);
  expect(localStorage.getItem("binhan-pin")).not.toMatch(/1234|9999/);
});

test("equal, short or lettered PINs are refused", async () => {
  expect([await setPins("1234", "1234"), await setPins("123", "9999"), await setPins("abcd", "9999")]).toEqual([
    "bad",
    "bad",
    "bad",
  ]);
});

test("a phone that keeps nothing, or a page without https, does not say 'saved'", async () => {
  vi.stubGlobal("localStorage", {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("shut", "SecurityError");
    },
  });
  expect([await setPins("1234", "9999"), hasPin()]).toEqual(["lost", false]);
  vi.unstubAllGlobals();
  vi.stubGlobal("crypto", { getRandomValues: (a: Uint8Array) => a });
  expect(await setPins("1234", "9999")).toBe("lost");
});
