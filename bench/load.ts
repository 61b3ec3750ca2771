/** So many clients, each asking again as soon as it is answered, over a connection of its own. */
import { Pool } from 'undici';
import { percentile } from './table.ts';

export type Load = { perSecond: number; p50: number; p99: number };

export type Asked = {
  path: string;
  headers: Record<string, string>;
  /** A GET, where it is left out. */
  method?: 'POST';
  body?: Buffer;
};

/**
 * @param ask one request
 * @throws Error at the first answer that is not a 200: the figures would say nothing
 */
export async function load(
  origin: string,
  clients: number,
  seconds: number,
  ask: () => Asked,
): Promise<Load> {
  const pool = new Pool(origin, { connections: clients, pipelining: 1 });
  const took: number[] = [];
  const end = performance.now() + seconds * 1000;
  const client = async () => {
    for (let began = performance.now(); began < end; began = performance.now()) {
      const { statusCode, body } = await pool.request({ method: 'GET', ...ask() });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`);
      took.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = (performance.now() - began) / 1000;
  await pool.close();
  return { perSecond: took.length / elapsed, p50: percentile(took, 50), p99: percentile(took, 99) };
}
