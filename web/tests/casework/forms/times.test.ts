import { describe, expect, it } from "vitest";
import { fromZoned, toZoned } from "../../../src/casework/forms/times";
import { languageFor } from "../../../src/casework/forms/engine";

describe("times of a form", () => {
  it("come back as they were typed", () => {
    expect(fromZoned("dateTime", toZoned("dateTime", "2026-11-25T17:30"))).toBe("2026-11-25T17:30");
    expect(fromZoned("time", toZoned("time", "07:05"))).toBe("07:05");
    expect(fromZoned("date", toZoned("date", "2026-02-03"))).toBe("2026-02-03");
    expect(toZoned("dateTime", "2026-11-25T17:30")).toMatch(/^2026-11-25T17:30:00\.000[+-]\d\d:\d\d$/);
  });
  it("what is empty or no time stays empty", () => {
    expect(toZoned("dateTime", "")).toBe("");
    expect(fromZoned("dateTime", "x")).toBe("");
    expect(fromZoned("string", "x")).toBe("x");
  });
});

describe("the form's language", () => {
  const of = (...names: string[]) => names.map((language, n) => ({ language, isDefault: n === 1 }));
  it("is the screen's where the form has it, by code or by name", () => {
    expect(languageFor(of("English (en)", "Tiếng Việt (vi)"), "vi").language).toBe("Tiếng Việt (vi)");
    expect(languageFor(of("Vietnamese", "english"), "en").language).toBe("english");
    expect(languageFor(of("x (zh)", "y", "Tiếng Việt".normalize("NFD")), "vi").language.normalize("NFC")).toContain(
      "Việt",
    );
  });
  it("is else the form's default", () => {
    expect(languageFor(of("Français (fr)", "中文 (zh)"), "vi").language).toBe("中文 (zh)");
    expect(languageFor([{ language: "", isDefault: true }], "vi").language).toBe("");
  });
});
