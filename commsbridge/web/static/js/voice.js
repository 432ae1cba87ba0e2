// A voice note is recorded on the device, where it can be: it lands in the file field, which serves without a script.
"use strict";

{
  const LONGEST = 60_000;
  const KINDS = ["audio/mp4", "audio/webm;codecs=opus"];
  const field = document.querySelector("input[type=file][name=sound]");
  const button = document.getElementById("record");
  const told = document.getElementById("recording");
  const kind = window.MediaRecorder && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  // "still", "asking" (for the microphone) or "recording": a second press while it asks changes nothing.
  let state = "still";
  let recorder = null;

  const show = (next) => {
    state = next;
    button.setAttribute("aria-pressed", String(next === "recording"));
    button.querySelector("span").textContent = next === "recording" ? button.dataset.stop : button.dataset.start;
    told.textContent = next === "recording" ? told.dataset.on : field.files.length ? told.dataset.done : "";
  };

  const keep = (pieces) => {
    const type = kind.split(";")[0];
    const chosen = new DataTransfer();
    chosen.items.add(new File(pieces, type === "audio/mp4" ? "voice.m4a" : "voice.webm", { type }));
    field.files = chosen.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const begin = async () => {
    show("asking");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) {
      show("still");
      told.textContent = told.dataset.none;
      return;
    }
    const pieces = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 24_000 });
    recorder.addEventListener("dataavailable", (event) => event.data.size && pieces.push(event.data));
    const limit = setTimeout(() => recorder.state === "recording" && recorder.stop(), LONGEST);
    recorder.addEventListener("stop", () => {
      clearTimeout(limit);
      for (const track of stream.getTracks()) track.stop();
      if (pieces.length) keep(pieces);
      show("still");
    });
    recorder.start();
    show("recording");
  };

  if (field && button && kind && navigator.mediaDevices?.getUserMedia) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (state === "still") begin();
      else if (state === "recording" && recorder.state === "recording") recorder.stop();
    });
  }
}
