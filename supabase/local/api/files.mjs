// Keeps stored objects as files, one per object version of a bucket.
//
// File names are hashes of bucket and key: a key is any text a client chose, and no text may ever
// become a path.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";

export class FileStorage {
  driver = null;

  constructor(folder) {
    this.folder = folder;
  }

  #place(bucket, key) {
    const name = createHash("sha256").update(JSON.stringify([bucket, key])).digest("hex");
    const content = path.join(this.folder, name.slice(0, 2), name);
    return { content, metadata: `${content}.json` };
  }

  async #metadata(bucket, key) {
    const place = this.#place(bucket, key);
    const metadata = JSON.parse(await readFile(place.metadata, "utf8"));
    return { ...metadata, lastModified: new Date(metadata.lastModified) };
  }

  async uploadObject(bucket, key, _version, body, contentType, cacheControl) {
    const content = await collect(body);
    const metadata = {
      cacheControl,
      contentLength: content.length,
      size: content.length,
      mimetype: contentType,
      lastModified: new Date(),
      eTag: `"${createHash("md5").update(content).digest("hex")}"`,
    };
    const place = this.#place(bucket, key);
    await mkdir(path.dirname(place.content), { recursive: true });
    await replace(place.content, content);
    await replace(place.metadata, JSON.stringify(metadata));
    return metadata;
  }

  async getObject(bucket, key, _version, headers = {}) {
    const metadata = await this.#metadata(bucket, key);
    const since = headers.ifModifiedSince && new Date(headers.ifModifiedSince);
    if (headers.ifNoneMatch === metadata.eTag || (since && metadata.lastModified <= since)) {
      return { httpStatusCode: 304, metadata };
    }
    const place = this.#place(bucket, key);
    const range = parseRange(headers.range, metadata.size);
    const stream = Readable.toWeb(createReadStream(place.content, range ?? {}));
    if (!range) return { httpStatusCode: 200, metadata, body: stream };
    const contentRange = `bytes ${range.start}-${range.end}/${metadata.size}`;
    const contentLength = range.end - range.start + 1;
    return { httpStatusCode: 206, metadata: { ...metadata, contentLength, contentRange }, body: stream };
  }

  async headObject(bucket, key) {
    return this.#metadata(bucket, key);
  }

  async copyObject(fromBucket, from, _version, toBucket, to) {
    const source = this.#place(fromBucket, from);
    const metadata = await this.#metadata(fromBucket, from);
    const content = await readFile(source.content);
    const copy = await this.uploadObject(
      toBucket, to, undefined, content, metadata.mimetype, metadata.cacheControl,
    );
    return { httpStatusCode: 200, eTag: copy.eTag, lastModified: copy.lastModified };
  }

  async deleteObject(bucket, key) {
    const place = this.#place(bucket, key);
    await rm(place.content, { force: true });
    await rm(place.metadata, { force: true });
  }

  async deleteObjects(bucket, keys) {
    for (const key of keys) await this.deleteObject(bucket, key);
  }

  async privateAssetUrl(bucket, key) {
    return `file://${this.#place(bucket, key).content}`;
  }
}

async function collect(body) {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const parts = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

async function replace(target, content) {
  // A reader sees the old file or the new one, never half of it.
  const fresh = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(fresh, content, { mode: 0o600 });
  await rename(fresh, target);
}

function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (!match[1] && !match[2])) return null;
  const start = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
  const end = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  return start <= end && start < size ? { start, end } : null;
}
