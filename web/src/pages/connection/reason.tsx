/** Why a connection is not as it should be, and what to do. */
import type { Connection } from '../../api/types.ts';
import { Note } from '../../parts/basics.tsx';
import { stateOf } from '../../parts/state.ts';
import { toneOf } from '../../parts/status.tsx';
import { Ago } from '../../parts/time.tsx';
import { t } from '../../texts.ts';

const ONLY_A_PERSON_HELPS = ['error', 'disconnected', 'pending'];

type Props = { connection: Connection; onReconnect: () => void };

export function Reason({ connection, onReconnect }: Props) {
  const { statusReason: reason } = connection;
  if (!reason) return null;
  const state = stateOf(connection);
  const tone = toneOf(state);
  return (
    <div role="status" className="mb-5">
      <Note tone={tone === 'ok' ? 'warn' : tone}>
        <p className="font-semibold">{t.reasons[reason.code] ?? reason.message}</p>
        {t.reasons[reason.code] !== undefined && <p>{reason.message}</p>}
        <p className="mt-1 text-xs">
          {t.connection.since} <Ago time={reason.since} />
          {reason.nextAttemptAt !== undefined && (
            <>
              {' · '}
              {t.connection.nextTry} <Ago time={reason.nextAttemptAt} />
            </>
          )}
        </p>
        {ONLY_A_PERSON_HELPS.includes(state) && (
          <button
            type="button"
            onClick={onReconnect}
            className="mt-1 font-semibold underline underline-offset-2"
          >
            {t.connection.reconnectNow}
          </button>
        )}
      </Note>
    </div>
  );
}
