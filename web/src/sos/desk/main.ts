/** The duty desk's entry. */
import "../../ui/tokens.css";
import "./desk.css";
import "./desk-app";

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => undefined);
