/** Puts an element on the page with its properties and waits until it is drawn. */
import { afterEach } from "vitest";
import type { Light } from "../../../src/ui/light";

afterEach(() => document.body.replaceChildren());

export async function mount<T extends Light>(tag: string, properties: object = {}): Promise<T> {
  const element = Object.assign(document.createElement(tag), properties) as unknown as T;
  document.body.append(element);
  await element.updateComplete;
  return element;
}
/** Everything of one name that the element tells. */
export function told<T>(element: EventTarget, name: string): T[] {
  const heard: T[] = [];
  element.addEventListener(name, (e) => heard.push((e as CustomEvent<T>).detail));
  return heard;
}
export const text = (element: Element | null) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
export const tick = (ms = 0) => new Promise<void>((done) => setTimeout(done, ms));
