/** What is wrong with the document being edited: core checks it a moment after each edit; the findings stand at their fields. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Client } from "../api/client.ts";
import type { OpenDocument } from "./openDocument.ts";

/** One finding: the field's path in the document, and a message that stands alone. */
export interface Finding {
  readonly field: string;
  readonly message: string;
}

export interface CheckState {
  /** Without them the document cannot be simulated. */
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Fields that the program does not know and keeps as they are. */
  readonly unknownFields: readonly string[];
  /** Whether the findings are those of the newest document. */
  readonly isCurrent: boolean;
}

const delayMs = 120;

/** Whether a finding is about the field or something inside it. */
export function isAt(finding: Finding, field: string): boolean {
  if (finding.field === field) return true;
  const next = finding.field.charAt(field.length);
  return finding.field.startsWith(field) && (next === "." || next === "[");
}

/** The check of one open document; it follows the edits until close(). */
export class DocumentCheck {
  readonly store: StoreApi<CheckState>;
  private readonly client: Client;
  private readonly document: OpenDocument;
  private readonly stop: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private newest = 0;

  constructor(client: Client, document: OpenDocument) {
    this.client = client;
    this.document = document;
    this.store = createStore<CheckState>(() => ({
      problems: [],
      warnings: [],
      unknownFields: [],
      isCurrent: false,
    }));
    let last = document.document;
    this.stop = document.store.subscribe(({ history }) => {
      if (history.value === last) return;
      last = history.value;
      this.plan();
    });
    this.plan();
  }

  close(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.newest++;
    this.stop();
  }

  private plan(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.store.setState({ isCurrent: false });
    this.timer = setTimeout(() => void this.check(), delayMs);
  }

  /** Findings of an earlier document stay, marked as not current, until the newer ones are there. */
  private async check(): Promise<void> {
    const number = ++this.newest;
    const { document } = this.document;
    const found = await this.client.call("scenario.check", { document }).catch((error) => {
      const message = error instanceof Error ? error.message : String(error);
      return { problems: [{ field: "", message }], warnings: [], unknownFields: [] };
    });
    if (number === this.newest) this.store.setState({ ...found, isCurrent: true });
  }
}
