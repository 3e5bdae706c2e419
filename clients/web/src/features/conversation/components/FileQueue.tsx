import { useEffect, useState } from 'react';
import { Button, IconButton } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { fileSize } from '../../../components/time';
import type { DraftFile } from '../hooks/useDraftFiles';

/** Files that go with the next message: a preview, how far each is, and a way out. */
export function FileQueue({ files, onDrop, onResume }: { files: readonly DraftFile[]; onDrop: (id: string) => void; onResume: (id: string) => void }) {
  if (files.length === 0) return null;
  return (
    <ul className="queue" aria-label="Files to send">
      {files.map(one => (
        <li key={one.id}>
          <Thumb file={one.file} />
          <bdi className="t1">{one.file.name}</bdi>
          <Progress one={one} onResume={() => onResume(one.id)} />
          <IconButton icon="x" label={`Remove ${one.file.name}`} small onClick={() => onDrop(one.id)} />
        </li>
      ))}
    </ul>
  );
}

function Progress({ one, onResume }: { readonly one: DraftFile; readonly onResume: () => void }) {
  if (one.attachment) return <span className="dim">{fileSize(one.file.size)}</span>;
  if (one.state?.status === 'failed')
    return (
      <span className="help bad" role="alert">
        {one.state.failure?.detail ?? 'The upload stopped.'}
        <Button size="s" onClick={onResume}>
          Try again
        </Button>
      </span>
    );
  return <progress max={Math.max(1, one.file.size)} value={one.state?.sent ?? 0} aria-label={`Uploading ${one.file.name}`} />;
}

function Thumb({ file }: { readonly file: File }) {
  const [url, setUrl] = useState<string>();
  const picture = file.type.startsWith('image/');
  useEffect(() => {
    if (!picture) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file, picture]);
  return <span className="thumb">{picture && url ? <img src={url} alt="" /> : <Icon name="file" />}</span>;
}
