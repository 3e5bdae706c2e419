import type { Failure } from './model';

/** Every expected failure of this library; `code` is stable, from the server or one of this library's own. */
export class CoolChatError extends Error implements Failure {
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  readonly retryAfter?: number;
  /** HTTP status, when the refusal came over HTTP. */
  readonly status?: number;

  constructor(failure: Failure & { readonly status?: number }, options?: ErrorOptions) {
    super(failure.detail, options);
    this.name = 'CoolChatError';
    this.code = failure.code;
    this.detail = failure.detail;
    if (failure.field !== undefined) this.field = failure.field;
    if (failure.retryAfter !== undefined) this.retryAfter = failure.retryAfter;
    if (failure.status !== undefined) this.status = failure.status;
  }
}

/** This library's own codes, beside those of the server. */
export const LocalCodes = {
  /** No answer: no network, a server that is away, a proxy in between. */
  unreachable: 'unreachable',
  /** An answer that is not what the contract says. */
  badAnswer: 'bad_answer',
  aborted: 'aborted',
  walletDeclined: 'wallet_declined',
  walletFailed: 'wallet_failed',
  noKey: 'no_key',
  /** Browsers offer no cryptography to pages that came over plain http from another machine. */
  insecureContext: 'insecure_context',
  wrongPassphrase: 'wrong_passphrase',
  badWords: 'bad_words',
  badKey: 'bad_key',
  signedOut: 'signed_out',
  fileChanged: 'file_changed',
} as const;

export function toFailure(error: unknown): Failure {
  if (error instanceof CoolChatError) {
    return {
      code: error.code,
      detail: error.detail,
      ...(error.field !== undefined && { field: error.field }),
      ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    };
  }
  return { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
}
