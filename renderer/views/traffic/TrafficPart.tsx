/** The traffic of a scenario: where requests come from, and the classes that they are carved into. */
import { Button } from "react-aria-components";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { PartProblems } from "../../components/PartProblems.tsx";
import { useApp, useWindow } from "../../components/useApp.ts";
import { ClassList } from "./ClassList.tsx";
import { SourceCard } from "./SourceCard.tsx";
import { makeSource, makeTraceSource, newSources } from "./sources.ts";

function AddSource() {
  const app = useApp();
  const { edit, input, done } = useEditing();
  const traces = useWindow((state) => state.traces);
  const add = (name: string, make: (draft: Draft) => Draft["traffic"]["sources"][number]): void => {
    edit(name, (draft) => void draft.traffic.sources.push(make(draft)));
    done();
  };
  if (input.traffic.sources.length >= 32) {
    return <p className="part-words">A scenario has at most 32 sources.</p>;
  }
  return (
    <fieldset className="row bare carve" aria-label="Add a source">
      <span className="grain-label">Add traffic</span>
      {traces.length > 0 ? (
        <Button
          className="button"
          onPress={() =>
            add("add a trace", ({ traffic }) => makeTraceSource(traces[0], traffic.sources))
          }
        >
          Replay a trace
        </Button>
      ) : (
        <Button className="button" onPress={() => app.commands.run("trace.import")}>
          Import a trace to replay
        </Button>
      )}
      {newSources.map(({ id, name }) => (
        <Button
          key={id}
          className="button"
          onPress={() =>
            add(`add traffic ${name.toLowerCase()}`, ({ traffic }) =>
              makeSource(id, traffic.sources),
            )
          }
        >
          {name}
        </Button>
      ))}
    </fieldset>
  );
}

export function TrafficPart() {
  const { input } = useEditing();
  return (
    <>
      <PartProblems fields={["traffic"]} />
      {input.traffic.sources.map((source, index) => (
        // Its place tells a source apart while its id is being typed.
        <SourceCard key={`${source.kind} ${index}`} index={index} />
      ))}
      <AddSource />
      <ClassList />
    </>
  );
}
