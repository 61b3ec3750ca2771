/** What a node can do, read from its description: `resource/operation`. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { nodeType } from '../setup/n8n.ts';

export async function operationsOf(node: string): Promise<string[]> {
  const { properties } = (await nodeType(node)).description;
  return properties
    .filter(({ name }) => name === 'operation')
    .flatMap((property) =>
      resourcesOf(property).flatMap((resource) =>
        (property.options as INodePropertyOptions[]).map(({ value }) => `${resource}/${String(value)}`),
      ),
    );
}

const resourcesOf = ({ displayOptions }: INodeProperties) =>
  (displayOptions?.show?.['resource'] ?? []).map(String);
