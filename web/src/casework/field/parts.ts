/**
 * Parts that are loaded only when a screen needs them. What is not built yet is left out, and the screen goes on
 * without it.
 */
const found = import.meta.glob([
  "../map/door-map.ts",
  "../forms/field-form.ts",
  "../capture/field-capture.ts",
  "../emergency/field-emergency.ts",
]);

export type Part = "map/door-map" | "forms/field-form" | "capture/field-capture" | "emergency/field-emergency";
const loading = new Map<Part, Promise<boolean>>();

/** True once the element is there; false when it is not part of this build or cannot be read now. */
export function load(part: Part): Promise<boolean> {
  const known = loading.get(part);
  if (known) return known;
  const loader = found[`../${part}.ts`];
  const coming = loader
    ? loader().then(
        () => true,
        () => {
          loading.delete(part);
          return false;
        },
      )
    : Promise.resolve(false);
  loading.set(part, coming);
  return coming;
}
