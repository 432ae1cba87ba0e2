// Adds this browser to those that take prompts as notices: the page's own form carries what its push service says.
const form = document.getElementById("add-device");
const says = (name) => form.dataset[name];
const told = document.getElementById("push-told");
const button = form.querySelector("button");

const bytes = (written) => {
  const padded = written.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(written.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

// Where the worker between pages and network could not be fetched, it is never ready.
const READY_WAITS = 10_000;
const late = () => new Promise((_, reject) => setTimeout(reject, READY_WAITS, new Error("not ready")));

const subscribed = async () => {
  const { pushManager } = await Promise.race([navigator.serviceWorker.ready, late()]);
  const key = bytes(says("key"));
  // One made for another key of ours would take nothing from us.
  const before = await pushManager.getSubscription();
  const same = before && new Uint8Array(before.options.applicationServerKey ?? []).join() === key.join();
  if (same) return before;
  await before?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
};

const add = async () => {
  if ((await Notification.requestPermission()) !== "granted") return says("refused");
  const { endpoint, keys } = (await subscribed()).toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
  form.submit();
  return "";
};

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Pressed twice it is asked once.
    if (button.disabled) return;
    button.disabled = true;
    told.textContent = await add().catch(() => says("failed"));
    button.disabled = told.textContent === "";
  });
} else {
  told.textContent = says("unable");
}
