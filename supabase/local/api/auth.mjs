// Auth: Supabase Lite's, with the admin interface that it lacks, and bodies checked as hosted Auth does.
import { readAtMost, soundJson } from "./data.mjs";
import { json } from "./errors.mjs";

const LARGEST_BODY = 1024 * 1024;
const LONGEST_EMAIL = 255;
const TEXTS = [
  "aud", "auth_code", "ban_duration", "code_verifier", "email", "id_token", "nonce", "password", "phone", "provider",
  "redirect_to", "refresh_token", "role", "token", "token_hash", "type",
];

export function authApi(app, admin) {
  return async (request, url, context) => {
    const route = url.pathname.slice("/auth/v1".length);
    const checked = await checkBody(request);
    if (checked instanceof Response) return checked;
    if (request.method !== "OPTIONS" && /^\/(admin\/|invite$)/.test(route)) return admin(checked, route);
    if (route === "/verify") return app.fetch(await acceptInvite(checked, url), context);
    return app.fetch(checked, context);
  };
}

// Supabase Lite takes whatever JSON can say for a text, and answers 500 to what is none.
async function checkBody(request) {
  if (!request.body || request.method === "GET" || request.method === "HEAD") return request;
  const bytes = await readAtMost(request, LARGEST_BODY);
  if (!bytes) return refuse(413, "request_too_large", "Payload too large", { connection: "close" });
  if (bytes.length > 0) {
    const body = soundJson(bytes, { isCall: true });
    const wish = body && JSON.parse(new TextDecoder().decode(body));
    if (!wish || TEXTS.some((name) => !["string", "undefined"].includes(typeof (wish[name] ?? undefined)))) {
      return refuse(400, "bad_json", "Could not parse request body as JSON");
    }
    if (wish.email?.length > LONGEST_EMAIL) {
      return refuse(400, "validation_failed", "Unable to validate email address: invalid format");
    }
  }
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: request.method, headers, body: bytes, signal: request.signal });
}

// An invitation confirms the address exactly as a sign-up does; Supabase Lite knows only that one.
async function acceptInvite(request, url) {
  if (request.method === "GET") {
    if (url.searchParams.get("type") !== "invite") return request;
    url.searchParams.set("type", "signup");
    return new Request(url, request);
  }
  const text = await request.text();
  const wish = text ? JSON.parse(text) : null;
  const body = wish?.type === "invite" ? JSON.stringify({ ...wish, type: "signup" }) : text;
  return new Request(request.url, { method: request.method, headers: request.headers, body });
}

const refuse = (status, errorCode, message, headers) =>
  json(status, { code: status, error_code: errorCode, msg: message }, headers);
