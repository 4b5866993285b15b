/** Text for search, folded as binhan/kernel/text.py folds it: what both must agree on is tests/fixtures/folded.json. */

/** Lower case, no marks, đ as d, y as i, single spaces: hoà and hòa, Mỹ and Mĩ, Đắk and Dak are the same. */
export function fold(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[đð]/g, "d")
    .replaceAll("y", "i");
  return (plain.match(/[0-9a-z]+/g) ?? []).join(" ");
}
