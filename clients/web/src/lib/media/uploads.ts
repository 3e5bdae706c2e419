import type { MediaApi, PutPart } from '../api/media';
import type { Media } from '../api/mediaTypes';
import type { Attachment, Uuid } from '../api/types';
import type { Uploads } from '../clientTypes';
import { CoolChatError, LocalCodes, toFailure } from '../errors';
import { uuidv7 } from '../ids';
import type { UploadState } from '../model';
import { Cell } from '../readable';
import { probe } from './probe';
import { Transfer } from './upload';

/** Files on their way at the same time; the others wait. */
const AT_ONCE = 2;
/** A signed address is renewed this long before it ends. */
const URL_EARLY_MS = 60_000;

interface Job {
  readonly file: File;
  readonly transfer: Transfer;
  readonly resolve: (attachment: Attachment) => void;
  readonly reject: (error: unknown) => void;
  abort: AbortController;
}

/** All uploads of this page, and the addresses of what is stored. */
export class UploadList implements Uploads {
  readonly list = new Cell<readonly UploadState[]>([]);
  readonly #api: MediaApi;
  readonly #put: PutPart;
  readonly #base: string;
  readonly #jobs = new Map<string, Job>();
  readonly #urls = new Map<Uuid, { readonly url: Promise<string>; readonly endsAt: () => number }>();

  constructor(api: MediaApi, put: PutPart, base: string) {
    this.#api = api;
    this.#put = put;
    this.#base = base;
  }

  add(file: File): { readonly id: string; readonly done: Promise<Attachment> } {
    const id = uuidv7();
    const done = new Promise<Attachment>((resolve, reject) => {
      const transfer = new Transfer({
        api: this.#api,
        put: this.#put,
        file,
        progress: sent => this.#update(id, { sent }),
        finishing: () => this.#update(id, { status: 'finishing', sent: file.size }),
      });
      this.#jobs.set(id, { file, transfer, resolve, reject, abort: new AbortController() });
    });
    done.catch(() => undefined); // also told by the list; not everybody awaits it
    this.list.set([...this.list.get(), { id, fileName: file.name, size: file.size, sent: 0, status: 'queued' }]);
    this.#next();
    return { id, done };
  }

  pause(id: string): void {
    const status = this.#state(id)?.status;
    if (status !== 'uploading' && status !== 'queued') return;
    this.#update(id, { status: 'paused' });
    this.#jobs.get(id)?.abort.abort();
  }

  resume(id: string): void {
    const status = this.#state(id)?.status;
    const job = this.#jobs.get(id);
    if (!job || (status !== 'paused' && status !== 'failed')) return;
    job.abort = new AbortController();
    const { fileName, size, sent } = this.#state(id) ?? { fileName: job.file.name, size: job.file.size, sent: 0 };
    const again: UploadState = { id, fileName, size, sent, status: 'queued' };
    this.list.set(this.list.get().map(state => (state.id === id ? again : state)));
    this.#next();
  }

  cancel(id: string): void {
    const job = this.#jobs.get(id);
    if (!job || this.#state(id)?.status === 'done') return;
    this.#update(id, { status: 'cancelled' });
    job.abort.abort();
    this.#jobs.delete(id);
    job.reject(new CoolChatError({ code: LocalCodes.aborted, detail: 'Cancelled.' }));
    const uploadId = job.transfer.uploadId;
    // What can't be taken back now is swept by the server.
    if (uploadId !== undefined) void this.#api.abort(uploadId).catch(() => undefined);
    this.#next();
  }

  dismiss(id: string): void {
    if (this.#jobs.has(id) && this.#state(id)?.status !== 'failed') return;
    this.#jobs.delete(id);
    this.list.set(this.list.get().filter(state => state.id !== id));
  }

  url(mediaId: Uuid): Promise<string> {
    const known = this.#urls.get(mediaId);
    if (known && known.endsAt() > Date.now() + URL_EARLY_MS) return known.url;
    let endsAt = Infinity;
    const url = this.#api.url(mediaId).then(
      answer => {
        endsAt = Date.parse(answer.expiresAt);
        return new URL(answer.url, this.#base).href;
      },
      (error: unknown) => {
        endsAt = 0;
        throw error;
      },
    );
    this.#urls.set(mediaId, { url, endsAt: () => endsAt });
    return url;
  }

  #next(): void {
    const states = this.list.get();
    let free = AT_ONCE - states.filter(state => state.status === 'uploading' || state.status === 'finishing').length;
    for (const state of states) {
      if (free > 0 && state.status === 'queued') {
        free--;
        void this.#run(state.id);
      }
    }
  }

  async #run(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (!job) return;
    const { signal } = job.abort;
    this.#update(id, { status: 'uploading' });
    try {
      const [media, size] = await Promise.all([job.transfer.run(signal), probe(job.file)]);
      this.#jobs.delete(id);
      this.#update(id, { status: 'done', mediaId: media.mediaId, sent: job.file.size });
      job.resolve(attachmentOf(media, size));
    } catch (error) {
      // Paused or cancelled: whoever aborted has already said so.
      if (!signal.aborted) this.#update(id, { status: 'failed', failure: toFailure(error) });
    }
    this.#next();
  }

  #state(id: string): UploadState | undefined {
    return this.list.get().find(state => state.id === id);
  }

  #update(id: string, change: Partial<UploadState>): void {
    const current = this.#state(id);
    if (!current || (current.status === 'cancelled' && change.status === undefined)) return;
    this.list.set(this.list.get().map(state => (state === current ? { ...state, ...change } : state)));
  }
}

function attachmentOf(media: Media, size: Pick<Attachment, 'width' | 'height' | 'durationMs'>): Attachment {
  return { mediaId: media.mediaId, fileName: media.fileName, contentType: media.contentType, size: media.size, ...size };
}
