// The service of this sample: answers every request with a greeting, and /healthz for health checks.
//
//   PORT      where it listens (8080); 0 is any that is free
//   GREETING  what it answers ("Hello from the shop")
import { createServer } from 'node:http';

const { PORT = '8080', GREETING = 'Hello from the shop' } = process.env;

const server = createServer((request, response) => {
  const isKnown = request.url === '/' || request.url === '/healthz';
  response.writeHead(isKnown ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(request.url === '/' ? `${GREETING}\n` : isKnown ? 'ok\n' : 'There is nothing here.\n');
});

server.listen(Number(PORT), () => console.log(`web: listening on port ${server.address().port}`));

// ECS sends SIGTERM, and SIGKILL after stopTimeout: what is being answered is answered.
process.once('SIGTERM', () => {
  console.log('web: stopping');
  server.close();
  server.closeIdleConnections();
});
