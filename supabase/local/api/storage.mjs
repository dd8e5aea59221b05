// The Storage API: Supabase Lite's, with signed addresses and listings as hosted Storage gives them.
import { json } from "./errors.mjs";

const CROSS_ORIGIN = { "access-control-allow-origin": "*" };
const MOST_OBJECTS = 100_000;
const SORTABLE = new Set(["name", "created_at", "updated_at", "last_accessed_at"]);

export async function storageApi(app, request, context) {
  const route = new URL(request.url).pathname.slice("/storage/v1".length);
  if (request.method === "POST" && route.startsWith("/object/list/")) {
    return list(app, request, context);
  }
  const response = await app.fetch(request, context);
  const signs = request.method === "POST" && route.startsWith("/object/sign/");
  return signs && response.ok ? withSignedUrls(response) : response;
}

// Relative to /storage/v1, and spelled so: both client libraries build on that.
async function withSignedUrls(response) {
  const asHosted = ({ signedUrl, ...entry }) => ({
    ...entry,
    signedURL: signedUrl?.replace(/^\/storage\/v1/, "") ?? null,
  });
  const body = await response.json();
  return json(response.status, Array.isArray(body) ? body.map(asHosted) : asHosted(body), CROSS_ORIGIN);
}

// Supabase Lite lists every object whose name begins with the prefix, hosted Storage one folder.
async function list(app, request, context) {
  let wish;
  try {
    wish = (await request.json()) ?? {};
  } catch {
    return json(400, { statusCode: "400", error: "Error", message: "Invalid JSON" }, CROSS_ORIGIN);
  }
  const folder = String(wish.prefix ?? "").replace(/^\/+|\/+$/g, "");
  const prefix = folder && `${folder}/`;
  const everything = new Request(request.url, {
    method: "POST",
    headers: withoutLength(request.headers),
    body: JSON.stringify({ prefix, limit: MOST_OBJECTS }),
  });
  const response = await app.fetch(everything, context);
  if (!response.ok) return response;
  const objects = (await response.json()).filter(({ name }) => name.startsWith(prefix));
  return json(200, pageOf(entriesOf(objects, prefix), wish), CROSS_ORIGIN);
}

function entriesOf(objects, prefix) {
  const files = [];
  const folders = new Map();
  for (const { name, id, created_at, updated_at, last_accessed_at, metadata } of objects) {
    const [first, ...rest] = name.slice(prefix.length).split("/");
    if (rest.length === 0) {
      files.push({ name: first, id, updated_at, created_at, last_accessed_at, metadata });
    } else {
      const nothing = { id: null, updated_at: null, created_at: null, last_accessed_at: null, metadata: null };
      folders.set(first, { name: first, ...nothing });
    }
  }
  return { files, folders: [...folders.values()] };
}

function pageOf({ files, folders }, { search = "", sortBy, limit = 100, offset = 0 }) {
  const column = SORTABLE.has(sortBy?.column) ? sortBy.column : "name";
  const direction = sortBy?.order === "desc" ? -1 : 1;
  const compare = (left, right, by) => (left[by] < right[by] ? -1 : left[by] > right[by] ? 1 : 0);
  const matches = ({ name }) => name.toLowerCase().startsWith(String(search).toLowerCase());
  const ordered = [
    ...folders.sort((left, right) => direction * compare(left, right, "name")),
    ...files.sort((left, right) => direction * compare(left, right, column)),
  ];
  const start = Math.max(0, Number(offset) || 0);
  return ordered.filter(matches).slice(start, start + (Number(limit) || 100));
}

function withoutLength(headers) {
  const copy = new Headers(headers);
  copy.delete("content-length");
  return copy;
}
