/** Authorization server metadata (RFC 8414): where a provider says itself where its endpoints are. */
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { hostMatches } from '../egress/address.ts';
import type { Egress } from '../egress/egress.ts';

const Metadata = Type.Object({
  issuer: Type.String(),
  authorization_endpoint: Type.String(),
  token_endpoint: Type.String(),
  revocation_endpoint: Type.Optional(Type.String()),
});
export type ServerMetadata = Static<typeof Metadata>;

export type Discovered = { ok: true; metadata: ServerMetadata } | { ok: false; problem: string };

/**
 * @param issuer as the definition names it
 * @param hosts of the definition: client secrets go to the endpoints that are found, so they have to be there or
 *   at the issuer's own host
 */
export async function discover(
  egress: Pick<Egress, 'send'>,
  issuer: string,
  hosts: readonly string[],
): Promise<Discovered> {
  const problems: string[] = [];
  for (const url of addressesOf(issuer)) {
    const outcome = await egress.send(
      { method: 'GET', url },
      { hosts: [new URL(issuer).origin], about: { kind: 'discovery' } },
    );
    if (outcome.kind !== 'answered') {
      problems.push(`${url} could not be read (${outcome.why})`);
      continue;
    }
    const { status, body } = outcome.answer;
    if (status !== 200 || !Value.Check(Metadata, body)) {
      problems.push(`${url} answers ${status} and no metadata`);
      continue;
    }
    const metadata = Value.Clean(Metadata, structuredClone(body)) as ServerMetadata;
    const problem = metadataProblem(metadata, issuer, hosts);
    return problem === null ? { ok: true, metadata } : { ok: false, problem };
  }
  return { ok: false, problem: problems.join('; ') };
}

/** RFC 8414 §3.1: the path of the issuer comes after the well-known part; OpenID Connect Discovery §4 has it before. */
function addressesOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/(?<!\/)\/+$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
}

function metadataProblem(metadata: ServerMetadata, issuer: string, hosts: readonly string[]): string | null {
  // RFC 8414 §3.3: metadata of somebody else would send codes and secrets to them.
  if (metadata.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
    return `the metadata of ${issuer} is of another issuer: give the issuer exactly as it names itself`;
  const allowed = [...hosts, new URL(issuer).host];
  for (const name of ['token_endpoint', 'revocation_endpoint', 'authorization_endpoint'] as const) {
    const url = metadata[name];
    if (url === undefined) continue;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return `its ${name} is no address`;
    // RFC 9700 §2.6. The egress door looks at the others as well; to this one the browser goes.
    if (issuer.startsWith('https:') && !url.startsWith('https:')) return `its ${name} is not https`;
    const { host } = new URL(url);
    if (name !== 'authorization_endpoint' && !hostMatches(host, allowed))
      return `its ${name} is at ${host}: add that to hosts, if credentials may go there`;
  }
  return null;
}
