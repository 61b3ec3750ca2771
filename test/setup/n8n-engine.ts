/**
 * n8n's own engine (n8n-core) around one node: real routing, real expressions, real HTTP and OAuth2 helpers. What
 * belongs to n8n's server (the credential store) is kept in memory here.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type {
  IBinaryData,
  ICredentialDataDecryptedObject,
  IDataObject,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  INode,
  INodeExecutionData,
  INodeParameters,
  INodeType,
  INodeTypes,
  IRun,
  IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

// n8n loads its parts, and ours, with require: then all share one n8n-workflow.
const require = createRequire(import.meta.url);
const core = require('n8n-core') as typeof import('n8n-core');
const { Workflow, createRunExecutionData } = require('n8n-workflow') as typeof import('n8n-workflow');

/** Where this n8n would be; nobody listens there. */
const N8N = 'http://localhost:5678';

export type StoredCredentials = { [type: string]: ICredentialDataDecryptedObject };
export type NodeRun = {
  /** Name of the node's type: `hubSlack`; or a node that is in no package. */
  node: string | INodeType;
  parameters: INodeParameters;
  /** Changed in place where n8n renews a token. */
  credentials: StoredCredentials;
  /** One item with an empty object unless given. */
  items?: INodeExecutionData[];
  settings?: Pick<INode, 'continueOnFail' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries' | 'onError'>;
};
export type NodeResult = {
  /** Items of the first output. */
  items: INodeExecutionData[];
  json: IDataObject[];
  error: (Error & { description?: string; httpCode?: string }) | null;
  /** All that n8n would keep of this execution. */
  run: IRun;
};

type Loader = InstanceType<typeof core.PackageDirectoryLoader>;

let packageFolder = (): string => {
  throw new Error('no package of nodes was named');
};
let loaded: Promise<Loader> | null = null;

/** Whose nodes and credential types are meant; asked when the first of them is. */
export function usePackage(folder: () => string): void {
  packageFolder = folder;
}

async function loader(): Promise<Loader> {
  loaded ??= (async () => {
    const one = new core.PackageDirectoryLoader(packageFolder());
    await one.loadAll();
    return one;
  })();
  return loaded;
}

/** Of every node of the package. */
export const nodeNames = async (): Promise<string[]> => Object.keys((await loader()).nodeTypes);

export async function nodeType(name: NodeRun['node']): Promise<INodeType> {
  if (typeof name !== 'string') return name;
  const found = (await loader()).nodeTypes[name]?.type;
  if (!found) throw new Error(`no node ${name}`);
  return found as INodeType;
}

export async function runNode(wanted: NodeRun): Promise<NodeResult> {
  const type = await nodeType(wanted.node);
  const workflow = workflowOf(wanted, type);
  const additionalData = await dataFor(wanted.credentials);
  const execute = new core.WorkflowExecute(
    additionalData,
    'manual',
    startWith(wanted.items ?? [{ json: {} }]),
  );
  const run = await execute.processRunExecutionData(workflow);
  const result = run.data.resultData.runData['Node']?.at(-1);
  const items = result?.data?.main?.[0] ?? [];
  return {
    items,
    json: items.map(({ json }) => json),
    error: (run.data.resultData.error ?? result?.error ?? null) as NodeResult['error'],
    run,
  };
}

/** What the editor asks for: a list to pick from. */
export async function listSearch(
  wanted: NodeRun,
  method: string,
  filter?: string,
): Promise<{ results: { name: string; value: string }[] }> {
  const type = await nodeType(wanted.node);
  const search = type.methods?.listSearch?.[method];
  if (!search) throw new Error(`${type.description.name} has no list ${method}`);
  return (await search.call(await loadContext(wanted, type), filter)) as never;
}

export async function loadOptions(
  wanted: NodeRun,
  method: string,
): Promise<{ name: string; value: unknown }[]> {
  const type = await nodeType(wanted.node);
  const load = type.methods?.loadOptions?.[method];
  if (!load) throw new Error(`${type.description.name} has no options ${method}`);
  return load.call(await loadContext(wanted, type));
}

export function binary(content: string | Buffer, fileName: string, mimeType: string): IBinaryData {
  return { data: Buffer.from(content).toString('base64'), fileName, mimeType };
}

async function loadContext(wanted: NodeRun, type: INodeType): Promise<ILoadOptionsFunctions> {
  const workflow = workflowOf(wanted, type);
  const node = workflow.getNode('Node');
  if (!node) throw new Error('no node');
  return new core.LoadOptionsContext(
    workflow,
    node,
    await dataFor(wanted.credentials),
    '',
  ) as unknown as ILoadOptionsFunctions;
}

function workflowOf({ node, parameters, credentials, settings }: NodeRun, type: INodeType) {
  const start: INodeType = {
    description: { properties: [] } as never,
    execute: async function () {
      return [this.getInputData()];
    },
  };
  const nodeTypes: INodeTypes = {
    getByName: () => type,
    getByNameAndVersion: (name) => (name === 'start' ? start : type),
    getKnownTypes: () => ({}),
  };
  return new Workflow({
    id: randomUUID(),
    active: false,
    nodeTypes,
    settings: { executionOrder: 'v1' },
    nodes: [
      { id: '1', name: 'Start', type: 'start', typeVersion: 1, position: [0, 0], parameters: {} },
      {
        id: '2',
        name: 'Node',
        type: `n8n-nodes-integration-hub.${typeof node === 'string' ? node : node.description.name}`,
        typeVersion: 1,
        position: [200, 0],
        parameters,
        credentials: Object.fromEntries(Object.keys(credentials).map((name) => [name, { id: name, name }])),
        ...settings,
      },
    ],
    connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
  });
}

function startWith(items: INodeExecutionData[]) {
  const start: INode = {
    id: '1',
    name: 'Start',
    type: 'start',
    typeVersion: 1,
    position: [0, 0],
    parameters: {},
  };
  return createRunExecutionData({
    executionData: {
      nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }],
      waitingExecution: {},
      waitingExecutionSource: {},
      contextData: {},
      metadata: {},
    },
  });
}

/** The credential store of n8n's server, in memory. */
async function dataFor(credentials: StoredCredentials): Promise<IWorkflowExecuteAdditionalData> {
  const types = (await loader()).credentialTypes;
  const helper = {
    // Of the package's types; n8n's own, of which there are none here, extend the generic one as these do.
    getParentTypes: (type: string) =>
      types[type]?.type.extends ?? (type.endsWith('OAuth2Api') ? ['oAuth2Api'] : []),
    getDecrypted: async (_data: unknown, _node: unknown, type: string) => {
      const stored = credentials[type];
      if (!stored) throw new Error(`no credentials ${type}`);
      return { ...(await defaultsOf(type, stored)), ...structuredClone(stored) };
    },
    authenticate: async (
      stored: ICredentialDataDecryptedObject,
      type: string,
      options: IHttpRequestOptions,
    ) => {
      if (type !== 'integrationHubApi') throw new Error(`${type} has no generic authentication`);
      return {
        ...options,
        headers: { ...options.headers, Authorization: `Bearer ${stored['apiKey'] as string}` },
      };
    },
    isCredentialUsableByNode: async () => true,
    preAuthentication: async () => undefined,
    runPreAuthentication: async () => undefined,
    updateCredentials: async () => undefined,
    updateCredentialsOauthTokenData: async (
      _node: unknown,
      type: string,
      data: ICredentialDataDecryptedObject,
    ) => {
      credentials[type] = { ...credentials[type], oauthTokenData: data['oauthTokenData'] as never };
    },
  };
  return {
    credentialsHelper: helper,
    currentNodeParameters: undefined,
    hooks: new core.ExecutionLifecycleHooks('manual', randomUUID(), {} as never),
    executionId: randomUUID(),
    restApiUrl: `${N8N}/rest`,
    instanceBaseUrl: `${N8N}/`,
    webhookBaseUrl: `${N8N}/webhook`,
    webhookWaitingBaseUrl: `${N8N}/webhook-waiting`,
    webhookTestBaseUrl: `${N8N}/webhook-test`,
    formWaitingBaseUrl: `${N8N}/form-waiting`,
    variables: {},
    setExecutionStatus: () => undefined,
    logAiEvent: () => undefined,
  } as unknown as IWorkflowExecuteAdditionalData;
}

/** Defaults of the type's properties, their expressions over the credential's own fields worked out. */
async function defaultsOf(
  type: string,
  stored: ICredentialDataDecryptedObject,
): Promise<ICredentialDataDecryptedObject> {
  const properties = (await loader()).credentialTypes[type]?.type.properties ?? [];
  const plain = Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
  const self = { ...plain, ...stored } as { [name: string]: unknown };
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [name, worked(value, self)]),
  ) as ICredentialDataDecryptedObject;
}

const HUB_ADDRESS = '{{$self["hubUrl"].replace(new RegExp("/+$"), "")}}';
const worked = (value: unknown, self: { [name: string]: unknown }): unknown =>
  typeof value === 'string' && value.startsWith('=')
    ? value.slice(1).replace(HUB_ADDRESS, String(self['hubUrl']).replace(/\/+$/, ''))
    : value;
