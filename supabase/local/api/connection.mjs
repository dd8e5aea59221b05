// The database connection of the API, made to behave as PostgREST does on hosted Supabase:
// values in the same JSON form, per-role settings, errors with their SQLSTATE, schema reloads.
import { AsyncLocalStorage } from "node:async_hooks";
import { createPostgresConnection } from "@supabase/lite/postgres";
import { sql } from "kysely";
import postgres from "postgres";

const API_ROLES = new Set(["anon", "authenticated", "service_role"]);

// Supabase Lite turns a database error into a response and drops the SQLSTATE; the request that
// met the error is found again through this store.
export const requestStore = new AsyncLocalStorage();

const exact = (text) => {
  if (!/^-?\d/.test(text)) return text; // NaN and Infinity are no JSON numbers
  const number = Number(text);
  return String(number) === text ? number : JSON.rawJSON(text);
};

const longDigits = /\d{16}/;
const parseJson = (text) =>
  longDigits.test(text)
    ? JSON.parse(text, (_key, value, { source }) => (typeof value === "number" ? exact(source) : value))
    : JSON.parse(text);

// In an address, and in rows to insert, json comes as text already; the driver would quote it again.
const writeJson = (value) =>
  typeof value === "string" && /^\s*[[{]/.test(value) && isJson(value) ? value : JSON.stringify(value);

const writeText = (value) =>
  value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);

// The driver takes what is no string for a date, and fails on it; PostgreSQL refuses it.
const writeTime = (value) => (value instanceof Date ? value.toISOString() : writeText(value));

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const rfc3339 = (text) => text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");

const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: exact },
  numeric: { to: 1700, from: [1700], serialize: String, parse: exact },
  text: { to: 25, from: [25], serialize: writeText, parse: (text) => text },
  bytea: { to: 17, from: [17], serialize: String, parse: (text) => text },
  json: { to: 114, from: [114], serialize: writeJson, parse: parseJson },
  jsonb: { to: 3802, from: [3802], serialize: writeJson, parse: parseJson },
  date: { to: 1082, from: [1082], serialize: writeTime, parse: (text) => text },
  time: { to: 1083, from: [1083], serialize: writeTime, parse: (text) => text },
  timestamp: { to: 1114, from: [1114], serialize: writeTime, parse: rfc3339 },
  timestamptz: { to: 1184, from: [1184], serialize: writeTime, parse: rfc3339 },
};

export function connect(url, { max }) {
  const connection = createPostgresConnection({
    url,
    postgresOptions: { max, types, onnotice: () => {}, connection: { application_name: "api" } },
  });
  // The dashboard shows the connection's settings; the superuser's password is none of them.
  connection.config.url = undefined;
  // Without this Supabase Lite grants everything on every table to everyone at the first request.
  connection.rlsState = "active";
  rememberErrors(connection);
  passJsonArgumentsAsTheyAre(connection);
  return connection;
}

export async function actAsPostgrest(connection) {
  const roles = await roleSettings(connection);

  connection.applyJwtSessionContext = async (transaction, context) => {
    const { role: claimed, uid, jwt } = context.auth ?? {};
    const role = claimed || "anon";
    if (!API_ROLES.has(role)) {
      throw Object.assign(new Error(`permission denied to set role "${role}"`), { code: "42501" });
    }
    const settings = {
      ...roles.get(role),
      role,
      "request.jwt.claims": jwt && typeof jwt === "object" ? JSON.stringify(jwt) : "",
      "request.jwt.claim.sub": String(uid ?? ""),
      "request.jwt.claim.role": role,
      "storage.operation": String(context.storage?.operation ?? ""),
    };
    await apply(transaction, settings);
  };

  connection.applyRpcRequestGucs = (transaction, request) =>
    apply(transaction, {
      "response.status": "",
      "response.headers": "",
      "request.method": request.method,
      "request.path": request.path,
      "request.headers": JSON.stringify(request.requestHeaders ?? {}),
    });
}

export function listenForSchemaChanges(url, connections) {
  // Hosted PostgREST reloads on this very notice; an event trigger sends it after each DDL.
  const listener = postgres(url, { max: 1, onnotice: () => {} });
  let pending;
  const reload = () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      for (const connection of connections) connection.clearSchemaCache();
    }, 50);
  };
  return listener.listen("pgrst", reload, reload);
}

// One statement for all settings: PostgREST does the same, and each statement is a round trip.
function apply(transaction, settings) {
  const calls = Object.entries(settings).map(
    ([name, value]) => sql`set_config(${name}, ${value}, true)`,
  );
  return sql`select ${sql.join(calls)}`.execute(transaction);
}

async function roleSettings(connection) {
  const { rows } = await sql`
    select r.rolname as role, split_part(s.setting, '=', 1) as name,
      substr(s.setting, strpos(s.setting, '=') + 1) as value
    from pg_catalog.pg_roles as r, unnest(r.rolconfig) as s (setting)
    where r.rolname in ('anon', 'authenticated', 'service_role')
  `.execute(connection.kysely);
  const roles = new Map();
  for (const { role, name, value } of rows) {
    roles.set(role, { ...roles.get(role), [name]: value });
  }
  return roles;
}

// Supabase Lite writes an argument of a type it knows as `json` out as text, after which the number
// 1.5 and the string "1.5" are the same. Under its full name it does not recognize the type.
function passJsonArgumentsAsTheyAre(connection) {
  const original = connection.introspect.bind(connection);
  const done = new WeakSet();
  connection.introspect = async (options) => {
    const catalogue = await original(options);
    if (done.has(catalogue)) return catalogue;
    done.add(catalogue);
    for (const { arg_names: names, arg_types: kinds } of catalogue.functions ?? []) {
      names.forEach((_name, index) => {
        if (kinds[index] === "json" || kinds[index] === "jsonb") kinds[index] = `pg_catalog.${kinds[index]}`;
      });
    }
    return catalogue;
  };
}

function rememberErrors(connection) {
  const original = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => {
    const normal = original(error);
    const store = requestStore.getStore();
    if (store) store.databaseError = normal;
    return normal;
  };
}
