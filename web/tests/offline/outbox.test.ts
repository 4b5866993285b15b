import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { Refusal, Unreachable } from "../../src/live/http";
import { Outbox, type Verb } from "../../src/offline/outbox";

const verb = (n: number): Verb => ({
  id: `0000000${n}`,
  at: "2026-11-24T05:00:00Z",
  path: `/v${n}`,
  body: { n },
  label: `v${n}`,
});
const refusal = (status: number) => new Refusal({ status, code: "x", detail: "", detail_en: "" });
const until = (done: () => boolean) => vi.waitFor(() => expect(done()).toBe(true), { timeout: 4000 });

test("verbs go in order, wait for the network, and survive a closed page", async () => {
  let down = true;
  const sent: string[] = [];
  const send = async (v: Verb) => {
    if (down) throw new Unreachable("down");
    sent.push(v.path);
  };
  const first = new Outbox("order", send, () => undefined);
  await first.open();
  await first.add(verb(1));
  await first.add(verb(2));
  expect(first.pending).toHaveLength(2);
  down = false;
  const again = new Outbox("order", send, () => undefined); // the page opened anew
  await again.open();
  await until(() => again.pending.length === 0);
  expect(sent.slice(0, 2)).toEqual(["/v1", "/v2"]);
});

test("a refused verb becomes a conflict that keeps what was typed, and the next one still goes", async () => {
  const sent: string[] = [];
  const box = new Outbox(
    "conflict",
    async (v) => {
      if (v.path === "/v1") throw refusal(409);
      sent.push(v.path);
    },
    () => undefined,
  );
  await box.open();
  await box.add(verb(1));
  await box.add(verb(2));
  await until(() => box.pending.length === 0);
  expect(sent).toEqual(["/v2"]);
  expect(box.conflicts.map((c) => [c.verb.body, c.problem.status])).toEqual([[{ n: 1 }, 409]]);
  await box.dismiss(box.conflicts[0]!);
  const again = new Outbox(
    "conflict",
    async () => undefined,
    () => undefined,
  );
  await again.open();
  expect(again.conflicts).toEqual([]);
});

test.each([500, 503, 401, 429])("%i is not a refusal: the verb waits and goes later", async (status) => {
  let tries = 0;
  const box = new Outbox(
    `later-${status}`,
    async () => {
      if (++tries === 1) throw refusal(status);
    },
    () => undefined,
  );
  await box.open();
  await box.add(verb(1));
  await until(() => box.pending.length === 0);
  expect([tries, box.conflicts.length]).toEqual([2, 0]);
});
