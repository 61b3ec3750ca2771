/** Where a workflow's time goes, as its histories tell: waiting for a worker, deciding, and each activity. */
import { Client, Connection } from '@temporalio/client';
import type { Config } from '../hub/config.ts';
import { createDataConverter } from '../hub/temporal/data-converter.ts';
import { parseKeyring } from '../hub/vault/keyring.ts';
import { createVault } from '../hub/vault/vault.ts';
import { median, type Table } from './table.ts';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];
/** Milliseconds by what they were spent on. */
type Spent = Map<string, number>;

const MOST = 200;

/** @param count of the latest that have ended */
export async function spentInWorkflow(config: Config, type: string, count: number): Promise<Table> {
  const connection = await Connection.connect({ address: config.temporal.address ?? '' });
  const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  const client = new Client({ connection, dataConverter: createDataConverter(vault) });
  const query = `WorkflowType = '${type}' and TaskQueue = '${config.temporal.taskQueue}'`;
  const spent: Spent[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    spent.push(spentIn(events ?? []));
    if (spent.length >= Math.min(count, MOST)) break;
  }
  await connection.close();
  const names = [...new Set(spent.flatMap((one) => [...one.keys()]))];
  return {
    title: `Where the time of ${type} goes, median of ${spent.length} runs`,
    columns: ['', 'ms'],
    rows: names.map((name) => [name, median(spent.map((one) => one.get(name) ?? 0))]),
    notes: [],
  };
}

function spentIn(events: Event[]): Spent {
  const spent: Spent = new Map();
  const byId = new Map(events.map((event) => [String(event.eventId), event]));
  const add = (name: string, from: Event | undefined, to: Event) =>
    spent.set(name, (spent.get(name) ?? 0) + (from ? at(to) - at(from) : 0));
  for (const event of events) {
    const scheduled = (id: unknown) => byId.get(String(id));
    const taken = event.workflowTaskStartedEventAttributes;
    const decided = event.workflowTaskCompletedEventAttributes;
    const done = event.activityTaskCompletedEventAttributes;
    if (taken) add('workflow tasks: waiting for the worker', scheduled(taken.scheduledEventId), event);
    if (decided) add('workflow tasks: deciding', scheduled(decided.startedEventId), event);
    if (done) {
      const asked = scheduled(done.scheduledEventId);
      const name = asked?.activityTaskScheduledEventAttributes?.activityType?.name ?? '';
      const started = scheduled(done.startedEventId);
      if (asked && started) add('activities: waiting for the worker', asked, started);
      add(`activity ${name}`, started, event);
    }
  }
  return spent;
}

const at = ({ eventTime }: Event): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1_000_000;
