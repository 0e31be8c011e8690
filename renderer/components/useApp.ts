/** Views read the app's state through these. */
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { App, OpenScenario, WindowState } from "../state/appState.ts";
import type { LiveState } from "../state/liveRun.ts";
import type { DocumentState } from "../state/openDocument.ts";
import { type StudyKind, type StudyState, studyOf } from "../state/studyRuns.ts";

/** The app that the window shows. */
export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("a view stands outside the app");
  return app;
}

/** A part of the window's state; the view is drawn anew when that part changes. */
export function useWindow<Part>(select: (state: WindowState) => Part): Part {
  return useStore(useApp().store, select);
}

export function useLive<Part>(scenario: OpenScenario, select: (state: LiveState) => Part): Part {
  return useStore(scenario.live.store, select);
}

export function useDocument<Part>(
  scenario: OpenScenario,
  select: (state: DocumentState) => Part,
): Part {
  return useStore(scenario.document.store, select);
}

/** The newest study of a kind, as it stands. */
export function useStudy(scenario: OpenScenario, kind: StudyKind): StudyState {
  return useStore(scenario.studies.store, (states) => studyOf(states, kind));
}
