/** How clients and workers reach Temporal. */
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';

/** @throws Error naming the variable whose file cannot be read */
export function connectionOptions(config: Config) {
  const { address, port, apiKey, tls } = config.temporal;
  return {
    address: address ?? `127.0.0.1:${port}`,
    ...(apiKey === null ? {} : { apiKey, tls: true as const }),
    ...(tls === null ? {} : { tls: tlsOptions(tls) }),
  };
}

function tlsOptions(tls: NonNullable<Config['temporal']['tls']>) {
  const read = (variable: string, path: string) => {
    try {
      return readFileSync(path);
    } catch {
      throw new Error(`${variable}: cannot read the file it names`);
    }
  };
  return {
    ...(tls.serverName === null ? {} : { serverNameOverride: tls.serverName }),
    ...(tls.caPath === null ? {} : { serverRootCACertificate: read('TEMPORAL_TLS_CA', tls.caPath) }),
    ...(tls.certPath === null || tls.keyPath === null
      ? {}
      : {
          clientCertPair: {
            crt: read('TEMPORAL_TLS_CERT', tls.certPath),
            key: read('TEMPORAL_TLS_KEY', tls.keyPath),
          },
        }),
  };
}
