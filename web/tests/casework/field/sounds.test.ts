import { expect, test } from "vitest";
import { rather } from "../../../src/casework/field/sounds";

test.each([
  ["Chồng đánh, vợ sợ", "domestic_violence"],
  ["nghe nói chong danh vo", "domestic_violence"],
  ["ho hay danh con nho", "child_abuse"],
  ["Đèn hẻm hỏng", ""],
  ["đánh concert", ""],
])("%s → %s", (words, kind) => expect(rather(words)).toBe(kind));
