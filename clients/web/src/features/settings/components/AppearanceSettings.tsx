import { Segment, Toggle } from '../../../components/Choices';
import { Icon } from '../../../components/Icon';
import { Row, Rows } from '../../../components/Rows';
import { changeAppearance, useAppearance, type Appearance } from '../hooks/useAppearance';

const THEMES: readonly { readonly value: Appearance['theme']; readonly label: string }[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
];
const ACCENTS = ['lagoon', 'iris', 'clay'] as const;

export function AppearanceSettings() {
  const look = useAppearance();
  return (
    <>
      <h1>Appearance</h1>
      <h2>Theme</h2>
      <div className="pick" role="radiogroup" aria-label="Theme">
        {THEMES.map(theme => (
          <button key={theme.value} type="button" role="radio" aria-checked={look.theme === theme.value} className={look.theme === theme.value ? 'on' : ''} onClick={() => changeAppearance({ theme: theme.value })}>
            <Miniature theme={theme.value} />
            {theme.label}
          </button>
        ))}
      </div>
      <h2>Accent</h2>
      <div className="row gap-12 accents" role="radiogroup" aria-label="Accent">
        {ACCENTS.map(accent => (
          <button
            key={accent}
            type="button"
            role="radio"
            aria-checked={look.accent === accent}
            aria-label={accent}
            className={look.accent === accent ? `sw sw-${accent} on` : `sw sw-${accent}`}
            onClick={() => changeAppearance({ accent })}
          >
            {look.accent === accent && <Icon name="check" size="s" />}
          </button>
        ))}
        <span className="small dim">{look.accent.replace(/^./, first => first.toUpperCase())}</span>
      </div>
      <h2>Density</h2>
      <div className="row between wrap">
        <Segment<Appearance['density']>
          label="Density"
          value={look.density}
          onChange={density => changeAppearance({ density })}
          options={[
            { value: 'airy', label: 'Airy' },
            { value: 'regular', label: 'Regular' },
            { value: 'compact', label: 'Compact' },
          ]}
        />
        <span className="small dim">Compact shows rows instead of bubbles</span>
      </div>
      <h2>Text size</h2>
      <label className="row gap-12">
        <span className="dim tiny" aria-hidden="true">
          A
        </span>
        <span className="unseen">Text size in percent</span>
        <input type="range" min={85} max={150} step={5} value={look.textSize} onChange={event => changeAppearance({ textSize: Number(event.target.value) })} />
        <span className="dim about-name" aria-hidden="true">
          A
        </span>
      </label>
      <h2>Motion</h2>
      <Rows>
        <Row
          start={<Icon name="refresh" />}
          title="Less motion"
          detail="Things appear instead of moving. The system’s setting counts as well."
          end={<Toggle label="Less motion" on={look.lessMotion} onChange={lessMotion => changeAppearance({ lessMotion })} />}
        />
      </Rows>
    </>
  );
}

/** A window in each theme's own colours, whatever the theme is now. */
function Miniature({ theme }: { readonly theme: Appearance['theme'] }) {
  return (
    <svg viewBox="0 0 200 84" preserveAspectRatio="xMidYMid slice" className={`mini mini-${theme}`} aria-hidden="true">
      <rect className="m-desk" width="200" height="84" />
      <rect className="m-sheet" x="62" y="8" width="138" height="76" rx="6" />
      {[14, 28, 42].map(y => (
        <rect key={y} className="m-ink" x="10" y={y} width="42" height="7" rx="3.5" opacity=".3" />
      ))}
      <rect className="m-ink" x="74" y="22" width="66" height="16" rx="8" opacity=".14" />
      <rect className="m-own" x="126" y="46" width="62" height="16" rx="8" />
    </svg>
  );
}
