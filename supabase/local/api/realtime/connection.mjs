// One WebSocket: its messages one after the other, each to the channel that it is for.
import { Refusal } from "./authorization.mjs";
import { Channel } from "./channel.mjs";
import { MalformedFrame, serializers } from "./serializers.mjs";

const MOST_CHANNELS = 100;
const MOST_WAITING = 64;
// Of what is sent to who does not read it.
const LARGEST_BACKLOG = 16 * 1024 * 1024;
const LONGEST_SILENCE = 60_000;
const POLICY_VIOLATION = 1008;
const INVALID_PAYLOAD = 1007;
const GOING_AWAY = 1001;

export class Connection {
  #socket;
  #services;
  #serializer;
  #channels = new Map();
  #work = Promise.resolve();
  #waiting = 0;
  #silence;

  constructor(socket, services, { version, claims, headers }) {
    this.#socket = socket;
    this.#services = services;
    this.#serializer = serializers[version];
    this.claims = claims;
    this.headers = headers;
    this.#silence = setTimeout(() => this.close(GOING_AWAY), LONGEST_SILENCE).unref();
    socket.on("message", (bytes, isBinary) => this.#enqueue(bytes, isBinary));
    socket.on("close", () => this.#end());
    // A frame that is too large, or no frame at all: the socket is closed behind it.
    socket.on("error", () => {});
  }

  get isOpen() {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(message) {
    if (!this.isOpen) return;
    const frame = this.#serializer.encode(message);
    if (frame) this.#socket.send(frame);
    if (this.#socket.bufferedAmount > LARGEST_BACKLOG) this.#socket.terminate();
  }

  forget(channel) {
    if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic);
  }

  close(code = GOING_AWAY) {
    this.#socket.close(code);
  }

  #enqueue(bytes, isBinary) {
    this.#silence.refresh();
    this.#waiting += 1;
    // Whoever sends faster than we work waits in the network.
    if (this.#waiting > MOST_WAITING) this.#socket.pause();
    this.#work = this.#work
      .then(() => this.isOpen && this.#handle(this.#serializer.decode(bytes, isBinary)))
      .catch((error) => {
        if (!(error instanceof MalformedFrame)) console.error(error);
        this.close(error instanceof MalformedFrame ? INVALID_PAYLOAD : POLICY_VIOLATION);
      })
      .finally(() => {
        this.#waiting -= 1;
        if (this.#socket.isPaused && this.#waiting <= MOST_WAITING) this.#socket.resume();
      });
  }

  async #handle(message) {
    const { topic, event, ref, joinRef } = message;
    const reply = (status, response) =>
      this.send({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
    if (topic === "phoenix" && event === "heartbeat") return reply("ok", {});
    if (event === "phx_join") return this.#join(message, reply);
    const channel = this.#channels.get(topic);
    if (!channel) return event === "phx_leave" ? reply("ok", {}) : reply("error", { reason: "unmatched topic" });
    // Sent to the channel that stood here before.
    if (joinRef != null && joinRef !== channel.joinRef) return;
    if (event !== "phx_leave") return channel.receive(message, reply);
    reply("ok", {});
    channel.close();
  }

  async #join(message, reply) {
    if (!message.topic.startsWith("realtime:")) return reply("error", { reason: "unmatched topic" });
    this.#channels.get(message.topic)?.close();
    // The oldest format has no reference of its own for joins.
    const channel = new Channel(this, this.#services, { ...message, joinRef: message.joinRef ?? message.ref });
    try {
      if (this.#channels.size >= MOST_CHANNELS) throw new Refusal("ChannelRateLimitReached", "Too many channels");
      await channel.join((status, response) => {
        this.#channels.set(message.topic, channel);
        reply(status, response);
      });
    } catch (error) {
      channel.leave();
      reply("error", { reason: Refusal.of(error).message });
    }
  }

  #end() {
    clearTimeout(this.#silence);
    for (const channel of this.#channels.values()) channel.leave();
    this.#services.ended(this);
  }
}
