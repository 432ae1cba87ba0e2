// Keeps the page for a crisis on the device: the worker holds it, so that it opens with no connection at all.
"use strict";

window.addEventListener("load", () => navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }));
