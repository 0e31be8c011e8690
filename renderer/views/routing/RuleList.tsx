/** The rules in their order: each a sentence, dragged or moved with Alt and the arrow keys, opened to be changed. */
import { type KeyboardEvent, useState } from "react";
import { Button, GridList, GridListItem, useDragAndDrop } from "react-aria-components";
import { useEditing } from "../../components/editing.tsx";
import { FieldNotes } from "../../components/fields/FieldNotes.tsx";
import { freeId } from "../../components/ids.ts";
import { RuleEditor } from "./RuleEditor.tsx";
import {
  keepUnits,
  moved,
  type RuleInput,
  ruleSentence,
  targetKind,
  whyNotTotal,
} from "./ruleSentence.ts";

/** Keys of rows: places, because a name may be typed while its row is open. */
function rowKeys(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `rule-${i}`);
}

interface RowProps {
  readonly index: number;
  readonly rule: RuleInput;
  readonly isOpen: boolean;
  onToggle(): void;
}

function RowActions({ index, rule, isOpen, onToggle }: RowProps) {
  const { edit } = useEditing();
  return (
    <span className="part-actions">
      <Button className="button small quiet" aria-expanded={isOpen} onPress={onToggle}>
        {isOpen ? "Close" : "Change"}
      </Button>
      <Button
        className="button small quiet"
        aria-label={`Remove the rule ${rule.id}`}
        onPress={() =>
          edit(`remove the rule ${rule.id}`, (draft) => void draft.rules.splice(index, 1))
        }
      >
        Remove
      </Button>
    </span>
  );
}

function Row(props: RowProps) {
  const { index, rule, isOpen } = props;
  const sentence = ruleSentence(rule);
  return (
    <GridListItem id={`rule-${index}`} className="rule" textValue={`${index + 1}. ${sentence}`}>
      <div className="rule-body" data-field={`rules[${index}]`}>
        <div className="rule-line" data-kind={targetKind(rule)}>
          <Button slot="drag" className="grip" aria-label={`Move the rule ${rule.id}`}>
            ⠿
          </Button>
          <span className="rule-number">{index + 1}</span>
          <span className="kind-mark" aria-hidden="true" />
          <span className="rule-sentence">
            {keepUnits(sentence)} <code className="rule-id">{rule.id}</code>
          </span>
          <RowActions {...props} />
        </div>
        <FieldNotes field={`rules[${index}]`} isExact={isOpen} />
        {isOpen && <RuleEditor index={index} />}
      </div>
    </GridListItem>
  );
}

export function RuleList() {
  const { input, edit } = useEditing();
  const rules = input.rules ?? [];
  const [open, setOpen] = useState<number>();
  const move = (from: number, to: number): void => {
    const next = moved(rules, from, to);
    if (next === rules) return;
    edit(`move the rule ${rules[from].id}`, (draft) => {
      draft.rules = [...moved(draft.rules, from, to)];
    });
    setOpen(open === from ? to : open === to ? from : undefined);
    setTimeout(() => focusRow(to), 0);
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key) })),
    onReorder: ({ keys, target }) => {
      const [key] = keys;
      const from = Number(String(key).slice(5));
      const at = Number(String(target.key).slice(5));
      const after = target.dropPosition === "after" ? at + 1 : at;
      move(from, after > from ? after - 1 : after);
    },
  });
  const why = whyNotTotal(rules);
  const moveByKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-key^="rule-"]');
    if (!event.altKey || step === 0 || row === null) return;
    event.preventDefault();
    event.stopPropagation();
    const from = Number(row.dataset.key?.slice(5));
    move(from, from + step);
  };
  return (
    <div className="stack" onKeyDownCapture={moveByKey}>
      <GridList
        aria-label="Rules, in order"
        className="rules"
        dragAndDropHooks={dragAndDropHooks}
        disallowTypeAhead
        keyboardNavigationBehavior="tab"
        renderEmptyState={() => <p className="empty">No rule: no request would have a place.</p>}
      >
        {rowKeys(rules.length).map((key, index) => (
          <Row
            key={key}
            index={index}
            rule={rules[index]}
            isOpen={open === index}
            onToggle={() => setOpen(open === index ? undefined : index)}
          />
        ))}
      </GridList>
      {why !== undefined && rules.length > 0 && (
        <p className="field-note" data-tone="bad">
          <span aria-hidden="true">✕ </span>
          {why}
        </p>
      )}
      <AddRules onAdded={setOpen} isTotal={why === undefined} />
    </div>
  );
}

function focusRow(index: number): void {
  document.querySelector<HTMLElement>(`.rules [data-key="rule-${index}"]`)?.focus();
}

interface AddRulesProps {
  /** Whether the last rule takes everything that is left: another one after it would never be asked. */
  readonly isTotal: boolean;
  onAdded(index: number): void;
}

function AddRules({ isTotal, onAdded }: AddRulesProps) {
  const { input, edit } = useEditing();
  const count = input.rules.length;
  const [pool] = input.pools ?? [];
  const [provider] = input.providers ?? [];
  const to: RuleInput["to"] =
    pool !== undefined
      ? { pool: pool.id }
      : provider !== undefined
        ? { provider: provider.id }
        : { reject: true };
  const add = (name: string, at: number, target: RuleInput["to"]): void => {
    edit("add a rule", (draft) => {
      draft.rules.splice(at, 0, { id: freeId(name, draft.rules), to: target });
    });
    onAdded(at);
  };
  return (
    <div className="row">
      {count > 0 && (
        <Button className="button small" onPress={() => add("rule", count - 1, to)}>
          Add a rule before the last
        </Button>
      )}
      {!isTotal && (
        <Button
          className="button small quiet"
          onPress={() =>
            add(
              "the-rest",
              count,
              provider === undefined ? { reject: true } : { provider: provider.id },
            )
          }
        >
          Add a last rule for everything that is left
        </Button>
      )}
    </div>
  );
}
