/** Two PINs kept on the phone as salted hashes: one to say "mistake", one to say so under duress. */
import { newId } from "../../kernel/ids";
import { keepText } from "./keep";

async function hash(pin: string, salt: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: new TextEncoder().encode(salt), iterations: 100_000 },
    key,
    256,
  );
  return [...new Uint8Array(bits)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export const hasPin = () => keepText("binhan-pin") !== null;

/**
 * "lost": this phone keeps nothing, or hashes nothing (a page without https). Whoever relies on a PIN must know that.
 */
export async function setPins(real: string, duress: string): Promise<"kept" | "bad" | "lost"> {
  if (!/^\d{4,8}$/.test(real) || !/^\d{4,8}$/.test(duress) || real === duress) return "bad";
  if (!crypto.subtle) return "lost";
  const salt = newId();
  keepText("binhan-pin", JSON.stringify([salt, await hash(real, salt), await hash(duress, salt)]));
  return (keepText("binhan-pin") ?? "").includes(salt) ? "kept" : "lost";
}

export async function checkPin(pin: string): Promise<"cancel" | "duress" | null> {
  const [salt, real, duress] = JSON.parse(keepText("binhan-pin") ?? "[]") as [string, string, string];
  const given = await hash(pin, salt);
  return given === real ? "cancel" : given === duress ? "duress" : null;
}
