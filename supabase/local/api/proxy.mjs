// Passes /functions/v1 on to the functions server, streaming both ways.
import http from "node:http";

const HOP_BY_HOP = new Set([
  "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
  "transfer-encoding", "upgrade",
]);
const PREFIX = "/functions/v1";
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

export function functionsProxy(port) {
  return (incoming, outgoing) => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.has(name)),
    );
    headers["x-forwarded-for"] = incoming.socket.remoteAddress ?? "";
    headers["x-forwarded-proto"] = "http";
    const path = incoming.url.slice(PREFIX.length) || "/";
    const request = http.request(
      { host: "127.0.0.1", port, method: incoming.method, path, headers, agent },
      (response) => {
        const kept = Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.has(name));
        outgoing.writeHead(response.statusCode, Object.fromEntries(kept));
        response.pipe(outgoing);
        response.on("error", () => outgoing.destroy());
      },
    );
    request.on("error", () => {
      if (outgoing.headersSent) return outgoing.destroy();
      incoming.resume();
      outgoing.writeHead(503, { "content-type": "application/problem+json", "retry-after": "1" });
      outgoing.end(
        JSON.stringify({
          type: "about:blank",
          status: 503,
          code: "functions_unavailable",
          title: "The functions server does not answer",
          detail: "It is starting or has failed; its log says which.",
          hint: "Try again in a moment.",
        }),
      );
    });
    outgoing.on("close", () => request.destroy());
    incoming.pipe(request);
  };
}

export const isFunctionsRequest = (url) => url === PREFIX || url.startsWith(`${PREFIX}/`) || url.startsWith(`${PREFIX}?`);
