/** The entry of the page: finds its client, starts the app, draws. */
import "./trustedTypes.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createHttpClient } from "./api/httpClient.ts";
import { createPreloadClient } from "./api/preloadClient.ts";
import { addCommands } from "./state/appCommands.ts";
import { App } from "./state/appState.ts";
import { acceptDrops } from "./state/dropFiles.ts";
import { guardLeaving, linkHost } from "./state/hostLink.ts";
import { keepFocus } from "./state/keepFocus.ts";
import { App as AppView } from "./views/App.tsx";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/layout.css";
import "./theme/parts.css";
import "./theme/charts.css";
import "./theme/results.css";
import "./theme/library.css";
import "./theme/backups.css";
import "./theme/editors.css";
import "./theme/outline.css";
import "./theme/answer.css";
import "./theme/traffic.css";
import "./theme/share.css";

const client = createPreloadClient() ?? (await createHttpClient());
const app = new App(client);
addCommands(app);
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AppView app={app} />
  </StrictMode>,
);
await app.try(() => app.start());
linkHost(app);
if (!client.hasDialogs) guardLeaving(app);
acceptDrops(app);
keepFocus();
