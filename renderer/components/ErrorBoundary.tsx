/** What stands in a view's place when it fails: what happened, what is safe, a report to copy. */
import { Component, type ReactNode } from "react";
import { Button } from "react-aria-components";
import type { AppInfo } from "../../shared/contract/appMethods.ts";
import { AppContext } from "./useApp.ts";

interface Props {
  readonly children: ReactNode;
  /** Said in the report: which view it was. */
  readonly place: string;
}

interface State {
  readonly error: Error | undefined;
}

/** What program it was, for whoever reads the report; nothing of the person's work. */
function programText(info: AppInfo | undefined): string {
  if (info === undefined) return "Crossover";
  const { version, engineVersion, host, runtime } = info;
  const { platform, node, electron, chrome } = runtime;
  const around = electron === null ? `Node ${node}` : `Electron ${electron} (Chrome ${chrome})`;
  return `Crossover ${version}, engine ${engineVersion}, ${host} on ${platform}, ${around}\n${navigator.userAgent}`;
}

/** Catches errors of the views below it; the rest of the window goes on. */
export class ErrorBoundary extends Component<Props, State> {
  static override contextType = AppContext;
  declare context: React.ContextType<typeof AppContext>;
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const program = programText(this.context?.store.getState().info);
    const report = `${program}\nView: ${this.props.place}\n${error.stack ?? error.message}`;
    return (
      <section className="failure" role="alert">
        <h2>This view has failed; your work is safe.</h2>
        <p>
          Everything you changed is kept. Show the view again, or copy the report and send it with
          what you did last.
        </p>
        <pre className="mono">{report}</pre>
        <div className="row">
          <Button className="button primary" onPress={() => this.setState({ error: undefined })}>
            Show it again
          </Button>
          <Button className="button" onPress={() => void navigator.clipboard.writeText(report)}>
            Copy the report
          </Button>
        </div>
      </section>
    );
  }
}
