import { DeployError } from '../../../core/errors.ts';
import { reasonOf, type Docker } from './docker-program.ts';
import type { Engine } from './find-engine.ts';

/** What an image says of itself. */
export interface ImageFacts {
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `linux/arm64` */
  readonly platform: string;
}

export interface Bringing {
  readonly docker: Docker;
  readonly engine: Engine;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Sees to it that an image is there, pulled when it is not, and reads what it says of itself. Throws a DeployError. */
export async function bringImage(image: string, { docker, engine, say, signal }: Bringing): Promise<ImageFacts> {
  const here = await inspect(image, docker);
  if (here && hasMovingTag(image)) {
    say(`${image} is here already and not pulled again; \`docker pull ${image}\` brings what its tag names by now.`);
  }
  const facts = here ?? (await pull(image, { docker, engine, say, signal }));
  if (facts.platform !== engine.platform) {
    say(
      `${image} is made for ${facts.platform}, and the Docker engine is ${engine.platform}: its programs run slowly or not at all.`,
    );
  }
  return facts;
}

async function pull(image: string, { docker, say, signal }: Bringing): Promise<ImageFacts> {
  say(`Pulling ${image}`);
  const progress = new PullProgress(image, say);
  const pulled = await docker.run(['pull', image], { onLine: (line) => progress.read(line), signal });
  if (pulled.code !== 0) throw notPulled(image, reasonOf(pulled));
  const facts = await inspect(image, docker);
  if (!facts) throw notPulled(image, 'docker pulled it, and then does not know it');
  return facts;
}

/** Layers as docker says them without a terminal: a line each for what becomes of a layer. */
export class PullProgress {
  private readonly layers = new Set<string>();
  private readonly done = new Set<string>();
  private readonly image: string;
  private readonly say: (text: string) => void;

  constructor(image: string, say: (text: string) => void) {
    this.image = image;
    this.say = say;
  }

  read(line: string): void {
    const [, layer, state] = /^([0-9a-f]{12}): (.*)$/.exec(line.trim()) ?? [];
    if (layer === undefined) return;
    this.layers.add(layer);
    if (state !== 'Pull complete' && state !== 'Already exists') return;
    if (this.done.has(layer)) return;
    this.done.add(layer);
    this.say(`${this.image}: ${this.done.size} of ${this.layers.size} layers`);
  }
}

function notPulled(image: string, reason: string): DeployError {
  return new DeployError({
    code: 'docker.image_not_pulled',
    title: `the image ${image} can not be pulled: ${reason}`,
    hints: [
      'Is its name right, and is the network there?',
      "A private image needs `docker login`: the runner uses docker's own logins, not the `auth` of the config.",
      'An image that is here under that name is used without pulling.',
    ],
  });
}

/** A tag that names another image every now and then. */
function hasMovingTag(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]*)$/.exec(image)?.[1];
  return tag === undefined || /^(?:latest|current|edge|default|stable|lts|main|master|next)$/.test(tag);
}

async function inspect(image: string, docker: Docker): Promise<ImageFacts | undefined> {
  const answer = await docker.run(['image', 'inspect', image]);
  return answer.code === 0 ? readImageFacts(answer.stdout) : undefined;
}

/** Reads what `docker image inspect` says of one image. */
export function readImageFacts(json: string): ImageFacts {
  const [image] = JSON.parse(json) as [
    {
      Os?: string;
      Architecture?: string;
      Config?: { Env?: string[] | null; User?: string; Labels?: Record<string, string> | null } | null;
    },
  ];
  const { Env, User, Labels } = image.Config ?? {};
  return {
    env: Object.fromEntries((Env ?? []).map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)])),
    user: User ?? '',
    labels: Labels ?? {},
    platform: `${image.Os ?? ''}/${image.Architecture ?? ''}`,
  };
}
