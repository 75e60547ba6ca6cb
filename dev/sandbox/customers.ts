import { Hono } from 'hono';
import { z } from 'zod';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import { invalid, Refusal } from './refusal.ts';
import { firstRepeat, key, readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';

const userBody = z.object({
  name: z.string().min(1).max(200),
  email: z.email(),
  status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
});
/** One that may not be known yet; what is not given of it stays empty. */
const newUserBody = z.object({
  id: key,
  name: z.string().max(200).default(''),
  email: z.union([z.email(), z.literal('')]).default(''),
  status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
});
const bulkBody = z.object({ users: z.array(userBody.extend({ id: key })).max(5000) });
type User = z.output<typeof bulkBody>['users'][number];

const userById = {
  name: 'sandbox-user-by-id',
  text: 'SELECT id, name, email, status FROM sandbox.users WHERE id = $1',
};

const usersById = {
  name: 'sandbox-users-by-id',
  text: 'SELECT id, name, email, status FROM sandbox.users WHERE id = ANY($1::text[]) ORDER BY id',
};

const putUsers = {
  name: 'sandbox-put-users',
  text: `
    INSERT INTO sandbox.users AS u (id, name, email, status)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w(id, name, email, status) ORDER BY w.id
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, status = excluded.status
    RETURNING u.*, (u.xmax = 0) AS created`,
};

const createUser = {
  name: 'sandbox-create-user',
  text: `
    INSERT INTO sandbox.users (id, name, email, status) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING
    RETURNING id, name, email, status`,
};

/** Customers: read by id or ids, created, put one by one or in bulk. */
export function customerRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.get('/users', async (c) => {
    const users = await run<User>(db, usersById, [c.req.queries('id') ?? []]);
    return c.json({ data: users.map(toWire) });
  });

  app.get('/users/:id', async (c) => {
    const id = c.req.param('id');
    const [user] = await run<User>(db, userById, [id]);
    if (user === undefined) throw new Refusal(404, 'UNKNOWN_USER', `no user "${id}"`);
    return c.json(toWire(user));
  });

  app.post('/users', async (c) => {
    const { id, name, email, status } = await readBody(c, newUserBody);
    const [created] = await run<User>(db, createUser, [id, name, email, status]);
    if (created === undefined) throw new Refusal(409, 'USER_EXISTS', `there is a user "${id}" already`);
    return c.json(toWire(created), 201);
  });

  app.put('/users/:id', async (c) => {
    const user = { ...(await readBody(c, userBody)), id: c.req.param('id') };
    const [row] = await put(db, [user]);
    return c.json(user, row?.created ? 201 : 200);
  });

  app.put('/users', async (c) => {
    const { users } = await readBody(c, bulkBody);
    const ids = users.map((user) => user.id);
    const twice = firstRepeat(ids);
    if (twice >= 0) throw invalid(`/users/${twice}/id`, `"${ids[twice]}" stands there twice`);
    const rows = await put(db, users);
    return c.json({
      created: rows.filter((row) => row.created).length,
      updated: rows.filter((r) => !r.created).length,
    });
  });

  return app;
}

/** Without what is not known. */
function toWire({ name, email, ...user }: User) {
  return { ...user, ...(name !== '' && { name }), ...(email !== '' && { email }) };
}

async function put(db: Pool, users: User[]) {
  return run<User & { created: boolean }>(db, putUsers, [
    users.map((user) => user.id),
    users.map((user) => user.name),
    users.map((user) => user.email),
    users.map((user) => user.status),
  ]);
}
