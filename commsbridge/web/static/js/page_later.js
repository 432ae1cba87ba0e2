// Today's page of a book written with no connection at all: it waits with the rest, and goes once. What stands there by
// then is never replaced: these words were written by somebody who had seen nothing, and the service asks.
"use strict";

const pages = document.getElementById("page-write");

const part = ({ id, title }) => {
  const made = document.getElementById("page-part").content.cloneNode(true);
  const [label, words] = [made.querySelector("[data-put=title]"), made.querySelector("textarea")];
  label.textContent = title;
  label.htmlFor = words.id = words.name = `s-${id}`;
  return made;
};

const booksHere = async () => (await store.device().catch(() => null))?.books ?? [];

const showParts = (books) => {
  const book = books.find(({ url }) => url === pages.elements.book.value);
  document.getElementById("page-parts").replaceChildren(...(book?.sections ?? []).map(part));
};

const showPages = async () => {
  const books = await booksHere();
  pages.hidden = !books.length;
  pages.elements.book.replaceChildren(...books.map(({ url, about }) => new Option(about, url)));
  showParts(books);
};

// The day as it is where the device is.
const today = () => {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

pages.elements.book.addEventListener("change", async () => showParts(await booksHere()));

pages.addEventListener("submit", async (event) => {
  event.preventDefault();
  const device = await store.device();
  const book = device?.books?.find(({ url }) => url === pages.elements.book.value);
  const said = (book?.sections ?? [])
    .map(({ id, title }) => ({ id, title, words: pages.elements[`s-${id}`].value.trim() }))
    .filter(({ words }) => words);
  if (!said.length) return pages.querySelector("textarea")?.focus();
  const [key, on] = [crypto.randomUUID(), today()];
  const about = book.about;
  const words = said.map((each) => `${each.title}: ${each.words}`).join("\n");
  const typed = said.flatMap((each) => [
    [`v-${each.id}`, "0"],
    [`s-${each.id}`, each.words],
  ]);
  const fields = [["form_key", key], ["writer", device.writer], ["about", about], ["on", on], ["words", words], ...typed];
  await store.add({ key, writer: device.writer, url: book.url, fields, about, words, at: Date.now(), stuck: false });
  for (const each of said) pages.elements[`s-${each.id}`].value = "";
  document.getElementById("page-kept").textContent = pages.dataset.kept;
  await round();
});

showPages();
