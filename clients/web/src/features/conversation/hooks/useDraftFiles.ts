import { useCallback, useMemo, useState } from 'react';
import { useClient, useUploads, type Attachment, type ContentType, type UploadState } from '../../../lib';

export interface DraftFile {
  readonly id: string;
  readonly file: File;
  readonly state: UploadState | undefined;
  readonly attachment?: Attachment;
}

interface Queued {
  readonly id: string;
  readonly file: File;
  readonly attachment?: Attachment;
}

/** The files that wait in the composer, with their uploads. */
export function useDraftFiles() {
  const uploads = useClient().uploads;
  const states = useUploads();
  const [queued, setQueued] = useState<readonly Queued[]>([]);

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const upload = uploads.add(file);
        setQueued(now => [...now, { id: upload.id, file }]);
        upload.done.then(
          attachment => setQueued(now => now.map(one => (one.id === upload.id ? { ...one, attachment } : one))),
          () => undefined, // The upload's own state says what went wrong, and shows it.
        );
      }
    },
    [uploads],
  );

  const drop = useCallback(
    (id: string) => {
      uploads.cancel(id);
      uploads.dismiss(id);
      setQueued(now => now.filter(one => one.id !== id));
    },
    [uploads],
  );

  /** Empties the queue and gives the finished attachments. */
  const take = useCallback((): readonly Attachment[] => {
    queued.forEach(one => uploads.dismiss(one.id));
    setQueued([]);
    return queued.flatMap(one => (one.attachment ? [one.attachment] : []));
  }, [queued, uploads]);

  const files = useMemo(
    (): readonly DraftFile[] => queued.map(one => ({ ...one, state: states.find(state => state.id === one.id) })),
    [queued, states],
  );
  return {
    files,
    add,
    drop,
    take,
    resume: (id: string) => uploads.resume(id),
    ready: queued.every(one => one.attachment !== undefined),
  };
}

/** What kind of message these attachments make. */
export function contentTypeOf(files: readonly Attachment[]): ContentType {
  const all = (prefix: string) => files.length > 0 && files.every(file => file.contentType?.startsWith(prefix));
  if (all('image/') && !files.some(file => file.contentType === 'image/svg+xml')) return 'image';
  if (all('video/')) return 'video';
  if (all('audio/')) return 'audio';
  return files.length > 0 ? 'file' : 'text';
}
