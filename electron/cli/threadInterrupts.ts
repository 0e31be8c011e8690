/** Ctrl+C and requests to end, in a thread while the program's own event loop stands still: Node tells them to its main thread only, but its own watchers of signals work on any thread's loop. */

interface SignalWatcher {
  onsignal: () => void;
  start(signal: number): number;
  close(): void;
}

interface SignalBinding {
  readonly Signal: new () => SignalWatcher;
}

/** SIGINT and SIGTERM, by the numbers that every system has for them. */
const numbers = [2, 15];

/** Node's watchers of signals; undefined where a Node does not give them out. */
function findBinding(): SignalBinding | undefined {
  const warns = process.noDeprecation;
  try {
    process.noDeprecation = true;
    const binding = Reflect.get(process, "binding") as (name: string) => SignalBinding;
    return binding("signal_wrap");
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = warns;
  }
}

/** Has `heard` called at the first request to end; the next one ends the program at once, as does the first where signals cannot be watched. */
export function hearFirstInterrupt(heard: () => void): void {
  const binding = findBinding();
  if (binding === undefined) return;
  const watchers = numbers.map(() => new binding.Signal());
  for (const [i, watcher] of watchers.entries()) {
    watcher.onsignal = () => {
      for (const each of watchers) each.close();
      heard();
    };
    watcher.start(numbers[i]!);
  }
}
