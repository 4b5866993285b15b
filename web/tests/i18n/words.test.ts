import { describe, expect, test } from "vitest";
import { pickLang, translator, type Words } from "../../src/i18n";
import * as capture from "../../src/i18n/capture";
import * as desk from "../../src/i18n/desk";
import * as emergency from "../../src/i18n/emergency";
import * as map from "../../src/i18n/map";
import * as field from "../../src/i18n/field";
import * as patrol from "../../src/i18n/patrol";
import * as press from "../../src/i18n/press";
import html from "../../press.html?raw";

const isWords = (value: unknown): value is Words =>
  typeof value === "object" && value !== null && Object.values(value).every(Array.isArray);
const pages = Object.entries({ capture, desk, emergency, field, map, patrol, press }).flatMap(([name, module]) =>
  Object.values(module)
    .filter(isWords)
    .map((words) => [name, words] as const),
);
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe.each(pages)("%s", (_, words) => {
  test.each(Object.keys(words))("%s is said in both languages with the same values", (key) => {
    const [vi, en] = words[key]!;
    expect(vi.trim()).not.toBe("");
    expect(en.trim()).not.toBe("");
    expect(holes(en)).toEqual(holes(vi));
    expect(vi).toBe(vi.normalize("NFC"));
  });
});

test("every word that the SOS page's HTML asks for is there", () => {
  const asked = [...html.matchAll(/data-t="(\w+)"/g)].map((m) => m[1]!);
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter((key) => !(key in press.PRESS))).toEqual([]);
});

test("the address wins over what was kept, and Vietnamese is the rule", () => {
  localStorage.clear();
  expect(pickLang("")).toBe("vi");
  localStorage.setItem("lang", "en");
  expect([pickLang(""), pickLang("?lang=vi"), pickLang("?lang=xx")]).toEqual(["en", "vi", "en"]);
  expect(translator(press.PRESS, "en")("seen", { t: "12:03:05" })).toContain("12:03:05");
});
