/** The window. */
import { useEffect, useState } from "react";
import type { AppInfo } from "../../shared/contract/appMethods.ts";
import type { Client } from "../api/client.ts";

/** Everything that the window shows. */
export function App({ client }: { readonly client: Client }) {
  const [info, setInfo] = useState<AppInfo>();
  useEffect(() => {
    void client.call("app.info", {}).then(setInfo);
  }, [client]);
  return (
    <main>
      <h1>Crossover</h1>
      <p data-testid="info">
        {info && `${info.host} · ${info.version} · Node ${info.runtime.node}`}
      </p>
    </main>
  );
}
