import { describe, expect, it } from '@jest/globals';
import { growingRedactor, namesSecret, redactJson, redactor } from '../../src/core/redact.ts';

describe('namesSecret', () => {
  it.each([
    'SLACK_TOKEN',
    'GITHUB_TOKEN',
    'CIRCLE_OIDC_TOKEN',
    'CIRCLE_OIDC_TOKEN_V2',
    'AWS_SECRET_ACCESS_KEY',
    'CLIENT_SECRET_ID',
    'DB_PASSWORD',
    'PASSWORD_FILE',
    'SSH_PRIVATE_KEY',
    'STORAGE_ACCESS_KEY',
    'SLACK_WEBHOOK_URL',
    'npm_token',
    'DB_PASS',
    'MYSQL_PWD',
    'DB_PASSWD',
    'KEY_PASSPHRASE',
    'API_KEY',
    'apikey',
    'dd-api-key',
    'SIGNING_KEY',
  ])('%s does', (name) => {
    expect(namesSecret(name)).toBe(true);
  });

  it.each(['NAME', 'CIRCLE_BRANCH', 'TOKENS_PER_DAY', 'KEY', 'AWS_REGION', 'PASS', 'OLDPWD', 'BYPASS'])(
    '%s does not',
    (name) => {
      expect(namesSecret(name)).toBe(false);
    },
  );
});

describe('redactor', () => {
  it('masks the value of a secret variable wherever it stands', () => {
    expect(redactor({ DB_PASSWORD: 'hunter22' })('a hunter22, "hunter22"')).toBe('a ****, "****"');
  });

  it('masks a value also as JSON writes it', () => {
    const redact = redactor({ DB_PASSWORD: 'pass"word\n2' });
    expect(redact(JSON.stringify({ error: 'pass"word\n2' }))).toBe('{"error":"****"}');
  });

  it('masks the longer of two secrets that begin alike', () => {
    expect(redactor({ A_TOKEN: 'abcd', B_TOKEN: 'abcdefgh' })('abcdefgh abcd')).toBe('**** ****');
  });

  it('takes a value with characters of patterns as text', () => {
    expect(redactor({ A_TOKEN: 'a.*+$&' })('a.*+$& abcdef')).toBe('**** abcdef');
  });

  it.each([
    ['three letters', { A_TOKEN: 'abc' }],
    ['no value', { A_TOKEN: '' }],
    ['switches', { USE_SECRETS: 'true', KEEP_SECRETS: 'false' }],
    ['an unset variable', { A_TOKEN: undefined }],
    ['an ordinary name', { BRANCH: 'abcd' }],
    ['an access key id, which AWS prints too', { AWS_ACCESS_KEY_ID: 'abcd' }],
    ['the place of a token', { AWS_WEB_IDENTITY_TOKEN_FILE: 'abcd' }],
  ])('leaves text alone: %s', (_what, env) => {
    expect(redactor(env)('abcd true false')).toBe('abcd true false');
  });

  it('masks the long lines of a secret of several lines, as a log shows them', () => {
    const key = '{\n  "id": 1,\n  "private_key": "abcdefgh"\n}\n';
    const redact = redactor({ SIGNING_PRIVATE_KEY: key });
    expect(key.split('\n').map((line) => redact(line))).toEqual(['{', '  "id": 1,', '  ****', '}', '']);
  });

  it('masks what it is told beside the environment', () => {
    expect(redactor({}, ['registry-password'])('login registry-password')).toBe('login ****');
  });

  it.each([
    ['a JSON Web Token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmcvMSJ9.c2lnbmF0dXJl'],
    ['a Slack token', 'xoxb-1234567890-abcdef'],
    ['a Slack webhook', 'https://hooks.slack.com/services/T000/B000/abcDEF'],
  ])('masks %s wherever it comes from', (_what, secret) => {
    expect(redactor({})(`before ${secret} after`)).toBe('before **** after');
  });
});

describe('a password in an address', () => {
  it.each([
    ['postgres://web:hunter22@db:5432/web?a=b', 'postgres://web:****@db:5432/web?a=b'],
    ['"redis://:p@ss@cache"', '"redis://:****@cache"'],
  ])('is masked, and nothing else of it: %s', (text, masked) => {
    expect(redactor({})(text)).toBe(masked);
  });

  it.each(['https://host:8080/a@b', 'https://user@host:1/', 'http://a:80 b@c', 'arn:aws:iam::1:role/a@b'])(
    'is not in %s',
    (text) => {
      expect(redactor({})(text)).toBe(text);
    },
  );
});

describe('growingRedactor', () => {
  it('masks what it was told, from then on', () => {
    const { redact, hide } = growingRedactor({ A_TOKEN: 'first' });
    expect(redact('first second third')).toBe('**** second third');
    hide(['second']);
    hide(['third']);
    expect(redact('first second third')).toBe('**** **** ****');
  });
});

describe('redactJson', () => {
  it('masks texts at every depth and keeps keys, numbers and structure', () => {
    const redact = redactor({ A_TOKEN: 'hidden' });
    expect(redactJson({ hidden: ['hidden', 1, null, { a: 'is hidden' }], ok: true }, redact)).toEqual({
      hidden: ['****', 1, null, { a: 'is ****' }],
      ok: true,
    });
  });
});
