/**
 * What a job on this machine takes over from the environment of whoever runs it: where programs and their installations are,
 * language, and how to get out of a company's network. Nothing else, above all no credentials: on CircleCI they aren't there.
 */
const TAKEN_OVER = new Set([
  'PATH',
  'LANG',
  'LANGUAGE',
  'TZ',
  'USER',
  'LOGNAME',
  'SHELL',
  // Networks
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  // Docker
  'DOCKER_HOST',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'XDG_RUNTIME_DIR',
  // Installations that are below the user's HOME, which a job does not have
  'ANDROID_HOME',
  'ASDF_DATA_DIR',
  'ASDF_DIR',
  'CARGO_HOME',
  'GOROOT',
  'JAVA_HOME',
  'MISE_DATA_DIR',
  'NVM_DIR',
  'PYENV_ROOT',
  'RBENV_ROOT',
  'RUSTUP_HOME',
  'SDKMAN_DIR',
  'VOLTA_HOME',
]);

/** For `EnvironmentLayers.image` of a job on the host. */
export function hostEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && isTakenOver(name) ? [[name, value]] : [])),
  );
}

function isTakenOver(name: string): boolean {
  return TAKEN_OVER.has(name) || name.startsWith('LC_') || /^(https?|no|all)_proxy$/.test(name);
}
