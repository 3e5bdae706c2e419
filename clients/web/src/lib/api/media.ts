import { CoolChatError, LocalCodes } from '../errors';
import { readProblem, type Http } from './http';
import type { Media, MediaUrl, StartUpload, Upload, UploadPart } from './mediaTypes';
import type { Uuid } from './types';

export type PutPart = (part: UploadPart, bytes: Blob, progress: (sent: number) => void, signal: AbortSignal) => Promise<void>;

/** The media service over HTTP. */
export class MediaApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  start(request: StartUpload): Promise<Upload> {
    return this.#http.post('/media/uploads', request);
  }

  upload(id: Uuid): Promise<Upload> {
    return this.#http.get(`/media/uploads/${id}`);
  }

  complete(id: Uuid): Promise<Media> {
    return this.#http.post(`/media/uploads/${id}/complete`, {}, { timeoutMs: 120_000 });
  }

  abort(id: Uuid): Promise<unknown> {
    return this.#http.json('DELETE', `/media/uploads/${id}`);
  }

  url(id: Uuid): Promise<MediaUrl> {
    return this.#http.get(`/media/${id}/url`);
  }
}

/** Sends one part to its signed address. XMLHttpRequest where there is one: fetch does not tell how much has gone out. */
export function partSender(base: string): PutPart {
  return (part, bytes, progress, signal) => {
    const url = new URL(part.url, base).href;
    return typeof XMLHttpRequest === 'undefined' ? putByFetch(url, part, bytes, signal) : putByXhr(url, part, bytes, progress, signal);
  };
}

async function putByFetch(url: string, part: UploadPart, bytes: Blob, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { method: 'PUT', headers: part.headers, body: bytes, signal }).catch((error: unknown) => {
    throw interrupted(signal, error);
  });
  if (!response.ok) throw await readProblem(response);
}

function putByXhr(url: string, part: UploadPart, bytes: Blob, progress: (sent: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', url);
    for (const [name, value] of Object.entries(part.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = event => progress(event.loaded);
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve();
      else void readProblem(new Response(xhr.responseText, { status: xhr.status })).then(reject);
    };
    xhr.onerror = () => reject(interrupted(signal));
    xhr.onabort = () => reject(interrupted(signal));
    signal.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(bytes);
  });
}

function interrupted(signal: AbortSignal, cause?: unknown): CoolChatError {
  return signal.aborted
    ? new CoolChatError({ code: LocalCodes.aborted, detail: 'Cancelled.' }, { cause })
    : new CoolChatError({ code: LocalCodes.unreachable, detail: 'The server did not answer.' }, { cause });
}
