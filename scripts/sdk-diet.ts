import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';

/**
 * Makes the AWS SDK in the bundle small, in few files, and quick to start, without a change of what it does for us: what
 * is left out is code that no call of ours reaches. A wrong guess would show in the tests that run the bundle.
 */
export function sdkDiet({ root, withoutSso }: { root: string; withoutSso: boolean }): Plugin {
  return {
    name: 'sdk-diet',
    setup(esbuild) {
      shakeSchemas(esbuild);
      useYamlModules(esbuild);
      loadCredentialChainWhole(esbuild, root);
      onlyVersions(esbuild);
      neverLoaded(esbuild, /^bowser$|^@smithy\/core\/event-streams$/);
      replace(esbuild, /^@smithy\/core\/event-streams$/, NO_EVENT_STREAMS);
      replace(esbuild, /^@aws\/lambda-invoke-store$/, NO_LAMBDA);
      readYamlOnly(esbuild);
      hashWithNode(esbuild);
      signForOneRegion(esbuild);
      noWebStreams(esbuild);
      takeRolesWithSts(esbuild, root);
      if (withoutSso) replace(esbuild, /^@aws-sdk\/credential-provider-(sso|login)$/, BROWSER_LOGIN);
    },
  };
}

/** Schemas have computed keys, `{ [_hH]: … }`, which count as code that must run; with plain keys the unused can be dropped. */
function shakeSchemas(esbuild: PluginBuild): void {
  esbuild.onLoad({ filter: /dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
    const source = await readFile(path, 'utf8');
    const names = new Map([...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]));
    const withPlainKeys = source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) =>
      names.has(name) ? `${names.get(name)}:` : key,
    );
    return { contents: withPlainKeys.replaceAll(REGISTERED_ERROR, '') };
  });
}

/**
 * Every error of a service registers a class of its own. Ours are told apart by their names, which an error of the
 * common class has as well, with the same message and metadata.
 */
const REGISTERED_ERROR = /^n\d+_registry\.registerError\(.*\);$/gm;

/** Clients name their version to AWS, and would bring their whole package.json for it. */
function onlyVersions(esbuild: PluginBuild): void {
  esbuild.onLoad({ filter: /@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
    const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
    return { contents: JSON.stringify({ version }), loader: 'json' };
  });
}

/** Under `node` the package gives CommonJS, which can't be shaken; its ES modules are the same code. */
function useYamlModules(esbuild: PluginBuild): void {
  esbuild.onResolve({ filter: /^yaml$/ }, ({ resolveDir }) =>
    esbuild.resolve('./node_modules/yaml/browser/dist/index.js', {
      kind: 'import-statement',
      resolveDir: esbuild.initialOptions.absWorkingDir ?? resolveDir,
    }),
  );
}

/**
 * The SDK's chain of credential sources (profiles, containers, instances) is a dozen packages that load one another one
 * by one. Most runs have keys or a role and need none of them: all together become one file that is loaded on demand.
 */
function loadCredentialChainWhole(esbuild: PluginBuild, root: string): void {
  const chain = '@aws-sdk/credential-provider-node';
  esbuild.onResolve({ filter: new RegExp(`^${chain}$`) }, ({ path, kind }) =>
    kind === 'dynamic-import' ? undefined : { path, namespace: 'credential-chain' },
  );
  esbuild.onLoad({ filter: /./, namespace: 'credential-chain' }, () => ({
    resolveDir: root,
    contents: `
      export const defaultProvider = (init) => {
        let chain;
        return async (options) => {
          chain ??= import('${chain}').then(({ defaultProvider }) => defaultProvider(init));
          return (await chain)(options);
        };
      };`,
  }));
  esbuild.onLoad(
    { filter: /@aws-sdk[\\/](credential-provider-|token-providers)[^\\/]*[\\/]dist-es[\\/].*\.js$/ },
    async ({ path }) => ({
      contents: staticImports(await readFile(path, 'utf8')),
    }),
  );
}

/**
 * The credential chain has a second client of STS, generated once more, and takes of it what makes other roles. Asked for
 * by name, so that the rest of the client's calls is left out.
 */
function takeRolesWithSts(esbuild: PluginBuild, root: string): void {
  esbuild.onResolve({ filter: /^@aws-sdk\/nested-clients\/sts$/ }, () => ({ path: 'sts', namespace: 'roles' }));
  esbuild.onLoad({ filter: /./, namespace: 'roles' }, () => ({
    resolveDir: root,
    contents: `export { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } from '@aws-sdk/client-sts';`,
  }));
}

function staticImports(source: string): string {
  const imports: string[] = [];
  const rewritten = source.replaceAll(/await import\(("[^"]+")\)/g, (_call, path: string) => {
    imports.push(`import * as __loaded${imports.length} from ${path};`);
    return `__loaded${imports.length - 1}`;
  });
  return [...imports, rewritten].join('\n');
}

/** S3 and CloudWatch Logs have calls that answer with a stream of events; none of ours does. */
const NO_EVENT_STREAMS = `
  export const eventStreamSerdeProvider = () => undefined;
  export const resolveEventStreamSerdeConfig = (config) => config;`;

/** Inside of a Lambda function the SDK asks for the trace of its invocation; this program is none. */
const NO_LAMBDA = 'export const InvokeStore = { getInstanceAsync: async () => undefined };';

/** YAML is read here and never written, and by the rules of YAML 1.2 alone: the rest is a third of the package. */
function readYamlOnly(esbuild: PluginBuild): void {
  const unused =
    /[\\/]yaml[\\/]browser[\\/]dist[\\/](stringify[\\/]\w+|doc[\\/](anchors|applyReviver|createNode)|parse[\\/]cst-visit|schema[\\/]yaml-1\.1[\\/](binary|bool|float|int|omap|pairs|schema|set|timestamp))\.js$/;
  esbuild.onLoad({ filter: unused }, async ({ path }) => {
    const exported = /^export \{ (.*) \};$/m.exec(await readFile(path, 'utf8'))?.[1];
    if (!exported) throw new Error(`${path} has other exports than it had`);
    const refuse = "function refuse() { throw new Error('the bundle has no code for this part of YAML'); }";
    const names = exported.split(', ').map((name) => `refuse as ${name}`);
    return { contents: `${refuse} export { ${names.join(', ')} };` };
  });
}

/** Every Node hashes by itself; the SDK brings JavaScript for where one can't. */
function hashWithNode(esbuild: PluginBuild): void {
  esbuild.onLoad({ filter: /[\\/](Sha1|Sha256|Md5)Js\.js$/ }, ({ path }) => ({
    contents: `export class ${basename(path, '.js')} {}`,
  }));
}

/**
 * A request to a Multi-Region Access Point of S3, or to a global endpoint of EventBridge, is signed for many regions at
 * once, which needs a native library. Ours go to one.
 */
function signForOneRegion(esbuild: PluginBuild): void {
  esbuild.onLoad({ filter: /[\\/]SignatureV4MultiRegion\.js$/ }, () => ({
    contents: `
      import { SignatureV4SignWithCredentials } from './SignatureV4SignWithCredentials';
      export class SignatureV4MultiRegion extends SignatureV4SignWithCredentials {
        static sigv4aDependency() { return 'none'; }
      }`,
  }));
}

/** Bodies that come as web streams, or in pieces that are put together first. Ours are bytes, or streams of Node. */
function noWebStreams(esbuild: PluginBuild): void {
  const streams =
    /[\\/]util-stream[\\/](sdk-stream-mixin\.browser|getAwsChunkedEncodingStream\.browser|createBufferedReadable)\.js$/;
  esbuild.onLoad({ filter: streams }, ({ path }) => {
    const name = basename(path).replace(/\..*/, '');
    const exported = name === 'sdk-stream-mixin' ? 'sdkStreamMixin' : name;
    return { contents: `export function ${exported}() { throw new Error('the bundle has no ${exported}'); }` };
  });
}

/** Logging in through a browser is for people; the CLI archive runs in jobs, where nobody is. */
const BROWSER_LOGIN = `
  const refuse = () => async () => {
    const message = 'Profiles that log in through a browser work on your machine (npx aws-deploy-orb), not in a job: use a role with OIDC, or keys.';
    throw Object.assign(new Error(message), { name: 'CredentialsProviderError' });
  };
  export const fromSSO = refuse, fromLoginCredentials = refuse;`;

/**
 * What the SDK would load for calls that nobody makes here: it reads a browser's name from its user agent, and streams of
 * events. Staying outside of the bundle, it is not found if somebody does.
 */
function neverLoaded(esbuild: PluginBuild, filter: RegExp): void {
  esbuild.onResolve({ filter }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
}

function replace(esbuild: PluginBuild, filter: RegExp, contents: string): void {
  const namespace = `replaced-${filter.source}`;
  esbuild.onResolve({ filter }, ({ path }) => ({ path, namespace }));
  esbuild.onLoad({ filter: /./, namespace }, () => ({ contents }));
}
