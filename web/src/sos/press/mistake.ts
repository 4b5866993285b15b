/** "It was a mistake": asked once, with a PIN where one is set; the screen afterwards is the same for both PINs. */
import { checkPin, hasPin, setPins } from "./pin";
import type { Sender } from "./sender";
import { saidSoFar } from "./state";
import { $, type T } from "./view";

export function wireMistake(sender: () => Sender | null, t: T): void {
  const ask = $<HTMLDialogElement>("ask");
  const pin = $<HTMLInputElement>("pin");
  $("mistake").addEventListener("click", () => {
    $("pin-block").hidden = !hasPin();
    $("pin-wrong").textContent = "";
    pin.value = "";
    ask.showModal();
  });
  $("ask-no").addEventListener("click", () => ask.close());
  const confirm = async () => {
    const kind = hasPin() ? await checkPin(pin.value) : "cancel";
    if (!kind) return void ($("pin-wrong").textContent = t("pinWrong"));
    sender()?.add(kind, {}, { calm: true, calm_after: saidSoFar(sender()?.record) });
    ask.close();
  };
  ask.addEventListener("submit", (e) => {
    e.preventDefault();
    void confirm();
  });
  $("still").addEventListener("click", () => sender()?.add("chat", { text: t("stillNeed") }, { calm: false }));
  const keepPins = async () => {
    const real = $<HTMLInputElement>("pin-real");
    const duress = $<HTMLInputElement>("pin-duress");
    const done = await setPins(real.value, duress.value);
    $("pin-kept").textContent = t(({ kept: "pinSaved", bad: "pinBad", lost: "pinLost" } as const)[done]);
    if (done === "kept") {
      duress.value = "";
      real.value = "";
    }
  };
  $("pin-save").addEventListener("click", () => void keepPins());
}
