// Words that may sting, found on the device as a writer writes; nothing leaves the page. The same rules, read the same
// way, as messages/hints.py: a test runs the labelled sets through both.
"use strict";

globalThis.commsbridgeHints = (() => {
  const KINDS = { rule: "finds", pardon: "pardons", cut: "cuts" };
  const PIECE = /([\p{L}\p{Nl}\p{No}]+(?:['’ʼ‘][\p{L}\p{Nl}\p{No}]+)*)|(\p{Nd}+)|([.!?…:\n“"]+)|([,;()])/gu;

  // A letter nobody types, read where the mark for each child's own name stands.
  const STAND_IN = "ℕ";
  const MARK = /\((?:name|ingoa)\)/gi;

  const tidy = (text) =>
    text
      .replace(/\r\n/g, "\n")
      .replace(/[\r\v\f\u0085\u2028\u2029]/g, "\n")
      .replace(/[\u00a0\u202f\t]/g, " ")
      .replace(/[\p{Cc}\p{Cs}]/gu, (mark) => (mark === "\n" ? mark : ""))
      .normalize("NFC")
      .trim();

  const fold = (word) =>
    word
      .replace(/[\u2018\u2019\u201b\u02bb\u02bc\u02b9\u2032\u00b4`\uff07]/g, "'")
      .normalize("NFKD")
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]|\p{Cf}/gu, "")
      .normalize("NFC")
      .split(/\s+/)
      .join(" ");

  const words = (text) => {
    const found = [];
    let opens = true;
    for (const piece of text.matchAll(PIECE)) {
      const at = { start: piece.index, end: piece.index + piece[0].length };
      if (piece[3]) {
        found.push({ ...at, folded: ".", opens: false, capital: false });
        opens = true;
      } else if (piece[4]) {
        found.push({ ...at, folded: ",", opens: false, capital: false });
      } else {
        const first = piece[0][0];
        found.push({ ...at, folded: fold(piece[0]).replace(/'s$/, ""), opens, capital: /\p{Lu}/u.test(first) });
        opens = false;
      }
    }
    return found;
  };

  const readTable = (table) => {
    const lines = table.split("\n").filter((line) => line && !line.startsWith("#"));
    const names = lines.shift().split("\t");
    const sets = [];
    const rules = { finds: new Map(), pardons: new Map(), cuts: new Map(), ways: new Map(), capitals: new Set() };
    const filled = (pattern) => sets.reduce((whole, [name, set]) => whole.replaceAll(name, set), pattern);
    const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
    for (const line of lines) {
      const cells = line.split("\t");
      const row = Object.fromEntries(names.map((name, place) => [name, cells[place] ?? ""]));
      const key = `${row.category} ${row.lang}`;
      if (row.row === "set") {
        sets.push([row.name, filled(row.pattern)]);
        if (row.name === "<capitals>") rules.capitals = new Set(row.pattern.split("|"));
      } else if (row.row === "way") {
        add(rules.ways, key, row.pattern);
      } else {
        add(rules[KINDS[row.row]], key, new RegExp(` (?:${filled(row.pattern)})(?= )`, "g"));
      }
    }
    return rules;
  };

  const lineOf = (text, capitals) => {
    const found = words(text);
    const shouted = !/\p{Ll}/u.test(text);
    const folded = found.map((word) =>
      word.capital && !word.opens && !shouted && !capitals.has(word.folded) ? "somebody" : word.folded,
    );
    let place = 3;
    const starts = folded.map((word) => (place += word.length + 1) - word.length - 1);
    return { found, starts, said: ["", ".", ...folded, ".", ""].join(" ") };
  };

  const spans = (patterns, said) =>
    (patterns ?? []).flatMap((each) => [...said.matchAll(each)].map((m) => [m.index, m.index + m[0].length]));

  const first = (finds, pardons, said) => {
    const found = spans(finds, said).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    if (!found.length) return null;
    const pardoned = spans(pardons, said);
    return found.find(([start, end]) => !pardoned.some(([a, b]) => a < end && start < b)) ?? null;
  };

  // The words of a stretch of the folded line, without the marks at its ends.
  const within = (line, [start, end]) => {
    const place = (at) => line.starts.reduce((last, begins, number) => (begins <= at ? number : last), -1);
    const chosen = line.found.slice(Math.max(place(start + 1), 0), place(end - 1) + 1);
    const isMark = (word) => word.folded === "." || word.folded === ",";
    while (chosen.length && isMark(chosen[0])) chosen.shift();
    while (chosen.length && isMark(chosen[chosen.length - 1])) chosen.pop();
    return chosen;
  };

  const without = (text, line, cuts, [start, end]) => {
    const stretch = line.said.slice(0, end + 1);
    const found = (cuts ?? [])
      .map((each) => spans([each], stretch).find((span) => span[0] >= start))
      .find((span) => span);
    const chosen = found ? within(line, found) : [];
    if (!chosen.length) return "";
    const rest = `${text.slice(0, chosen[0].start)} ${text.slice(chosen[chosen.length - 1].end)}`
      .replace(/\s+/g, " ")
      .replace(/\s+(?=[,.!?])|^[\s,]+|,(?=\s*[.!?])/g, "")
      .trim();
    return (rest.match(/\p{L}/gu) ?? []).length > 2 ? rest[0].toUpperCase() + rest.slice(1) : "";
  };

  // One hint a category, the first place it is found, as hints_for of messages/hints.py gives them.
  const hintsFor = (typed, rules, { child, own = null }) => {
    const text = tidy(typed.replace(MARK, STAND_IN));
    const named = (found) => found.replaceAll(STAND_IN, () => child);
    const line = lineOf(text, rules.capitals);
    if (!line.found.length) return [];
    const hints = new Map();
    for (const key of rules.finds.keys()) {
      const [category, language] = key.split(" ");
      const span =
        first(rules.finds.get(key), rules.pardons.get(key), line.said) ??
        first(own?.finds.get(key), [], line.said);
      if (!span || hints.has(category)) continue;
      const chosen = within(line, span);
      const said = chosen.length ? text.slice(chosen[0].start, chosen[chosen.length - 1].end) : "";
      const [one, other] = rules.ways.get(key).map((way) => way.replaceAll("{name}", child));
      const shorter = without(text, line, rules.cuts.get(key), span);
      const ways = shorter ? [named(shorter), one] : [one, other];
      hints.set(category, { category, language, words: named(said), ways });
    }
    return [...hints.values()];
  };

  return { readTable, hintsFor };
})();

// Beside each field of own words: one hint at a time, a moment after a pause; put away, it stays away on this page.
for (const card of globalThis.document?.querySelectorAll("#hint-card") ?? []) {
  const { readTable, hintsFor } = globalThis.commsbridgeHints;
  const says = JSON.parse(card.dataset.says);
  const header = "row\tcategory\tname\tlang\tpattern\treason";
  const own = card.dataset.own ? readTable(`${header}\n${card.dataset.own}`) : null;
  const hidden = new Set();
  const nameOf = (hint) => `${hint.category} ${hint.words.toLowerCase()}`;
  let rules = null;

  const load = async () => {
    try {
      const answer = await fetch(card.dataset.rules, { credentials: "same-origin", redirect: "error" });
      return answer.ok ? readTable(await answer.text()) : null;
    } catch (error) {
      // Bad wifi: no hint is better than a page that complains; the next word asks again.
      if (error.name !== "TypeError") throw error;
      return null;
    }
  };

  // Praise brings this script with the first thing chosen or written, and this one the photo's with a photo.
  const photo = document.querySelector("input[type=file][name=photo]");
  const bringPhoto = () => {
    if (!photo?.files.length) return;
    photo.removeEventListener("change", bringPhoto);
    document.head.append(Object.assign(document.createElement("script"), { src: photo.closest("[data-photo]").dataset.photo }));
  };
  photo?.addEventListener("change", bringPhoto);
  bringPhoto();

  for (const box of document.querySelectorAll("[data-hint]")) {
    const field = box.closest("form").elements[box.dataset.hint];
    const child = box.dataset.about;
    let timer = 0;
    let shown = null;

    const show = async () => {
      rules ??= await load();
      if (!rules) return;
      const hint = hintsFor(field.value, rules, { child, own }).find((each) => !hidden.has(nameOf(each)));
      const told = hint ? `${nameOf(hint)} ${hint.ways.join(" ")}` : "";
      if (shown === told) return;
      shown = told;
      for (const old of box.querySelectorAll(".note")) old.remove();
      if (!hint) return;
      const note = card.content.firstElementChild.cloneNode(true);
      note.querySelector("p").textContent = says[hint.category].replace("{words}", () => hint.words);
      note.querySelectorAll("li").forEach((way, number) => {
        way.textContent = hint.ways[number];
        way.lang = hint.language === "mi" ? "mi" : "en-NZ";
      });
      note.querySelector("button").addEventListener("click", () => {
        hidden.add(nameOf(hint));
        field.focus();
        show();
      });
      box.append(note);
    };

    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(show, 700);
    };
    field.addEventListener("input", soon);
    // This script comes with the first letter: what stands there already is read, too.
    if (field.value) soon();
  }
}
