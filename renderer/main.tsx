/** The entry of the page: finds its client, then draws. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createHttpClient } from "./api/httpClient.ts";
import { createPreloadClient } from "./api/preloadClient.ts";
import { App } from "./views/App.tsx";
import "./theme/tokens.css";

const client = createPreloadClient() ?? (await createHttpClient());
const root = createRoot(document.getElementById("root")!);
root.render(
  <StrictMode>
    <App client={client} />
  </StrictMode>,
);
