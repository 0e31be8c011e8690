/** A state that counts only once it has lasted. */
import { useEffect, useState } from "react";

/** Whether something has been so for so long, in milliseconds; what passes sooner is never seen. */
export function useLasting(isSo: boolean, forMs: number): boolean {
  const [hasLasted, setHasLasted] = useState(false);
  useEffect(() => {
    if (!isSo) {
      setHasLasted(false);
      return undefined;
    }
    const timer = setTimeout(() => setHasLasted(true), forMs);
    return () => clearTimeout(timer);
  }, [isSo, forMs]);
  return isSo && hasLasted;
}
