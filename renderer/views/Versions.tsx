/** Saved versions of the scenario in front, and going back to one: an edit like any other, that can be undone. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useApp, useDocument } from "../components/useApp.ts";
import type { OpenScenario } from "../state/appState.ts";

interface VersionEntry {
  readonly version: number;
  readonly savedMs: number;
  readonly label: string | null;
}

/** Newest first; read anew with each save. Undefined before they are there. */
function useVersions(scenario: OpenScenario): readonly VersionEntry[] | undefined {
  const app = useApp();
  const { id, baseVersion } = useDocument(scenario, (state) => state);
  const [versions, setVersions] = useState<readonly VersionEntry[]>();
  useEffect(() => {
    let isCurrent = true;
    void app.try(async () => {
      const reply = await app.client.call("scenario.versions", { id });
      if (isCurrent && baseVersion > 0) setVersions(reply.versions);
    });
    return () => {
      isCurrent = false;
    };
  }, [app, id, baseVersion]);
  return versions;
}

function VersionList({ scenario }: { readonly scenario: OpenScenario }) {
  const app = useApp();
  const versions = useVersions(scenario);
  if (versions === undefined) return <p className="empty">Looking for versions …</p>;
  return (
    <ul className="versions" aria-label="Saved versions">
      {versions.map(({ version, savedMs, label }) => (
        <li key={version}>
          <span>
            Version {version}
            <span className="unit">
              {" "}
              saved {new Date(savedMs).toLocaleString()}
              {label !== null && `, ${label}`}
            </span>
          </span>
          <Button
            className="button small"
            aria-label={`Go back to version ${version}`}
            onPress={() => void app.try(() => scenario.document.goBack(version))}
          >
            Go back
          </Button>
        </li>
      ))}
    </ul>
  );
}

export function Versions({ scenario }: { readonly scenario: OpenScenario }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        className="button small quiet"
        aria-expanded={isOpen}
        onPress={() => setOpen(!isOpen)}
      >
        Versions
      </Button>
      {isOpen && <VersionList scenario={scenario} />}
    </>
  );
}
