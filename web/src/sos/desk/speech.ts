/** The desk's words in the language of the moment; switching needs no reload, so the sound stays unlocked. */
import { DESK } from "../../i18n/desk";
import { keepLang, pickLang, translator, type Lang } from "../../i18n";
import type { Bilingual, Choice } from "../../contract/types";

let lang: Lang = pickLang();
let speak = translator(DESK, lang);
export type Word = keyof typeof DESK;

export const t = (key: Word, values?: Record<string, string | number>) => speak(key, values);
export const language = () => lang;
/** A word that exists only for some codes: the code itself where there is none. */
export const tCode = (prefix: string, code: string) =>
  `${prefix}${code}` in DESK ? speak(`${prefix}${code}` as Word) : code;
export const either = (text: Bilingual | Choice | undefined) => (text ? (lang === "vi" ? text.vi : text.en) : "");

export function setLanguage(next: Lang): void {
  lang = next;
  speak = translator(DESK, next);
  keepLang(next);
  document.documentElement.lang = next;
}
