import { useState } from 'react';
import type { Timeline } from '../../../lib';
import { findNewLine, type NewLine } from './rows';

/** The new-messages line: found once when the conversation has loaded, and kept until it is left. */
export function useNewLine(id: string, timeline: Timeline, unread: number): NewLine | undefined {
  const [kept, setKept] = useState<{ id: string; line: NewLine | undefined }>();
  if (timeline.status === 'ready' && kept?.id !== id) {
    const line = findNewLine(timeline.items, timeline.readSeqAtOpen);
    // More may be unread than the loaded page holds.
    const whole = line && { ...line, count: Math.max(line.count, timeline.hasNewer ? unread : 0) };
    setKept({ id, line: whole });
    return whole;
  }
  return kept?.id === id ? kept.line : undefined;
}
