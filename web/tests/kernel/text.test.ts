import { expect, test } from "vitest";
import folded from "../../../tests/fixtures/folded.json";
import { fold } from "../../src/kernel/text";

test.each(folded)("%j is folded as at the server, to %j", (text, key) => expect(fold(text)).toBe(key));
