import { CoolChatError, LocalCodes } from '../errors';

/** Where requests get their access token from, and a newer one when the server refused it. */
export interface TokenSource {
  /** A token that is valid for a while yet; rejects when nobody is signed in. */
  readonly token: () => Promise<string>;
  /** A token other than the refused one. */
  readonly renew: (refused: string) => Promise<string>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
  /** false: no token is sent. */
  readonly signedIn?: boolean;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent even while the page is being closed. */
  readonly keepalive?: boolean;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly field?: string;
  readonly retryAfter?: number;
}

/** JSON over fetch: problem details (RFC 9457) become CoolChatError, a refused token is renewed once. */
export class Http {
  readonly #base: string;
  readonly #tokens: TokenSource | undefined;
  readonly #fetch: typeof fetch;

  constructor(base: string, tokens?: TokenSource, fetchImpl: typeof fetch = (...args) => fetch(...args)) {
    this.#base = base.replace(/\/$/, '');
    this.#tokens = tokens;
    this.#fetch = fetchImpl;
  }

  get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('GET', path, options);
  }

  post<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('POST', path, { ...options, body });
  }

  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
    const text = await response.text().catch(() => '');
    if (text === '') return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new CoolChatError({ code: LocalCodes.badAnswer, detail: 'The answer is not JSON.', status: response.status }, { cause: error });
    }
  }

  /** Resolves with a successful response or rejects with a CoolChatError. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const tokens = options.signedIn === false ? undefined : this.#tokens;
    const token = await tokens?.token();
    let response = await this.#once(method, path, options, token);
    if (response.status === 401 && tokens && token !== undefined) {
      response = await this.#once(method, path, options, await tokens.renew(token));
    }
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  async #once(method: string, path: string, options: RequestOptions, token: string | undefined): Promise<Response> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 20_000);
    const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    try {
      return await this.#fetch(this.#base + path + queryString(options.query), {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
        ...(options.keepalive && { keepalive: true }),
      });
    } catch (error) {
      if (options.signal?.aborted) throw new CoolChatError({ code: LocalCodes.aborted, detail: 'Cancelled.' }, { cause: error });
      throw new CoolChatError({ code: LocalCodes.unreachable, detail: 'The server did not answer.' }, { cause: error });
    }
  }
}

function queryString(query: RequestOptions['query']): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Reads problem details; an answer without them (a proxy's page) still gets a code that can be acted on. */
export async function readProblem(response: Response): Promise<CoolChatError> {
  const problem = await response
    .json()
    .then(value => (typeof value === 'object' && value !== null ? (value as Problem) : {}))
    .catch((): Problem => ({}));
  const header = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = typeof problem.retryAfter === 'number' ? problem.retryAfter : Number.isFinite(header) ? header : undefined;
  return new CoolChatError({
    code: typeof problem.code === 'string' ? problem.code : codeOf(response.status),
    detail: problem.detail ?? problem.title ?? `The server answered ${response.status}.`,
    status: response.status,
    ...(problem.field !== undefined && { field: problem.field }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function codeOf(status: number): string {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limited';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return LocalCodes.badAnswer;
  }
}
