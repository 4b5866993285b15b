/** A file goes up in parts; a cut connection goes on where the server says it was. */
import { Refusal } from "../live/http";
import type { Wire } from "./wire";

const PART = 256_000;
export interface Upload { id: string; ward: number; kind: string; blob: Blob; sha256: string; token: string; device: string; signal: AbortSignal }
interface Have { have: number; size: number; done: boolean }

export async function uploadParts(wire: Wire, up: Upload): Promise<void> {
  let offset = 0, corrected = 0;
  for (;;) {
    const asked = new URLSearchParams({ ward: String(up.ward), kind: up.kind, mime: up.blob.type, size: String(up.blob.size), sha256: up.sha256, offset: String(offset) });
    try {
      const answer = await wire.call<Have>("PUT", `/files/${up.id}?${asked}`, { raw: up.blob.slice(offset, offset + PART), token: up.token, device: up.device, signal: up.signal });
      if (answer.done) return;
      offset = answer.have;
    } catch (error) {
      const have = error instanceof Refusal && error.problem.status === 409 ? (error.problem as unknown as Have).have : undefined;
      if (have === undefined || corrected++ > 3) throw error;
      if (have >= up.blob.size) return;
      offset = have;
    }
  }
}
