// The two wire formats of Phoenix: an object per message (1.0.0), and an array or, for broadcasts of
// clients, a binary frame (2.0.0).
const PUSHED_BROADCAST = 3;
const SENT_BROADCAST = 4;
export const BYTES = 0;
export const JSON_ENCODING = 1;
const LONGEST_FIELD = 255;

export class MalformedFrame extends Error {}

export const serializers = {
  "1.0.0": {
    decode(bytes, isBinary) {
      const { join_ref: joinRef, ref, topic, event, payload } = (isBinary ? null : parse(bytes)) ?? {};
      return checked({ joinRef, ref, topic, event, payload });
    },
    encode({ joinRef = null, ref = null, topic, event, payload }) {
      const readable = payload instanceof UserBroadcast ? payload.asObject() : payload;
      // This format has no place for bytes.
      return readable && JSON.stringify({ join_ref: joinRef, ref, topic, event, payload: readable });
    },
  },
  "2.0.0": {
    decode(bytes, isBinary) {
      if (isBinary) return decodeBroadcast(bytes);
      const [joinRef, ref, topic, event, payload] = asArray(parse(bytes));
      return checked({ joinRef, ref, topic, event, payload });
    },
    encode({ joinRef = null, ref = null, topic, event, payload }) {
      if (payload instanceof UserBroadcast) return payload.asFrame(topic);
      return JSON.stringify([joinRef, ref, topic, event, payload]);
    },
  },
};

// A broadcast whose content nobody on the way needs to read.
export class UserBroadcast {
  constructor(event, encoding, content) {
    Object.assign(this, { event, encoding, content });
  }

  get size() {
    return this.content.length;
  }

  asObject() {
    if (this.encoding !== JSON_ENCODING) return null;
    return { type: "broadcast", event: this.event, payload: parse(this.content) };
  }

  asFrame(topic) {
    const fields = [topic, this.event].map((text) => Buffer.from(text));
    if (fields.some(({ length }) => length > LONGEST_FIELD)) return null;
    const head = [SENT_BROADCAST, ...fields.map(({ length }) => length), 0, this.encoding];
    return Buffer.concat([Buffer.from(head), ...fields, this.content]);
  }
}

// kind, six lengths or flags, then the fields in that order, then the content
function decodeBroadcast(bytes) {
  const [kind, ...lengths] = bytes.subarray(0, 6);
  if (kind !== PUSHED_BROADCAST || bytes.length < 7) throw new MalformedFrame("unknown kind of frame");
  const encoding = bytes[6];
  let position = 7;
  const [joinRef, ref, topic, userEvent] = lengths.map((length) => {
    position += length;
    return bytes.toString("utf8", position - length, position);
  });
  if (position > bytes.length) throw new MalformedFrame("a frame shorter than its fields");
  const payload = new UserBroadcast(userEvent, encoding, bytes.subarray(position));
  // Whoever gets this is told nothing false: content that claims to be JSON is.
  if (encoding === JSON_ENCODING) parse(payload.content);
  return checked({ joinRef, ref, topic, event: "broadcast", payload });
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new MalformedFrame("no JSON");
  }
}

function asArray(value) {
  if (!Array.isArray(value)) throw new MalformedFrame("no array");
  return value;
}

function checked({ joinRef, ref, topic, event, payload }) {
  const isReference = (value) => value == null || typeof value === "string" || typeof value === "number";
  if (typeof topic !== "string" || typeof event !== "string" || !isReference(ref) || !isReference(joinRef)) {
    throw new MalformedFrame("no message");
  }
  const isObject = payload !== null && typeof payload === "object" && !Array.isArray(payload);
  return { joinRef, ref, topic, event, payload: isObject ? payload : {} };
}
