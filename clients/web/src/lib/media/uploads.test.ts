// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import type { MediaApi, PutPart } from '../api/media';
import type { Media, StartUpload, Upload } from '../api/mediaTypes';
import { CoolChatError } from '../errors';
import { uuidv7 } from '../ids';
import { UploadList } from './uploads';

const PART = 4;
const unreachable = () => new CoolChatError({ code: 'unreachable', detail: '' });
const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

/** A media service in memory. */
function service() {
  const uploadId = uuidv7();
  const received = new Map<number, string>();
  let request: StartUpload | undefined;
  const view = (): Upload => {
    const size = request?.size ?? 0;
    return {
      uploadId,
      size,
      partSize: PART,
      expiresAt: '2100-01-01T00:00:00.000Z',
      parts: Array.from({ length: Math.ceil(size / PART) }, (_, i) => ({
        number: i + 1,
        size: Math.min(PART, size - i * PART),
        url: `/media/parts/${i + 1}`,
        headers: {},
        received: received.has(i + 1),
      })),
    };
  };
  const api = {
    start: vi.fn((start: StartUpload) => {
      request = start;
      return Promise.resolve(view());
    }),
    upload: vi.fn(() => Promise.resolve(view())),
    complete: vi.fn(() => {
      const { fileName = '', contentType = '', size = 0 } = request ?? {};
      const media: Media = { mediaId: uploadId, owner: uploadId, fileName, contentType, size, sha256: '', createdAt: '' };
      return Promise.resolve(media);
    }),
    abort: vi.fn(() => Promise.resolve()),
    url: vi.fn(() => Promise.resolve({ url: `/media/${uploadId}?sig=1`, expiresAt: new Date(Date.now() + 300_000).toISOString() })),
  };
  const put = vi.fn<PutPart>(async (part, bytes) => void received.set(part.number, await bytes.text()));
  const whole = () =>
    [...received]
      .sort(([a], [b]) => a - b)
      .map(([, text]) => text)
      .join('');
  return { api, put, received, whole, uploadId, list: new UploadList(api as unknown as MediaApi, put, 'https://chat.example') };
}

const file = (text: string) => new File([text], 'tide.txt', { type: 'text/plain' });

describe('UploadList', () => {
  it('add_SeveralParts_AllArriveAndBecomeAnAttachment', async () => {
    const { list, api, whole, uploadId } = service();
    const attachment = await list.add(file('abcdefghij')).done;
    expect(whole()).toBe('abcdefghij');
    expect(attachment).toEqual({ mediaId: uploadId, fileName: 'tide.txt', contentType: 'text/plain', size: 10 });
    expect(api.start.mock.calls[0]?.[0]).toMatchObject({
      size: 10,
      sha256: '72399361da6a7754fec986dca5b7cbaf1c810a28ded4abaf56b2106d06cb78b0',
    });
    expect(list.list.get()).toMatchObject([{ status: 'done', sent: 10, mediaId: uploadId }]);
  });

  it('add_PartFailsForAWhile_IsTriedAgain', async () => {
    const { list, put, whole } = service();
    const working = put.getMockImplementation();
    let failures = 2;
    put.mockImplementation((...args) => (failures-- > 0 ? Promise.reject(unreachable()) : (working?.(...args) ?? Promise.resolve())));
    await list.add(file('abcdefgh')).done;
    expect(whole()).toBe('abcdefgh');
  });

  it('add_Refused_FailsWithTheCodeBeforeTheFirstByte', async () => {
    const { list, api, put } = service();
    api.start.mockRejectedValue(new CoolChatError({ code: 'too_large', detail: 'The file is larger than this server allows.' }));
    list.add(file('abc'));
    await until(() => expect(list.list.get()).toMatchObject([{ status: 'failed', failure: { code: 'too_large' } }]));
    expect(put).not.toHaveBeenCalled();
  });

  it('resume_AfterAPause_SendsOnlyWhatIsMissing', async () => {
    const { list, put, received, whole } = service();
    const working = put.getMockImplementation();
    put.mockImplementation((part, bytes, progress, signal) =>
      part.number <= 2
        ? (working?.(part, bytes, progress, signal) ?? Promise.resolve())
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(unreachable()))),
    );
    const { id, done } = list.add(file('abcdefghijklmnop'));
    await until(() => expect(received.size).toBe(2));
    list.pause(id);
    await until(() => expect(list.list.get()).toMatchObject([{ status: 'paused' }]));
    put.mockClear();
    put.mockImplementation((...args) => working?.(...args) ?? Promise.resolve());
    list.resume(id);
    await done;
    expect(put.mock.calls.map(([part]) => part.number).sort()).toEqual([3, 4]);
    expect(whole()).toBe('abcdefghijklmnop');
  });

  it('cancel_UnderWay_TakesItBackAtTheServer', async () => {
    const { list, put, api, uploadId } = service();
    put.mockImplementation(
      (_part, _bytes, _progress, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(unreachable()))),
    );
    const { id, done } = list.add(file('abcdefgh'));
    await until(() => expect(put).toHaveBeenCalled());
    list.cancel(id);
    await expect(done).rejects.toMatchObject({ code: 'aborted' });
    expect(api.abort).toHaveBeenCalledWith(uploadId);
    expect(list.list.get()).toMatchObject([{ status: 'cancelled' }]);
    list.dismiss(id);
    expect(list.list.get()).toEqual([]);
  });

  it('url_AskedTwice_IsKeptUntilItEnds', async () => {
    const { list, api, uploadId } = service();
    expect(await list.url(uploadId)).toBe(`https://chat.example/media/${uploadId}?sig=1`);
    await list.url(uploadId);
    expect(api.url).toHaveBeenCalledTimes(1);
    api.url.mockResolvedValue({ url: '/soon', expiresAt: new Date(Date.now() + 1000).toISOString() });
    const other = uuidv7();
    await list.url(other);
    await list.url(other);
    expect(api.url).toHaveBeenCalledTimes(3);
  });
});
