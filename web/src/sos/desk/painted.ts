/** Says when something is really on the screen: after two frames, and only on a visible page. */
export function whenPainted(
  done: () => void,
  frame: (f: () => void) => unknown = (f) => requestAnimationFrame(f),
  visible: () => boolean = () => document.visibilityState === "visible",
): void {
  frame(() => frame(() => visible() && done()));
}
