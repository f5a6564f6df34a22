import { Board } from "./board.tsx";
import { Notes } from "./notes.tsx";
import { SignalStrip } from "./signal-strip.tsx";
import { StatusLight } from "./status-light.tsx";
import { SCREENS, useScreen } from "./use-screen.ts";
import type { Screen } from "./use-screen.ts";

export function App() {
  const screen = useScreen();
  return (
    <>
      <header className="top">
        <h1>
          EdgePod <small>playground</small>
        </h1>
        <nav aria-label="Screens">
          {SCREENS.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === screen ? "page" : undefined}>
              {TITLES[name]}
            </a>
          ))}
        </nav>
        <StatusLight />
        <a className="second" href={location.href} target="_blank" rel="noreferrer">
          Open a second window
        </a>
      </header>
      <div className="columns">
        <main>{screen === "notes" ? <Notes /> : <Board />}</main>
        <SignalStrip />
      </div>
    </>
  );
}

const TITLES: Readonly<Record<Screen, string>> = { board: "Board", notes: "Notes" };
