import { types } from 'node:util';

// Runs before every test file. What the SDK reads from the process itself must not be that of whoever runs the tests.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('AWS_')) delete process.env[name];
}
Object.assign(process.env, {
  // The SDK advises against Node 20 in every process that imports it; this project supports it.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
});

// Jest runs tests in a context with an Error of its own, of which an error of Node's core is no instance. The SDK, and
// this project, ask for that: without this an ECONNRESET would lose its code on the way.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    const isInstance = Function.prototype[Symbol.hasInstance].call(this as () => void, value);
    return isInstance || (this === Error && types.isNativeError(value));
  },
});
