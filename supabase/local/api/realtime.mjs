// Realtime, as far as hosted Supabase's clients need it: broadcast and presence on public and private
// channels, and messages that the database sends. Rows are not watched (postgres_changes).
import { STATUS_CODES } from "node:http";
import postgres from "postgres";
import { WebSocketServer } from "ws";
import { Refusal, authorization as authorizationFor } from "./realtime/authorization.mjs";
import { Connection } from "./realtime/connection.mjs";
import { broadcasting } from "./realtime/http.mjs";
import { Replication } from "./realtime/replication.mjs";
import { serializers } from "./realtime/serializers.mjs";
import { Topics } from "./realtime/topics.mjs";

const PREFIX = "/realtime/v1";
const LARGEST_FRAME = 5 * 1024 * 1024;
const CLEAN_UP_MILLISECONDS = 3600_000;

export function realtime({ databaseUrl, jwtSecret, publishableKey, secretKey }) {
  const database = postgres(databaseUrl, {
    max: 4,
    onnotice: () => {},
    connection: { application_name: "realtime", statement_timeout: 5000 },
  });
  const authorization = authorizationFor({ database, jwtSecret, publishableKey, secretKey });
  const topics = new Topics();
  const connections = new Set();
  const replication = new Replication(databaseUrl, deliver);
  const services = { authorization, topics, replication, ended };
  const server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME, perMessageDeflate: false });
  const http = broadcasting(services);

  cleanUp();
  setInterval(cleanUp, CLEAN_UP_MILLISECONDS).unref();

  return { upgrade, answer, close };

  function upgrade(request, socket, head) {
    const url = new URL(request.url, "http://localhost");
    const version = url.searchParams.get("vsn") ?? "1.0.0";
    const claims = connectionClaims(request, url);
    socket.on("error", () => socket.destroy());
    if (url.pathname !== `${PREFIX}/websocket`) return refuse(socket, 404);
    if (!(version in serializers)) return refuse(socket, 400);
    if (!claims) return refuse(socket, 401);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      connections.add(new Connection(webSocket, services, { version, claims, headers: request.headers }));
    });
  }

  // A key does not expire; a token given in its place is looked at again whenever it counts.
  function connectionClaims(request, url) {
    const key = url.searchParams.get("apikey") ?? request.headers["x-api-key"] ?? request.headers.apikey ?? "";
    const ofKey = authorization.claimsOfKey(key);
    if (ofKey) return () => ofKey;
    const ofToken = () => authorization.claimsOf(key);
    try {
      ofToken();
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
    return ofToken;
  }

  function answer(request, url) {
    return http(request, url.pathname.slice(`${PREFIX}/api`.length));
  }

  function deliver({ id, topic, event, payload, private: isPrivate }) {
    if (!event || !payload) return;
    const key = Topics.key(topic, isPrivate === "t");
    topics.broadcast(key, { type: "broadcast", event, payload: JSON.parse(payload), meta: { id } });
  }

  async function ended(connection) {
    connections.delete(connection);
    if (connections.size === 0) await replication.stop();
  }

  // Hosted keeps messages for three days.
  function cleanUp() {
    database`delete from realtime.messages where inserted_at < now() at time zone 'utc' - interval '3 days'`.catch(
      console.error,
    );
  }

  function close() {
    for (const connection of connections) connection.close();
  }
}

function refuse(socket, status) {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
