/** Wire types of the media service, as services/contracts defines them. */
import type { IsoTime, Uuid } from './types';

export interface StartUpload {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
  /** Hex; checked at the end. */
  readonly sha256?: string;
  readonly encrypted?: boolean;
}

export interface UploadPart {
  /** From 1. */
  readonly number: number;
  readonly size: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly received: boolean;
}

export interface Upload {
  /** Becomes the mediaId. */
  readonly uploadId: Uuid;
  readonly size: number;
  readonly partSize: number;
  readonly parts: readonly UploadPart[];
  readonly expiresAt: IsoTime;
  readonly completed?: boolean;
}

export interface Media {
  readonly mediaId: Uuid;
  readonly owner: Uuid;
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
  readonly sha256: string;
  readonly encrypted?: boolean;
  readonly createdAt: IsoTime;
}

/** A short-lived signed address; it may be relative to this origin. */
export interface MediaUrl {
  readonly url: string;
  readonly expiresAt: IsoTime;
}
