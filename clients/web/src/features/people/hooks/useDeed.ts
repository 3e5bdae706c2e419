import { useState } from 'react';
import { toFailure } from '../../../lib';

/** One thing that a screen does: whether it is under way, and the sentence when it failed. */
export function useDeed() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    void work()
      .catch((error: unknown) => setProblem(toFailure(error).detail))
      .finally(() => setBusy(false));
  };
  return { busy, problem, run, clear: () => setProblem(undefined) };
}
