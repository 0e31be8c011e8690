/** The whole screen for one page at a time: arrows turn pages, Escape leaves. */
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useApp, useWindow } from "../../components/useApp.ts";
import type { App, OpenScenario } from "../../state/appState.ts";
import { presentPages, usePages } from "./pages.tsx";
import { turned } from "./turnPage.ts";

/** In a browser: the page asks for the screen itself, and leaves the presentation when the person leaves the full screen. */
function fillByPage(leave: () => void): () => void {
  let wasFull = false;
  document.documentElement.requestFullscreen?.().catch(() => {});
  const changed = (): void => {
    const isFull = document.fullscreenElement !== null;
    if (wasFull && !isFull) leave();
    wasFull = isFull;
  };
  document.addEventListener("fullscreenchange", changed);
  return () => {
    document.removeEventListener("fullscreenchange", changed);
    if (document.fullscreenElement !== null) void document.exitFullscreen();
  };
}

/** In the desktop: its window does, and goes back to what it was. */
function fillByHost(app: App): () => void {
  const filled = app.client.call("host.setFullScreen", { isFull: true }).catch(() => undefined);
  return () => {
    void filled.then((reply) => {
      if (reply?.isDone && !reply.wasFull) {
        void app.client.call("host.setFullScreen", { isFull: false });
      }
    });
  };
}

/** Fills the screen while it stands there; where the system refuses, the window is filled. */
function useFullScreen(app: App, leave: () => void): void {
  useEffect(() => (app.client.hasDialogs ? fillByHost(app) : fillByPage(leave)), [app, leave]);
}

/** The cost curve fills what heading and words leave of the screen. */
function useCurveHeight(): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const measure = (): void => setHeight(window.innerHeight);
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  return Math.round(Math.max(320, Math.min(720, height - 400)));
}

interface PresentProps {
  readonly id: string;
  readonly page: number;
  readonly scenario: OpenScenario;
}

function Present({ id, page, scenario }: PresentProps) {
  const app = useApp();
  const pages = usePages(scenario, useCurveHeight());
  const stage = useRef<HTMLElement>(null);
  const leave = useRef(() => app.go({ kind: "scenario", id, part: "results" })).current;
  useFullScreen(app, leave);
  useEffect(() => stage.current?.focus(), []);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // The palette over the page has its own keys.
      if (event.defaultPrevented || app.store.getState().isPaletteOpen) return;
      if (event.key === "Escape") leave();
      else if ((event.target as Element).closest("input, .chart-layer, [role=slider]") !== null)
        return;
      else {
        const next = turned(page, event.key, presentPages.length);
        if (next === undefined) return;
        app.go({ kind: "present", id, page: next });
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [app, id, page, leave]);
  const { name, Page } = presentPages[page];
  return (
    <main
      className="present"
      aria-label={`${name}, page ${page + 1} of ${presentPages.length}`}
      ref={stage}
      tabIndex={-1}
    >
      <div className="present-page" data-page={name}>
        <Page {...pages} />
      </div>
      <footer className="present-foot">
        <nav aria-label="Pages">
          {presentPages.map((each, i) => (
            <Button
              key={each.name}
              className="part"
              aria-current={i === page ? "page" : undefined}
              onPress={() => app.go({ kind: "present", id, page: i })}
            >
              {each.name}
            </Button>
          ))}
        </nav>
        <span className="unit">← → turn pages, Esc leaves</span>
        <Button className="button small quiet" onPress={leave}>
          Leave
        </Button>
      </footer>
    </main>
  );
}

export function PresentView({ id, page }: { readonly id: string; readonly page: number }) {
  const app = useApp();
  const scenario = app.scenario(id);
  const isKnown = useWindow((state) => state.scenarios.some((each) => each.id === id));
  if (scenario === undefined || !isKnown) {
    return <p className="empty">This scenario is no longer in the library.</p>;
  }
  return <Present {...{ id, page, scenario }} />;
}
