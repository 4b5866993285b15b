// Prints the page from its own button: inline handlers are forbidden by the content policy.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
