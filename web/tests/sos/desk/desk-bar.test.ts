import { expect, it } from "vitest";
import type { DeskBar } from "../../../src/sos/desk/desk-bar";
import "../../../src/sos/desk/desk-bar";
import { mount, text, told } from "./mount";

const bar = (colour: string, more = {}) =>
  mount<DeskBar>("desk-bar", {
    ward: "Phường Mẫu",
    lamp: { colour, forS: 7, signedOut: false, ...more },
    lastAt: Date.parse("2026-11-24T05:03:05Z"),
    now: 0,
  });

it("always says whether it is connected, in words and not by colour alone", async () => {
  expect(text((await bar("green")).querySelector(".lamp"))).toContain("Trực tuyến");
  expect(text((await bar("green")).querySelector(".lamp"))).toContain("tin cuối 12:03:05");
  expect(text((await bar("amber")).querySelector(".lamp"))).toContain("đang nối lại… 7s");
  expect(text((await bar("red")).querySelector(".lamp"))).toContain("MẤT KẾT NỐI – dùng điện thoại, sổ giấy");
  expect((await bar("red", { signedOut: true })).querySelector("a")!.getAttribute("href")).toContain("/account/login/");
});
it("opens what is asked", async () => {
  const element = await bar("green");
  const heard = told<string>(element, "open");
  for (const b of element.querySelectorAll<HTMLElement>("[data-do]")) b.click();
  expect(heard).toEqual(["new", "help", "language", "hand"]);
});
