/** docs/n8n.md says what the nodes can do. `UPDATE_DOCS=1 npx vitest run test/n8n/docs.test.ts` writes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { expect, it } from 'vitest';
import { nodeNames, nodeType } from '../setup/n8n.ts';

const DOCUMENT = path.resolve(import.meta.dirname, '../../docs/n8n.md');
const BETWEEN = /(<!-- operations:begin -->\n)[^]*(<!-- operations:end -->)/;

/** Operations of n8n 2.41's own node for the same provider. */
const BUILT_IN: { readonly [node: string]: number } = {
  hubGoHighLevel: 17,
  hubSalesforce: 65,
  hubHubSpot: 31,
  hubGmail: 26,
  hubOutlook: 38,
  hubMetaAds: 0,
  hubGoogleAds: 2,
  hubGoogleDrive: 17,
  hubDropbox: 11,
  hubSlack: 48,
  hubDiscord: 19,
};

it('docs/n8n.md lists every operation of every node', async () => {
  const written = readFileSync(DOCUMENT, 'utf8');
  const config = await resolveConfig(DOCUMENT);
  const wanted = await format(written.replace(BETWEEN, `$1\n${await table()}\n$2`), {
    ...config,
    parser: 'markdown',
  });
  if (process.env['UPDATE_DOCS']) writeFileSync(DOCUMENT, wanted);
  else expect(written).toBe(wanted);
});

async function table(): Promise<string> {
  const rows = await Promise.all((await nodeNames()).sort().map(rowOf));
  return ['| node | operations | here | n8n |', '| --- | --- | --- | --- |', ...rows.flat()].join('\n');
}

async function rowOf(name: string): Promise<string[]> {
  const { displayName, properties } = (await nodeType(name)).description;
  const groups = properties.filter((one) => one.name === 'operation').flatMap(operations);
  const own = groups.filter(([resource]) => resource !== 'customApiCall');
  if (own.length === 0) return [];
  const count = own.reduce((sum, [, names]) => sum + names.length, 0);
  const resources = new Map(
    (properties.find((one) => one.name === 'resource')?.options as INodePropertyOptions[]).map((one) => [
      one.value,
      one.name,
    ]),
  );
  const text = own
    .map(
      ([resource, names]) => `**${resources.get(resource) ?? resource}**: ${names.join(', ').toLowerCase()}`,
    )
    .join('<br>');
  return [`| ${displayName} | ${text} | ${count} | ${BUILT_IN[name] ?? '–'} |`];
}

const operations = ({ displayOptions, options }: INodeProperties): [resource: string, names: string[]][] =>
  (displayOptions?.show?.['resource'] ?? []).map((resource) => [
    resource as string,
    (options as INodePropertyOptions[]).map(({ name }) => name),
  ]);
