import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../../..');
const READY_MS = 60_000;

/** The built program: the newest of Release and Debug, or what COOLCHAT_STANDALONE names. */
function program(): string {
  const named = process.env.COOLCHAT_STANDALONE;
  const built = ['Release', 'Debug'].map(configuration => join(ROOT, 'CoolChat.Standalone/bin', configuration, 'net10.0/CoolChat.Standalone.dll'));
  const found = named ?? built.filter(file => existsSync(file)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (!found || !existsSync(found)) throw new Error(`CoolChat.Standalone is not built: dotnet build CoolChat.Standalone (looked for ${named ?? built.join(', ')})`);
  return found;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(done => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise(done => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A real server process on a port and a data folder of its own, which it keeps over kills and restarts. */
export class Server {
  readonly #settings: readonly string[];
  readonly #data = mkdtempSync(join(tmpdir(), 'coolchat-browser-'));
  #port = 0;
  #process: ChildProcess | undefined;
  #output: string[] = [];

  /** `settings` are of the command line, like Registration:Policy=invite. */
  constructor(settings: readonly string[] = []) {
    this.#settings = settings;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the process printed so far, for the owner's link and for failures. */
  get output(): string {
    return this.#output.join('');
  }

  async start(): Promise<void> {
    this.#port ||= await freePort();
    const child = spawn('dotnet', [program(), '--urls', this.url, '--data', this.#data, ...this.#settings.flatMap(one => ['--set', one])], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    const keep = (chunk: Buffer) => this.#output.push(chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.output}`);
      const ready = await fetch(`${this.url}/health`).then(answer => answer.ok, () => false);
      if (ready) return;
      await delay(100);
    }
    throw new Error(`the server was not ready within ${READY_MS} ms:\n${this.output}`);
  }

  /** SIGKILL: no chance to tidy up. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise(done => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
