import { useMemo } from 'react';
import { Icon } from '../Icon';
import { SHAPES, tileOf } from './tile';

export type AvatarKind = 'person' | 'group' | 'bot' | 'contract';
export type AvatarSize = 'x16' | 'x20' | 'x24' | 'x28' | 'x32' | 'x40' | 'x48' | 'x64' | 'x88' | 'row-a' | 'msg-a';

export interface AvatarProps {
  /** An address for people, the conversation's id for groups. */
  readonly of: string;
  readonly kind?: AvatarKind;
  readonly size?: AvatarSize;
  /** An uploaded picture instead of the tile, in the same outline. */
  readonly picture?: string;
  readonly presence?: 'on' | 'away';
  /** Nobody one knows yet. */
  readonly unknown?: boolean;
  /** Set only where no name stands beside it. */
  readonly label?: string;
}

export function Avatar({ of, kind = 'person', size = 'x40', picture, presence, unknown, label }: AvatarProps) {
  const classes = `av ${size} av-${kind}${unknown ? ' av-unknown' : ''}`;
  const named = label ? ({ role: 'img', 'aria-label': label } as const) : ({ 'aria-hidden': true } as const);
  return (
    <span className={classes} {...named}>
      {picture ? <img src={picture} alt="" draggable={false} /> : <TilePicture of={of} />}
      {presence && <b className={`pres ${presence}`} />}
      {kind === 'contract' && (
        <b className="av-badge">
          <Icon name="users" />
        </b>
      )}
      {unknown && <b className="av-badge">?</b>}
    </span>
  );
}

function TilePicture({ of }: { readonly of: string }) {
  const tile = useMemo(() => tileOf(of), [of]);
  const deep = `var(--tile-deep-${tile.deep})`;
  const pale = `var(--tile-pale-${tile.pale})`;
  const shape = SHAPES[tile.shape];
  const mirrored = tile.mirror ? ' translate(40 0) scale(-1 1)' : '';
  return (
    <svg viewBox="0 0 40 40" style={{ background: tile.swap ? pale : deep, color: tile.swap ? deep : pale }}>
      <g transform={`rotate(${tile.turn} 20 20)${mirrored}`}>
        {shape?.paths?.map(d => <path key={d} d={d} fillRule={shape.evenOdd ? 'evenodd' : undefined} />)}
        {shape?.circles?.map(([cx, cy, r]) => <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r={r} />)}
      </g>
    </svg>
  );
}
