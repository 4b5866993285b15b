import { expect, test } from "vitest";
import { asProblem, comeBackMs, Refusal, Unreachable } from "../../src/live/http";

const headers = (after: string) => new Headers({ "Retry-After": after });

test("when to come back is said by the answer, or by its header", () => {
  expect(asProblem(503, '{"code":"busy","retry_after_s":7}', headers("9")).retry_after_s).toBe(7);
  expect(asProblem(503, "<html>", headers("9")).retry_after_s).toBe(9);
  expect(asProblem(503, "{}", headers("Wed, 21 Oct 2026 07:28:00 GMT")).retry_after_s).toBeUndefined();
  expect(asProblem(503, "{}").retry_after_s).toBeUndefined();
});

test("nobody is sent away for longer than a quarter of an hour", () => {
  expect(comeBackMs(new Refusal(asProblem(503, "{}", headers("30"))))).toBe(30_000);
  expect(comeBackMs(new Refusal(asProblem(503, "{}", headers("86400"))))).toBe(900_000);
  expect(comeBackMs(new Refusal(asProblem(503, "{}")))).toBe(0);
  expect(comeBackMs(new Unreachable("x"))).toBe(0);
});
