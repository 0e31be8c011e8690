/** Files dropped anywhere on the window. */
import type { App } from "./appState.ts";
import { openFiles } from "./openFile.ts";

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}

/** Takes dropped files in; while some are held over the window, the root element says so (`data-dragging`). */
export function acceptDrops(app: App): void {
  const { dataset } = document.documentElement;
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    dataset.dragging = "files";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete dataset.dragging;
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    delete dataset.dragging;
    const files = [...(event.dataTransfer?.files ?? [])];
    void app.try(async () => openFiles(app, await app.client.offerFiles(files)));
  });
}
