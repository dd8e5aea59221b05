// Who is asking, and what the policies on realtime.messages let them do on a topic.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

const ROLES = new Set(["anon", "authenticated", "service_role"]);
const ROLLED_BACK = Symbol("rolled back");
const INSUFFICIENT_PRIVILEGE = "42501";

// What a client is told; the word before the colon is what libraries look at.
export class Refusal extends Error {
  constructor(code, message) {
    super(code ? `${code}: ${message}` : message);
    this.plain = message;
  }

  // Anything else is our own trouble, and told as such.
  static of(error) {
    if (error instanceof Refusal) return error;
    console.error(error);
    return new Refusal("", "Realtime was unable to connect to the project database");
  }
}

export function authorization({ database, jwtSecret, publishableKey, secretKey }) {
  return { claimsOfKey, claimsOf, readable, writable };

  // Hosted Supabase's gateway turns an API key into the token of its role.
  function claimsOfKey(key) {
    if (equal(key, publishableKey)) return { role: "anon" };
    if (equal(key, secretKey)) return { role: "service_role" };
    return null;
  }

  function claimsOf(token) {
    const parts = String(token).split(".");
    let header, claims;
    try {
      [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
    } catch {
      throw new Refusal("MalformedJWT", "The token provided is not a valid JWT");
    }
    const expected = createHmac("sha256", jwtSecret).update(parts.slice(0, 2).join(".")).digest("base64url");
    if (parts.length !== 3 || header?.alg !== "HS256" || !equal(parts[2], expected)) {
      throw new Refusal("JwtSignatureError", "Failed to validate JWT signature");
    }
    if (typeof claims?.role !== "string" || !Number.isInteger(claims.exp)) {
      throw new Refusal("InvalidJWTToken", "Fields `role` and `exp` are required in JWT");
    }
    const late = Math.floor(Date.now() / 1000) - claims.exp;
    if (late >= 0) throw new Refusal("InvalidJWTToken", `Token has expired ${late} seconds ago`);
    return claims;
  }

  // Two rows are put there for the caller to see, or not.
  function readable(context) {
    return tryOut(context, async (sql, become) => {
      const ids = { broadcast: randomUUID(), presence: randomUUID() };
      for (const [extension, id] of Object.entries(ids)) {
        await sql`insert into realtime.messages (id, topic, extension) values (${id}, ${context.topic}, ${extension})`;
      }
      await become();
      const rows = await sql`
        select extension from realtime.messages
        where topic = ${context.topic} and id in (${ids.broadcast}, ${ids.presence})
      `;
      return Object.fromEntries(Object.keys(ids).map((name) => [name, rows.some((row) => row.extension === name)]));
    });
  }

  function writable(context) {
    return tryOut(context, async (sql, become) => {
      await become();
      return { broadcast: await inserts(sql, context, "broadcast"), presence: await inserts(sql, context, "presence") };
    });
  }

  async function inserts(sql, { topic }, extension) {
    try {
      // `returning` asks the policies for select as well, as hosted does.
      await sql.savepoint(
        (inner) => inner`insert into realtime.messages (topic, extension) values (${topic}, ${extension}) returning id`,
      );
      return true;
    } catch (error) {
      if (error.code === INSUFFICIENT_PRIVILEGE) return false;
      throw error;
    }
  }

  async function tryOut({ topic, claims, headers }, ask) {
    // PostgreSQL cannot even be asked about the others.
    const isText = topic.isWellFormed() && !topic.includes("\0");
    if (!ROLES.has(claims.role) || !isText) return { broadcast: false, presence: false };
    let answer;
    try {
      await database.begin(async (sql) => {
        const become = () => sql`
          select
            -- What a policy refuses here is an answer, and no line of the log.
            set_config('log_min_messages', 'fatal', true),
            set_config('role', ${claims.role}, true),
            set_config('realtime.topic', ${topic}, true),
            set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
            set_config('request.headers', ${JSON.stringify(headers)}, true)
        `;
        answer = await ask(sql, become);
        throw ROLLED_BACK;
      });
    } catch (error) {
      if (error !== ROLLED_BACK) throw error;
    }
    return answer;
  }
}

function equal(left, right) {
  const [one, other] = [left, right].map((text) => Buffer.from(String(text)));
  return one.length === other.length && timingSafeEqual(one, other);
}
