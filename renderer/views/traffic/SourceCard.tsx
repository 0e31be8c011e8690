/** One source of traffic: what it is, and everything that can be changed of it. */
import { Button, Input, TextField } from "react-aria-components";
import { useEditing } from "../../components/editing.tsx";
import { asId } from "../../components/ids.ts";
import { ClosedLoopFields, SyntheticFields } from "./MadeFields.tsx";
import { NameFields } from "./NameFields.tsx";
import { removeSource, renameSource, sourceText } from "./sources.ts";
import { TraceFields } from "./TraceFields.tsx";

export function SourceCard({ index }: { readonly index: number }) {
  const { input, edit, done } = useEditing();
  const source = input.traffic.sources[index];
  const field = `traffic.sources[${index}]`;
  return (
    <section
      className="part-card source-card"
      data-field={field}
      aria-label={`Source ${source.id}`}
    >
      <div className="part-head">
        <TextField
          className="id-field wide"
          aria-label={`Name of the source ${source.id}`}
          value={source.id}
          onChange={(text) =>
            edit(
              "rename a source",
              (draft) => renameSource(draft, index, asId(text)),
              `${field}.id`,
            )
          }
          onBlur={done}
        >
          <Input />
        </TextField>
        <span className="part-words">{sourceText(source)}</span>
        <span className="part-actions">
          <Button
            className="button small quiet"
            aria-label={`Remove source ${source.id}`}
            isDisabled={input.traffic.sources.length === 1}
            onPress={() =>
              edit(`remove source ${source.id}`, (draft) => removeSource(draft, index))
            }
          >
            Remove
          </Button>
        </span>
      </div>
      {source.kind === "trace" && <TraceFields source={source} index={index} />}
      {source.kind === "synthetic" && <SyntheticFields source={source} index={index} />}
      {source.kind === "closedLoop" && <ClosedLoopFields source={source} index={index} />}
      {source.kind !== "trace" && <NameFields source={source} index={index} />}
    </section>
  );
}
