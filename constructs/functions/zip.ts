import { crc32 } from "node:zlib";

/** A file of an archive: forward slashes, no leading one. */
export interface ZipEntry {
  readonly path: string;
  readonly text: string;
}

/** 1980-01-01 00:00, the first moment that the format knows. */
const [dosTime, dosDate] = [0, 0x21];
/** `made by`: Unix, so that readers take the file mode; version 2.0 of the format. */
const [madeByUnix, version] = [0x0314, 20];
/** A plain file that its owner writes and everybody reads, in the upper half as Unix has it. */
const fileMode = 0o100644 * 0x10000;
/** Names are UTF-8. */
const utf8Names = 0x0800;
const stored = 0;

/**
 * A zip of `entries` whose bytes depend on nothing but their paths and texts: sorted, without times, and stored, since what deflate
 * makes differs from one release of zlib to the next. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files = entries
    .map(({ path, text }) => ({ name: Buffer.from(path, "utf8"), content: Buffer.from(text, "utf8") }))
    .sort((a, b) => Buffer.compare(a.name, b.name));
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const common = commonHeader(name, content);
    const body = Buffer.concat([numbers([0x04034b50, 4]), common, name, content]);
    // Comment length, disk, internal attributes; then external ones and where the file begins.
    const place = numbers([0, 2], [0, 2], [0, 2], [fileMode, 4], [offset, 4]);
    directory.push(Buffer.concat([numbers([0x02014b50, 4], [madeByUnix, 2]), common, place, name]));
    bodies.push(body);
    offset += body.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...bodies, ...directory, end]);
}

/** The part that stands the same way before a file and in the directory. */
function commonHeader(name: Buffer, content: Buffer): Buffer {
  return numbers(
    [version, 2],
    [utf8Names, 2],
    [stored, 2],
    [dosTime, 2],
    [dosDate, 2],
    [crc32(content), 4],
    // Stored: as many bytes packed as unpacked.
    [content.length, 4],
    [content.length, 4],
    [name.length, 2],
    [0, 2],
  );
}

/** Little endian, each with its number of bytes. */
function numbers(...fields: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
