/**
 * Sends the queue: in order, in batches, each again until it is answered. A poisoned item is held aside; it never stops
 * the others.
 */
import { Refusal, Unreachable, type Problem } from "../live/http";
import { applyAnswers, paired } from "./answers";
import type { Queue } from "./queue";
import type { OpenVault } from "./store";
import type { Item, ItemResult } from "./types";
import type { Wire } from "./wire";

export const SCHEMA = 1;
const MOST = 100;
const BYTES = 900_000; // under the server's 100 items and 1 MB, with room for the envelope
const ABOUT_ITEMS = new Set([400, 413, 415, 422]); // any other refusal is not the items' fault: they wait
const RENUMBERED_AT_MOST = 3;
interface Answer {
  received_to: number;
  results: ItemResult[];
  server_time: string;
}

export interface Sending {
  vault: OpenVault;
  queue: Queue;
  wire: Wire;
  device: string;
  signal: AbortSignal;
  upload(item: Item): Promise<void>; // parts of a file, before its item goes
  heard(server_time: string, sentAt: number): void;
  answered(results: ItemResult[]): void;
}

/** Everything that waits goes out; returns how many items were answered. Throws what stopped it. */
export async function sendAll(s: Sending): Promise<number> {
  let answered = 0;
  let renumbered = 0;
  let most = MOST;
  await s.vault.inTurn(() => s.vault.load(["queue"])); // another tab may have added some
  for (let batch = ready(s, most); batch.length; batch = ready(s, most)) {
    try {
      if (s.vault.kinds.isFile(batch[0]!)) await s.upload(batch[0]!);
      const expected = await send(s, batch);
      answered += batch.length;
      most = Math.min(MOST, most * 2);
      if (expected === null) continue;
      if (renumbered++ >= RENUMBERED_AT_MOST) throw new Unreachable("the numbers do not agree");
      await s.queue.renumber(expected);
    } catch (error) {
      const problem = error instanceof Refusal ? (error.problem as Problem & { expected?: number }) : null;
      if (problem?.code === "gap" && problem.expected && renumbered++ < RENUMBERED_AT_MOST)
        await s.queue.renumber(problem.expected);
      else if (!problem || !ABOUT_ITEMS.has(problem.status)) throw error;
      else if (batch.length > 1)
        most = Math.ceil(batch.length / 4); // find the one that is not accepted
      else await setAside(s, batch[0]!, problem);
    }
  }
  return answered;
}

/** The next batch. A file goes alone: its parts must be there first, and they take their time. */
function ready(s: Sending, most: number): Item[] {
  const batch = s.queue.next(most, BYTES);
  const file = batch.findIndex((i) => s.vault.kinds.isFile(i));
  return file < 0 ? batch : batch.slice(0, Math.max(file, 1));
}

/** Returns the number from which the phone must count on, when its count had fallen behind the server's; else null. */
async function send(s: Sending, batch: Item[]): Promise<number | null> {
  const sentAt = Date.now();
  const body = {
    device: s.device,
    schema: SCHEMA,
    sent_at: new Date(sentAt).toISOString(),
    first: batch[0]!.n,
    count: batch.length,
    items: batch,
  };
  const answer = await s.wire.call<Answer>("POST", "/field/outbox", {
    body,
    token: s.vault.state.token,
    device: s.device,
    signal: s.signal,
  });
  s.heard(answer.server_time, sentAt);
  // Those stay, and get a new number.
  const answers = paired(batch, answer.results).filter((a) => a.result.code !== "number_used");
  // While the items are still there: the screen says which place and what words.
  s.answered(answers.map((a) => a.result));
  await applyAnswers(s.vault, answers);
  const next = s.vault.queue[0];
  return next && next.n <= answer.received_to ? answer.received_to + 1 : null;
}

/**
 * Alone, and still not accepted: it is held with the server's reason. Its number stays free; the server then says where
 * to go on.
 */
async function setAside(s: Sending, item: Item, problem: Problem): Promise<void> {
  const result: ItemResult = {
    n: item.n,
    id: item.id,
    status: "refused",
    code: problem.code,
    detail: problem.detail,
    detail_en: problem.detail_en,
  };
  await applyAnswers(s.vault, paired([item], [result]));
  s.answered([result]);
}
