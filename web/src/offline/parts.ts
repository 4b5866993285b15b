/** A file goes up in parts; a cut connection goes on where the server says it was. */
import { Refusal } from "../live/http";
import type { Wire } from "./wire";

const PART = 256_000;
export interface Upload { id: string; ward: number; kind: string; blob: Blob; sha256: string; token: string; device: string; signal: AbortSignal }
interface Have { have: number; size: number; done: boolean }

export async function uploadParts(wire: Wire, up: Upload): Promise<void> {
  let offset = 0, anew = false, corrected = 0;
  for (;;) {
    try {
      const answer = await wire.call<Have>("PUT", `/files/${up.id}?${asked(up, offset, anew)}`, { raw: up.blob.slice(offset, offset + PART), token: up.token, device: up.device, signal: up.signal });
      if (answer.done) return;
      anew = false;
      offset = answer.have;
    } catch (error) {
      const problem = error instanceof Refusal ? (error.problem as Refusal["problem"] & Partial<Have>) : null;
      if (!problem || corrected++ > 3) throw error;
      if (problem.status === 409 && problem.have !== undefined) {
        if (problem.have >= up.blob.size) return;
        offset = problem.have;
      } else if (problem.code === "damaged" && !anew) [offset, anew] = [0, true];
      else throw error;
    }
  }
}

function asked(up: Upload, offset: number, anew: boolean): URLSearchParams {
  const { ward, kind, blob, sha256 } = up;
  return new URLSearchParams({ ward: String(ward), kind, mime: blob.type, size: String(blob.size), sha256, offset: String(offset), ...(anew ? { anew: "true" } : {}) });
}
