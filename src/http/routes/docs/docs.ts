import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
// The package's own entry would load the scripts of its pages into this process.
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js';
import type { ApiEnv } from '../../env.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Orders API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <p style="text-align: center"><a href="docs/events">Events, by Kafka, webhooks and streams</a></p>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const start = `window.ui = SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

/** The renderer's own files that the page loads, with their types. */
const files = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
]);

/** `/docs`: the OpenAPI document rendered, with nothing loaded from elsewhere. */
export function docsRoutes(): Hono<ApiEnv> {
  const folder = getAbsoluteFSPath();
  const app = new Hono<ApiEnv>();
  app.use('/docs/*', ownFilesOnly);
  app.get('/docs', (c) => c.html(page));
  app.get('/docs/start.js', (c) => c.body(start, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/docs/:file', async (c) => {
    const name = c.req.param('file');
    const type = files.get(name);
    if (type === undefined) return c.notFound();
    const content = await fs.readFile(path.join(folder, name));
    return c.body(content, 200, { 'content-type': type, 'cache-control': 'public, max-age=3600' });
  });
  return app;
}

/** The renderer sets styles from its script, and draws icons from data URLs. */
export const ownFilesOnly = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
});
