import type { Attachment } from '../api/types';

const PROBE_MS = 5000;

/** Size in pixels and length of a picture, video or sound, as far as this browser can tell. */
export async function probe(file: Blob): Promise<Pick<Attachment, 'width' | 'height' | 'durationMs'>> {
  try {
    if (file.type.startsWith('image/') && typeof createImageBitmap === 'function') {
      const bitmap = await createImageBitmap(file);
      const size = { width: bitmap.width, height: bitmap.height };
      bitmap.close();
      return size;
    }
    if ((file.type.startsWith('video/') || file.type.startsWith('audio/')) && typeof document !== 'undefined')
      return await probeMedia(file);
  } catch {
    // An unknown codec is no reason not to send the file.
  }
  return {};
}

async function probeMedia(file: Blob): Promise<Pick<Attachment, 'width' | 'height' | 'durationMs'>> {
  const video = file.type.startsWith('video/');
  const element = document.createElement(video ? 'video' : 'audio');
  const url = URL.createObjectURL(file);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no metadata')), PROBE_MS);
      element.onloadedmetadata = () => {
        clearTimeout(timer);
        resolve();
      };
      element.onerror = () => {
        clearTimeout(timer);
        reject(new Error('not playable'));
      };
      element.preload = 'metadata';
      element.src = url;
    });
    const { duration } = element;
    return {
      ...(Number.isFinite(duration) && { durationMs: Math.round(duration * 1000) }),
      ...(element instanceof HTMLVideoElement && { width: element.videoWidth, height: element.videoHeight }),
    };
  } finally {
    URL.revokeObjectURL(url);
  }
}
