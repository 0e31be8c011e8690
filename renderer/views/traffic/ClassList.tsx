/** The classes that traffic is carved into, in the order in which they take requests. */
import { Button } from "react-aria-components";
import { useEditing } from "../../components/editing.tsx";
import { useWindow } from "../../components/useApp.ts";
import { ClassCard } from "./ClassCard.tsx";
import { type Carving, carved, carvings, type KnownNames, placeFor } from "./classes.ts";

/** Models, tenants and tags of the traces and made sources of the scenario. */
function useNames(): KnownNames {
  const { input } = useEditing();
  const traces = useWindow((state) => state.traces);
  const { sources } = input.traffic;
  const replayed = sources.flatMap((source) =>
    source.kind === "trace"
      ? traces.filter(({ sha256 }) => sha256 === source.sha256).slice(0, 1)
      : [],
  );
  const made = (key: "model" | "tenant"): string[] =>
    sources.flatMap((source) => (source.kind === "trace" ? [] : (source[key] ?? [])));
  const named = (key: "models" | "tenants" | "tags"): string[] =>
    replayed.flatMap(({ summary }) =>
      (summary[key] ?? []).map(({ name }) => name).filter((name) => name !== ""),
    );
  return {
    models: [...new Set([...named("models"), ...made("model")])],
    tenants: [...new Set([...named("tenants"), ...made("tenant")])],
    tags: [...new Set(named("tags"))],
  };
}

function whyNot(by: Carving, { models, tenants, tags }: KnownNames): string | undefined {
  if (by === "model" && models.length === 0) return "The traffic names no models.";
  if (by === "tenant" && tenants.length === 0) return "The traffic names no tenants.";
  if (by === "tag" && tags.length === 0) return "The traffic has no tags.";
  return undefined;
}

export function ClassList() {
  const { input, edit, done } = useEditing();
  const names = useNames();
  const { classes } = input.traffic;
  const carve = (by: Carving): void => {
    edit(`carve a class by ${by}`, (draft) => {
      const made = carved(by, draft, names);
      draft.traffic.classes.splice(placeFor(draft.traffic.classes), 0, made);
    });
    done();
  };
  const missing = carvings.flatMap(({ id }) => whyNot(id, names) ?? []);
  return (
    <section aria-label="Classes">
      <h2>Classes</h2>
      <p className="lead">
        Each request goes to the first class that takes it. Rules send classes to places; targets
        are held for each.
      </p>
      {classes.map((_, index) => (
        <ClassCard key={`class ${index}`} index={index} names={names} />
      ))}
      <fieldset className="row bare carve" aria-label="Carve a class">
        <span className="grain-label">Carve a class by</span>
        {carvings.map(({ id, name }) => (
          <Button
            key={id}
            className="button small"
            isDisabled={whyNot(id, names) !== undefined || classes.length >= 64}
            onPress={() => carve(id)}
          >
            {name}
          </Button>
        ))}
      </fieldset>
      {missing.length > 0 && <p className="part-words">{missing.join(" ")}</p>}
    </section>
  );
}
