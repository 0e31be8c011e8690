/** The window: library, sheet, answer. */
import { useEffect } from "react";
import { Button } from "react-aria-components";
import { ErrorBoundary } from "../components/ErrorBoundary.tsx";
import { AppContext, useApp, useWindow } from "../components/useApp.ts";
import type { App as AppState, View } from "../state/appState.ts";
import { commandOf, isLeftToField } from "../state/commands.ts";
import { isMac } from "../state/platform.ts";
import { CompareView } from "./compare/CompareView.tsx";
import { ImportView } from "./import/ImportView.tsx";
import { LibraryView } from "./library/LibraryView.tsx";
import { Outline } from "./Outline.tsx";
import { Palette } from "./Palette.tsx";
import { ExportView } from "./present/ExportView.tsx";
import { PresentView } from "./present/PresentView.tsx";
import { PrintView } from "./present/PrintView.tsx";
import { RecoveryNotice } from "./RecoveryNotice.tsx";
import { ScenarioView } from "./ScenarioView.tsx";
import { StartView } from "./StartView.tsx";
import { StorageView } from "./StorageView.tsx";
import { TraceView } from "./TraceView.tsx";

function Sheet({ view }: { readonly view: View }) {
  switch (view.kind) {
    case "start":
      return <StartView />;
    case "scenario":
      return <ScenarioView key={view.id} id={view.id} part={view.part} />;
    case "trace":
      return <TraceView id={view.id} />;
    case "compare":
      return <CompareView ids={view.ids} />;
    case "present":
      return null;
    case "print":
      return <PrintView id={view.id} />;
    case "library":
      return <LibraryView />;
    case "exportFiles":
      return <ExportView />;
    case "import":
      return (
        <ImportView
          key={[...view.traces, ...view.scenarios].map(({ token }) => token).join()}
          traces={view.traces}
          scenarios={view.scenarios}
        />
      );
  }
}

/** Views of one place share their scrolling. */
function placeOf(view: View): string {
  return "id" in view ? `${view.kind} ${view.id}` : view.kind;
}

function Notices() {
  const app = useApp();
  const notices = useWindow((state) => state.notices);
  return (
    <div className="notices" role="status">
      {notices.map(({ id, tone, text, action }) => (
        <div key={id} className="notice" data-tone={tone}>
          <p>{text}</p>
          {action !== undefined && (
            <Button
              className="button small"
              onPress={() => {
                app.dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <Button className="button small" onPress={() => app.dismiss(id)}>
            Close
          </Button>
        </div>
      ))}
    </div>
  );
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, input:not([type=checkbox], [type=range])"))
  );
}

function useShortcuts(app: AppState): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const command = commandOf(app.commands.list(), event, isMac);
      if (command === undefined || isLeftToField(event, isField(event.target))) return;
      if (!command.isEnabled()) return;
      event.preventDefault();
      // A key that is held down means its command once; undo and redo go on step by step.
      if (event.repeat && !command.id.startsWith("edit.")) return;
      if (command.id !== "view.palette") app.store.setState({ isPaletteOpen: false });
      void command.run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [app]);
}

function useTheme(): void {
  const theme = useWindow((state) => state.settings.theme);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const contrast = matchMedia("(prefers-contrast: more), (forced-colors: active)");
    const apply = (): void => {
      const system = contrast.matches ? "contrast" : dark.matches ? "dark" : "light";
      document.documentElement.dataset.theme = theme === "system" ? system : theme;
    };
    apply();
    dark.addEventListener("change", apply);
    contrast.addEventListener("change", apply);
    return () => {
      dark.removeEventListener("change", apply);
      contrast.removeEventListener("change", apply);
    };
  }, [theme]);
}

/** In narrow windows: opens the library over the sheet. */
function LibraryBar() {
  const app = useApp();
  const isOpen = useWindow((state) => state.isLibraryOpen);
  return (
    <div className="library-bar">
      <span className="brand">Crossover</span>
      <Button
        className="button small"
        aria-expanded={isOpen}
        onPress={() => app.store.setState({ isLibraryOpen: !isOpen })}
      >
        {isOpen ? "Close the library" : "Library"}
      </Button>
    </div>
  );
}

function Frame() {
  const app = useApp();
  const view = useWindow((state) => state.view);
  const storage = useWindow((state) => state.storage);
  const isLibraryOpen = useWindow((state) => state.isLibraryOpen);
  useShortcuts(app);
  useTheme();
  const kind = storage?.state.kind;
  if (storage !== undefined && kind !== "ready" && kind !== "recovered") {
    return <StorageView status={storage} />;
  }
  if (view.kind === "present") {
    return (
      <ErrorBoundary place="present">
        <PresentView id={view.id} page={view.page} />
        <Notices />
        <Palette />
      </ErrorBoundary>
    );
  }
  return (
    <div className="frame" data-library={isLibraryOpen ? "open" : "closed"}>
      <Outline />
      <main className="sheet" data-view={view.kind} key={placeOf(view)} tabIndex={-1}>
        <LibraryBar />
        <RecoveryNotice />
        <ErrorBoundary place={view.kind} key={view.kind}>
          <Sheet view={view} />
        </ErrorBoundary>
      </main>
      <Notices />
      <Palette />
    </div>
  );
}

/** Everything that the window shows. */
export function App({ app }: { readonly app: AppState }) {
  return (
    <AppContext.Provider value={app}>
      <ErrorBoundary place="window">
        <Frame />
      </ErrorBoundary>
    </AppContext.Provider>
  );
}
