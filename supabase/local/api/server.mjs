// The public origin of the local stack: Data API, Auth and Storage from Supabase Lite, Realtime, the
// functions behind the same address, and the dashboard on a port of its own.
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { App, SmtpEmailDriver, setExperimental } from "@supabase/lite";
import { authAdmin } from "./admin.mjs";
import { authApi } from "./auth.mjs";
import { actAsPostgrest, connect, listenForSchemaChanges, requestStore } from "./connection.mjs";
import { dataApi } from "./data.mjs";
import { isAnswer, isConnectionError, json } from "./errors.mjs";
import { FileStorage } from "./files.mjs";
import { functionsProxy, isFunctionsRequest } from "./proxy.mjs";
import { realtime as createRealtime } from "./realtime.mjs";
import { storageApi } from "./storage.mjs";

const options = JSON.parse(process.env.PRAXIS_API);
const POOL_SIZE = 24;
// Long addresses get the API's own answer (414) rather than Node's.
const LARGEST_HEADERS = 64 * 1024;
const MINIMUM_PASSWORD_LENGTH = 8;

// The supervisor holds the other end: if it dies, however it dies, this process ends with it.
process.stdin.on("end", () => process.exit(0)).resume();

const logError = console.error;
console.error = (first, ...rest) => {
  // Supabase Lite answers a lost connection with a bare 500; what it logs tells which it was.
  const store = requestStore.getStore();
  if (store && isConnectionError(first)) store.databaseError = first;
  return isAnswer(first) || logError(first, ...rest);
};

setExperimental("storage", true);
const siteUrl = `http://127.0.0.1:${options.apiPort}`;
const mailer = new SmtpEmailDriver({
  host: "127.0.0.1",
  port: options.smtpPort,
  from: { address: "no-reply@praxis.test", name: "Praxis" },
});
const storage = new FileStorage(options.storageFolder);
const connection = connect(options.databaseUrl, { max: POOL_SIZE });
const studioConnection = connect(options.databaseUrl, { max: 4 });
await actAsPostgrest(connection);
await actAsPostgrest(studioConnection);

const settings = {
  api: { enabled: true, schemas: ["public"], extra_search_path: ["public", "extensions"], max_rows: 1000 },
  auth: {
    enabled: true,
    site_url: siteUrl,
    additional_redirect_urls: ["http://localhost:3000", "http://127.0.0.1:3000"],
    jwt_secret: options.jwtSecret,
    jwt_expiry: 3600,
    publishable_key: options.publishableKey,
    secret_key: options.secretKey,
    minimum_password_length: MINIMUM_PASSWORD_LENGTH,
    enable_signup: true,
    email: { enable_signup: true, enable_confirmations: false, otp_length: 6, otp_expiry: 3600 },
  },
  storage: { enabled: true, file_size_limit: "50MiB" },
};

function createApp(ownConnection, { admin }) {
  const app = new App({
    ...settings,
    connection: ownConnection,
    studio: { enabled: admin },
    options: { server: { admin, disableStudio: !admin }, drivers: { email: mailer } },
  });
  app._storageAdapter = storage;
  return app;
}

const app = createApp(connection, { admin: false });
const studio = createApp(studioConnection, { admin: true });
await Promise.all([app.init(), studio.init()]);
await listenForSchemaChanges(options.databaseUrl, [connection, studioConnection]);

const auth = authApi(app, authAdmin({
  url: options.databaseUrl,
  secretKey: options.secretKey,
  jwtSecret: options.jwtSecret,
  siteUrl,
  mailer,
  minimumPasswordLength: MINIMUM_PASSWORD_LENGTH,
}));

const realtime = createRealtime(options);

async function answer(request, bindings) {
  const context = { peerAddress: bindings?.incoming?.socket.remoteAddress ?? null };
  const url = new URL(request.url);
  if (url.pathname === "/health") return json(200, { status: "ok" });
  if (url.pathname.startsWith("/rest/v1")) return dataApi(app, request, context);
  if (url.pathname.startsWith("/auth/v1")) return auth(request, url, context);
  if (url.pathname.startsWith("/realtime/v1/api/")) return realtime.answer(request, url);
  if (url.pathname.startsWith("/storage/v1")) return storageApi(app, request, context);
  const hint = "Try /rest/v1, /auth/v1, /storage/v1, /realtime/v1 or /functions/v1.";
  return json(404, { message: "Not found", hint });
}

const packageFolder = path.dirname(fileURLToPath(import.meta.resolve("@supabase/lite")));
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const CONTENT_TYPES = {
  ".css": "text/css", ".ico": "image/x-icon", ".js": "text/javascript", ".woff2": "font/woff2",
};

async function answerStudio(request, bindings) {
  const { hostname, pathname, host } = new URL(request.url);
  // It acts as service_role for whoever opens it, so no page of another site may reach it, not even
  // one whose name has been pointed at this machine.
  const origin = request.headers.get("origin");
  if (!LOOPBACK.has(hostname) || (origin && origin !== `http://${host}`)) {
    return json(403, { message: "The dashboard answers its own pages on this machine only." });
  }
  if (pathname === "/favicon.ico" || pathname.startsWith("/static/")) {
    const name = path.basename(pathname);
    const folder = pathname.startsWith("/static/assets/") ? "static/assets" : "static";
    const content = await readFile(path.join(packageFolder, folder, name)).catch(() => null);
    if (!content) return json(404, { message: "Not found" });
    const type = CONTENT_TYPES[path.extname(name)] ?? "application/octet-stream";
    return new Response(content, { headers: { "content-type": type } });
  }
  return studio.fetch(request, { peerAddress: bindings?.incoming?.socket.remoteAddress ?? null });
}

const handleApi = getRequestListener(guarded(answer));
const handleFunctions = functionsProxy(options.functionsPort);
const servers = [
  http.createServer({ maxHeaderSize: LARGEST_HEADERS }, (incoming, outgoing) =>
    isFunctionsRequest(incoming.url) ? handleFunctions(incoming, outgoing) : handleApi(incoming, outgoing),
  ).listen(options.apiPort, "127.0.0.1"),
  http.createServer(getRequestListener(guarded(answerStudio))).listen(options.studioPort, "127.0.0.1"),
];

servers[0].on("upgrade", realtime.upgrade);

function guarded(handler) {
  return async (request, bindings) => {
    try {
      return await handler(request, bindings);
    } catch (error) {
      if (error?.name === "AbortError") return new Response(null, { status: 499 });
      console.error(error);
      return json(500, { code: "500", message: "Internal error", details: null, hint: null });
    }
  };
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const server of servers) server.close();
    realtime.close();
    setTimeout(() => process.exit(0), 500).unref();
    for (const server of servers) server.closeIdleConnections();
  });
}
