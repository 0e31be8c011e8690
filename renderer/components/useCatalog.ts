/** The catalog and what fits where, for editors. */
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { Catalog } from "../../shared/catalog/catalog.ts";
import { type FitAnswer, type FitQuestion, questionKey } from "../state/catalogShelf.ts";
import { useApp } from "./useApp.ts";

const nothing: Catalog = {
  gpus: [],
  models: [],
  coefficients: [],
  offers: [],
  licences: [],
  providers: [],
};

/** The catalog; empty until it is read. */
export function useCatalog(): Catalog {
  const { shelf } = useApp();
  useEffect(() => void shelf.read(), [shelf]);
  return useStore(shelf.store, (state) => state.catalog ?? nothing);
}

/** Why the catalog could not be read; undefined where it was, or may yet be. */
export function useCatalogProblem(): string | undefined {
  return useStore(useApp().shelf.store, (state) => state.problem);
}

/** An answer, and whether it is the one to an earlier question while the new one is on its way. */
export interface ShownFit {
  readonly answer: FitAnswer | undefined;
  readonly isOld: boolean;
}

/** The answer to a question; the one before stays until it is there. */
export function useFit(question: FitQuestion | undefined): ShownFit {
  const { shelf } = useApp();
  const key = question === undefined ? "" : questionKey(question);
  const last = useRef<FitAnswer>(undefined);
  useEffect(() => {
    if (key !== "") void shelf.ask(JSON.parse(key) as FitQuestion);
  }, [shelf, key]);
  const answer = useStore(shelf.store, (state) => state.fits.get(key));
  if (answer !== undefined) last.current = answer;
  return { answer: answer ?? last.current, isOld: answer === undefined };
}

/** Answers to several questions, in their order; undefined for those under way. */
export function useFits(questions: readonly FitQuestion[]): (FitAnswer | undefined)[] {
  const { shelf } = useApp();
  const keys = questions.map(questionKey);
  const joined = keys.join("\n");
  useEffect(() => {
    for (const key of joined === "" ? [] : joined.split("\n")) {
      void shelf.ask(JSON.parse(key) as FitQuestion);
    }
  }, [shelf, joined]);
  const fits = useStore(shelf.store, (state) => state.fits);
  return keys.map((key) => fits.get(key));
}
