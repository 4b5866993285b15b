/**
 * WebCrypto as this app uses it. No key leaves these functions in a form that can be read out, but the data key while
 * it is wrapped.
 */
import type { Bytes } from "./db";

export const ITERATIONS = 310_000; // PBKDF2-HMAC-SHA256; tests give fewer
const IV = 12;
const text = new TextEncoder();
export const utf8 = (s: string): Bytes => text.encode(s);
export const fromUtf8 = (b: BufferSource) => new TextDecoder().decode(b);
export const random = (n: number): Bytes => crypto.getRandomValues(new Uint8Array(n));

export interface Keys {
  data: CryptoKey;
  names: CryptoKey;
}

export function deviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function pinKey(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    typed,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** From the vault's random data key: one key that seals values, one that makes names. */
export async function vaultKeys(raw: Bytes): Promise<Keys> {
  const root = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const derive = (info: string, to: AesKeyGenParams | HmacKeyGenParams, uses: KeyUsage[]) =>
    crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(info) },
      root,
      to,
      false,
      uses,
    );
  const [data, names] = await Promise.all([
    derive("binhan-field values", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    derive("binhan-field names", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
  ]);
  return { data, names };
}

/** iv ‖ ciphertext ‖ tag, bound to `context`: put anywhere else it does not open. */
export async function seal(key: CryptoKey, plain: Bytes, context: string): Promise<Bytes> {
  const iv = random(IV);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(context) }, key, plain);
  const whole = new Uint8Array(IV + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), IV);
  return whole;
}

/** Throws when the key is another, the bytes were changed, or the context is not the one it was sealed for. */
export async function unseal(key: CryptoKey, whole: Bytes, context: string): Promise<Bytes> {
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: whole.subarray(0, IV), additionalData: utf8(context) },
    key,
    whole.subarray(IV),
  );
  return new Uint8Array(plain);
}

export async function sha256(bytes: BufferSource): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
    .map((b) => b.toString(16).padStart(2, "0"))
    .join("");
}

export function base64(bytes: Uint8Array): string {
  let s = "";
  for (let i = 0; i < bytes.length; i += 0x8000) s += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(s);
}

export function fromBase64(s: string): Bytes {
  return Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
}
