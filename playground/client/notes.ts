/**
 * A page without a framework: the core alone, and the DOM. It reads the table of notes and no other, so whatever happens
 * to tasks, it fetches nothing.
 */
import { createQueryObserver } from "@edgepod/core";
import { client } from "./shared/client.ts";
import { STATUS_WORDS, clock } from "./shared/model.ts";

const root = document.getElementById("root");
if (!root) throw new Error('index.html has no element with the id "root".');
root.innerHTML = `
  <header class="top">
    <h1>Notes <small>without a framework</small></h1>
    <nav aria-label="Screens"><a href="/">All four boards</a></nav>
    <p class="status" role="status"></p>
  </header>
  <main>
    <form class="add card">
      <label class="wide">Text <input required /></label>
      <button class="primary">Add</button>
    </form>
    <section aria-labelledby="notes-heading">
      <h2 id="notes-heading" tabindex="-1">Notes</h2>
      <p class="failure" role="alert" hidden></p>
      <ul class="notes"></ul>
    </section>
  </main>`;

const form = part("form", HTMLFormElement);
const field = part("input", HTMLInputElement);
const list = part("ul", HTMLUListElement);
const light = part(".status", HTMLElement);
const failure = part(".failure", HTMLElement);

const notes = createQueryObserver(client, "getNotes", undefined);
notes.subscribe(show);
client.subscribe(showStatus);
show();
showStatus();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  client.mutate("addNote", { text: field.value }).then(() => form.reset(), fail);
});

function show(): void {
  const { data = [], error } = notes.read();
  fail(error);
  list.replaceChildren(
    ...data.map(({ id, text, writtenAt }) => {
      const row = document.createElement("li");
      row.className = "card note";
      const [words, time, button] = ["p", "time", "button"].map((name) =>
        row.appendChild(document.createElement(name)),
      );
      words?.append(text);
      time?.append(clock(writtenAt));
      button?.append("✕");
      button?.classList.add("delete");
      button?.setAttribute("aria-label", `Delete: ${text}`);
      button?.addEventListener("click", () => {
        document.getElementById("notes-heading")?.focus();
        client.mutate("deleteNote", { id }).catch(fail);
      });
      return row;
    }),
  );
}

function showStatus(): void {
  light.dataset["status"] = client.status;
  light.textContent = STATUS_WORDS[client.status];
}

function fail(error: unknown): void {
  failure.hidden = error === null;
  failure.textContent = error instanceof Error ? error.message : "";
}

function part<E extends Element>(selector: string, kind: new () => E): E {
  const found = root?.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return found;
}
