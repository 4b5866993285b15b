/**
 * The disguise of a silent press: a shopping list whose ticks are the steps. Two taps, or two key presses, open the
 * page.
 */
import { $, type T } from "./view";

const TWICE_MS = 1200;

export function drawCover(t: T): void {
  $("cover-list").replaceChildren(
    ...(["cover1", "cover2", "cover3", "cover4", "cover5"] as const).map((k) =>
      Object.assign(document.createElement("li"), { textContent: t(k) }),
    ),
  );
}

export function wireCover(t: T): void {
  let tapped = -Infinity;
  $("cover").addEventListener("click", (e) => {
    if (e.timeStamp - tapped < TWICE_MS) cover(false, t);
    tapped = e.timeStamp;
  });
}

export function cover(on: boolean, t: T): void {
  $("cover").hidden = !on;
  $("app").inert = on;
  document.body.classList.toggle("covered", on);
  document.title = t(on ? "coverTitle" : "title");
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", on ? "#16181b" : "#b3161c");
  if (on) $("cover-more").focus();
  else $("line").focus();
}
