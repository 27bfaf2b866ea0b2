// The service of this sample: the prices of a shop as JSON, and /healthz for health checks.
//
//   PORT  where it listens (8080); 0 is any that is free
import { createServer } from 'node:http';

const PRICES = { apple: 30, pear: 35 };

const ANSWERS = new Map([
  ['/healthz', { ok: true }],
  ['/prices', { currency: 'EUR', cents: PRICES }],
]);

const server = createServer((request, response) => {
  const answer = ANSWERS.get(request.url);
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(answer ?? { error: 'There is nothing here.' })}\n`);
});

server.listen(Number(process.env.PORT ?? 8080), () => console.log(`api: listening on port ${server.address().port}`));

// ECS sends SIGTERM, and SIGKILL after stopTimeout: what is being answered is answered.
process.once('SIGTERM', () => {
  console.log('api: stopping');
  server.close();
  server.closeIdleConnections();
});
