// The Storage API: Supabase Lite's, with signed addresses, listings and uploads as hosted Storage has them.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readAtMost, soundJson } from "./data.mjs";
import { json } from "./errors.mjs";

const CROSS_ORIGIN = { "access-control-allow-origin": "*" };
const MOST_OBJECTS = 100_000;
const LARGEST_FILE = 50 * 1024 * 1024;
const LARGEST_WISH = 1024 * 1024;
// What hosted Storage takes in no name.
const NO_NAME = /[\u0000-\u001f\u007f\\]/;
const SORTABLE = new Set(["name", "created_at", "updated_at", "last_accessed_at"]);

export async function storageApi(app, sent, context) {
  const route = new URL(sent.url).pathname.slice("/storage/v1".length);
  const request = await checkBody(sent, route);
  if (request instanceof Response) return request;
  if (request.method === "POST" && route.startsWith("/object/list/")) {
    return list(app, request, context);
  }
  // Supabase Lite answers what it cannot read with 500.
  if (!isName(route)) return refused(400, "InvalidKey", "Invalid key");
  if (/^\/object\/(upload\/)?sign\//.test(route) && (request.method === "GET" || request.method === "PUT")) {
    const token = new URL(request.url).searchParams.get("token");
    if (!isSigned(token, app.config.auth.jwt_secret)) return refused(400, "InvalidJWT", "The signature is not valid");
  }
  if (isUpload(request.method, route)) return upload(app, request, context);
  const response = await app.fetch(request, context);
  if (!response.ok) return response;
  if (request.method === "POST" && route.startsWith("/object/sign/")) return withSignedUrls(response);
  if (request.method === "POST" && route.startsWith("/object/upload/sign/")) return withUploadUrl(response);
  if (request.method === "GET" && route.startsWith("/object/")) return asAttachment(request, response);
  return response;
}

// Supabase Lite reads a body to its end, however long, and PostgreSQL stores no NUL.
async function checkBody(request, route) {
  if (!request.body) return request;
  const isFile = isUpload(request.method, route);
  const bytes = await readAtMost(request, isFile ? LARGEST_FILE : LARGEST_WISH);
  if (!bytes) return refused(413, "Payload too large", "The body exceeded the maximum allowed size", { connection: "close" });
  if (!isFile && bytes.length > 0 && !soundJson(bytes, { isCall: false })) {
    return refused(400, "InvalidRequest", "Invalid JSON");
  }
  const headers = withoutLength(request.headers);
  return new Request(request.url, { method: request.method, headers, body: bytes, signal: request.signal });
}

function isName(route) {
  try {
    return !NO_NAME.test(decodeURIComponent(route));
  } catch {
    return false;
  }
}

function isSigned(token, secret) {
  const [header, claims, signature, ...rest] = (token ?? "").split(".");
  if (!signature || rest.length > 0) return false;
  const given = Buffer.from(signature, "base64url");
  const wanted = createHmac("sha256", secret).update(`${header}.${claims}`).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false;
  return JSON.parse(Buffer.from(claims, "base64url")).exp > Date.now() / 1000;
}

function isUpload(method, route) {
  if (route.startsWith("/object/upload/sign/")) return method === "PUT";
  return (method === "POST" || method === "PUT") && /^\/object\/(?!(list|sign|move|copy|info)(\/|$))[^/]+\/./.test(route);
}

// Browsers send files as forms, and bodies without a length: Supabase Lite looks for another field of
// the form than the client libraries fill, stores the form itself under a signed address, and checks
// the size that was announced only.
async function upload(app, request, context) {
  const headers = withoutLength(request.headers);
  const type = headers.get("content-type") ?? "";
  let content;
  try {
    if (/^multipart\/form-data/i.test(type)) {
      const form = await request.formData();
      const file = [...form.values()].find((value) => value instanceof Blob);
      if (!file) return refused(400, "InvalidRequest", "No file provided");
      content = await file.arrayBuffer();
      headers.set("content-type", file.type || "application/octet-stream");
      if (form.has("cacheControl")) headers.set("cache-control", `max-age=${form.get("cacheControl")}`);
    } else {
      content = await request.arrayBuffer();
    }
  } catch {
    return refused(400, "InvalidRequest", "The body cannot be read");
  }
  headers.set("content-length", String(content.byteLength));
  const whole = new Request(request.url, { method: request.method, headers, body: content });
  const response = await app.fetch(whole, context);
  const signed = new URL(request.url).pathname.match(/\/object\/upload\/sign\/(.+)$/);
  return response.ok && signed ? json(200, { Key: decodeURIComponent(signed[1]) }, CROSS_ORIGIN) : response;
}

async function withUploadUrl(response) {
  const { signedUrl, token } = await response.json();
  return json(200, { url: signedUrl.replace(/^\/storage\/v1/, ""), token }, CROSS_ORIGIN);
}

function asAttachment(request, response) {
  const name = new URL(request.url).searchParams.get("download");
  if (name === null) return response;
  const headers = new Headers(response.headers);
  const named = name && `; filename*=UTF-8''${encodeURIComponent(name)}`;
  headers.set("content-disposition", `attachment${named}`);
  return new Response(response.body, { status: response.status, headers });
}

function refused(status, error, message, headers) {
  return json(status, { statusCode: String(status), error, message }, { ...CROSS_ORIGIN, ...headers });
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
    return refused(400, "Error", "Invalid JSON");
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
