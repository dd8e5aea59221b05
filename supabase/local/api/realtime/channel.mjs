// One topic that one connection has joined: what it may do there, and what it hears.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Refusal } from "./authorization.mjs";
import { UserBroadcast } from "./serializers.mjs";
import { Topics } from "./topics.mjs";

const LARGEST_BROADCAST = 3000 * 1024;
const LONGEST_START = 2000;
// A token may be good for longer than a timer can wait.
const LONGEST_TIMER = 3600_000;

export class Channel {
  #connection;
  #services;
  #claims;
  #token;
  #timer;
  #mayWrite = null;
  #isOpen = false;
  mayRead = { broadcast: true, presence: true };

  constructor(connection, services, { topic, joinRef, payload }) {
    this.#connection = connection;
    this.#services = services;
    this.topic = topic;
    this.name = topic.slice("realtime:".length);
    this.joinRef = joinRef;
    const config = object(payload.config);
    this.isPrivate = config.private === true;
    this.key = Topics.key(this.name, this.isPrivate);
    this.broadcast = object(config.broadcast);
    this.presence = { enabled: true, ...object(config.presence) };
    this.presenceKey = String(this.presence.key || randomUUID());
    this.changes = Array.isArray(config.postgres_changes) ? config.postgres_changes.map(object) : [];
    this.#token = [payload.user_token, payload.access_token].find((token) => typeof token === "string");
  }

  get hearsPresence() {
    return this.presence.enabled && this.mayRead.presence;
  }

  async join(reply) {
    if (!this.name) throw new Refusal("TopicNameRequired", "You must provide a topic name");
    this.#confirm();
    await this.#authorize();
    // It waits for transactions that are under way, which may be a while.
    const started = this.#services.replication.start();
    await Promise.race([started, wait(LONGEST_START)]);
    if (!this.#connection.isOpen) return;
    this.#isOpen = true;
    this.#services.topics.add(this);
    reply("ok", { postgres_changes: this.changes.map((change, id) => ({ ...change, id })) });
    this.#syncPresence();
    if (this.broadcast.replication_ready) {
      started.then(() => this.#system("system", "ok", "Replication connection established"));
    }
    // As hosted answers where no table is published.
    for (const change of this.changes) {
      const parameters = Object.entries(change).map(([name, value]) => `${name}: ${value}`);
      this.#system(
        "postgres_changes",
        "error",
        "Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given" +
          ` connect parameters: [${parameters.join(", ")}]`,
      );
    }
  }

  async receive({ event, payload }, reply) {
    if (event === "broadcast") return this.#broadcast(payload, reply);
    if (event === "presence") return this.#presence(payload, reply);
    if (event === "access_token") return this.#renew(payload.access_token);
  }

  push(event, payload) {
    this.#connection.send({ joinRef: event === "broadcast" ? null : this.joinRef, topic: this.topic, event, payload });
  }

  close() {
    if (!this.#isOpen) return;
    this.leave();
    const { joinRef, topic } = this;
    this.#connection.send({ joinRef, ref: joinRef, topic, event: "phx_close", payload: {} });
  }

  leave() {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#services.topics.remove(this);
    this.#connection.forget(this);
  }

  get #context() {
    return { topic: this.name, claims: this.#claims, headers: this.#connection.headers };
  }

  // Checks the token now, and again when it expires.
  #confirm() {
    const isKey = !this.#token || this.#token.startsWith("sb_");
    this.#claims = isKey ? this.#connection.claims() : this.#services.authorization.claimsOf(this.#token);
    clearTimeout(this.#timer);
    if (!this.#claims.exp) return;
    const left = Math.max(this.#claims.exp * 1000 - Date.now(), 0);
    this.#timer = setTimeout(() => this.#reconfirm(), Math.min(left, LONGEST_TIMER)).unref();
  }

  #reconfirm() {
    try {
      this.#confirm();
    } catch (error) {
      this.#shutDown(error);
    }
  }

  async #authorize() {
    this.#mayWrite = null;
    if (!this.isPrivate) return;
    const refused = `You do not have permissions to read from this Channel topic: ${this.name}`;
    this.mayRead = await this.#services.authorization.readable(this.#context);
    if (!this.mayRead.broadcast && !this.mayRead.presence) throw new Refusal("Unauthorized", refused);
  }

  async #maySend(extension) {
    if (!this.isPrivate) return true;
    this.#mayWrite ??= await this.#services.authorization.writable(this.#context);
    return this.#mayWrite[extension];
  }

  async #renew(token) {
    if (typeof token !== "string" || token === this.#token || token.startsWith("sb_")) return;
    const before = this.mayRead;
    this.#token = token;
    try {
      this.#confirm();
      await this.#authorize();
      const isLess = Object.keys(before).some((extension) => before[extension] && !this.mayRead[extension]);
      if (isLess) {
        throw new Refusal("", `You no longer have permission to read from this Channel topic: ${this.name}`);
      }
    } catch (error) {
      this.#shutDown(error);
    }
  }

  async #broadcast(payload, reply) {
    // Nothing is answered to who may not send: hosted is silent as well.
    if (!(await this.#maySend("broadcast"))) return;
    const size = payload instanceof UserBroadcast ? payload.size : Buffer.byteLength(JSON.stringify(payload));
    const isTooLarge = size > LARGEST_BROADCAST;
    if (!isTooLarge) {
      this.#services.topics.broadcast(this.key, payload, { except: this.broadcast.self ? null : this });
    }
    if (this.broadcast.ack) reply(isTooLarge ? "error" : "ok", isTooLarge ? { reason: "payload_size_exceeded" } : {});
  }

  async #presence({ event, payload = {} }, reply) {
    const wish = String(event).toLowerCase();
    if (wish === "untrack") {
      this.#services.topics.untrack(this);
      return reply("ok", {});
    }
    if (wish !== "track" || !(await this.#maySend("presence"))) return reply("error", {});
    if (payload === null || typeof payload !== "object" || Array.isArray(payload)) {
      return reply("error", { reason: "Presence track payload must be a map" });
    }
    this.#services.topics.track(this, this.presenceKey, payload);
    reply("ok", {});
    if (this.presence.enabled) return;
    // Whoever shows up wants to see the others.
    this.presence.enabled = true;
    this.#syncPresence();
  }

  #syncPresence() {
    if (this.hearsPresence) this.push("presence_state", this.#services.topics.presenceState(this.key));
  }

  #system(extension, status, message) {
    this.push("system", { extension, status, message, channel: this.name });
  }

  #shutDown(error) {
    this.#system("system", "error", Refusal.of(error).plain);
    this.close();
  }
}

const object = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? value : {});
