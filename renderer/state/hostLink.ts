/** What the page tells its host, and what it does when the host asks: commands for the menu, files handed over, unsaved work before the end. */
import type { CommandId, CommandState } from "../../shared/contract/commands.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { App, OpenScenario } from "./appState.ts";
import { openFiles } from "./openFile.ts";

/** Menus need not follow faster. */
const settleMs = 60;

function commandStates(app: App): CommandState[] {
  return app.commands.list().map((command) => ({
    id: command.id as CommandId,
    title: command.title().slice(0, 200),
    isEnabled: command.isEnabled(),
  }));
}

async function writeUnsaved(app: App, flush: number): Promise<void> {
  await app.flush();
  await app.client.call("host.flushed", { flush });
}

function hear(app: App, event: CoreEvent): void {
  if (event.kind === "notice") app.notify(event.tone, event.text);
  if (event.kind === "flush") void app.try(() => writeUnsaved(app, event.flush));
  if (event.kind === "openFile") {
    const { token, name } = event;
    void openFiles(app, [{ token, name, bytes: 0 }]);
  }
}

/** Tells the host the commands whenever they change, until it says that it has no menu. */
class CommandTeller {
  private readonly app: App;
  private told = "";
  private isWanted = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.app = app;
  }

  plan(): void {
    if (this.isWanted) this.timer ??= setTimeout(() => void this.tell(), settleMs);
  }

  async tell(): Promise<void> {
    this.timer = undefined;
    const commands = commandStates(this.app);
    const text = JSON.stringify(commands);
    if (text === this.told) return;
    this.told = text;
    await this.app.try(async () => {
      const { hasMenu } = await this.app.client.call("host.setCommands", { commands });
      this.isWanted = hasMenu;
    });
  }
}

/** Calls `changed` when the window, the scenario in front or its answer changes. */
function watch(app: App, changed: () => void): void {
  let front: OpenScenario | undefined;
  let stops: (() => void)[] = [];
  const follow = (): void => {
    if (app.front() !== front) {
      front = app.front();
      for (const stop of stops) stop();
      const stores = front === undefined ? [] : [front.document.store, front.live.store];
      stops = stores.map((store) => store.subscribe(changed));
    }
    changed();
  };
  app.store.subscribe(follow);
  follow();
}

/** In a browser a page may go without a word to its host: unsaved work is written first, and what cannot be written is asked about. */
export function guardLeaving(app: App): void {
  const write = (): void => void app.try(() => app.flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") write();
  });
  window.addEventListener("beforeunload", (event) => {
    write();
    if (!app.isStuck) return;
    event.preventDefault();
    // Older browsers ask for a value only.
    event.returnValue = "x";
  });
}

/** Once the app has started: from then on the host knows that the page is ready. */
export function linkHost(app: App): void {
  const teller = new CommandTeller(app);
  app.client.on((event) => hear(app, event));
  void teller.tell();
  watch(app, () => teller.plan());
}
