import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Debian's Chromium on PATH; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'chromium')).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type Params = Readonly<Record<string, unknown>>;
type Answer = Record<string, unknown>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Answer;
  readonly result?: Answer;
  readonly error?: { readonly message: string };
}

export interface Chromium {
  /** A page of its own with nothing in it. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-pipe'],
];

/** Starts it without a window, to be spoken to by the DevTools protocol on file descriptors 3 and 4. */
export async function startChromium(path: string): Promise<Chromium> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-chromium-'));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // What it would leave in the home of whoever runs this is removed with its folder.
    env: { ...process.env, HOME: folder },
  });
  const exited = once(child, 'exit');
  const [, , , input, output] = child.stdio;
  const connection = new Connection(input as Writable, output as Readable);
  const end = (): void => connection.end('Chromium has ended');
  exited.then(end, end);
  return {
    async newPage() {
      const { targetId } = await connection.call('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await connection.call('Target.attachToTarget', { targetId, flatten: true });
      const page = new Page(connection, String(sessionId));
      for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.call(`${domain}.enable`);
      return page;
    },
    async close() {
      await connection.call('Browser.close').catch(() => undefined);
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type Listener = (message: Message) => void;

/** Messages are JSON texts that each end with a zero byte. */
class Connection {
  readonly #input: Writable;
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Set<Listener>();
  #lastId = 0;
  #ended: string | undefined;

  constructor(input: Writable, output: Readable) {
    this.#input = input;
    input.on('error', () => undefined);
    let rest = '';
    output.setEncoding('utf8');
    output.on('data', (text: string) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop() ?? '';
      for (const part of parts) this.#receive(JSON.parse(part) as Message);
    });
  }

  call(method: string, params: Params = {}, sessionId?: string): Promise<Answer> {
    if (this.#ended !== undefined) return Promise.reject(new Error(this.#ended));
    const id = ++this.#lastId;
    this.#input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  end(why: string): void {
    this.#ended = why;
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }

  #receive(message: Message): void {
    const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
    if (message.id !== undefined) this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result ?? {});
    for (const listener of this.#listeners) listener(message);
  }
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

/** One tab: what it shows, and all that it has asked for or complained about. */
export class Page {
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly #connection: Connection;
  readonly #session: string;
  #loaded: () => void = () => undefined;

  constructor(connection: Connection, session: string) {
    this.#connection = connection;
    this.#session = session;
    connection.listen((message) => {
      if (message.sessionId === session) this.#hear(message);
    });
  }

  call(method: string, params: Params = {}): Promise<Answer> {
    return this.#connection.call(method, params, this.#session);
  }

  async open(url: string, { width, height, scheme }: View): Promise<void> {
    await this.call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    await this.call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    const loaded = new Promise<void>((resolve) => (this.#loaded = resolve));
    await this.call('Page.navigate', { url });
    await loaded;
  }

  /** The value of a JavaScript expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.call('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  async screenshot(isWhole = false): Promise<Buffer> {
    const { data } = await this.call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: isWhole });
    return Buffer.from(String(data), 'base64');
  }

  #hear({ method, params = {} }: Message): void {
    if (method === 'Page.loadEventFired') this.#loaded();
    if (method === 'Network.requestWillBeSent') this.requests.push((params['request'] as { url: string }).url);
    if (method === 'Log.entryAdded') this.complaints.push((params['entry'] as { text: string }).text);
    if (method === 'Runtime.consoleAPICalled' || method === 'Runtime.exceptionThrown') {
      this.complaints.push(JSON.stringify(params));
    }
  }
}
