/** Of an integration of somebody's own: where it comes from, and how it is changed. */
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { call } from '../api/client.ts';
import { integrations } from '../api/queries.ts';
import type { Integration } from '../api/types.ts';
import { AskButton } from '../parts/ask.tsx';
import { buttonLook, Panel } from '../parts/basics.tsx';
import { t } from '../texts.ts';

export function OwnPanel({ integration: { id, name, source } }: { integration: Integration }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const left = async () => {
    await navigate({ to: '/', search: {} });
    await client.invalidateQueries({ queryKey: integrations.queryKey });
  };
  return (
    <Panel title={t.own.panel}>
      <p className="text-dim">{source === 'api' ? t.own.fromApi : t.own.fromFile}</p>
      {source === 'api' && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Link to="/integrations/$id/definition" params={{ id }} className={buttonLook()}>
            {t.own.change}
          </Link>
          <AskButton
            label={t.own.remove}
            about={name}
            title={t.own.removeTitle(name)}
            action={() => call('DELETE', `/api/integrations/${encodeURIComponent(id)}`)}
            onDone={left}
          >
            {t.own.removeText}
          </AskButton>
        </div>
      )}
    </Panel>
  );
}
