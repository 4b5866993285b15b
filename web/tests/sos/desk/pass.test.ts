import { expect, it } from "vitest";
import { Pass } from "../../../src/sos/desk/pass";

it("asks once for several, keeps the token while it lasts, asks anew when it was dropped or fails", async () => {
  let asked = 0;
  let fail = false;
  const pass = new Pass(async () => {
    asked++;
    if (fail) throw new Error("away");
    return { token: `t${asked}`, ward_id: 1, expires_at: new Date(1_000_000).toISOString() };
  }, 30_000);
  expect(await Promise.all([pass.fresh(0), pass.fresh(0)])).toEqual(["t1", "t1"]);
  expect(await pass.fresh(900_000)).toBe("t1");
  expect(await pass.fresh(980_000)).toBe("t2");
  pass.drop();
  fail = true;
  await expect(pass.fresh(0)).rejects.toThrow();
  fail = false;
  expect(await pass.fresh(0)).toBe("t4");
});
