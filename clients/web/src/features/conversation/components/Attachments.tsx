import { Icon } from '../../../components/Icon';
import { fileSize } from '../../../components/time';
import { useClient, useMediaUrl, type Attachment, type Content } from '../../../lib';

export function Attachments({ content }: { readonly content: Content }) {
  const files = content.attachments ?? [];
  if (files.length === 0) return null;
  if (content.type === 'image') return <Pictures files={files} />;
  if (content.type === 'video') return files.map(file => <Video key={file.mediaId} file={file} />);
  if (content.type === 'audio' || content.type === 'voice') return files.map(file => <Sound key={file.mediaId} file={file} />);
  return files.map(file => <FileCard key={file.mediaId} file={file} />);
}

function Pictures({ files }: { readonly files: readonly Attachment[] }) {
  return (
    <div className="pics" data-many={files.length > 1 ? 'yes' : undefined} role="group" aria-label={files.length > 1 ? `${files.length} pictures` : 'A picture'}>
      {files.map((file, index) => (
        <Picture key={file.mediaId} file={file} label={`${file.alt ?? file.fileName ?? 'Picture'}, picture ${index + 1} of ${files.length}`} />
      ))}
    </div>
  );
}

function Picture({ file, label }: { readonly file: Attachment; readonly label: string }) {
  const url = useMediaUrl(file.mediaId);
  const ratio = file.width && file.height ? { aspectRatio: `${file.width} / ${file.height}` } : undefined;
  if (url.isError) return <span className="center-text small dim">This picture is not here any more.</span>;
  return (
    <a href={url.data} target="_blank" rel="noreferrer" aria-label={label}>
      {url.data ? <img src={url.data} alt={file.alt ?? ''} style={ratio} /> : <span className="block" style={ratio ?? { blockSize: 160 }} />}
    </a>
  );
}

function Video({ file }: { readonly file: Attachment }) {
  const url = useMediaUrl(file.mediaId);
  // Captions are not part of an uploaded film.
  // eslint-disable-next-line jsx-a11y/media-has-caption
  return <div className="pics">{url.data && <video src={url.data} controls preload="metadata" aria-label={file.fileName ?? 'Video'} />}</div>;
}

function Sound({ file }: { readonly file: Attachment }) {
  const url = useMediaUrl(file.mediaId);
  return (
    <div>
      <div className="small dim">{file.fileName}</div>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      {url.data && <audio src={url.data} controls preload="metadata" aria-label={file.fileName ?? 'Recording'} />}
    </div>
  );
}

function FileCard({ file }: { readonly file: Attachment }) {
  const uploads = useClient().uploads;
  const open = async () => {
    const link = document.createElement('a');
    link.href = await uploads.url(file.mediaId);
    link.download = file.fileName ?? '';
    link.rel = 'noreferrer';
    link.click();
  };
  return (
    <div className="filec">
      <span className="fi">
        <Icon name="file" />
      </span>
      <div className="grow">
        <div className="t1 strong">
          <bdi>{file.fileName ?? 'File'}</bdi>
        </div>
        <div className="tiny">{file.size === undefined ? '' : fileSize(file.size)}</div>
      </div>
      <button type="button" className="ib" aria-label={`Download ${file.fileName ?? 'file'}`} onClick={() => void open()}>
        <Icon name="dl" />
      </button>
    </div>
  );
}
