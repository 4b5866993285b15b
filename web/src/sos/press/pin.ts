/** Two PINs kept on the phone as salted hashes: one to say "mistake", one to say so under duress. */
import { keepText } from "./keep";

async function hash(pin: string, salt: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new TextEncoder().encode(salt), iterations: 100_000 }, key, 256);
  return [...new Uint8Array(bits)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export const hasPin = () => keepText("binhan-pin") !== null;

export async function setPins(real: string, duress: string): Promise<boolean> {
  if (!/^\d{4,8}$/.test(real) || !/^\d{4,8}$/.test(duress) || real === duress) return false;
  const salt = crypto.randomUUID();
  keepText("binhan-pin", JSON.stringify([salt, await hash(real, salt), await hash(duress, salt)]));
  return true;
}

export async function checkPin(pin: string): Promise<"cancel" | "duress" | null> {
  const [salt, real, duress] = JSON.parse(keepText("binhan-pin") ?? "[]") as [string, string, string];
  const given = await hash(pin, salt);
  return given === real ? "cancel" : given === duress ? "duress" : null;
}
