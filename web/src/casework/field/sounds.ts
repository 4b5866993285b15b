/**
 * Words that sound like what is not written down here. The server asks the same question once it has the words; here it
 * is asked while they are typed, so that they need not leave the phone. A test holds the list to the server's.
 */
import { fold } from "../../kernel/text";

const DANGER: [kind: string, terms: string[]][] = [
  ["child_abuse", ["xâm hại trẻ", "đánh con", "bạo hành trẻ", "đánh trẻ", "bỏ đói con", "child abuse"]],
  [
    "domestic_violence",
    ["bạo lực gia đình", "đánh vợ", "đánh chồng", "bạo hành", "chồng đánh", "vợ bị đánh", "domestic violence"],
  ],
  ["denunciation", ["tố cáo"]],
  ["complaint", ["khiếu nại"]],
  ["crime", ["tố giác", "buôn ma túy", "bán ma túy", "đe dọa giết"]],
];
const FOLDED = DANGER.map(([kind, terms]) => [kind, terms.map(fold)] as const);

/** The kind that these words sound like, or "". */
export function rather(words: string): string {
  const text = ` ${fold(words)} `;
  return FOLDED.find(([, terms]) => terms.some((term) => text.includes(` ${term} `)))?.[0] ?? "";
}
