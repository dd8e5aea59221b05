// Broadcasting without a WebSocket: POST /realtime/v1/api/broadcast, and one message by its address.
import { readAtMost } from "../data.mjs";
import { json } from "../errors.mjs";
import { Refusal } from "./authorization.mjs";
import { BYTES, JSON_ENCODING, UserBroadcast } from "./serializers.mjs";
import { Topics } from "./topics.mjs";

const LARGEST_BODY = 3000 * 1024;
const CROSS_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, apikey, content-type, x-client-info",
  "access-control-allow-methods": "POST",
};
const ONE_MESSAGE = /^\/broadcast\/([^/]+)\/events\/([^/]+)$/;

export function broadcasting({ authorization, topics }) {
  return async (request, route) => {
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: CROSS_ORIGIN });
    const match = ONE_MESSAGE.exec(route);
    if (request.method !== "POST" || !(match || route === "/broadcast")) return refuse(404, { message: "Not found" });
    let claims;
    try {
      claims = claimsOf(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(401, { message: error.message });
    }
    const bytes = request.body ? await readAtMost(request, LARGEST_BODY) : Buffer.alloc(0);
    if (!bytes) return refuse(413, { message: "Payload too large" }, { connection: "close" });
    const messages = match ? oneMessage(request, match, bytes) : severalMessages(bytes);
    if (!messages) return refuse(422, { errors: { messages: ["is invalid"] } });
    await send(messages, claims, Object.fromEntries(request.headers));
    return new Response(null, { status: 202, headers: CROSS_ORIGIN });
  };

  function claimsOf(request) {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const key = request.headers.get("apikey") ?? bearer;
    const claims = authorization.claimsOfKey(key ?? "");
    if (bearer && !bearer.startsWith("sb_")) return authorization.claimsOf(bearer);
    if (!claims) throw new Refusal("", "Unauthorized");
    return claims;
  }

  async function send(messages, claims, headers) {
    const allowed = new Map();
    for (const { topic, isPrivate, payload } of messages) {
      if (isPrivate && !allowed.has(topic)) {
        allowed.set(topic, (await authorization.writable({ topic, claims, headers })).broadcast);
      }
      // Like hosted, it does not tell that it has dropped a message.
      if (!isPrivate || allowed.get(topic)) topics.broadcast(Topics.key(topic, isPrivate), payload);
    }
  }
}

const refuse = (status, body, headers) => json(status, body, { ...CROSS_ORIGIN, ...headers });

function oneMessage(request, match, bytes) {
  const isJson = !request.headers.get("content-type")?.includes("octet-stream");
  if (isJson && parsed(bytes) === undefined) return null;
  try {
    const [topic, event] = match.slice(1).map(decodeURIComponent);
    const isPrivate = new URL(request.url).searchParams.get("private") === "true";
    return [{ topic, isPrivate, payload: new UserBroadcast(event, isJson ? JSON_ENCODING : BYTES, bytes) }];
  } catch {
    return null;
  }
}

function severalMessages(bytes) {
  const messages = parsed(bytes)?.messages;
  const isSound = (message) =>
    typeof message?.topic === "string" && typeof message.event === "string" && message.payload instanceof Object;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isSound)) return null;
  return messages.map(({ topic, event, payload, private: isPrivate }) => ({
    topic,
    isPrivate: isPrivate === true,
    payload: { type: "broadcast", event, payload },
  }));
}

function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
