// How long a text is, as the carrier counts it: the same count as foundation/segments.py, and a test that runs both.
"use strict";

globalThis.commsbridgeSegments = (() => {
  // 3GPP TS 23.038: the default alphabet without ESC, and its extension table of two septets each.
  const BASIC = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
      "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
  );
  const EXTENSION = new Set("\f^{}\\[~]|€");
  const ALONE = { gsm7: 160, ucs2: 70 };
  const JOINED = { gsm7: 153, ucs2: 67 };

  const tidy = (text) =>
    text
      .replace(/\r\n/g, "\n")
      .replace(/[\r\v\f\u0085\u2028\u2029]/g, "\n")
      .replace(/[\u00a0\u202f\t]/g, " ")
      .replace(/[\p{Cc}\p{Cs}]/gu, (mark) => (mark === "\n" ? mark : ""))
      .normalize("NFC")
      .trim();

  const joined = (widths, limit) => {
    let segments = 1;
    let used = 0;
    for (const width of widths) {
      if (used + width > limit) {
        segments += 1;
        used = 0;
      }
      used += width;
    }
    return segments;
  };

  // A character of two units never straddles two segments.
  const count = (text) => {
    const letters = [...text];
    const encoding = letters.every((each) => BASIC.has(each) || EXTENSION.has(each)) ? "gsm7" : "ucs2";
    const widths = letters.map((each) => (encoding === "gsm7" ? (EXTENSION.has(each) ? 2 : 1) : each.length));
    const units = widths.reduce((sum, width) => sum + width, 0);
    if (units <= ALONE[encoding]) {
      const segments = units ? 1 : 0;
      return { encoding, units, segments, room: segments * ALONE[encoding] };
    }
    const segments = joined(widths, JOINED[encoding]);
    return { encoding, units, segments, room: segments * JOINED[encoding] };
  };

  return { count, tidy };
})();

// A length that follows what is being written.
for (const meter of globalThis.document?.querySelectorAll("[data-counts]") ?? []) {
  const field = document.getElementById(meter.dataset.counts);
  const { count, tidy } = globalThis.commsbridgeSegments;
  field.addEventListener("input", () => {
    const length = count(tidy(field.value).replaceAll("{name}", meter.dataset.name));
    const long = (length.segments === 1 ? meter.dataset.one : meter.dataset.many).replace("{texts}", length.segments);
    const of = meter.dataset.of.replace("{units}", length.units).replace("{room}", length.room);
    meter.querySelector("svg")?.remove();
    meter.querySelector(".num").textContent = `${long}, ${of}`;
  });
}

// The whole text a phrase will stand in, with the school's name and who signs: said where it grows too long.
for (const whole of globalThis.document?.querySelectorAll("[data-whole]") ?? []) {
  const { count, tidy } = globalThis.commsbridgeSegments;
  const { before, after, name, most, says } = whole.dataset;
  const spelt = JSON.parse(whole.dataset.spelt);
  const { form } = document.getElementById(whole.dataset.whole);
  form.addEventListener("input", () => {
    const written = tidy(form.elements[whole.dataset.whole].value);
    const words = [...written].map((letter) => spelt[letter] ?? letter).join("").replaceAll("{name}", name);
    const { segments, units, room } = count(tidy(before + words + after));
    const long = written && form.elements.kind.value === "praise" && segments > Number(most);
    const told = long ? says.replace("{texts}", segments).replace("{units}", units).replace("{room}", room) : "";
    if (whole.textContent === told) return;
    const note = Object.assign(document.createElement("p"), { className: "note heed", textContent: told });
    whole.replaceChildren(...(told ? [note] : []));
  });
}
