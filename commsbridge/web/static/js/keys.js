// For those who sit at a desk: a student found in the bar, and keys that lead on. No phone is sent this.
"use strict";

// Up and down walk through what was found under the bar's search; Escape and leaving it close it.
const seek = document.querySelector(".seek");
const few = document.getElementById("found-few");
seek?.addEventListener("keydown", (event) => {
  const stops = [seek.querySelector("input[type=search]"), ...few.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && stops.length > 1) {
    event.preventDefault();
    const at = stops.indexOf(document.activeElement);
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
  } else if (event.key === "Escape") {
    few.replaceChildren();
    stops[0].value = "";
    stops[0].focus();
  }
});
seek?.addEventListener("focusout", (event) => {
  if (!seek.contains(event.relatedTarget)) few.replaceChildren();
});

// Keys of one letter can be switched off (WCAG 2.1.4); the choice stays on this device.
const keys = document.getElementById("keys");
const on = keys?.querySelector("[name=on]");
if (keys) {
  const shows = document.querySelector("[data-keys]");
  shows.hidden = false;
  shows.addEventListener("click", () => keys.showModal());
  on.checked = localStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
  const seen = (all) => [...document.querySelectorAll(all)].find((each) => each.checkVisibility());
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.form?.method === "post") {
      const solid = "button.btn:not(.q, .t)";
      const outside = target.form.id && document.querySelector(`${solid}[form="${target.form.id}"]`);
      target.form.requestSubmit(target.form.querySelector(solid) ?? (outside || null));
      return;
    }
    const writes = target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
    if (!on.checked || writes || event.ctrlKey || event.metaKey || event.altKey || seen("dialog[open]")) return;
    if (key === "?") {
      keys.showModal();
    } else if (key === "/") {
      seen("form[data-find] input[type=search]")?.focus();
    } else {
      const link = seen(`[data-key="${CSS.escape(key)}"]`);
      if (!link) return;
      link.click();
    }
    event.preventDefault();
  });
}
