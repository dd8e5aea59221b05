// Who listens to which topic, and who is present there.
import { randomUUID } from "node:crypto";

export class Topics {
  #channels = new Map();
  #presences = new Map();

  // A private topic and a public one of the same name have nothing in common.
  static key = (topic, isPrivate) => `${isPrivate ? "private" : "public"}:${topic}`;

  get isEmpty() {
    return this.#channels.size === 0;
  }

  add(channel) {
    const channels = this.#channels.get(channel.key) ?? new Set();
    this.#channels.set(channel.key, channels.add(channel));
  }

  remove(channel) {
    this.untrack(channel);
    const channels = this.#channels.get(channel.key);
    channels?.delete(channel);
    if (channels?.size === 0) this.#channels.delete(channel.key);
  }

  broadcast(key, payload, { except } = {}) {
    for (const channel of this.#channels.get(key) ?? []) {
      if (channel !== except && channel.mayRead.broadcast) channel.push("broadcast", payload);
    }
  }

  track(channel, presenceKey, content) {
    const present = this.#presences.get(channel.key) ?? new Map();
    this.#presences.set(channel.key, present);
    const before = present.get(channel);
    const meta = { ...content, phx_ref: randomUUID() };
    if (before) meta.phx_ref_prev = before.meta.phx_ref;
    present.set(channel, { presenceKey, meta });
    this.#tell(channel.key, { joins: [{ presenceKey, meta }], leaves: before ? [before] : [] });
  }

  untrack(channel) {
    const present = this.#presences.get(channel.key);
    const gone = present?.get(channel);
    if (!gone) return;
    present.delete(channel);
    if (present.size === 0) this.#presences.delete(channel.key);
    this.#tell(channel.key, { joins: [], leaves: [gone] });
  }

  presenceState(key) {
    return grouped([...(this.#presences.get(key)?.values() ?? [])]);
  }

  #tell(key, { joins, leaves }) {
    const payload = { joins: grouped(joins), leaves: grouped(leaves) };
    for (const channel of this.#channels.get(key) ?? []) {
      if (channel.hearsPresence) channel.push("presence_diff", payload);
    }
  }
}

// One person may be there several times, on several devices.
function grouped(presences) {
  const groups = Object.create(null);
  for (const { presenceKey, meta } of presences) (groups[presenceKey] ??= { metas: [] }).metas.push(meta);
  return groups;
}
