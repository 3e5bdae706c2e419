/** Where something opens: a point (the pointer) or the box of a button. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly height?: number;
}

export function anchorOf(element: Element): Anchor {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}

const EDGE = 8;
const GAP = 4;

/** Below the anchor and aligned with its start; above, or moved in, where the window ends. */
export function placeBeside(anchor: Anchor, size: { readonly width: number; readonly height: number }): { x: number; y: number } {
  const { innerWidth: w, innerHeight: h } = window;
  const rtl = document.dir === 'rtl';
  const start = rtl ? anchor.x + (anchor.width ?? 0) - size.width : anchor.x;
  const below = anchor.y + (anchor.height ?? 0) + GAP;
  const above = anchor.y - GAP - size.height;
  const y = below + size.height + EDGE <= h || above < EDGE ? below : above;
  return {
    x: Math.max(EDGE, Math.min(start, w - size.width - EDGE)),
    y: Math.max(EDGE, Math.min(y, h - size.height - EDGE)),
  };
}
