/** The field app's entry: the words and the shell at once; map, forms, camera only when a screen asks for them. */
import "../../ui/tokens.css";
import "./field.css";
import { openSession } from "../../offline/session";
import { ground } from "./context";
import { openShell } from "./shell";
import { PHONES } from "./phones";
import { prefs, show } from "./prefs";
import type { Field } from "./types";

show(prefs());
ground.use(openSession<Field>(PHONES));
openShell();
void import("./app");
