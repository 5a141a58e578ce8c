import { RE2JS } from 're2js';
import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import {
  blockedKind,
  embeddedIpv4,
  formatIpAddress,
  type IpAddress,
  isCanonicalIpv4,
  isInSubnet,
  parseIpLiteral,
  parseSubnet,
  type Subnet,
} from './ipAddress.ts';

/** The settings under `ditto.connectivity.connection` that say where connections may lead. */
export interface HostRules {
  readonly allowedHostnames: readonly string[];
  /** Empty: nothing is checked at all in the profile `ditto`. */
  readonly blockedHostnames: readonly string[];
  /** CIDR; entries that cannot be read are ignored. */
  readonly blockedSubnets: readonly string[];
  /** Must match the whole host name. */
  readonly blockedHostRegex: string;
  /**
   * `ditto`: as Ditto judges. `strict`: always on, also blocks link-local, unique local, shared and reserved addresses and sees
   * through IPv4 in IPv6; to be applied again at connect time (`blockedReason`).
   */
  readonly profile: 'ditto' | 'strict';
}

/** What is known of a host name: its addresses as text, or why there are none. */
export type HostAnswer = { readonly addresses: readonly string[] } | { readonly failure: string };
/** Never asked for address literals and `localhost`. */
export type HostLookup = (host: string) => HostAnswer;

export const noLookup: HostLookup = (host) => ({ failure: `${host}: Name or service not known` });

/** Host rules made ready: names resolved, patterns and subnets compiled. Immutable. */
export interface HostPolicy {
  readonly isStrict: boolean;
  readonly isEnabled: boolean;
  readonly allowedHostnames: ReadonlySet<string>;
  /** As `formatIpAddress` prints them. */
  readonly blockedAddresses: ReadonlySet<string>;
  readonly blockedSubnets: readonly Subnet[];
  readonly blockedPattern: RE2JS | undefined;
}

/** @throws Error for a pattern that cannot be compiled: the service must not start with it */
export function compileHostPolicy(rules: HostRules, lookup: HostLookup = noLookup): HostPolicy {
  const isStrict = rules.profile === 'strict';
  const blocked = rules.blockedHostnames.flatMap((host) => {
    const answer = host === '' ? undefined : resolve(host, lookup, false);
    return answer?.addresses?.map(formatIpAddress) ?? [];
  });
  return {
    isStrict,
    isEnabled: isStrict || blocked.length > 0,
    allowedHostnames: new Set(rules.allowedHostnames),
    blockedAddresses: new Set(blocked),
    blockedSubnets: rules.blockedSubnets.flatMap((text) => parseSubnet(text) ?? []),
    blockedPattern: rules.blockedHostRegex === '' ? undefined : RE2JS.compile(rules.blockedHostRegex),
  };
}

/** Whether a name has to be looked up before `checkHost` can judge it. */
export function needsLookup(policy: HostPolicy, host: string): boolean {
  if (!policy.isEnabled || policy.allowedHostnames.has(host)) return false;
  return literalAddresses(host, policy.isStrict) === undefined;
}

/**
 * Refuses hosts that connections must not lead to (connectivity/service/.../validation/DefaultHostValidator.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkHost(policy: HostPolicy, host: string, lookup: HostLookup = noLookup): void {
  if (!policy.isEnabled || policy.allowedHostnames.has(host)) return;
  if (policy.blockedPattern?.matches(host)) throw hostBlocked(host, 'the host is blocked.');
  const { addresses, failure } = resolve(host, lookup, policy.isStrict);
  if (addresses === undefined) throw hostInvalid(host, failure);
  for (const address of addresses) {
    const reason = reasonOf(policy, address);
    if (reason !== undefined) throw hostBlocked(host, reason);
  }
}

/** Why an address that is about to be connected to is blocked, or `undefined`; for lookups at connect time. */
export function blockedReason(policy: HostPolicy, address: string): string | undefined {
  if (!policy.isEnabled) return undefined;
  const bytes = parseIpLiteral(address);
  return bytes === undefined ? 'the hostname resolved to no address.' : reasonOf(policy, bytes);
}

function reasonOf(policy: HostPolicy, resolved: IpAddress): string | undefined {
  const address = policy.isStrict ? embeddedIpv4(resolved) : resolved;
  const printed = formatIpAddress(resolved);
  const kind = blockedKind(address, policy.isStrict);
  if (kind !== undefined) return `the hostname resolved to a ${kind} address (${printed}).`;
  if (policy.blockedAddresses.has(formatIpAddress(address)))
    return `the hostname resolved to a blocked address (${printed}).`;
  const subnet = policy.blockedSubnets.find((candidate) => isInSubnet(address, candidate));
  return subnet === undefined
    ? undefined
    : `the hostname resolved to address ${printed} which resides in blocked subnet ${subnet.text}.`;
}

type Resolved =
  | { readonly addresses: readonly IpAddress[]; readonly failure?: undefined }
  | { readonly addresses?: undefined; readonly failure: string };

function resolve(host: string, lookup: HostLookup, isStrict: boolean): Resolved {
  const literal = literalAddresses(host, isStrict);
  if (literal !== undefined) return { addresses: literal };
  const answer = lookup(host);
  if ('failure' in answer) return answer;
  return { addresses: answer.addresses.flatMap((text) => [parseIpLiteral(text)].filter(isDefined)) };
}

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

const LOOPBACK: readonly IpAddress[] = [[127, 0, 0, 1]];

/** Numeric forms on which systems disagree are left to the lookup when it has to be exact. */
function literalAddresses(host: string, isStrict: boolean): readonly IpAddress[] | undefined {
  const name = host.toLowerCase();
  if (name === 'localhost' || (isStrict && /(^|\.)localhost\.?$/.test(name))) return LOOPBACK;
  const literal = parseIpLiteral(host);
  if (literal === undefined) return undefined;
  const isAmbiguous = isStrict && /^[\d.]+$/.test(host) && !isCanonicalIpv4(host);
  return isAmbiguous ? undefined : [literal];
}

const DESCRIPTION =
  'The host is blocked or resolves to a forbidden address. If the host is valid, add it to the allowed hostnames configuration.';

const mayNotBeUsed = (host: string, reason: string): DittoError =>
  makeError(
    'connectivity:connection.configuration.invalid',
    `The configured host '${host}' may not be used for the connection because ${reason}`,
    { description: DESCRIPTION },
  );

const hostBlocked = (host: string, reason: string): DittoError =>
  mayNotBeUsed(host, `the host is blocked: ${reason}`);

function hostInvalid(host: string, failure: string): DittoError {
  const invalid = `The configured host '${host}' is invalid: `;
  return mayNotBeUsed(host, `${invalid}${invalid}${failure}`);
}
