// Auth's admin interface, which Supabase Lite lacks: create, invite, list, change and delete users.
// Requests and answers have the shape that `auth.admin` of supabase-js and supabase-py expects.
import { createHash, createHmac, randomInt, randomUUID, timingSafeEqual } from "node:crypto";
import { hash } from "bcryptjs";
import postgres from "postgres";
import { json } from "./errors.mjs";

const BCRYPT_ROUNDS = 10;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TOKEN_COLUMNS = {
  signup: "confirmation_token",
  invite: "confirmation_token",
  magiclink: "recovery_token",
  recovery: "recovery_token",
};

class AdminError extends Error {
  constructor(status, errorCode, message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

const invalid = (message) => new AdminError(400, "validation_failed", message);
const emailTaken = () =>
  new AdminError(422, "email_exists", "A user with this email address has already been registered");
const userNotFound = () => new AdminError(404, "user_not_found", "User not found");

export function authAdmin({ url, secretKey, jwtSecret, siteUrl, mailer, minimumPasswordLength }) {
  const database = postgres(url, { max: 4, onnotice: () => {} });

  const routes = [
    ["POST", /^\/admin\/users$/, (request) => createUser(request)],
    ["GET", /^\/admin\/users$/, (request) => listUsers(request)],
    ["GET", /^\/admin\/users\/([^/]+)$/, (_request, id) => findUser(id)],
    ["PUT", /^\/admin\/users\/([^/]+)$/, (request, id) => updateUser(id, request)],
    ["DELETE", /^\/admin\/users\/([^/]+)$/, (_request, id) => deleteUser(id)],
    ["POST", /^\/invite$/, (request) => invite(request)],
    ["POST", /^\/admin\/generate_link$/, (request) => generateLink(request)],
  ];

  return async (request, path) => {
    try {
      authorize(request, { secretKey, jwtSecret });
      for (const [method, pattern, handler] of routes) {
        const match = pattern.exec(path);
        if (match && method === request.method) return await handler(request, match[1]);
      }
      throw new AdminError(404, "not_found", "Not found");
    } catch (error) {
      return answerError(error);
    }
  };

  async function createUser(request) {
    const wish = await readBody(request);
    const user = await insertUser({
      email: checkEmail(wish.email),
      password: wish.password,
      confirmed: wish.email_confirm === true,
      userMetadata: checkObject(wish.user_metadata, "user_metadata"),
      appMetadata: checkObject(wish.app_metadata, "app_metadata"),
      role: wish.role,
      id: wish.id,
    });
    return json(200, user);
  }

  async function invite(request) {
    const wish = await readBody(request);
    const email = checkEmail(wish.email);
    const user = await insertUser({ email, userMetadata: checkObject(wish.data, "data"), invited: true });
    const link = await issueLink(user, "invite", redirectOf(request, wish));
    await mailer.send({
      to: email,
      subject: "You have been invited",
      text: `You have been invited.\n\nAccept the invitation: ${link.action_link}\n`,
      html: `<h2>You have been invited</h2><p><a href="${link.action_link.replaceAll("&", "&amp;")}">Accept the invitation</a></p>`,
    });
    return json(200, await loadUser(user.id));
  }

  async function generateLink(request) {
    const wish = await readBody(request);
    const email = checkEmail(wish.email);
    if (!(wish.type in TOKEN_COLUMNS)) throw invalid("Unsupported link type");
    const creates = wish.type === "signup" || wish.type === "invite";
    let user = await loadUserByEmail(email);
    if (!user && !creates) throw userNotFound();
    if (user?.email_confirmed_at && creates) throw emailTaken();
    user ??= await insertUser({
      email,
      password: wish.type === "signup" ? wish.password : undefined,
      userMetadata: checkObject(wish.data, "data"),
      invited: wish.type === "invite",
    });
    const link = await issueLink(user, wish.type, redirectOf(request, wish));
    return json(200, { ...(await loadUser(user.id)), ...link });
  }

  async function listUsers(request) {
    const query = new URL(request.url).searchParams;
    const perPage = checkPage(query.get("per_page"), 50, 1000);
    const page = checkPage(query.get("page"), 1, 1_000_000);
    const [{ count }] = await database`select count(*)::int from auth.users where deleted_at is null`;
    const ids = await database`
      select id from auth.users where deleted_at is null
      order by created_at desc, id limit ${perPage} offset ${(page - 1) * perPage}
    `;
    const users = await Promise.all(ids.map(({ id }) => loadUser(id)));
    const last = Math.max(1, Math.ceil(count / perPage));
    const address = (number) => `<${siteUrl}/auth/v1/admin/users?page=${number}&per_page=${perPage}>`;
    const links = [page < last && `${address(page + 1)}; rel="next"`, `${address(last)}; rel="last"`];
    return json(200, { users, aud: "authenticated" }, {
      "x-total-count": String(count),
      link: links.filter(Boolean).join(", "),
    });
  }

  async function findUser(id) {
    return json(200, (await loadUser(checkId(id))) ?? raise(userNotFound()));
  }

  async function updateUser(id, request) {
    const wish = await readBody(request);
    const current = await loadUser(checkId(id));
    if (!current) throw userNotFound();
    const changes = { updated_at: new Date() };
    if (wish.email !== undefined) changes.email = checkEmail(wish.email);
    if (wish.password !== undefined) changes.encrypted_password = await hashPassword(wish.password);
    if (wish.email_confirm === true && !current.email_confirmed_at) changes.email_confirmed_at = new Date();
    if (wish.role !== undefined) changes.role = String(wish.role);
    if (wish.ban_duration !== undefined) changes.banned_until = banEnd(wish.ban_duration);
    if (wish.user_metadata !== undefined) {
      changes.raw_user_meta_data = merge(current.user_metadata, checkObject(wish.user_metadata, "user_metadata"));
    }
    if (wish.app_metadata !== undefined) {
      changes.raw_app_meta_data = merge(current.app_metadata, checkObject(wish.app_metadata, "app_metadata"));
    }
    await database.begin(async (transaction) => {
      await transaction`update auth.users set ${transaction(changes)} where id = ${id}`;
      if (changes.email) {
        await transaction`
          update auth.identities
          set identity_data = identity_data || ${transaction.json({ email: changes.email })}
          where user_id = ${id} and provider = 'email'
        `;
      }
    });
    return json(200, await loadUser(id));
  }

  async function deleteUser(id) {
    const { count } = await database`delete from auth.users where id = ${checkId(id)}`;
    if (!count) throw userNotFound();
    return json(200, {});
  }

  async function insertUser({ id = randomUUID(), email, password, confirmed, invited, userMetadata, appMetadata, role }) {
    const now = new Date();
    const encrypted = password === undefined ? null : await hashPassword(password);
    const verified = Boolean(confirmed);
    await database.begin(async (transaction) => {
      await transaction`
        insert into auth.users ${transaction({
          id: checkId(id),
          instance_id: "00000000-0000-0000-0000-000000000000",
          aud: "authenticated",
          role: role ?? "authenticated",
          email,
          encrypted_password: encrypted,
          email_confirmed_at: verified ? now : null,
          invited_at: invited ? now : null,
          raw_app_meta_data: { provider: "email", providers: ["email"], ...appMetadata },
          raw_user_meta_data: { email_verified: verified, ...userMetadata },
          created_at: now,
          updated_at: now,
        })}
      `;
      await transaction`
        insert into auth.identities ${transaction({
          id: randomUUID(),
          provider: "email",
          provider_id: id,
          user_id: id,
          identity_data: { sub: id, email, email_verified: verified, phone_verified: false },
          created_at: now,
          updated_at: now,
        })}
      `;
    });
    return loadUser(id);
  }

  async function issueLink(user, type, redirectTo) {
    const code = String(randomInt(1_000_000)).padStart(6, "0");
    const hashed = createHash("sha256").update(user.email + code).digest("hex");
    const column = TOKEN_COLUMNS[type];
    const sentAt = column.replace("token", "sent_at");
    await database`
      update auth.users set ${database({ [column]: hashed, [sentAt]: new Date() })} where id = ${user.id}
    `;
    const query = new URLSearchParams({ token: hashed, type, redirect_to: redirectTo });
    return {
      action_link: `${siteUrl}/auth/v1/verify?${query}`,
      email_otp: code,
      hashed_token: hashed,
      verification_type: type,
      redirect_to: redirectTo,
    };
  }

  async function loadUserByEmail(email) {
    const [found] = await database`select id from auth.users where email = ${email} and deleted_at is null`;
    return found && loadUser(found.id);
  }

  async function loadUser(id) {
    const [user] = await database`select * from auth.users where id = ${id} and deleted_at is null`;
    if (!user) return null;
    const identities = await database`select * from auth.identities where user_id = ${id} order by created_at`;
    return {
      id: user.id,
      aud: user.aud,
      role: user.role,
      email: user.email,
      phone: user.phone ?? "",
      email_confirmed_at: user.email_confirmed_at,
      confirmed_at: user.confirmed_at,
      invited_at: user.invited_at,
      last_sign_in_at: user.last_sign_in_at,
      banned_until: user.banned_until,
      app_metadata: user.raw_app_meta_data,
      user_metadata: user.raw_user_meta_data,
      identities: identities.map((identity) => ({
        identity_id: identity.id,
        id: identity.provider_id,
        user_id: identity.user_id,
        identity_data: identity.identity_data,
        provider: identity.provider,
        email: identity.email,
        last_sign_in_at: identity.last_sign_in_at,
        created_at: identity.created_at,
        updated_at: identity.updated_at,
      })),
      is_anonymous: user.is_anonymous,
      created_at: user.created_at,
      updated_at: user.updated_at,
    };
  }

  async function hashPassword(password) {
    if (typeof password !== "string" || password.length < minimumPasswordLength) {
      throw new AdminError(
        422, "weak_password", `Password should be at least ${minimumPasswordLength} characters.`,
      );
    }
    return hash(password, BCRYPT_ROUNDS);
  }

  function redirectOf(request, wish) {
    return new URL(request.url).searchParams.get("redirect_to") ?? wish.redirect_to ?? siteUrl;
  }
}

function authorize(request, { secretKey, jwtSecret }) {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const key = request.headers.get("apikey") ?? bearer;
  if (!key) throw new AdminError(401, "no_authorization", "This endpoint requires a valid Bearer token");
  if (bearer && !bearer.startsWith("sb_")) {
    if (roleOf(bearer, jwtSecret) !== "service_role") throw new AdminError(403, "not_admin", "User not allowed");
    return;
  }
  if (!equal(key, secretKey)) throw new AdminError(403, "not_admin", "User not allowed");
}

function roleOf(token, secret) {
  const [header, payload, signature] = token.split(".");
  const expected = createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url");
  try {
    const { alg } = JSON.parse(Buffer.from(header, "base64url"));
    const { role, exp } = JSON.parse(Buffer.from(payload, "base64url"));
    if (alg === "HS256" && equal(signature, expected) && exp * 1000 > Date.now()) return role;
  } catch {
    // A token that cannot be read is a bad token.
  }
  throw new AdminError(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
}

function equal(left, right) {
  const digest = (text) => createHash("sha256").update(String(text)).digest();
  return timingSafeEqual(digest(left), digest(right));
}

async function readBody(request) {
  try {
    const body = await request.json();
    if (body && typeof body === "object" && !Array.isArray(body)) return body;
  } catch {
    // Answered below: what cannot be parsed is as wrong as what is no object.
  }
  throw new AdminError(400, "bad_json", "Could not parse request body as JSON");
}

function checkEmail(email) {
  if (typeof email !== "string" || email.length > 255 || !EMAIL.test(email)) {
    throw invalid("Unable to validate email address: invalid format");
  }
  return email.toLowerCase();
}

function checkId(id) {
  if (!UUID.test(String(id))) throw new AdminError(404, "validation_failed", "user_id must be an UUID");
  return id;
}

function checkObject(value, name) {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalid(`${name} must be an object`);
  return value;
}

function checkPage(text, fallback, most) {
  if (text === null || text === "") return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw invalid("Bad Pagination Parameters");
  return Math.min(number, most);
}

// Null removes a key, as in Auth.
const merge = (current, changes) =>
  Object.fromEntries(Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null));

function banEnd(duration) {
  if (duration === "none") return null;
  const units = { h: 3_600_000, m: 60_000, s: 1000 };
  const parts = [...String(duration).matchAll(/(\d+)([hms])/g)];
  if (!parts.length) throw invalid("invalid format for ban duration");
  const length = parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit], 0);
  return new Date(Date.now() + length);
}

function raise(error) {
  throw error;
}

function answerError(error) {
  if (error instanceof AdminError) {
    return json(error.status, { code: error.status, error_code: error.errorCode, msg: error.message });
  }
  if (error.code === "23505") return answerError(emailTaken());
  if (/^22/.test(error.code ?? "")) return answerError(invalid("Invalid value"));
  console.error(error);
  return json(500, { code: 500, error_code: "unexpected_failure", msg: "Database error" });
}
