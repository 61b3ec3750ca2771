/**
 * `npm run test:faults [-- --short] [-- --seed N]`: a hub under load, hurt in every way there is, and judged
 * afterwards by what its providers wrote down.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { check, type Finding } from './checker.ts';
import { gather, type Evidence } from './evidence.ts';
import { answersAtRisk } from './faults.ts';
import { replayHistories } from './histories.ts';
import { huntForSecrets } from './leaks.ts';
import { startLoad } from './load.ts';
import { randomOf } from './random.ts';
import { untilSettled } from './recovery.ts';
import { plan, type Round } from './schedule.ts';
import { openStage, type Stage } from './stage.ts';
import { followEvents } from './stream.ts';

const BRIEF_MS = [100, 500, 1_000, 2_000];
/** Each hold and each number of faults at a time is as likely as any other in its list; `restMs` at most between. */
const FORMS = {
  short: {
    faults: 24,
    connections: 40,
    holdsMs: [...BRIEF_MS, 11_000],
    together: [1, 1, 1, 2, 2, 3],
    restMs: 8_000,
  },
  long: {
    faults: 520,
    connections: 100,
    holdsMs: [...BRIEF_MS, ...BRIEF_MS, ...BRIEF_MS, ...BRIEF_MS, 5_000, 5_000, 11_000, 60_000],
    together: [1, 1, 2, 2, 3],
    restMs: 3_000,
  },
};
// What a fault does may show this much later: a heartbeat missed (10 s), a lease that runs out (9 s), a page or an
// attempt to reconnect that comes again (5 s), on a machine that is busy.
const AFTERMATH_MS = 45_000;

type Happened = { name: string; victim: number; from: number; to: number; atRisk: string | null | undefined };
const count = (n: number) => n.toLocaleString('en-US');
const seconds = (since: number) => Math.round((Date.now() - since) / 1000);
// Each process of the hub is ended with this one.
process.setMaxListeners(50);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { seed, short, form } = readArguments(process.argv.slice(2));
say(`Seed ${seed}; repeat with: npm run test:faults -- ${short ? '--short ' : ''}--seed ${seed}`);
const stage = await openStage(say);
let ending: Promise<void> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void (ending ??= stage.close().finally(() => process.exit(130))));
process.exitCode = await run(stage).finally(() => stage.close());

async function run(stage: Stage): Promise<number> {
  const began = Date.now();
  say('All parts run.');
  const follower = followEvents(stage);
  await subscribe(stage);
  const load = await startLoad(stage, randomOf(seed + 1), form.connections);
  say(`${seconds(began)} s: ${form.connections} connections are there; the faults begin`);

  const happened: Happened[] = [];
  for (const round of plan(randomOf(seed), form)) {
    await load.progress(round.callsBefore, form.restMs);
    happened.push(...(await carryOut(stage, round)));
  }
  await load.stop();
  const recovered = await untilSettled(stage, say, stage.config.durations.healthInterval * 1.5);
  const at = Date.now();
  // What is under way is brought to its end; nothing new begins.
  await Promise.all([...stage.workers, ...stage.apis].map((member) => member.close()));
  await follower.stop();

  const evidence = await gather({
    ...{ ...stage, at },
    received: new Set(stage.receiver.received.map((one) => stage.receiver.idOf(one))),
    told: follower.told,
    diary: load.diary,
  });
  const disturbances = happened.flatMap(({ from, to, atRisk }) =>
    atRisk === undefined ? [] : [{ from, to: to + AFTERMATH_MS, provider: atRisk }],
  );
  const findings = [
    ...recovered,
    ...check(evidence, disturbances),
    ...(await huntForSecrets(stage)),
    ...(await replayHistories(stage.config)),
  ];
  return report(evidence, happened, findings, began);
}

async function subscribe({ apiUrls, adminKey, webhookUrl }: Stage): Promise<void> {
  const response = await fetch(`${apiUrls[0]}/api/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: webhookUrl, events: ['*'] }),
  });
  if (!response.ok) throw new Error(`the webhook was not made: ${await response.text()}`);
}

async function carryOut(stage: Stage, { faults }: Round): Promise<Happened[]> {
  const happened: Happened[] = [];
  const mends: (() => Promise<unknown>)[] = [];
  for (const { fault, victim, holdMs } of faults) {
    const from = Date.now();
    const mend = await fault.inject(stage, victim, holdMs);
    if (mend === null) continue;
    say(`  ${new Date(from).toISOString()} ${fault.name} [${victim}] for ${holdMs} ms`);
    happened.push({ name: fault.name, victim, from, to: from, atRisk: answersAtRisk(fault, victim, stage) });
    mends.push(mend);
  }
  await sleep(Math.max(0, ...faults.map(({ holdMs }) => holdMs)));
  // All at once: a process is not ready before the server is that was taken from it in the same round.
  await Promise.all(mends.map((mend) => mend()));
  return happened.map((one) => ({ ...one, to: Date.now() }));
}

function report(evidence: Evidence, happened: Happened[], findings: Finding[], began: number): number {
  const { requests, events, diary } = evidence;
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length;
  const refreshes = requests.filter(
    (one) => one.grantType === 'refresh_token' && one.outcome === 'ok',
  ).length;
  const unknown = events.filter(
    ({ type, reason }) => type === 'connection.error' && reason === 'REFRESH_OUTCOME_UNKNOWN',
  ).length;
  const fallen = [...stage.apis, ...stage.workers]
    .map(({ name, fallen: of }) => `${name} ${of()}`)
    .join(', ');
  say(`${seconds(began)} s in all; answers: ${JSON.stringify(diary.answers)}`);
  say(
    `${events.length} events, ${unknown} outcomes of refreshes unknown and said so; ended by themselves: ${fallen}`,
  );
  for (const { kind, what } of findings.slice(0, 100)) say(`FOUND ${kind}: ${what}`);
  const keep = (name: string, what: object) =>
    writeFileSync(path.join(stage.folder, 'logs', name), `${JSON.stringify(what, null, 1)}\n`);
  keep('run.json', { seed, happened, findings });
  keep('evidence.json', { ...evidence, received: [...evidence.received] });
  if (findings.length > 0)
    say(
      `${findings.length} findings with seed ${seed}; schedule and logs: ${path.join(stage.folder, 'logs')}`,
    );
  say(
    `faults ${count(happened.length)}, refreshes ${count(refreshes)}, tokens lost ${of('token lost')}, ` +
      `tokens spent twice ${of('token spent twice')}, events missing ${of('event missing')}`,
  );
  return findings.length > 0 ? 1 : 0;
}

function readArguments(args: string[]) {
  try {
    const options = {
      short: { type: 'boolean' },
      seed: { type: 'string' },
      faults: { type: 'string' },
    } as const;
    const { values } = parseArgs({ args, options });
    const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
    if (!/^\d{1,10}$/.test(seed)) throw new Error(`--seed: expected a whole number, got "${seed}"`);
    const form = values.short ? FORMS.short : FORMS.long;
    if (values.faults !== undefined && !/^\d{1,5}$/.test(values.faults))
      throw new Error(`--faults: expected a whole number, got "${values.faults}"`);
    return {
      seed: Number(seed),
      short: values.short === true,
      form: { ...form, faults: Number(values.faults ?? form.faults) },
    };
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\nOptions: --short (minutes instead of an hour), --seed N (repeats a run's faults), --faults N (so many of them).\n`,
    );
    return process.exit(1);
  }
}
