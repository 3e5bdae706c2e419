import { useEffect, useState, type CSSProperties, type ReactNode } from 'react';

/** Skeletons only after 200 ms: what is quick should not flicker. */
export function Late({ children }: { readonly children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return late ? children : null;
}

export function Bone(style: CSSProperties) {
  return <span className="sk" style={style} aria-hidden="true" />;
}

const NAMES = [46, 60, 38, 52, 44, 64, 40, 55, 48, 36];
const LINES = [82, 64, 90, 58, 76, 70, 86, 60, 72, 80];

export function ListSkeleton() {
  return (
    <Late>
      {NAMES.map((width, index) => (
        <div className="lr" key={width} aria-hidden="true">
          <Bone inlineSize="var(--a-row)" blockSize="var(--a-row)" borderRadius={index % 3 === 0 ? '28%' : '50%'} />
          <div className="col gap-8">
            <Bone inlineSize={`${width}%`} />
            <Bone inlineSize={`${LINES[index] ?? 60}%`} blockSize={10} opacity={0.6} />
          </div>
          <Bone inlineSize={28} blockSize={9} opacity={0.6} />
        </div>
      ))}
    </Late>
  );
}

const BUBBLES: readonly { readonly mine?: boolean; readonly width: number; readonly lines: number }[] = [
  { width: 62, lines: 3 },
  { width: 38, lines: 1 },
  { mine: true, width: 46, lines: 1 },
  { width: 54, lines: 2 },
  { mine: true, width: 30, lines: 1 },
  { width: 70, lines: 4 },
];

export function MessagesSkeleton() {
  return (
    <div className="msgs sk-msgs" aria-busy="true">
      <Late>
        {BUBBLES.map((bubble, index) =>
          bubble.mine ? (
            <div className="grp me" key={index}>
              <div className="stack">
                <Bone inlineSize={`${bubble.width}%`} blockSize={38} borderRadius={16} opacity={0.8} />
              </div>
            </div>
          ) : (
            <div className="grp" key={index}>
              <Bone inlineSize="var(--a-msg)" blockSize="var(--a-msg)" borderRadius="50%" alignSelf="end" />
              <div className="stack">
                <Bone inlineSize={90} blockSize={10} opacity={0.6} />
                <Bone inlineSize={`${bubble.width}%`} blockSize={18 + bubble.lines * 22} borderRadius={16} />
              </div>
            </div>
          ),
        )}
      </Late>
    </div>
  );
}
