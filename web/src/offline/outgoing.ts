/** Sends the queue: in order, in batches, each again until it is answered. A poisoned item is held aside; it never stops the others. */
import type { Item, ItemResult } from "../casework/field/types";
import { Refusal, type Problem } from "../live/http";
import { applyAnswers, paired } from "./answers";
import type { Queue } from "./queue";
import type { OpenVault } from "./store";
import type { Wire } from "./wire";

export const SCHEMA = 1;
const MOST = 100, BYTES = 900_000; // under the server's 100 items and 1 MB, with room for the envelope
const PATIENT = new Set([401, 403, 404, 408, 425, 429]); // nothing is wrong with the items
const RENUMBERED_AT_MOST = 3;
interface Answer { received_to: number; results: ItemResult[]; server_time: string }

export interface Sending {
  vault: OpenVault; queue: Queue; wire: Wire; device: string; signal: AbortSignal;
  upload(item: Item<"file">): Promise<void>; // parts of a file, before its item goes
  heard(server_time: string, sentAt: number): void;
  answered(results: ItemResult[]): void;
}

/** Everything that waits goes out; returns how many items were answered. Throws what stopped it. */
export async function sendAll(s: Sending): Promise<number> {
  let answered = 0, renumbered = 0, most = MOST;
  await s.vault.inTurn(() => s.vault.load(["queue"])); // another tab may have added some
  for (;;) {
    const batch = await ready(s, most);
    if (!batch.length) return answered;
    try {
      answered += await send(s, batch);
      most = Math.min(MOST, most * 2);
    } catch (error) {
      const problem = error instanceof Refusal ? error.problem : null;
      if (!problem || problem.status >= 500 || PATIENT.has(problem.status)) throw error;
      const expected = problem.code === "gap" ? (problem as Problem & { expected?: number }).expected : undefined;
      if (expected !== undefined) {
        if (renumbered++ >= RENUMBERED_AT_MOST) throw error;
        await s.queue.renumber(expected);
      } else if (batch.length > 1) most = Math.ceil(batch.length / 4); // find the one that is not accepted
      else await setAside(s, batch[0]!, problem);
    }
  }
}

/** The next batch, cut before a file whose parts are not all there yet. */
async function ready(s: Sending, most: number): Promise<Item[]> {
  const batch = s.queue.next(most, BYTES);
  const file = batch.findIndex((i) => i.kind === "file");
  if (file < 0) return batch;
  if (file > 0) return batch.slice(0, file);
  await s.upload(batch[0] as Item<"file">);
  return batch.slice(0, 1);
}

async function send(s: Sending, batch: Item[]): Promise<number> {
  const sentAt = Date.now(), first = batch[0]!.n, last = batch.at(-1)!.n;
  const body = { device: s.device, schema: SCHEMA, sent_at: new Date(sentAt).toISOString(), first, count: batch.length, items: batch };
  const answer = await s.wire.call<Answer>("POST", "/field/outbox", { body, token: s.vault.state.token, device: s.device, signal: s.signal });
  s.heard(answer.server_time, sentAt);
  const answers = paired(batch, answer.results);
  await applyAnswers(s.vault, answers);
  s.answered(answers.map((a) => a.result));
  const next = s.vault.queue[0];
  if (answer.received_to > last && next && next.n <= answer.received_to) await s.queue.renumber(answer.received_to + 1); // the phone's count had fallen behind
  return batch.length;
}

/** Alone, and still not accepted: it is held with the server's reason. Its number stays free; the server then says where to go on. */
async function setAside(s: Sending, item: Item, problem: Problem): Promise<void> {
  const result: ItemResult = { n: item.n, id: item.id, status: "refused", code: problem.code, detail: problem.detail, detail_en: problem.detail_en };
  await applyAnswers(s.vault, paired([item], [result]));
  s.answered([result]);
}
