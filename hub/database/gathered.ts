/**
 * One statement for all who ask at the same time. While it is under way others gather for the next one, so at rest
 * nobody waits, and under load one statement serves many: what a group commit does for commits.
 */
import DataLoader from 'dataloader';
import { atMost } from '../patience.ts';
import type { Database, Tx } from './database.ts';

type Db = Pick<Database, 'tables'>;

// A statement that hangs must not hold up those who would be given another connection.
const PATIENCE_MS = 50;
// A sweep has 32 under way in four pages; longer statements would only make each of them wait longer.
const MOST = 100;

/** Those whose answer takes longer get a promise of it, so that the others have theirs; it may fail alone. */
type Answers<Answer> = Promise<(Answer | Promise<Answer>)[]>;

/** @param answerAll in the order of the asks */
export function gathered<Ask, Answer>(
  answerAll: (db: Db, asks: readonly Ask[]) => Answers<Answer>,
): (db: Db, ask: Ask) => Promise<Answer> {
  const loaders = new WeakMap<Tx, DataLoader<Ask, Answer>>();
  return (db, ask) => {
    const loader = loaders.get(db.tables) ?? createLoader((asks) => answerAll(db, asks));
    loaders.set(db.tables, loader);
    return loader.load(ask);
  };
}

function createLoader<Ask, Answer>(
  answerAll: (asks: readonly Ask[]) => Answers<Answer>,
): DataLoader<Ask, Answer> {
  let underWay: Promise<unknown> | null = null;
  return new DataLoader<Ask, Answer>(
    (asks) => {
      const answers = answerAll(asks);
      const ended: Promise<unknown> = answers
        .catch(() => {})
        .finally(() => (underWay = underWay === ended ? null : underWay));
      underWay = ended;
      // It resolves each ask with what is in its place, and so takes promises as well.
      return answers as Promise<Answer[]>;
    },
    {
      // Nothing is kept: each ask is answered by a statement that began after it.
      cache: false,
      maxBatchSize: MOST,
      batchScheduleFn: (go) =>
        void Promise.resolve(underWay && atMost(PATIENCE_MS, underWay)).then(() => setImmediate(go)),
    },
  );
}
