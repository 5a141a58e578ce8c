import type { OpenIdIssuer } from '@hawser/http';
import { ConfigError, type SettingGroup } from '../config/config.ts';

const DEFAULT_SUBJECT = '{{ jwt:sub }}';

/** Ditto's `openid-connect-issuers`: by name, each with `issuer` or `issuers`, and `auth-subjects`. @throws ConfigError */
export function openIdIssuersOf(group: SettingGroup): readonly OpenIdIssuer[] {
  const issuers = Object.entries(group).map(([name, member]) => issuerOf(name, member));
  if (issuers.length > 0) return issuers;
  throw new ConfigError(
    'oauth2 needs an issuer of tokens: set ditto.gateway.authentication.devops.oauth.openid-connect-issuers.<name>.issuer',
  );
}

function issuerOf(name: string, member: Readonly<Record<string, unknown>>): OpenIdIssuer {
  const issuers = [...listOf(member, 'issuer'), ...listOf(member, 'issuers')];
  if (issuers.length === 0) throw new ConfigError(`the OpenID provider ${name} has no issuer`);
  for (const issuer of issuers) {
    if (/^\w+:\/\//.test(issuer)) throw new ConfigError(`${issuer}: an issuer is given without its protocol`);
  }
  const authSubjects = listOf(member, 'auth-subjects');
  return { name, issuers, authSubjects: authSubjects.length === 0 ? [DEFAULT_SUBJECT] : authSubjects };
}

/** A list, a text, or members by number as system properties have them: `issuers.0`. */
function listOf(member: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  return Object.entries(member)
    .filter(
      ([key]) => key === name || (key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1))),
    )
    .flatMap(([, value]) => (Array.isArray(value) ? value.map(String) : [String(value)]))
    .filter((item) => item !== '');
}
