/** Words in two languages: Vietnamese first. A page gives its own dictionary and gets a typed `t`. */
export type Lang = "vi" | "en";
export type Words = Record<string, readonly [vi: string, en: string]>;

export function pickLang(search: string = location.search): Lang {
  const asked = new URLSearchParams(search).get("lang");
  let kept: string | null = null;
  try {
    kept = localStorage.getItem("lang");
  } catch {
    kept = null; // storage may be forbidden; the page must still speak
  }
  return asked === "en" || asked === "vi" ? asked : kept === "en" ? "en" : "vi";
}

export function keepLang(lang: Lang): void {
  try {
    localStorage.setItem("lang", lang);
  } catch {
    return;
  }
}

export function translator<W extends Words>(
  words: W,
  lang: Lang,
): (key: keyof W, values?: Record<string, string | number>) => string {
  return (key, values = {}) => {
    const text = words[key]![lang === "vi" ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  };
}
