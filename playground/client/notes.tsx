import { useState } from "react";
import type { SubmitEvent } from "react";
import { useMutation, useQuery } from "@edgepod/react";
import { Failure } from "./failure.tsx";
import { Loaded } from "./loaded.tsx";

/** Reads the table of notes and no other: whatever happens to tasks, it fetches nothing. */
export function Notes() {
  const notes = useQuery("getNotes");
  const deleteNote = useMutation("deleteNote");
  return (
    <>
      <AddNote />
      <section aria-labelledby="notes-heading">
        <h2 id="notes-heading" tabIndex={-1}>
          Notes
        </h2>
        <Failure error={deleteNote.error} />
        <Loaded query={notes} what="the notes">
          {(rows) =>
            rows.length === 0 ? (
              <p className="card empty">Nothing written yet.</p>
            ) : (
              <ul className="notes">
                {rows.map(({ id, text, writtenAt }) => (
                  <li key={id} className="card note">
                    <p>{text}</p>
                    <time dateTime={writtenAt.toISOString()}>{when.format(writtenAt)}</time>
                    <button
                      type="button"
                      className="delete"
                      aria-label={`Delete: ${text}`}
                      onClick={() => {
                        document.getElementById("notes-heading")?.focus();
                        void deleteNote.trigger({ id });
                      }}
                    >
                      ✕
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}

function AddNote() {
  const { trigger, isMutating, error } = useMutation("addNote");
  const [text, setText] = useState("");

  async function add(event: SubmitEvent) {
    event.preventDefault();
    if (isMutating) return;
    await trigger({ text });
    setText("");
  }

  return (
    <section aria-labelledby="add-note-heading">
      <h2 id="add-note-heading">Write a note</h2>
      <form className="add card" onSubmit={(event) => void add(event).catch(() => undefined)}>
        <label className="wide">
          Text
          <input value={text} onChange={(event) => setText(event.target.value)} required />
        </label>
        <button type="submit" className="primary" aria-disabled={isMutating}>
          Add
        </button>
        <Failure error={error} />
      </form>
    </section>
  );
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
