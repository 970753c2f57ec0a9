/** A block of IPv4 addresses: `first` as an unsigned 32-bit number, `size` a power of two. */
export interface CidrBlock {
  readonly first: number;
  readonly prefix: number;
  readonly size: number;
}

const pattern = /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/;

/** The block that `text` names; `undefined` when it is no CIDR or has host bits set (AWS would silently clear them). */
export function parseCidr(text: string): CidrBlock | undefined {
  if (!pattern.test(text)) return undefined;
  const slash = text.indexOf("/");
  const octets = text.slice(0, slash).split(".").map(Number);
  const prefix = Number(text.slice(slash + 1));
  if (prefix > 32 || octets.some((octet) => octet > 255)) return undefined;
  const first = octets.reduce((address, octet) => address * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, prefix, size } : undefined;
}

export function formatCidr({ first, prefix }: CidrBlock): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

export function overlap(a: CidrBlock, b: CidrBlock): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** The `index`-th block of `newBits` more prefix bits inside `block`, as Terraform's `cidrsubnet` counts. */
export function subnetOf(block: CidrBlock, newBits: number, index: number): CidrBlock {
  const prefix = block.prefix + newBits;
  const size = 2 ** (32 - prefix);
  return { first: block.first + index * size, prefix, size };
}
