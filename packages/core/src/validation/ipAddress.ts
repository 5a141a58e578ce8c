import { isIpv4, isIpv6 } from '../model/javaUri.ts';

/** Four or sixteen bytes. */
export type IpAddress = readonly number[];

/**
 * Reads an address as java.net.InetAddress reads a literal: dotted quads and their short decimal forms (`127.1`), IPv6 with or
 * without brackets and scope. An IPv4-mapped IPv6 address is the IPv4 address. `undefined` for anything that is a name.
 */
export function parseIpLiteral(host: string): IpAddress | undefined {
  const text = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const [address = ''] = text.split('%', 1);
  if (isIpv6(address)) return unmapped(ipv6Bytes(address));
  return text === host ? ipv4Bytes(text) : undefined;
}

/** The last part fills all remaining bytes; each part is decimal, whatever zeros it begins with. */
function ipv4Bytes(text: string): IpAddress | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^\d{1,12}$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  const last = numbers.pop() ?? 0;
  const remaining = 4 - numbers.length;
  if (numbers.some((byte) => byte > 255) || last >= 256 ** remaining) return undefined;
  const tail = Array.from(
    { length: remaining },
    (_, i) => Math.floor(last / 256 ** (remaining - 1 - i)) % 256,
  );
  return [...numbers, ...tail];
}

/** Whether a numeric host means the same address to everybody: no short, octal-looking or hexadecimal form. */
export const isCanonicalIpv4 = (host: string): boolean =>
  isIpv4(host) && host.split('.').every((byte) => byte === String(Number(byte)));

function ipv6Bytes(address: string): IpAddress {
  const [head = '', tail] = address.split('::');
  const front = groupBytes(head);
  const back = groupBytes(tail ?? '');
  return [...front, ...new Array<number>(16 - front.length - back.length).fill(0), ...back];
}

function groupBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

const isZero = (bytes: IpAddress): boolean => bytes.every((byte) => byte === 0);

function unmapped(bytes: IpAddress): IpAddress {
  const isMapped = isZero(bytes.slice(0, 10)) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

/** As Java prints it: IPv6 in eight groups without compression. */
export function formatIpAddress(bytes: IpAddress): string {
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  ).join(':');
}

export interface Subnet {
  readonly text: string;
  readonly network: IpAddress;
  /** Leading bits that must be equal. */
  readonly bits: number;
}

/** Reads `10.0.0.0/8` or a single address (connectivity/service/.../SubnetValidator.java); `undefined` if it is neither. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const network = parseIpLiteral(address);
  if (network === undefined || more.length > 0) return undefined;
  if (prefix === undefined) return { text, network, bits: network.length * 8 };
  const bits = Number(prefix);
  return /^\d{1,3}$/.test(prefix) && bits <= network.length * 8 ? { text, network, bits } : undefined;
}

export function isInSubnet(address: IpAddress, { network, bits }: Subnet): boolean {
  if (address.length !== network.length) return false;
  return network.every((byte, i) => {
    const significant = Math.min(8, Math.max(0, bits - i * 8));
    const mask = (0xff << (8 - significant)) & 0xff;
    return (byte & mask) === ((address[i] ?? 0) & mask);
  });
}

/** Kinds of address that Ditto blocks, in the order in which it asks, as java.net.InetAddress defines them. */
const DITTO_KINDS = [
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['site local', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fec0::/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['wildcard', ['0.0.0.0/32', '::/128']],
] as const;

/** What else is no place for a public service: link-local (cloud metadata), unique local, carrier-grade NAT, reserved. */
const STRICT_KINDS = [
  ['link local', ['169.254.0.0/16', 'fe80::/10']],
  ['unique local', ['fc00::/7']],
  ['shared', ['100.64.0.0/10']],
  ['reserved', ['0.0.0.0/8', '192.0.0.0/24', '198.18.0.0/15', '240.0.0.0/4']],
] as const;

const compileKinds = (kinds: typeof DITTO_KINDS | typeof STRICT_KINDS) =>
  kinds.map(([kind, subnets]) => ({ kind, subnets: subnets.flatMap((text) => parseSubnet(text) ?? []) }));

const dittoKinds = compileKinds(DITTO_KINDS);
const strictKinds = [...dittoKinds, ...compileKinds(STRICT_KINDS)];

/** The kind of a non-public address as Ditto's messages name it, or `undefined`. */
export function blockedKind(address: IpAddress, isStrict: boolean): string | undefined {
  const kinds = isStrict ? strictKinds : dittoKinds;
  const found = kinds.find(({ subnets }) => subnets.some((subnet) => isInSubnet(address, subnet)));
  return found?.kind;
}

const TRANSLATED = ['64:ff9b::/96', '64:ff9b:1::/48'].flatMap((text) => parseSubnet(text) ?? []);
const SIX_TO_FOUR = ['2002::/16'].flatMap((text) => parseSubnet(text) ?? []);

/** The IPv4 address that an IPv6 one stands for (NAT64, 6to4, IPv4-compatible), or the address itself. */
export function embeddedIpv4(address: IpAddress): IpAddress {
  if (address.length === 4) return address;
  if (TRANSLATED.some((subnet) => isInSubnet(address, subnet))) return address.slice(12);
  if (SIX_TO_FOUR.some((subnet) => isInSubnet(address, subnet))) return address.slice(2, 6);
  const isCompatible = isZero(address.slice(0, 12)) && !isZero(address.slice(12, 15));
  return isCompatible ? address.slice(12) : address;
}
