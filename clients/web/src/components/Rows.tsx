import type { ReactNode } from 'react';

/** A framed list of settings or devices. */
export function Rows({ children }: { readonly children: ReactNode }) {
  return <div className="rows">{children}</div>;
}

export function Row({ start, title, detail, end }: { start?: ReactNode; title: ReactNode; detail?: ReactNode; end?: ReactNode }) {
  return (
    <div>
      {start}
      <span className="grow">
        <span className="block">{title}</span>
        {detail && <span className="small dim block">{detail}</span>}
      </span>
      {end}
    </div>
  );
}
