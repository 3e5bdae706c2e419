import type { MediaApi, PutPart } from '../api/media';
import type { Media, Upload, UploadPart } from '../api/mediaTypes';
import { toHex } from '../bytes';
import { backoffMs } from '../connection/backoff';
import { CoolChatError, LocalCodes } from '../errors';

const PARALLEL = 4;
/** A part that fails this often in a row, without any part arriving in between, fails the upload. */
const TRIES = 8;
/** Up to here the whole file is hashed beforehand, and the server compares. Larger ones would take too much memory here. */
const HASH_UP_TO = 32 * 1024 * 1024;
const RETRY = new Set(['unreachable', 'unavailable', 'busy', 'rate_limited']);

export interface TransferOptions {
  readonly api: MediaApi;
  readonly put: PutPart;
  readonly file: File;
  readonly progress: (sent: number) => void;
  readonly finishing: () => void;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * One file on its way: parts in parallel, each tried again; after a pause or a lost connection only the parts that the server lacks are
 * sent. `run` may be called again after it was aborted: it goes on where it stopped.
 */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #partial = new Map<number, number>();
  #upload: Upload | undefined;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  get uploadId(): string | undefined {
    return this.#upload?.uploadId;
  }

  async run(signal: AbortSignal): Promise<Media> {
    const { api, file, finishing } = this.#options;
    this.#upload = this.#upload ? await api.upload(this.#upload.uploadId) : await this.#start();
    const upload = this.#upload;
    if (!upload.completed) {
      const missing = upload.parts.filter(part => !part.received);
      for (const part of upload.parts) this.#partial.set(part.number, part.received ? part.size : 0);
      this.#report();
      const queue = [...missing];
      await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, () => this.#worker(queue, upload, signal)));
    }
    finishing();
    if (file.size !== upload.size) throw new CoolChatError({ code: LocalCodes.fileChanged, detail: 'The file changed during the upload.' });
    return this.#retrying(signal, () => api.complete(upload.uploadId));
  }

  async #start(): Promise<Upload> {
    const { api, file } = this.#options;
    const hashed = file.size <= HASH_UP_TO && globalThis.crypto?.subtle !== undefined;
    const sha256 = hashed ? toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))) : undefined;
    return api.start({
      fileName: file.name,
      contentType: file.type === '' ? 'application/octet-stream' : file.type,
      size: file.size,
      ...(sha256 !== undefined && { sha256 }),
    });
  }

  async #worker(queue: UploadPart[], upload: Upload, signal: AbortSignal): Promise<void> {
    for (let part = queue.shift(); part; part = queue.shift()) {
      const { number, size } = part;
      const offset = (number - 1) * upload.partSize;
      const bytes = this.#options.file.slice(offset, offset + size);
      const sending = part;
      await this.#retrying(signal, () => this.#options.put(sending, bytes, sent => this.#reached(number, Math.min(sent, size)), signal));
      this.#reached(number, size);
    }
  }

  async #retrying<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        const again = error instanceof CoolChatError && RETRY.has(error.code) && attempt < TRIES;
        if (!again || signal.aborted) throw error;
        await (this.#options.wait ?? sleep)(Math.max(backoffMs(attempt), (error.retryAfter ?? 0) * 1000), signal);
      }
    }
  }

  #reached(number: number, sent: number): void {
    this.#partial.set(number, sent);
    this.#report();
  }

  #report(): void {
    this.#options.progress([...this.#partial.values()].reduce((sum, sent) => sum + sent, 0));
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
