/** What was thrown away: each can be had back, or erased for good after a second press. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { useBin } from "./useStart.ts";

export function Bin() {
  const { binned, act } = useBin();
  const [isOpen, setOpen] = useState(false);
  const [isAsked, setAsked] = useState(false);
  if (binned.length === 0) return null;
  return (
    <section aria-labelledby="bin-heading">
      <h2 id="bin-heading">
        <Button
          className="button quiet bin-toggle"
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        >
          Bin ({formatCount(binned.length)})
        </Button>
      </h2>
      {isOpen && (
        <>
          <ul className="binned">
            {binned.map(({ id, name, deletedMs }) => (
              <li key={id}>
                <span>
                  {name}
                  {deletedMs !== null && (
                    <span className="unit">
                      {" "}
                      thrown away {new Date(deletedMs).toLocaleString()}
                    </span>
                  )}
                </span>
                <Button
                  className="button small"
                  aria-label={`Restore ${name}`}
                  onPress={() => act("scenario.restore", [id])}
                >
                  Restore
                </Button>
              </li>
            ))}
          </ul>
          {isAsked ? (
            <div className="row">
              <span>
                Erase {binned.length === 1 ? "it" : `all ${formatCount(binned.length)}`} for good?
                Runs and versions go too.
              </span>
              <Button
                className="button small"
                onPress={() => {
                  setAsked(false);
                  act(
                    "scenario.erase",
                    binned.map(({ id }) => id),
                  );
                }}
              >
                Erase
              </Button>
              <Button className="button small" autoFocus onPress={() => setAsked(false)}>
                Keep
              </Button>
            </div>
          ) : (
            <Button className="button small quiet" onPress={() => setAsked(true)}>
              Empty the bin
            </Button>
          )}
        </>
      )}
    </section>
  );
}
