/** The catalog that ships with the program, read once when an editor first asks, and what fits where, asked once for each question. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Catalog } from "../../shared/catalog/catalog.ts";
import type { MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import type { Client } from "../api/client.ts";

export type FitQuestion = MethodParams<"catalog.fit">;
export type FitReply = MethodResult<"catalog.fit">;

/** An answer, or why there is none. */
export type FitAnswer = { readonly reply: FitReply } | { readonly problem: string };

interface ShelfState {
  readonly catalog: Catalog | undefined;
  /** Why the catalog could not be read. */
  readonly problem: string | undefined;
  /** Answers by question (questionKey). */
  readonly fits: ReadonlyMap<string, FitAnswer>;
}

const keptFits = 400;

/** A question as one text: questions that are the same have the same. */
export function questionKey(question: FitQuestion): string {
  return JSON.stringify(question);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Catalog and fits, as the window has them. */
export class CatalogShelf {
  readonly store: StoreApi<ShelfState>;
  private readonly client: Client;
  private readonly asked = new Set<string>();
  private isReading = false;

  constructor(client: Client) {
    this.client = client;
    this.store = createStore<ShelfState>(() => ({
      catalog: undefined,
      problem: undefined,
      fits: new Map(),
    }));
  }

  /** Reads the catalog if that has not been done; a failed reading is tried again at the next call. */
  async read(): Promise<void> {
    if (this.isReading || this.store.getState().catalog !== undefined) return;
    this.isReading = true;
    try {
      this.store.setState({
        catalog: await this.client.call("catalog.get", {}),
        problem: undefined,
      });
    } catch (error) {
      this.store.setState({ problem: messageOf(error) });
    } finally {
      this.isReading = false;
    }
  }

  /** Asks whether a model fits, once for each question. */
  async ask(question: FitQuestion): Promise<void> {
    const key = questionKey(question);
    if (this.asked.has(key)) return;
    this.asked.add(key);
    let answer: FitAnswer;
    try {
      answer = { reply: await this.client.call("catalog.fit", question) };
    } catch (error) {
      answer = { problem: messageOf(error) };
    }
    this.keep(key, answer);
  }

  private keep(key: string, answer: FitAnswer): void {
    const fits = new Map(this.store.getState().fits).set(key, answer);
    if (fits.size > keptFits) {
      const [oldest] = fits.keys();
      fits.delete(oldest);
      this.asked.delete(oldest);
    }
    this.store.setState({ fits });
  }
}
