import { useState } from 'react';
import { Button, IconButton } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Field } from '../../../components/Field';
import { until } from '../../../components/time';
import { useToast } from '../../../components/Toast';
import { fromLocal, localMinute, suggestions } from '../schedule';

/** Sends what is written later: at one of a few usual times, or at any. */
export function ScheduleButton({ onChoose }: { readonly onChoose: (iso: string) => void }) {
  const [open, setOpen] = useState(false);
  const toast = useToast();
  const choose = (iso: string) => {
    setOpen(false);
    onChoose(iso);
    toast({ text: `Goes out ${until(iso)}. See it under About.`, icon: 'clock' });
  };
  return (
    <>
      <IconButton icon="clock" label="Send later" aria-haspopup="dialog" onClick={() => setOpen(true)} />
      {open && <When onClose={() => setOpen(false)} onChoose={choose} />}
    </>
  );
}

function When({ onClose, onChoose }: { readonly onClose: () => void; readonly onChoose: (iso: string) => void }) {
  const [now] = useState(() => new Date());
  const [value, setValue] = useState(() => localMinute(new Date(now.getTime() + 3_600_000)));
  const { iso, problem } = fromLocal(value, now);
  return (
    <Dialog
      title="Send later"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="clock" disabled={iso === undefined} onClick={() => iso && onChoose(iso)}>
            Schedule
          </Button>
        </>
      }
    >
      <div className="stacked">
        <div className="row wrap" role="group" aria-label="Usual times">
          {suggestions(now).map(one => (
            <Button key={one.iso} size="s" onClick={() => onChoose(one.iso)}>
              {one.label}
            </Button>
          ))}
        </div>
        <Field label="Day and time" type="datetime-local" value={value} min={localMinute(now)} problem={problem} onChange={event => setValue(event.target.value)} />
      </div>
    </Dialog>
  );
}
