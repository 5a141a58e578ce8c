import { describe, expect, test } from '@jest/globals';
import { DittoError } from '../errors/dittoError.ts';
import { blockedReason, checkHost, compileHostPolicy, type HostRules, needsLookup } from './hostPolicy.ts';

const rules = (changes: Partial<HostRules>): HostRules => ({
  allowedHostnames: [],
  blockedHostnames: [],
  blockedSubnets: [],
  blockedHostRegex: '',
  profile: 'ditto',
  ...changes,
});
const strict = compileHostPolicy(rules({ profile: 'strict' }));
const answers: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['203.0.113.7', '2001:db8::1'],
  'mixed.example': ['203.0.113.7', '10.0.0.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  '017700000001': ['127.0.0.1'],
};
const lookup = (host: string) => {
  const addresses = answers[host];
  return addresses === undefined ? { failure: `${host}: Name or service not known` } : { addresses };
};

describe('the strict profile', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    '[::1]',
    '0.0.0.0',
    '[::]',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[fe80::1%eth0]',
    '100.64.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[::127.0.0.1]',
    '017700000001',
    '2130706433',
    '127.1',
    'mixed.example',
    'mapped.example',
    'unknown.example',
  ])('refuses %s', (host) => {
    expect(() => checkHost(strict, host, lookup)).toThrow(DittoError);
  });

  test.each(['203.0.113.7', '[2001:db8::1]', 'public.example', '[64:ff9b::cb00:7107]'])(
    'accepts %s',
    (host) => {
      expect(() => checkHost(strict, host, lookup)).not.toThrow();
    },
  );

  test('asks for names alone, and for numbers that systems read differently', () => {
    expect(['203.0.113.7', '[::1]', 'localhost'].some((host) => needsLookup(strict, host))).toBe(false);
    expect(['public.example', '2130706433', '010.0.0.1'].every((host) => needsLookup(strict, host))).toBe(
      true,
    );
  });

  test('allowed names are exempt', () => {
    const policy = compileHostPolicy(rules({ profile: 'strict', allowedHostnames: ['localhost'] }));
    expect(() => checkHost(policy, 'localhost')).not.toThrow();
    expect(needsLookup(policy, 'localhost')).toBe(false);
  });

  test('judges the address again that is about to be connected to', () => {
    expect(blockedReason(strict, '127.0.0.1')).toBe(
      'the hostname resolved to a loopback address (127.0.0.1).',
    );
    expect(blockedReason(strict, '::ffff:10.0.0.1')).toMatch(/site local/);
    expect(blockedReason(strict, '203.0.113.7')).toBeUndefined();
  });
});

describe('the profile of Ditto', () => {
  test('checks nothing while no host name is blocked', () => {
    const policy = compileHostPolicy(rules({ blockedSubnets: ['10.0.0.0/8'], blockedHostRegex: '.*' }));
    expect(() => checkHost(policy, '10.0.0.1')).not.toThrow();
    expect(needsLookup(policy, 'a.example')).toBe(false);
  });

  test('reads short numbers as Java does and prints addresses likewise', () => {
    const policy = compileHostPolicy(rules({ blockedHostnames: ['8.8.8.8', '2001:db8::7', ''] }));
    expect(() => checkHost(policy, '2130706433')).toThrow(/loopback address \(127\.0\.0\.1\)/);
    expect(() => checkHost(policy, '[2001:db8::7]')).toThrow(/blocked address \(2001:db8:0:0:0:0:0:7\)/);
    expect(() => checkHost(policy, '169.254.169.254')).not.toThrow();
  });

  test('subnets of the other family or beyond understanding do not match', () => {
    const policy = compileHostPolicy(
      rules({
        blockedHostnames: ['8.8.8.8'],
        blockedSubnets: ['fe80::/10', 'x/8', '1.2.3.4/33', '8.8.4.4', '9.9.0.0/15'],
      }),
    );
    expect(() => checkHost(policy, '1.2.3.4')).not.toThrow();
    expect(() => checkHost(policy, '9.8.255.1')).toThrow(/resides in blocked subnet 9\.9\.0\.0\/15/);
    expect(() => checkHost(policy, '8.8.4.4')).toThrow(/resides in blocked subnet 8\.8\.4\.4/);
    expect(() => checkHost(policy, '[fe80::1]')).toThrow(/subnet fe80::\/10/);
  });

  test('a host that nobody knows is invalid, in the words of Ditto', () => {
    const policy = compileHostPolicy(rules({ blockedHostnames: ['8.8.8.8'] }));
    expect(() => checkHost(policy, 'x.example')).toThrow(
      "The configured host 'x.example' may not be used for the connection because The configured host 'x.example' is invalid: The configured host 'x.example' is invalid: x.example: Name or service not known",
    );
  });

  test('a pattern that backtracks in other engines is linear', () => {
    const policy = compileHostPolicy(rules({ blockedHostnames: ['8.8.8.8'], blockedHostRegex: '(a+)+b' }));
    expect(() => checkHost(policy, `${'a'.repeat(50_000)}!`)).toThrow(/is invalid/);
    expect(() => checkHost(policy, 'aab')).toThrow(/because the host is blocked: the host is blocked\./);
  });
});
