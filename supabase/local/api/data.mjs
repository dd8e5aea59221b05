// The Data API: Supabase Lite's, with what hosted PostgREST checks before and answers after.
import { hasSqlstate, isConnectionError, json, postgrestResponse, statusOf } from "./errors.mjs";
import { requestStore } from "./connection.mjs";
import { hasEmbeds, withDirectRelations } from "./embeds.mjs";

const LARGEST_BODY = 10 * 1024 * 1024;
const LONGEST_ADDRESS = 16 * 1024;
const DEEPEST_BODY = 512;
const MAYBE_INEXACT = /\d{16}|\d[eE]|\.\d*0(?!\d)/;

export async function dataApi(app, request, context) {
  if (request.url.length > LONGEST_ADDRESS) return refuse(414, "414", "URI too long");
  if (!isSoundAddress(request.url)) {
    return refuse(400, "22021", 'invalid byte sequence for encoding "UTF8"');
  }
  if (namesWhatAllObjectsHave(request.url)) return refuse(400, "42703", "column does not exist");
  if (!isSoundToken(request.headers)) {
    return refuse(401, "PGRST301", "No suitable key or wrong key type");
  }
  const checked = await checkBody(request);
  if (checked instanceof Response) return checked;

  const store = {};
  const send = (sent) => requestStore.run(store, () => app.fetch(sent, context));
  const response = await (hasEmbeds(checked) ? withDirectRelations(checked, send) : send(checked));
  if (response.status >= 400 && isConnectionError(store.databaseError)) {
    return refuse(503, "PGRST001", "Database connection lost. Retrying the connection.", { "retry-after": "1" });
  }
  if (response.status >= 500) {
    // The driver writes arrays itself, and fails on what is none.
    if (store.databaseError?.code === "ERR_INVALID_ARG_TYPE") return refuse(400, "22P02", "expected JSON array");
    const answer = await response.clone().json().catch(() => null);
    // Of a written view no embeds can be returned, which Supabase Lite calls its own failure.
    if (answer?.code === "PGRSTXXX") return refuse(400, answer.code, answer.message);
  }
  if (response.status < 400 || !hasSqlstate(store.databaseError)) return response;
  const anonymous = isAnonymous(request.headers);
  const expected = statusOf(store.databaseError.code, { anonymous });
  if (response.status === expected && expected < 500) return response;
  const answer = postgrestResponse(store.databaseError, { anonymous });
  for (const [name, value] of response.headers) {
    if (name.startsWith("access-control-")) answer.headers.set(name, value);
  }
  return answer;
}

async function checkBody(request) {
  if (!request.body || request.method === "GET" || request.method === "HEAD") return request;
  const bytes = await readAtMost(request, LARGEST_BODY);
  if (!bytes) {
    // The rest of the body is still on its way: this connection is of no further use.
    return refuse(413, "413", "Payload too large", { connection: "close" });
  }
  const isJson = /\bjson\b/.test(request.headers.get("content-type") ?? "application/json");
  const isCall = new URL(request.url).pathname.startsWith("/rest/v1/rpc/");
  const body = isJson && bytes.length ? soundJson(bytes, { isCall }) : bytes;
  if (body === null) return refuse(400, "PGRST102", "Empty or invalid json");
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: request.method, headers, body, signal: request.signal });
}

export async function readAtMost(request, limit) {
  const parts = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.length;
    if (size > limit) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

// Returns a body that means to JavaScript what it means to PostgreSQL, or null if PostgreSQL would
// refuse it: JavaScript's parser mends broken text, and rounds numbers.
export function soundJson(bytes, { isCall }) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value = JSON.parse(text);
    // Supabase Lite would take an array for arguments by position, which PostgREST does not know.
    if (isCall && (value === null || typeof value !== "object" || Array.isArray(value))) return null;
    if (!isStorable(value)) return null;
    if (!MAYBE_INEXACT.test(text)) return bytes;
    return new TextEncoder().encode(JSON.stringify(withExactNumbers(text)));
  } catch {
    return null;
  }
}

// Values of a row or arguments of a call that a JavaScript number cannot hold go on as text, which
// PostgreSQL casts without loss. Numbers inside json values stay what they are.
function withExactNumbers(text) {
  const inexact = new Map();
  const body = JSON.parse(text, function (key, value, { source }) {
    if (typeof value === "number" && String(value) !== source) {
      inexact.set(this, [...(inexact.get(this) ?? []), [key, source]]);
    }
    return value;
  });
  for (const row of Array.isArray(body) ? body : [body]) {
    for (const [key, source] of inexact.get(row) ?? []) row[key] = source;
  }
  return body;
}

function isStorable(value) {
  const waiting = [[value, 0]];
  while (waiting.length) {
    const [item, depth] = waiting.pop();
    if (typeof item === "string" && !isSoundText(item)) return false;
    if (item === null || typeof item !== "object") continue;
    if (depth === DEEPEST_BODY) return false;
    for (const [key, child] of Object.entries(item)) {
      if (!isSoundText(key)) return false;
      waiting.push([child, depth + 1]);
    }
  }
  return true;
}

const isSoundText = (text) => text.isWellFormed() && !text.includes("\0");

function isSoundAddress(url) {
  try {
    const { pathname, search } = new URL(url);
    return !decodeURIComponent(pathname + search.replaceAll("+", " ")).includes("\0");
  } catch {
    return false;
  }
}

// Supabase Lite keeps filters in an object under the names of their columns. A name that every object has is
// taken for no filter at all, and what `__proto__` is given stays in all objects until the process ends.
function namesWhatAllObjectsHave(url) {
  return [...new URL(url).searchParams.keys()].some((name) => name.split(/[.[\]]/).some((part) => part in {}));
}

// Supabase Lite lets a bearer token that is no JWT pass as no token at all.
function isSoundToken(headers) {
  const bearer = bearerOf(headers);
  if (!bearer || bearer === headers.get("apikey")) return true;
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(bearer);
}

function isAnonymous(headers) {
  const bearer = bearerOf(headers);
  const key = headers.get("apikey") ?? "";
  return !key.startsWith("sb_secret_") && (!bearer || bearer === key);
}

const bearerOf = (headers) => /^Bearer\s+(.*)$/i.exec(headers.get("authorization") ?? "")?.[1].trim();

const refuse = (status, code, message, headers) =>
  json(status, { code, message, details: null, hint: null }, headers);
