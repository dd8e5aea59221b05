// Messages that the database sends, read from its log as hosted Realtime reads them: each once, in the
// order of the commits, and at no cost to who sends. Nothing is read while nobody listens.
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { isConnectionError } from "../errors.mjs";

const PUBLICATION = "supabase_realtime_messages_publication";
const RETRY_MILLISECONDS = 1000;
const XLOG_DATA = 0x77;
const KEEPALIVE = 0x6b;
const EPOCH_2000 = Date.UTC(2000, 0, 1);

export class Replication {
  #url;
  #receive;
  #run = null;

  constructor(url, receive) {
    this.#url = url;
    this.#receive = receive;
  }

  // Resolves once what is committed from now on will arrive.
  start() {
    if (!this.#run) {
      this.#run = { sql: null, stream: null };
      this.#run.ready = this.#open(this.#run);
    }
    return this.#run.ready;
  }

  async stop() {
    const run = this.#run;
    this.#run = null;
    run?.stream?.end();
    await run?.sql?.end({ timeout: 1 });
  }

  async #open(run) {
    while (run === this.#run) {
      try {
        return await this.#stream(run);
      } catch (error) {
        // A database that is rebuilt, or starting, will be back.
        if (!isConnectionError(error)) console.error(error);
        await run.sql.end({ timeout: 0 });
        await wait(RETRY_MILLISECONDS);
      }
    }
  }

  async #stream(run) {
    const sql = (run.sql = postgres(this.#url, {
      max: 1,
      fetch_types: false,
      idle_timeout: null,
      max_lifetime: null,
      onnotice: () => {},
      connection: { application_name: "realtime", replication: "database" },
    }));
    const name = `realtime_${randomBytes(8).toString("hex")}`;
    // This grammar knows its words in capitals only.
    const [slot] = await sql.unsafe(`CREATE_REPLICATION_SLOT ${name} TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT`);
    const stream = (run.stream = await sql
      .unsafe(
        `START_REPLICATION SLOT ${name} LOGICAL ${slot.consistent_point}` +
          ` (proto_version '1', publication_names '${PUBLICATION}')`,
      )
      .writable());
    const relations = new Map();
    stream.on("data", (bytes) => {
      if (bytes[0] === XLOG_DATA) this.#read(bytes.subarray(25), relations);
      else if (bytes[0] === KEEPALIVE && bytes[17]) stream.write(receipt(bytes.subarray(1, 9)));
    });
    stream.on("error", () => {});
    stream.on("close", () => {
      if (run === this.#run) run.ready = wait(RETRY_MILLISECONDS).then(() => this.#open(run));
    });
  }

  #read(bytes, relations) {
    const kind = String.fromCharCode(bytes[0]);
    const reader = new Reader(bytes.subarray(1));
    if (kind === "R") relations.set(reader.integer(4), columnsOf(reader));
    if (kind === "I") this.#receive(rowOf(reader, relations.get(reader.integer(4))));
  }
}

class Reader {
  #position = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  integer(size) {
    this.#position += size;
    return this.bytes.readUIntBE(this.#position - size, size);
  }

  text(length = this.bytes.indexOf(0, this.#position) - this.#position) {
    this.#position += length;
    return this.bytes.toString("utf8", this.#position - length, this.#position);
  }

  name() {
    const text = this.text();
    this.#position += 1;
    return text;
  }
}

// schema, table, identity, number of columns; each with flags, name, type and modifier
function columnsOf(reader) {
  reader.name();
  reader.name();
  reader.integer(1);
  return Array.from({ length: reader.integer(2) }, () => {
    reader.integer(1);
    const name = reader.name();
    reader.integer(4);
    reader.integer(4);
    return name;
  });
}

// "N", number of values; each with a kind and, for text, length and content
function rowOf(reader, columns) {
  reader.integer(1);
  reader.integer(2);
  return Object.fromEntries(
    columns.map((name) => {
      const isText = String.fromCharCode(reader.integer(1)) === "t";
      return [name, isText ? reader.text(reader.integer(4)) : null];
    }),
  );
}

// Written, flushed and applied up to there.
function receipt(position) {
  const bytes = Buffer.alloc(34);
  bytes.write("r", 0);
  bytes.fill(position, 1, 25);
  bytes.writeBigInt64BE(BigInt(Date.now() - EPOCH_2000) * 1000n, 25);
  return bytes;
}
