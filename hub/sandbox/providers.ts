/** The stand-ins are the files of `providers/`: adding one is adding a file. */
import { readdir } from 'node:fs/promises';
import type { StandIn } from './stand-in.ts';

const FOLDER = new URL('./providers/', import.meta.url);

export async function readStandIns(): Promise<StandIn[]> {
  const files = (await readdir(FOLDER)).filter((file) => /^[a-z0-9-]+\.(ts|js)$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const { standIn } = (await import(new URL(file, FOLDER).href)) as { standIn?: StandIn };
      if (!standIn) throw new Error(`hub/sandbox/providers/${file} exports no standIn`);
      return standIn;
    }),
  );
}
